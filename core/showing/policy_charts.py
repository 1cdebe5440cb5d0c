"""Charts of policies: intervals, prices, teams, pairs. Each takes a tidy table and only draws."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.showing.charts import ALARM, INK, QUIET, plain_chart

MOST_POINTS = 600  # of a curve: a chart shows no more


def evenly(rows: int) -> NDArray[np.int64]:
    """Places of evenly chosen rows of a curve, its ends among them."""
    return np.unique(np.linspace(0, rows - 1, MOST_POINTS).astype(np.int64))


def thinned(table: pd.DataFrame) -> pd.DataFrame:
    """Evenly chosen rows of a curve."""
    return table.iloc[evenly(len(table))]


def band_chart(table: pd.DataFrame, marks: dict[str, float], title: str, *, kind: str = "dollars") -> go.Figure:
    """A figure over the false positive rate with its band. table: fpr, value, low, high; marks: name → fpr. kind:
    "dollars", "share" or "count"."""
    hover, ticks = {"share": ("%{y:.1%}", ".0%"), "count": ("%{y:,.0f}", ",.3~s")}.get(kind, ("$%{y:,.4~r}", "$,.4~s"))
    figure = go.Figure()
    for name, line in (("high", 0), ("low", 0)):
        figure.add_scatter(
            x=table["fpr"], y=table[name], mode="lines", line={"width": line}, showlegend=False, hoverinfo="skip",
            fill="tonexty" if name == "low" else None, fillcolor="rgba(58,127,193,0.22)",
        )  # fmt: skip
    figure.add_scatter(
        x=table["fpr"], y=table["value"], mode="lines", line={"color": INK, "width": 2}, showlegend=False,
        hovertemplate="%{x:.2%} FPR: " + hover + "<extra></extra>",
    )  # fmt: skip
    for (name, fpr), place in zip(marks.items(), ("top right", "bottom right"), strict=False):
        mark = {"color": ALARM, "width": 1, "dash": "dot"}
        figure.add_vline(x=fpr, line=mark, annotation_text=name, annotation_position=place)
    return plain_chart(figure, "False positive rate", title, ".1%", ticks)


def tornado_chart(table: pd.DataFrame, now: float, title: str) -> go.Figure:
    """What a decision is worth at the ends of each price's range. table: label, low, high (words), at_low, at_high."""
    figure = go.Figure()
    for end, colour in (("low", QUIET), ("high", INK)):
        figure.add_bar(
            y=table["label"], x=table[f"at_{end}"] - now, base=now, orientation="h", name=f"{end} end",
            marker={"color": colour}, customdata=table[[end, f"at_{end}"]],
            hovertemplate="%{customdata[0]}: $%{customdata[1]:,.0f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=now, line={"color": QUIET, "width": 1})
    figure.add_vline(x=0, line={"color": ALARM, "width": 1, "dash": "dot"})
    figure.update_yaxes(autorange="reversed")
    plain_chart(figure, title, "", "$,.3s", "")
    figure.update_xaxes(rangemode="normal")
    return figure.update_layout(
        barmode="overlay", height=90 + 34 * len(table), legend={"orientation": "h", "y": 1.08}, bargap=0.35
    )


def worths_chart(worths: NDArray[np.float64], title: str) -> go.Figure:
    """How a decision's worth spreads over plausible prices, in $; left of 0 it does not stand."""
    figure = go.Figure()
    counts, edges = np.histogram(worths, bins=40)
    middle = (edges[:-1] + edges[1:]) / 2
    figure.add_bar(
        x=middle, y=counts / len(worths), width=np.diff(edges), marker={"color": np.where(middle > 0, INK, ALARM)},
        hovertemplate="$%{x:,.3~s}: %{y:.1%} of plausible prices<extra></extra>", showlegend=False,
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": ALARM, "width": 1, "dash": "dot"})
    plain_chart(figure, title, "Share of plausible prices", "$,.3~s", ".0%")
    return figure.update_xaxes(rangemode="normal").update_layout(height=220, bargap=0.05)


def team_chart(table: pd.DataFrame) -> go.Figure:
    """Each day's reviews, what was not reached; where orders wait, how many over night and the days of the oldest, on
    an axis of its own. table: `capacity.Worked.by_day`."""
    figure = go.Figure()
    for column, name, colour in (("reviewed", "Reviewed", INK), ("not_reached", "Not reached", ALARM)):
        figure.add_bar(x=table["day"], y=table[column], name=name, marker={"color": colour})
    plain_chart(figure, None, "Orders", None, ",.0f")
    if table["waiting"].any():
        age = {"color": QUIET, "dash": "dot"}
        figure.add_scatter(x=table["day"], y=table["waiting"], name="Waiting over night", line={"color": QUIET})
        figure.add_scatter(x=table["day"], y=table["oldest"], name="Oldest, days", line=age, yaxis="y2")
        figure.update_layout(
            yaxis={"rangemode": "tozero"},
            yaxis2={
                "title": "Days", "overlaying": "y", "side": "right", "range": [0, 1.15 * float(table["oldest"].max())],
                "showgrid": False, "zeroline": False, "tickmode": "auto", "nticks": 5, "tickformat": ",d",
            },
        )  # fmt: skip
    return figure.update_layout(barmode="stack", legend={"orientation": "h", "y": 1.12})


def gains_chart(table: pd.DataFrame) -> go.Figure:
    """What each further reviewer saves. table: reviewers, gain, gain_by_hour ($ a month)."""
    figure = go.Figure()
    for column, name, colour in (("gain", "Paid by the review", INK), ("gain_by_hour", "Paid by the hour", QUIET)):
        figure.add_bar(
            x=table["reviewers"], y=table[column], name=name, marker={"color": colour},
            hovertemplate="reviewer %{x}: $%{y:,.0f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    plain_chart(figure, "Reviewers on duty", "Saved a month by the last one", ",d", "$,.3s")
    figure.update_xaxes(dtick=int(table["reviewers"].diff().iloc[-1]) if len(table) > 1 else 1)
    return figure.update_layout(legend={"orientation": "h", "y": 1.12})


def map_chart(
    table: pd.DataFrame, x: str, y: str, title: str, at: tuple[float, float] | None = None,
    formats: tuple[str, ...] = ("", ""),
) -> go.Figure:  # fmt: skip
    """A grid of dollars, its zero line drawn; at: where the reader stands; formats: of the numbers on the two axes.
    table: rows are y, columns x."""
    colours = {"zmid": 0, "colorscale": [[0, ALARM], [0.5, "#f5f6f8"], [1, INK]]}
    return (
        plain_chart(_map(table, title, at, colours, _ZERO), x, y, None, formats[1])
        .update_layout(height=380)
        .update_xaxes(tickformat=formats[0])
    )


def iso_cost_chart(table: pd.DataFrame, x: str, y: str, title: str, at: tuple[float, float] | None = None) -> go.Figure:
    """A grid of dollars above the cheapest, with lines of equal cost; at: where the reader stands. table: rows are y,
    columns x, both shares."""
    figure = _map(table, title, at, {"zmin": 0, "colorscale": [[0, "#f5f6f8"], [1, INK]]}, _EQUAL)
    return plain_chart(figure, x, y, ".1%", ".1%").update_layout(height=380)


def _map(
    table: pd.DataFrame, title: str, at: tuple[float, float] | None, colours: dict[str, Any], lines: dict[str, Any]
) -> go.Figure:
    figure = go.Figure()
    values = table.to_numpy()
    figure.add_heatmap(
        x=table.columns, y=table.index, z=values, hovertemplate="$%{z:,.0f}<extra></extra>",
        colorbar={"title": {"text": title, "side": "right"}, "thickness": 10, "tickformat": "$,.3s"}, **colours,
    )  # fmt: skip
    figure.add_contour(
        x=table.columns, y=table.index, z=values, showscale=False, showlegend=False, hoverinfo="skip", **lines
    )
    if at is not None:
        figure.add_scatter(
            x=[at[0]], y=[at[1]], mode="markers", hoverinfo="skip", showlegend=False, cliponaxis=False,
            marker={"color": "#1c2430", "size": 11, "symbol": "x", "line": {"color": "#ffffff", "width": 1.5}},
        )  # fmt: skip
    return figure


_ZERO = {"contours": {"start": 0, "end": 0, "size": 1, "coloring": "none"}, "line": {"color": "#1c2430", "width": 2}}
_EQUAL = {
    "contours": {"coloring": "none", "showlabels": True, "labelformat": "$,.3s", "labelfont": {"size": 11}},
    "line": {"color": "#1c2430", "width": 1}, "ncontours": 8,
}  # fmt: skip


def picks_chart(curve: pd.DataFrame, marks: pd.DataFrame, title: str) -> go.Figure:
    """The cost at every line, and where requirements and metrics would draw theirs.

    curve: fpr (0–1), value ($), by rising fpr; marks: the same and label, one row a mark.
    """
    figure, highest = go.Figure(), float(curve["value"].max())
    figure.add_scatter(
        x=np.sqrt(curve["fpr"]), y=curve["value"], mode="lines", line={"color": INK, "width": 2}, showlegend=False,
        customdata=curve["fpr"], hovertemplate="%{customdata:.2%} FPR: $%{y:,.4~r}<extra></extra>",
    )  # fmt: skip
    for place, (label, fpr, value) in enumerate(marks[["label", "fpr", "value"]].itertuples(index=False)):
        # The one furthest left is highest and its words run to the right: no arrow crosses another's words.
        figure.add_annotation(
            x=float(np.sqrt(fpr)), y=value, text=label, arrowhead=2, arrowsize=0.8, arrowcolor=QUIET, ax=0,
            xanchor="left", ayref="y", ay=highest * (1.06 + 0.08 * (len(marks) - 1 - place)), font={"size": 12},
        )  # fmt: skip
    plain_chart(figure, "False positive rate, square-root scale", title, None, "$,.3~s")
    figure.update_yaxes(range=[0, highest * (1.12 + 0.08 * len(marks))])
    figure.update_xaxes(range=[0, 1.2 * float(np.sqrt(curve["fpr"].max()))])
    return _root_axis(figure, float(curve["fpr"].max())).update_layout(height=360)


def programme_chart(table: pd.DataFrame, at: tuple[float, float], most_bps: float, most_frauds: float) -> go.Figure:
    """Fraud that ships against a card programme's two limits: it acts above both.

    table: fpr (0–1), bps, frauds a month (`tradeoffs.programme_ratio`); at: fpr and bps of the line.
    """
    figure = go.Figure()
    count_line = table["bps"] / table["frauds"].where(table["frauds"] > 0) * most_frauds
    lines = (
        (table["bps"], "shipped", INK, "solid"),
        (pd.Series(most_bps, table.index), f"{most_bps:g} bps", ALARM, "dot"),
        (count_line, f"{most_frauds:,.0f} a month", ALARM, "dash"),
    )
    for y, name, colour, dash in lines if count_line.notna().any() else lines[:2]:
        figure.add_scatter(
            x=np.sqrt(table["fpr"]), y=y, mode="lines", name=name, line={"color": colour, "dash": dash, "width": 1.5},
            customdata=table["fpr"], hovertemplate="%{customdata:.2%} FPR: %{y:.0f} bps<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[float(np.sqrt(at[0]))], y=[at[1]], mode="markers", name="the line", marker={"color": INK, "size": 9}
    )
    plain_chart(figure, "False positive rate, square-root scale", "Fraud of orders shipped, bps", None, ",.0f")
    figure.update_yaxes(rangemode="tozero")
    return _root_axis(figure, float(table["fpr"].max())).update_layout(legend={"orientation": "h", "y": 1.14})


_ROOT_TICKS = (0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def _root_axis(figure: go.Figure, most: float) -> go.Figure:
    """Ticks of an axis whose numbers are square roots of shares: room where decisions are made."""
    ticks = [tick for tick in _ROOT_TICKS if tick <= most]
    return figure.update_xaxes(tickvals=[tick**0.5 for tick in ticks], ticktext=[f"{100 * tick:g}%" for tick in ticks])

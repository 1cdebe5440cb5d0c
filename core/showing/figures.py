"""Charts that are looked at, not dragged. Each takes a tidy table and only draws."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.columns import DAY
from core.scoring.drift import WARNING_SD

_INK, _QUIET, _ALARM = "#2563a8", "#8a94a3", "#c2410c"


def reliability_figure(table: pd.DataFrame) -> go.Figure:
    """Fraud found against fraud predicted, with intervals; on the diagonal a score means what it says.

    table: mean_score, fraud_rate, low, high (0–1), orders; one row a bin (`evaluation.reliability`).
    """
    highest = float(max(table["mean_score"].max(), table["high"].max()))
    figure = go.Figure(_diagonal(highest))
    figure.add_scatter(
        x=table["mean_score"],
        y=table["fraud_rate"],
        mode="markers+lines",
        marker={"color": _INK, "size": 8},
        line={"color": _INK, "width": 1},
        error_y={"array": table["high"] - table["fraud_rate"], "arrayminus": table["fraud_rate"] - table["low"]},
        customdata=table["orders"],
        hovertemplate="score %{x:.2%}<br>fraud %{y:.2%}<br>%{customdata:,} orders<extra></extra>",
        showlegend=False,
    )
    return _plain(figure, "Mean score of the bin", "Fraud found", ".1%", ".1%")


def auc_figure(table: pd.DataFrame) -> go.Figure:
    """The AUC with its interval, beside the dotted line of a coin's 0.5.

    table: who, measure, value, low, high (`evaluation.evaluate`); a value without an interval is a dot.
    """
    auc = table[(table["measure"] == "auc") & table["value"].notna()].drop_duplicates(["value", "low", "high"])
    figure = go.Figure()
    figure.add_scatter(
        x=auc["value"],
        y=auc["who"].map({"model": "Scored orders", "system": "All orders"}),
        mode="markers",
        marker={"color": _INK, "size": 10},
        error_x={"array": auc["high"] - auc["value"], "arrayminus": auc["value"] - auc["low"], "symmetric": False},
        hovertemplate="AUC %{x:.3f}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=0.5, line={"color": _ALARM, "width": 1, "dash": "dot"}, annotation_text="a coin: 0.5")
    figure.update_xaxes(range=[min(0.45, float(auc["low"].fillna(1).min())), 1.0])
    return _plain(figure, "AUC, with its 95 % interval", "", ".2f", "").update_layout(height=180)


def gap_figure(table: pd.DataFrame) -> go.Figure:
    """The order-time gap's distance from its reference day by day; beyond the dotted lines it warns.

    table: day, shift_sd (standard deviations of daily means), alarm (`drift.gap_by_day`).
    """
    figure = go.Figure()
    figure.add_scatter(
        x=table[DAY],
        y=table["shift_sd"],
        mode="lines+markers",
        line={"color": _INK, "width": 1.5},
        marker={"color": table["alarm"].map({True: _ALARM, False: _INK}), "size": 6},
        hovertemplate="%{x|%d %b}<br>%{y:.2f} sd<extra></extra>",
        showlegend=False,
    )
    for sd in (-WARNING_SD, WARNING_SD):
        figure.add_hline(y=sd, line={"color": _ALARM, "width": 1, "dash": "dot"})
    return _plain(figure, None, "Shift in sd of daily means", None, ".1f")


def band_figure(table: pd.DataFrame, marks: dict[str, float], title: str, *, kind: str = "dollars") -> go.Figure:
    """A figure over the false positive rate with its band. table: fpr, value, low, high; marks: name → fpr. kind:
    "dollars" or "share"."""
    figure = go.Figure()
    for name, line in (("high", 0), ("low", 0)):
        figure.add_scatter(
            x=table["fpr"], y=table[name], mode="lines", line={"width": line}, showlegend=False, hoverinfo="skip",
            fill="tonexty" if name == "low" else None, fillcolor="rgba(37,99,168,0.18)",
        )  # fmt: skip
    figure.add_scatter(
        x=table["fpr"], y=table["value"], mode="lines", line={"color": _INK, "width": 2}, showlegend=False,
        hovertemplate="%{x:.2%} FPR: " + ("%{y:.1%}" if kind == "share" else "$%{y:,.4~r}") + "<extra></extra>",
    )  # fmt: skip
    for (name, fpr), place in zip(marks.items(), ("top right", "bottom right"), strict=False):
        mark = {"color": _ALARM, "width": 1, "dash": "dot"}
        figure.add_vline(x=fpr, line=mark, annotation_text=name, annotation_position=place)
    return _plain(figure, "False positive rate", title, ".1%", ".0%" if kind == "share" else "$,.4~s")


def tornado_figure(table: pd.DataFrame, now: float, title: str) -> go.Figure:
    """What a decision is worth at the ends of each price's range. table: label, low, high (words), at_low, at_high."""
    figure = go.Figure()
    for end, colour in (("low", _INK), ("high", _ALARM)):
        figure.add_bar(
            y=table["label"], x=table[f"at_{end}"] - now, base=now, orientation="h", name=f"{end} end",
            marker={"color": colour}, customdata=table[[end, f"at_{end}"]],
            hovertemplate="%{customdata[0]}: $%{customdata[1]:,.0f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=now, line={"color": _QUIET, "width": 1})
    figure.add_vline(x=0, line={"color": _ALARM, "width": 1, "dash": "dot"})
    figure.update_yaxes(autorange="reversed")
    _plain(figure, title, "", "$,.3s", "")
    figure.update_xaxes(rangemode="normal")
    return figure.update_layout(
        barmode="overlay", height=90 + 34 * len(table), legend={"orientation": "h", "y": 1.08}, bargap=0.35
    )


def team_figure(table: pd.DataFrame) -> go.Figure:
    """Each day's reviews, what was not reached, and what waited over night. table: `capacity.Worked.by_day`."""
    figure = go.Figure()
    for column, name, colour in (("reviewed", "Reviewed", _INK), ("not_reached", "Not reached", _ALARM)):
        figure.add_bar(x=table["day"], y=table[column], name=name, marker={"color": colour})
    figure.add_scatter(x=table["day"], y=table["waiting"], name="Waiting over night", line={"color": _QUIET})
    _plain(figure, None, "Orders", None, ",.0f")
    return figure.update_layout(barmode="stack", legend={"orientation": "h", "y": 1.12})


def gains_figure(table: pd.DataFrame) -> go.Figure:
    """What each further reviewer saves. table: reviewers, gain ($ a month)."""
    figure = go.Figure()
    figure.add_bar(
        x=table["reviewers"], y=table["gain"], marker={"color": (table["gain"] > 0).map({True: _INK, False: _ALARM})},
        hovertemplate="reviewer %{x}: $%{y:,.0f}<extra></extra>",
    )  # fmt: skip
    return _plain(figure, "Reviewers", "Saved a month by the last one", ",d", "$,.3s")


def map_figure(table: pd.DataFrame, x: str, y: str, title: str, at: tuple[float, float] | None = None) -> go.Figure:
    """A grid of dollars, its zero line drawn; at: where the reader stands. table: rows are y, columns x."""
    colours = {"zmid": 0, "colorscale": [[0, _ALARM], [0.5, "#f5f6f8"], [1, _INK]]}
    return _plain(_map(table, title, at, colours, _ZERO), x, y, None, "").update_layout(height=380)


def iso_cost_figure(
    table: pd.DataFrame, x: str, y: str, title: str, at: tuple[float, float] | None = None
) -> go.Figure:
    """A grid of dollars above the cheapest, with lines of equal cost; at: where the reader stands. table: rows are y,
    columns x, both shares."""
    figure = _map(table, title, at, {"zmin": 0, "colorscale": [[0, "#f5f6f8"], [1, _INK]]}, _EQUAL)
    return _plain(figure, x, y, ".1%", ".1%").update_layout(height=380)


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
            x=[at[0]], y=[at[1]], mode="markers", marker={"color": "#1c2430", "size": 10, "symbol": "x"},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    return figure


_ZERO = {"contours": {"start": 0, "end": 0, "size": 1, "coloring": "none"}, "line": {"color": "#1c2430", "width": 2}}
_EQUAL = {
    "contours": {"coloring": "none", "showlabels": True, "labelformat": "$,.3s", "labelfont": {"size": 11}},
    "line": {"color": "#1c2430", "width": 1}, "ncontours": 8,
}  # fmt: skip


def waterfall_figure(table: pd.DataFrame, words: list[str], start: float, *, probability: bool) -> go.Figure:
    """From where an order starts to its score, part by part, the largest first.

    table: begin, end (`explain.waterfall`); words: a label a part; start: drawn as the dotted line.
    """
    raises = table["end"] >= table["begin"]
    size = "%{customdata:+.2%}" if probability else "%{customdata:+.3f}"
    figure = go.Figure()
    figure.add_bar(
        x=table["end"] - table["begin"],
        base=table["begin"],
        y=list(range(len(table))),
        orientation="h",
        marker={"color": raises.map({True: _ALARM, False: _INK})},
        customdata=table["end"] - table["begin"],
        hovertemplate=f"{size}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=start, line={"color": _QUIET, "width": 1, "dash": "dot"})
    figure.add_vline(x=float(table["end"].iloc[-1]), line={"color": _QUIET, "width": 1})
    _plain(figure, "Score" if probability else "Log-odds of the score", "", ".0%" if probability else ".1f", "")
    figure.update_xaxes(rangemode="normal")
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(table))), ticktext=words, tickformat=None)
    return figure.update_layout(height=70 + 34 * len(table), bargap=0.35)


def reasons_figure(table: pd.DataFrame, column: str, title: str, most: int = 10) -> go.Figure:
    """The commonest first reasons by one of their figures. table: feature, and the column (`reason_mix`)."""
    shown = table.nlargest(most, column, keep="all").head(most)
    figure = go.Figure()
    figure.add_bar(
        x=shown[column], y=shown["feature"], orientation="h", marker={"color": _INK},
        hovertemplate="%{x:,.0f}<extra></extra>", showlegend=False,
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    _plain(figure, title, "", "~s", "")
    figure.update_xaxes(nticks=4)
    return figure.update_layout(height=60 + 26 * max(len(shown), 2))


def beeswarm_figure(points: pd.DataFrame) -> go.Figure:
    """Every point an order: how far a feature moves it, coloured by the feature's value from low to high."""
    names = list(dict.fromkeys(points["feature"]))
    height = points["feature"].map({name: place for place, name in enumerate(names)}).astype(float)
    figure = go.Figure()
    figure.add_scattergl(
        x=points["part"],
        y=height + 0.38 * points["jitter"].astype(float),
        mode="markers",
        marker={
            "color": points["rank"], "colorscale": [[0, "#2563a8"], [0.5, "#9b8fb5"], [1, "#c2410c"]], "size": 4,
            "colorbar": {"title": "Value", "tickvals": [0.02, 0.98], "ticktext": ["low", "high"], "thickness": 8},
        },
        hovertemplate="%{x:+.2f} in log-odds<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": _QUIET, "width": 1})
    _plain(figure, "Part against the line, log-odds", "", ".1f", "")
    figure.update_xaxes(rangemode="normal")
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(names))), ticktext=names, tickformat=None)
    return figure.update_layout(height=80 + 40 * max(len(names), 2))


def mix_figure(table: pd.DataFrame) -> go.Figure:
    """Shares of first reasons as the threshold moves. table: flagged, threshold, group, share (`reason_mix`)."""
    figure = go.Figure()
    colours = ("#2563a8", "#c2410c", "#7c9c3a", "#8a63b5", "#c99a2e", "#8a94a3")
    for colour, (group, part) in zip(colours, table.groupby("group", sort=False), strict=False):
        figure.add_scatter(
            x=part["flagged"], y=part["share"], mode="lines", stackgroup="one", name=str(group),
            line={"width": 0.5, "color": colour}, customdata=part["threshold"],
            hovertemplate="%{y:.0%} at threshold %{customdata:.3f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    _plain(figure, "Orders flagged", "Share of first reasons", ",.0f", ".0%")
    figure.update_xaxes(type="log")
    figure.update_yaxes(range=[0, 1])
    return figure.update_layout(height=420, legend={"orientation": "h", "y": -0.25})


def _diagonal(highest: float) -> go.Scatter:
    return go.Scatter(
        x=[0, highest], y=[0, highest], mode="lines", line={"color": _QUIET, "dash": "dot"}, showlegend=False,
        hoverinfo="skip",
    )  # fmt: skip


def _plain(figure: go.Figure, x: str | None, y: str, x_format: str | None, y_format: str) -> go.Figure:
    figure.update_xaxes(title=x, tickformat=x_format, rangemode="tozero" if x_format else "normal", zeroline=False)
    figure.update_yaxes(title=y, tickformat=y_format, zeroline=False)
    return figure.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 10}, height=320)

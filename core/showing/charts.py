"""Charts that are looked at, not dragged. Each takes a tidy table and only draws."""

import pandas as pd
import plotly.graph_objects as go

from core.columns import DAY
from core.scoring.drift import WARNING_SD

INK, QUIET, ALARM = "#3a7fc1", "#8a94a3", "#c2410c"


def reliability_chart(table: pd.DataFrame) -> go.Figure:
    """Fraud found against fraud predicted, with intervals; on the diagonal a score means what it says.

    table: mean_score, fraud_rate, low, high (0–1), orders; one row a bin (`evaluation.reliability`).
    """
    highest = float(max(table["mean_score"].max(), table["high"].max()))
    figure = go.Figure(_diagonal(highest))
    figure.add_scatter(
        x=table["mean_score"],
        y=table["fraud_rate"],
        mode="markers+lines",
        marker={"color": INK, "size": 8},
        line={"color": INK, "width": 1},
        error_y={"array": table["high"] - table["fraud_rate"], "arrayminus": table["fraud_rate"] - table["low"]},
        customdata=table["orders"],
        hovertemplate="score %{x:.2%}<br>fraud %{y:.2%}<br>%{customdata:,} orders<extra></extra>",
        showlegend=False,
    )
    return plain_chart(figure, "Mean score of the bin", "Fraud found", ".1%", ".1%")


def auc_chart(table: pd.DataFrame) -> go.Figure:
    """The AUC with its interval, beside the dotted line of a coin's 0.5.

    table: who, measure, value, low, high (`evaluation.evaluate`); a value without an interval is a dot.
    """
    auc = table[(table["measure"] == "auc") & table["value"].notna()].drop_duplicates(["value", "low", "high"])
    figure = go.Figure()
    figure.add_scatter(
        x=auc["value"],
        y=auc["who"].map({"model": "Scored orders", "system": "All orders"}),
        mode="markers",
        marker={"color": INK, "size": 10},
        error_x={"array": auc["high"] - auc["value"], "arrayminus": auc["value"] - auc["low"], "symmetric": False},
        hovertemplate="AUC %{x:.3f}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=0.5, line={"color": ALARM, "width": 1, "dash": "dot"}, annotation_text="a coin: 0.5")
    figure.update_xaxes(range=[min(0.45, float(auc["low"].fillna(1).min())), 1.0])
    return plain_chart(figure, "AUC, with its 95 % interval", "", ".2f", "").update_layout(height=180)


def gap_chart(table: pd.DataFrame) -> go.Figure:
    """The order-time gap's distance from its reference day by day; beyond the dotted lines it warns.

    table: day, shift_sd (standard deviations of daily means), alarm (`drift.gap_by_day`).
    """
    figure = go.Figure()
    figure.add_scatter(
        x=table[DAY],
        y=table["shift_sd"],
        mode="lines+markers",
        line={"color": INK, "width": 1.5},
        marker={"color": table["alarm"].map({True: ALARM, False: INK}), "size": 6},
        hovertemplate="%{x|%d %b}<br>%{y:.2f} sd<extra></extra>",
        showlegend=False,
    )
    for sd in (-WARNING_SD, WARNING_SD):
        figure.add_hline(y=sd, line={"color": ALARM, "width": 1, "dash": "dot"})
    return plain_chart(figure, None, "Shift in sd of daily means", None, ".1f")


def waterfall_chart(table: pd.DataFrame, words: list[str], start: float, *, probability: bool) -> go.Figure:
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
        marker={"color": raises.map({True: ALARM, False: INK})},
        customdata=table["end"] - table["begin"],
        hovertemplate=f"{size}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=start, line={"color": QUIET, "width": 1, "dash": "dot"})
    figure.add_vline(x=float(table["end"].iloc[-1]), line={"color": QUIET, "width": 1})
    plain_chart(figure, "Score" if probability else "Log-odds of the score", "", ".0%" if probability else ".1f", "")
    figure.update_xaxes(rangemode="normal")
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(table))), ticktext=words, tickformat=None)
    return figure.update_layout(height=70 + 34 * len(table), bargap=0.35)


def reasons_chart(table: pd.DataFrame, column: str, title: str, most: int = 10) -> go.Figure:
    """The commonest first reasons by one of their figures. table: feature, and the column (`reason_mix`)."""
    shown = table.nlargest(most, column, keep="all").head(most)
    figure = go.Figure()
    figure.add_bar(
        x=shown[column], y=shown["feature"], orientation="h", marker={"color": INK},
        hovertemplate="%{x:,.0f}<extra></extra>", showlegend=False,
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    plain_chart(figure, title, "", "~s", "")
    figure.update_xaxes(nticks=4)
    return figure.update_layout(height=60 + 26 * max(len(shown), 2))


def beeswarm_chart(points: pd.DataFrame) -> go.Figure:
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
    figure.add_vline(x=0, line={"color": QUIET, "width": 1})
    plain_chart(figure, "Part against the line, log-odds", "", ".1f", "")
    figure.update_xaxes(rangemode="normal")
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(names))), ticktext=names, tickformat=None)
    return figure.update_layout(height=80 + 40 * max(len(names), 2))


def mix_chart(table: pd.DataFrame) -> go.Figure:
    """Shares of first reasons as the threshold moves. table: flagged, threshold, group, share (`reason_mix`)."""
    figure = go.Figure()
    colours = ("#2563a8", "#c2410c", "#7c9c3a", "#8a63b5", "#c99a2e", "#8a94a3")
    for colour, (group, part) in zip(colours, table.groupby("group", sort=False), strict=False):
        figure.add_scatter(
            x=part["flagged"], y=part["share"], mode="lines", stackgroup="one", name=str(group),
            line={"width": 0.5, "color": colour}, customdata=part["threshold"],
            hovertemplate="%{y:.0%} at threshold %{customdata:.3f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    plain_chart(figure, "Orders flagged", "Share of first reasons", ",.0f", ".0%")
    figure.update_xaxes(type="log")
    figure.update_yaxes(range=[0, 1])
    return figure.update_layout(height=420, legend={"orientation": "h", "y": -0.25})


def _diagonal(highest: float) -> go.Scatter:
    return go.Scatter(
        x=[0, highest], y=[0, highest], mode="lines", line={"color": QUIET, "dash": "dot"}, showlegend=False,
        hoverinfo="skip",
    )  # fmt: skip


def plain_chart(figure: go.Figure, x: str | None, y: str, x_format: str | None, y_format: str) -> go.Figure:
    """The frame every chart has: titles of the axes and how their numbers are written."""
    figure.update_xaxes(title=x, tickformat=x_format, rangemode="tozero" if x_format else "normal", zeroline=False)
    figure.update_yaxes(title=y, tickformat=y_format, zeroline=False)
    return figure.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 10}, height=320)

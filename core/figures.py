"""Charts that are looked at, not dragged. Each takes a tidy table and only draws."""

import pandas as pd
import plotly.graph_objects as go

from core.columns import DAY
from core.drift import WARNING_SD

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


def _diagonal(highest: float) -> go.Scatter:
    return go.Scatter(
        x=[0, highest], y=[0, highest], mode="lines", line={"color": _QUIET, "dash": "dot"}, showlegend=False,
        hoverinfo="skip",
    )  # fmt: skip


def _plain(figure: go.Figure, x: str | None, y: str, x_format: str | None, y_format: str) -> go.Figure:
    figure.update_xaxes(title=x, tickformat=x_format, rangemode="tozero" if x_format else "normal", zeroline=False)
    figure.update_yaxes(title=y, tickformat=y_format, zeroline=False)
    return figure.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 10}, height=320)

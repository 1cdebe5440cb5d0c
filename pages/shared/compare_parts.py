"""The parts of the page on intervals and comparisons."""

import numpy as np
import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.deciding.two_cut_offs import figures_of
from core.deciding.uncertainty import FLAG_NOBODY, bands, cheapest_interval, compare, figure_interval
from core.policy import Policy
from core.pricing.cube import Cube, totals
from core.pricing.curve import Limits, cheapest_step, price_curve
from core.pricing.economics import RATIOS
from core.reviewing.decisions import as_csv
from core.reviewing.review_queue import LOSS, PLACE
from core.reviewing.sides import BEFORE, NOW, changed_sides
from core.showing.figures import band_figure
from core.words import NO_VALUE, count, counted, dollars, dollars_short, fixed, percent, percent_short
from pages.shared import cached
from pages.shared.text import plain

_SHARES = ("detection_rate", "value_detection_rate", "precision")
_FIGURES = {
    "saving": "Saving",
    "total_cost": "Total cost",
    "review_cost": "Review cost",
    "fraud_loss": "Fraud loss",
    "insult_cost": "Insult cost",
    "detection_rate": "Detection",
    "value_detection_rate": "Detection by value",
    "precision": "Precision",
    "flac": "FLAC, $ a session",
}
_MOST_POLICIES, _SHOWN = 4, 200
_FATES = {"ship": "ship", "review": "are reviewed", "decline": "are declined"}
Named = list[tuple[str, Policy]]


def show_verdict(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> None:
    """One sentence: how much better, how sure, and how many frauds decide it."""
    cube = cached.cube(source)
    factor, period = cached.month(source), cached.a_month(source)
    # Approving everything scores nothing, so it is not a step: its saving is 0 on every day.
    found = compare(cube, prices, baseline, line) if baseline is not None else None
    told = figure_interval(cube, prices, "saving", line)
    if found is None:
        words = (
            f"Against approving everything the line saves {dollars_short(factor * told.value)}{period}, 95 % interval "
            f"{dollars_short(factor * told.low, plus='+')} to {dollars_short(factor * told.high, plus='+')}."
        )
        noise = told.low <= 0 <= told.high
    else:
        words = (
            f"The line beats the baseline in {percent_short(found.better)} of resampled months: "
            f"{dollars_short(factor * found.change, plus='+')}{period}, 95 % interval "
            f"{dollars_short(factor * found.low, plus='+')} to {dollars_short(factor * found.high, plus='+')}, decided "
            f"by {counted(round(found.fraud), 'fraud')} and {counted(round(found.legit), 'legit order')}."
        )
        noise = found.inside_noise
    if noise:
        words += " That is inside the noise: these orders cannot tell the two apart."
    if found is not None and found.few:
        words += f" And the interval is shaky: {found.few}"
    st.markdown(f"**{plain(words)}**")
    _, best = cheapest_interval(cube, prices)
    st.caption(
        plain(
            f"The cheapest threshold is {_cut(best.value)}, 95 % interval {_cut(best.low)} to {_cut(best.high)}. "
            "Whole days are resampled 1,000 times (block bootstrap); with few frauds or few "
            "days such intervals are too narrow, and that is said."
        )
    )


def _cut(threshold: float) -> str:
    return "nobody flagged" if threshold == FLAG_NOBODY else fixed(threshold, 4)


def show_bands(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> None:
    """A figure at every step with its band."""
    cube = cached.cube(source)
    figure = st.selectbox("Figure", list(_FIGURES), format_func=_FIGURES.__getitem__, key="band_figure",
                          persist_state="session", width=280)  # fmt: skip
    factor, period = (1.0, "") if figure in RATIOS else (cached.month(source), cached.a_month(source))
    curve = price_curve(cube, prices)
    low, high = bands(cube, prices, figure)
    table = pd.DataFrame(
        {
            "fpr": curve["false_positive_rate"],
            "value": factor * curve[figure],
            "low": factor * low,
            "high": factor * high,
        }
    )
    marks = {"line": table["fpr"].iloc[line.review]}
    if baseline is not None:
        marks["baseline"] = table["fpr"].iloc[baseline.review]
    thinned = table.iloc[np.unique(np.linspace(0, len(table) - 1, 600).astype(int))]
    within = thinned[thinned["fpr"] <= max(0.1, 1.5 * max(marks.values()))]
    kind = "share" if figure in _SHARES else "dollars"
    title = f"{_FIGURES[figure]}{period}, with its 95 % interval"
    st.plotly_chart(band_figure(within, marks, title, kind=kind), key="bands")
    if line.decline or (baseline is not None and baseline.decline):
        st.caption("The chart shows review lines with nobody declined unseen; the sentence and the tables count it.")


def pin_policies(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> Named:
    """The policies side by side: line, baseline, the cheapest, and a threshold the reader adds."""
    cube = cached.cube(source)
    chosen = [("line", line)] + ([] if baseline is None else [("baseline", baseline)])
    days = totals(cube).days
    limits = Limits(max_reviews_per_day=prices.reviews_per_day if days else None)
    cheapest = cheapest_step(price_curve(cube, prices), limits, days=days)
    chosen.append(("cheapest", Policy(cheapest)))
    added = st.number_input(
        "Put another threshold beside them", 0.0, 1.0, None, format="%.4f", key="compare_added",
        persist_state="session", placeholder="none", width=280,
    )  # fmt: skip
    if added is not None:
        chosen.append((f"at {fixed(added, 4)}", Policy(cached.step_at(source, added))))
    return chosen[:_MOST_POLICIES]


def show_policies(source: cached.Source, prices: Assumptions, policies: Named) -> None:
    """Two to four policies side by side, each saving with its interval."""
    cube = cached.cube(source)
    factor, period = cached.month(source), cached.a_month(source)
    columns = {}
    for name, policy in policies:
        row = figures_of(cube, prices, policy)
        review, decline = cached.cuts_of(source, policy)
        columns[name] = [
            "nobody" if review is None else fixed(review, 4),
            "nobody" if decline is None else fixed(decline, 4),
            percent(row["false_positive_rate"]),
            percent_short(row["detection_rate"]),
            percent_short(row["precision"]),
            count(factor * row["reviewed"]),
            count(factor * row["declined"]),
            dollars_short(factor * row["review_cost"]),
            dollars_short(factor * row["fraud_loss"]),
            dollars_short(factor * row["insult_cost"]),
            dollars_short(factor * row["total_cost"]),
            dollars_short(factor * row["perceived_cost"]),
            dollars_short(factor * row["saving"], plus="+"),
            _interval(cube, prices, policy, factor),
        ]
    rows = ["Review from", "Decline from", "False positive rate", "Detection", "Precision", f"Reviews{period}",
            f"Declined unseen{period}", "Review cost", "Fraud loss", "Insult cost", "Total cost", "Perceived cost",
            "Saving", "95 % interval"]  # fmt: skip
    table = pd.DataFrame(columns, index=pd.Index(rows, name=""))
    if not any(policy.decline for _, policy in policies):
        table = table.drop(index=["Decline from", f"Declined unseen{period}"])
    st.markdown("**Side by side**")
    st.table(table.map(plain), border="horizontal")


def _interval(cube: Cube, prices: Assumptions, policy: Policy, factor: float) -> str:
    """Of the saving; a dash where the orders carry no times."""
    if cube.days is None:
        return NO_VALUE
    sure = figure_interval(cube, prices, "saving", policy)
    return f"{dollars_short(factor * sure.low, plus='+')} to {dollars_short(factor * sure.high, plus='+')}"


def show_changed_sides(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> None:
    """Orders the two policies treat differently: how many, what they are worth, the list, the file."""
    before, now = (cached.fates(source, *cached.cuts_of(source, one)) for one in (baseline or Policy(0), line))
    table = changed_sides(cached.narrow_orders(source), before, now, prices)
    st.markdown("**Orders that change sides, baseline to line**")
    if table.empty:
        st.caption("No order changes sides.")
        return
    fraud = int((table[IS_FRAUD] == 1).sum()) if IS_FRAUD in table else 0
    st.caption(
        plain(
            f"{counted(len(table), 'order')} of {dollars(table[AMOUNT].sum())}, {counted(fraud, 'known fraud')} among "
            f"them; now {_split(table[NOW])}. The dearest first."
        )
    )
    st.dataframe(
        table.drop(columns=PLACE).head(_SHOWN),
        hide_index=True,
        column_config={
            ORDER_ID: "Order",
            BEFORE: "Baseline",
            NOW: "Line",
            ORDERED_AT: st.column_config.DatetimeColumn("Placed (UTC)", format="D MMM, HH:mm"),
            AMOUNT: st.column_config.NumberColumn("Amount", format="dollar"),
            SCORE: st.column_config.NumberColumn("Score", format="%.4f"),
            IS_FRAUD: st.column_config.NumberColumn("Fraud"),
            LOSS: st.column_config.NumberColumn("Expected loss", format="dollar"),
        },
        column_order=[ORDER_ID, BEFORE, NOW, ORDERED_AT, AMOUNT, SCORE, IS_FRAUD, LOSS],
    )
    st.download_button(
        f"All {count(len(table))} as CSV", lambda: as_csv(table.drop(columns=PLACE)), "changed_sides.csv", "text/csv",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _split(now: pd.Series) -> str:
    """How many orders go which way, the ways nobody goes left out."""
    parts = [f"{count(int((now == fate).sum()))} {words}" for fate, words in _FATES.items() if (now == fate).any()]
    return ", ".join(parts)

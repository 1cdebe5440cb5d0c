"""The parts of the page on intervals and comparisons."""

from collections.abc import Callable
from functools import partial
from math import isnan

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.deciding.confidence import FLAG_NOBODY, bands, cheapest_interval, compare, figure_intervals
from core.deciding.review_decline import best_pair, figures_of
from core.errors import ReviewError
from core.number_format import (
    count,
    counted,
    cut_off,
    dollars,
    dollars_fine,
    dollars_short,
    fixed,
    percent,
    percent_short,
)
from core.policy import Policy
from core.pricing.cube import totals_of
from core.pricing.curve import Limits, cheapest_step, price_curve
from core.pricing.economics import RATIOS, SHARES
from core.records.scenarios import Scenario
from core.reviewing.changed_orders import BEFORE, NOW, changed_sides
from core.reviewing.decisions import as_csv
from core.reviewing.queue import LOSS, PLACE
from core.showing.policy_charts import band_chart, evenly
from pages.brief.scenarios_parts import database
from pages.shared import cached
from pages.shared.links import link_to
from pages.shared.text import escaped, with_interval

_COUNTS = ("reviewed", "declined")
_FIGURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "false_positive_rate": ("False positive rate", percent),
    "detection_rate": ("Detection", percent_short),
    "value_detection_rate": ("Detection by value", percent_short),
    "precision": ("Precision", percent_short),
    "reviewed": ("Reviews", count),
    "declined": ("Declined unseen", count),
    "review_cost": ("Review cost", dollars_short),
    "fraud_loss": ("Fraud loss", dollars_short),
    "insult_cost": ("Insult cost", dollars_short),
    "total_cost": ("Total cost", dollars_short),
    "perceived_cost": ("Perceived cost", dollars_short),
    "saving": ("Saving", partial(dollars_short, plus="+")),
    "flac": ("FLAC, $ a session", dollars_fine),
}
_SHOWN = 200
_FATES = {"ship": "ship", "review": "are reviewed", "decline": "are declined"}
Named = list[tuple[str, Policy]]


def show_certainty(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> None:
    """The verdict under the drag, and the way to more of it; nothing where the orders carry no times."""
    if cached.cube(source).days is not None:
        st.caption(escaped(_verdict(source, prices, line, baseline)))
        link_to("confidence", "How sure is that, and which orders change sides", "balance")


def _verdict(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> str:
    """How much better, how sure, how many frauds decide it; and that it is inside the noise where it is."""
    found, factor = compare(cached.cube(source), prices, baseline, line), cached.month(source)
    change = f"{dollars_short(factor * found.change, plus='+')}{cached.a_month(source)}"
    against = "approving everything" if baseline is None else "the baseline"
    if isnan(found.low):
        return f"Line over {against}: {change}. How sure is that? {found.few}"
    words = (
        f"The line beats {against} in {percent_short(found.better)} of resampled months: {change}, 95 % interval "
        f"{dollars_short(factor * found.low, plus='+')} to {dollars_short(factor * found.high, plus='+')}, decided by "
        f"{counted(round(found.fraud), 'fraud')} and {counted(round(found.legit), 'legit order')}."
    )
    if found.inside_noise:
        words += " That is inside the noise: these orders cannot tell the two apart."
    return f"{words} {found.few}".strip()


def show_verdict(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> None:
    """One sentence: how much better, how sure, and how many frauds decide it."""
    st.markdown(f"**{escaped(_verdict(source, prices, line, baseline))}**")
    _, best = cheapest_interval(cached.cube(source), prices)
    limit = "" if prices.reviews_per_day is None else "Without a limit on reviews "
    told = f"{limit}{'the' if limit else 'The'} cheapest threshold is {_cut(best.value)}"
    if best.value == FLAG_NOBODY:
        told = f"{limit}{'it' if limit else 'It'} is cheapest to flag nobody"
    days = totals_of(cached.cube(source)).days
    if days is not None and days > 1:
        told += f", 95 % interval {_cut(best.low)} to {_cut(best.high)}"
        told += ". Whole days are resampled 1,000 times (block bootstrap)"
    st.caption(escaped(f"{told}."))


def _cut(threshold: float) -> str:
    return "nobody flagged" if threshold == FLAG_NOBODY else fixed(threshold, 4)


def show_bands(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> None:
    """A figure at every step with its band."""
    cube = cached.cube(source)
    shown = [name for name in _FIGURES if name != "declined"]
    figure = st.selectbox("Figure", shown, shown.index("saving"), format_func=lambda name: _FIGURES[name][0],
                          key="band_figure", persist_state="session", width=280)  # fmt: skip
    factor, period = (1.0, "") if figure in RATIOS else (cached.month(source), cached.a_month(source))
    curve = price_curve(cube, prices)
    fpr = curve["false_positive_rate"].to_numpy()
    marks = {"line": float(fpr[line.review])}
    if baseline is not None:
        marks["baseline"] = float(fpr[baseline.review])
    near = int((fpr <= max(0.1, 1.5 * max(marks.values()))).sum())
    steps = evenly(near or len(fpr))
    low, high = bands(cube, prices, figure, steps)
    value = curve[figure].to_numpy()[steps]
    table = pd.DataFrame({"fpr": fpr[steps], "value": factor * value, "low": factor * low, "high": factor * high})
    kind = "share" if figure in SHARES else "count" if figure in _COUNTS else "dollars"
    title = f"{_FIGURES[figure][0]}{period}, with its 95 % interval"
    st.plotly_chart(band_chart(table, marks, title, kind=kind), key="bands")
    if line.decline or (baseline is not None and baseline.decline):
        st.caption("The chart shows review lines with nobody declined unseen; the sentence and the tables count it.")


def choose_policies(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> Named:
    """The policies side by side: line, baseline, the cheapest, and a threshold or a saved scenario the reader adds."""
    cube = cached.cube(source)
    chosen = [("line", line)] + ([] if baseline is None else [("baseline", baseline)])
    days = totals_of(cube).days
    limits = Limits(max_reviews_per_day=prices.reviews_per_day if days else None)
    cheapest = cheapest_step(price_curve(cube, prices), limits, days=days)
    chosen.append(("cheapest line", Policy(cheapest)))
    if any(policy.decline for _, policy in chosen):
        most = None if days is None or prices.reviews_per_day is None else prices.reviews_per_day * days
        chosen.append(("cheapest pair", best_pair(cube, prices, most)))
    with st.container(horizontal=True):
        added = st.number_input(
            "Put another threshold beside them", 0.0, 1.0, None, format="%.4f", key="compare_added",
            persist_state="session", placeholder="none", width=280,
        )  # fmt: skip
        saved = _choose_scenario()
    if saved is not None:
        chosen.append((escaped(saved.name), cached.policies(source, saved.view)[0]))
    if added is not None:
        chosen.append((f"at {fixed(added, 4)}", Policy(cached.step_at(source, added))))
    return chosen


def _choose_scenario() -> Scenario | None:
    """A saved scenario, where there are any."""
    try:
        saved = {one.name: one for one in database().all()}
    except ReviewError as fault:
        st.caption(escaped(fault))
        return None
    if not saved:
        return None
    name = st.selectbox("or a saved scenario", list(saved), None, key="compare_scenario", persist_state="session",
                        placeholder="none", width=280)  # fmt: skip
    return saved.get(name or "")


def show_policies(source: cached.Source, prices: Assumptions, policies: Named) -> None:
    """Two to four policies side by side, each figure with its interval."""
    period = cached.a_month(source)
    declining = any(policy.decline for _, policy in policies)
    rows = [(figure, *about) for figure, about in _FIGURES.items() if declining or figure != "declined"]
    columns = {}
    for name, policy in policies:
        review, decline = (escaped(cut_off(cut)) for cut in cached.cuts_of(source, policy))
        figures = _figures_in_words(source, prices, policy, [row[0] for row in rows])
        columns[name] = [review, *([decline] if declining else []), *figures]
    labels = ["Review from", *(["Decline from"] if declining else [])]
    labels += [f"{label}{period}" if figure in _COUNTS else label for figure, label, _ in rows]
    timed = totals_of(cached.cube(source)).days
    st.markdown(f"**Side by side{', with 95 % intervals' if timed is not None and timed > 1 else ''}**")
    st.table(pd.DataFrame(columns, index=pd.Index(labels, name="")), border="horizontal")


def _figures_in_words(source: cached.Source, prices: Assumptions, policy: Policy, figures: list[str]) -> list[str]:
    """Each figure, its interval in grey behind it where the orders carry times."""
    cube, factor = cached.cube(source), cached.month(source)
    values = figures_of(cube, prices, policy)
    sure = {} if cube.days is None else figure_intervals(cube, prices, figures, policy)
    found = []
    for figure in figures:
        say, scale = _FIGURES[figure][1], 1.0 if figure in RATIOS else factor
        words, ends = say(scale * values[figure]), sure.get(figure)
        if ends is None or not ends.low < ends.high:
            found.append(escaped(words))
        else:
            found.append(with_interval(words, say(scale * ends.low), say(scale * ends.high)))
    return found


def show_changed_sides(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None) -> None:
    """Orders the two policies treat differently: how many, what they are worth, the list, the file."""
    before, now = (cached.treatments(source, *cached.cuts_of(source, one)) for one in (baseline or Policy(0), line))
    table = changed_sides(cached.narrow_orders(source), before, now, prices)
    st.markdown("**Orders that change sides, baseline to line**")
    if table.empty:
        st.caption("No order changes sides.")
        return
    fraud = int((table[IS_FRAUD] == 1).sum()) if IS_FRAUD in table else 0
    st.caption(
        escaped(
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

"""The parts of the page on intervals and comparisons."""

from dataclasses import replace
from math import isnan

import pandas as pd
import streamlit as st

from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.deciding.confidence import FLAG_NOBODY, bands, cheapest_interval, compare, figure_intervals
from core.deciding.review_decline import best_of_policy
from core.errors import ReviewError
from core.number_format import count, counted, dollars, fixed, percent_short
from core.policy import Policy
from core.pricing.applied import Applied
from core.pricing.curve import cheapest_step
from core.records.scenarios import Scenario
from core.reviewing.changed_orders import BEFORE, NOW, changed_sides
from core.reviewing.decisions import as_csv
from core.reviewing.queue import LOSS, PLACE
from core.showing.figure_words import FIGURES
from core.showing.policy_charts import band_chart, evenly
from core.showing.policy_words import threshold_in_words
from core.showing.view_policies import policies_of_view
from pages.brief.scenarios_parts import database
from pages.shared import cached
from pages.shared.case import Opened
from pages.shared.controls import offered
from pages.shared.links import link_to
from pages.shared.text import escaped, with_interval

_FIGURES = (
    *("false_positive_rate", "detection_rate", "value_detection_rate", "precision", "reviewed", "declined"),
    *("review_cost", "fraud_loss", "insult_cost", "total_cost", "perceived_cost", "saving", "flac"),
)
_BANDED = tuple(name for name in _FIGURES if name != "declined")
_FEW_STEPS = 24  # of a policy that has to be applied at each
_SHOWN = 200
_TREATED = {"ship": "ship", "review": "are reviewed", "decline": "are declined"}
Named = list[tuple[str, Applied]]


def show_certainty(case: Opened) -> None:
    """The verdict under the drag, and the way to more of it; nothing where the orders carry no times."""
    if case.policy.by_score.days is not None:
        st.caption(escaped(_verdict(case)))
        link_to("confidence", "How sure is that, and which orders change sides", "balance")


def _verdict(case: Opened) -> str:
    """How much better, how sure, how many frauds decide it; and that it is inside the noise where it is."""
    result, month = compare(case.case), case.month
    change = f"{month.dollars(result.change, plus='+')}{month.words}"
    if isnan(result.low):
        return f"Line over {case.against}: {change}. How sure is that? {result.few}"
    words = (
        f"The line beats {case.against} in {percent_short(result.better)} of resampled months: {change}, 95 % interval "
        f"{month.dollars(result.low, plus='+')} to {month.dollars(result.high, plus='+')}, decided by "
        f"{counted(round(result.fraud), 'fraud')} and {counted(round(result.legit), 'legit order')}."
    )
    if result.inside_noise:
        words += " That is inside the noise: these orders cannot tell the two apart."
    return f"{words} {result.few}".strip()


def show_verdict(case: Opened) -> None:
    """One sentence: how much better, how sure, and how many frauds decide it."""
    st.markdown(f"**{escaped(_verdict(case))}**")
    _, best = cheapest_interval(case.policy)
    text = f"The cheapest threshold is {_threshold(case, best.value)}"
    if best.value == FLAG_NOBODY:
        text = "It is cheapest to flag nobody"
    days = case.policy.totals.days
    if days is not None and days > 1:
        text += f", 95 % interval {_threshold(case, best.low)} to {_threshold(case, best.high)}"
        text += ". Whole days are resampled 1,000 times (block bootstrap)"
    st.caption(escaped(f"{text}."))


def _threshold(case: Opened, threshold: float) -> str:
    return "nobody flagged" if threshold == FLAG_NOBODY else threshold_in_words(case.policy.policy, threshold)


def show_bands(case: Opened) -> None:
    """A figure at every step with its band, the rest of the policy kept."""
    offered("band_figure", _BANDED)
    figure = st.selectbox("Figure", _BANDED, _BANDED.index("saving"), format_func=lambda name: FIGURES[name].label,
                          key="band_figure", persist_state="session", width=280)  # fmt: skip
    policy, row = case.policy, FIGURES[figure]
    curve, legit = policy.curve, policy.totals.n0
    fpr = policy.curve_sums.flagged[:, 0] / legit if legit else curve["false_positive_rate"].to_numpy()
    marks = {"line": float(fpr[policy.steps.review_step])}
    if case.baseline is not None:
        marks["baseline"] = case.baseline.figures["false_positive_rate"]
    near = int((fpr <= max(0.1, 1.5 * max(marks.values()))).sum()) or len(fpr)
    simple = policy.policy.is_by_steps and policy.policy.decline is None
    steps = evenly(near) if simple else evenly(near)[:: max(1, len(evenly(near)) // _FEW_STEPS)]
    low, high = bands(policy, figure, steps)
    factor = case.month.scale(figure)
    value = curve[figure].to_numpy()[steps]
    table = pd.DataFrame({"fpr": fpr[steps], "value": factor * value, "low": factor * low, "high": factor * high})
    title = f"{row.label}{case.month.of(figure)}, with its 95 % interval"
    st.plotly_chart(band_chart(table, marks, title, kind=row.kind), key="bands")


def choose_policies(case: Opened) -> Named:
    """The policies side by side: line, baseline, the cheapest, and a threshold or a saved scenario the reader adds."""
    policy = case.policy
    chosen = [("line", policy)] + ([] if case.baseline is None else [("baseline", case.baseline)])
    alone = policy.with_policy(replace(policy.policy, decline=None, decline_in=()))
    chosen.append(("cheapest line", alone.at_step(cheapest_step(alone.curve, days=alone.totals.days))))
    if any(one.figures["declined"] for _, one in chosen):
        chosen.append(("cheapest pair", best_of_policy(policy)[0]))
    with st.container(horizontal=True):
        added = st.number_input(
            "Put another threshold beside them", 0.0, 1.0, None, format="%.4f", key="compare_added",
            persist_state="session", placeholder="none", width=280,
        )  # fmt: skip
        saved = _choose_scenario()
    if saved is not None:
        theirs, _ = policies_of_view(cached.cube(case.source), saved.view)
        chosen.append((escaped(saved.name), case.applied(theirs)))
    if added is not None:
        chosen.append(
            (f"at {fixed(added, 4)}", case.applied(Policy(added, reviews_per_day=policy.policy.reviews_per_day)))
        )
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


def show_policies(case: Opened, policies: Named) -> None:
    """Two to four policies side by side, each figure with its interval."""
    declining = any(one.figures["declined"] or one.policy.decline is not None for _, one in policies)
    rows = [name for name in _FIGURES if declining or name != "declined"]
    columns = {}
    for name, one in policies:
        thresholds = [one.policy.review, *([one.policy.decline] if declining else [])]
        words = ["nobody" if at is None else threshold_in_words(one.policy, at) for at in thresholds]
        columns[name] = [*map(escaped, words), *_figures_in_words(case, one, rows)]
    labels = ["Review from", *(["Decline from"] if declining else [])]
    counts = ("reviewed", "declined")
    labels += [f"{FIGURES[row].label}{case.month.words if row in counts else ''}" for row in rows]
    days = case.policy.totals.days
    st.markdown(f"**Side by side{', with 95 % intervals' if days is not None and days > 1 else ''}**")
    st.table(pd.DataFrame(columns, index=pd.Index(labels, name="")), border="horizontal")


def _figures_in_words(case: Opened, one: Applied, figures: list[str]) -> list[str]:
    """Each figure, its interval in grey behind it where the orders carry times."""
    sure = {} if one.by_score.days is None else figure_intervals(one, figures)
    texts = []
    for figure in figures:
        text, ends = _in_words(case, figure, one.figures[figure]), sure.get(figure)
        if ends is None or not ends.low < ends.high:
            texts.append(escaped(text))
        else:
            texts.append(with_interval(text, *(_in_words(case, figure, end) for end in (ends.low, ends.high))))
    return texts


def _in_words(case: Opened, figure: str, value: float) -> str:
    """A figure; a saving with its sign."""
    if figure == "saving":
        return case.month.dollars(value, plus="+")
    return case.month.figure(figure, value)


def show_changed_sides(case: Opened) -> None:
    """Orders the two policies treat differently: how many, what they are worth, the list, the file."""
    table = changed_sides(case.orders, case.case.baseline_treatments, case.treatments, case.prices)
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
    parts = [
        f"{count(int((now == treatment).sum()))} {words}"
        for treatment, words in _TREATED.items()
        if (now == treatment).any()
    ]
    return ", ".join(parts)

"""The parts of the page on segments."""

from collections.abc import Callable
from dataclasses import replace
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from core.columns import CATEGORY
from core.deciding.by_saving import gain_by_saving
from core.deciding.by_segment import by_segment
from core.deciding.confidence import FEWEST_FRAUDS
from core.number_format import NO_VALUE, count, cut_off, dollars_cents, dollars_short, fixed, percent, percent_short
from core.policy import BY_SAVING, Policy
from core.pricing.cube import step_of
from pages.shared import cached
from pages.shared.case import Opened
from pages.shared.controls import offered, opening
from pages.shared.text import escaped, with_interval
from pages.shared.view import take_policy

_ENOUGH_HELD = 10  # legit orders held of a kind before its rate is set against another's


def show_amount_aware(case: Opened) -> None:
    """What ranking by expected saving gains over the best single threshold."""
    factor, period, policy = case.month.factor, case.month.words, case.policy.policy
    if policy.decline is not None or policy.reviews_per_day is not None or policy.decline_in:
        st.caption("Compared here without a limit on reviews, and with no order declined without review.")
    rules = policy.rules
    prices = replace(case.prices, reviews_per_day=None)
    gain = gain_by_saving(cached.saving_cube(case.source, prices, rules), cached.cube(case.source, rules), prices)
    words = (
        "Reviewing wherever score × catch × loss exceeds the cost of a review and its insults saves "
        f"{dollars_short(factor * gain.by_rule)}{period}, the best line by score "
        f"{dollars_short(factor * gain.by_score)}: {dollars_short(factor * gain.dollars, plus='+')} for looking at "
        "amounts"
    )
    if not isnan(gain.low):
        words += ", 95 % interval " + " to ".join(
            dollars_short(factor * end, plus="+") for end in (gain.low, gain.high)
        )
        words += ": inside the noise" if gain.low <= 0 <= gain.high else ""
    words += "."
    st.markdown(f"**{escaped(words)}**")
    least = "No review pays at these prices."
    if gain.least_saving != float("inf"):
        least = (
            f"The best line of all lies at an expected saving of {dollars_cents(gain.least_saving)} an order, "
            f"{dollars_short(factor * gain.at_most, plus='+')}; chosen on these orders, that is an upper end."
        )
    st.caption(
        escaped(
            f"{count(factor * gain.reviews_by_rule)} reviews{period} instead of "
            f"{count(factor * gain.reviews_by_score)}. {least}"
        )
    )
    st.button(
        "Rank by expected saving on every page",
        on_click=take_policy,
        args=(replace(Policy(review=0.0, ranked_by=BY_SAVING), **kept_parts(policy)),),
        disabled=policy.ranked_by == BY_SAVING and policy.review == 0.0 and not policy.review_in,
        help="Review every order whose review is expected to pay: the policy on every page from then on.",
        key="apply_saving",
    )


def kept_parts(policy: Policy) -> dict[str, Any]:
    """What of a policy stays when its thresholds are replaced: the team and the rules."""
    return {"reviews_per_day": policy.reviews_per_day, "rest": policy.rest, "rules": policy.rules}


def choose_column(case: Opened) -> str | None:
    """The column that tells kinds of orders apart."""
    columns = cached.segment_columns(case.source)
    if not columns:
        st.caption("No column splits these orders into kinds: texts of 2 to 255 different values do, and numbers.")
        return None
    offered("segment_column", columns)
    opening("segment_column", columns[_opening(columns)])
    return st.selectbox(
        "Kinds of orders by", columns, _opening(columns), key="segment_column", persist_state="session", width=320
    )


def show_segments(case: Opened, column: str) -> None:
    """Each kind under the one line and under its own; who pays for equal thresholds."""
    factor, period, policy = case.month.factor, case.month.words, case.policy.policy
    cube = cached.segments(case.source, column, policy.rules)
    line = step_of(cube, case.reference_threshold)
    table = by_segment(cube, replace(case.prices, reviews_per_day=None), line)
    tell = table.mask(table["few"])
    gain = float(tell["gain"].sum())
    told = f"Own lines by {column} would gain {dollars_short(factor * gain)}{period} at most"
    if table["few"].all():
        told = "No kind has enough fraud to tell where a line of its own would lie"
    st.markdown(f"**{escaped(told)}**")
    shown = {
        "Kind": table["segment"].map(escaped),
        "Orders": table["orders"].map(count),
        "Fraud": table["fraud"].map(count),
        "Detection": _ranged(table, "detection", percent_short),
        f"Saving{period}": _ranged(table, "saving", lambda value: dollars_short(factor * value)),
        "Own cheapest line": [
            escaped(_own_line(float(cut), bool(few)))
            for cut, few in zip(table["own_threshold"], table["few"], strict=True)
        ],
        f"Its saving{period}": _ranged(tell, "own_saving", lambda value: dollars_short(factor * value)),
        f"Gain{period}": _ranged(tell, "gain", lambda gain: dollars_short(factor * gain, plus="+")),
    }
    st.table(pd.DataFrame(shown), border="horizontal", hide_index=True)
    few = table.loc[table["few"], "segment"].tolist()
    if few and not table["few"].all():
        st.warning(
            escaped(
                f"Fewer than {FEWEST_FRAUDS} frauds, too few to tell where a line of their own would lie: "
                f"{', '.join(few)}."
            )
        )
    st.caption("Own lines are chosen and measured on the same orders: their gain is an upper end.")
    _offer_thresholds(case, table, column)
    _show_parity(table, factor, period)


def _offer_thresholds(case: Opened, table: pd.DataFrame, column: str) -> None:
    """Make the own thresholds found here the policy on every page; segments with too little fraud keep the one for
    all."""
    tell = table[~table["few"]]
    own = tuple(
        (str(name), None if isnan(threshold) else float(threshold))
        for name, threshold in zip(tell["segment"], tell["own_threshold"], strict=True)
    )
    policy = case.policy.policy
    review = case.reference_threshold
    if not own:
        return
    applied = Policy(review=review, segment=column, review_in=own, **kept_parts(policy))
    st.button(
        f"Apply these {len(own)} thresholds to every page",
        on_click=take_policy,
        args=(applied,),
        disabled=policy == applied,
        help="Each segment with enough fraud takes its own cheapest threshold, the others keep the one for all.",
        key="apply_segments",
    )


def _show_parity(table: pd.DataFrame, factor: float, period: str) -> None:
    """What one line for all costs the legit buyers of each kind."""
    shown = {
        "Kind": table["segment"].map(escaped),
        "False positive rate": _ranged(table, "fpr", percent),
        "Against all orders": table["fpr_ratio"].map(_times).map(escaped),
        f"False positives{period}": (factor * table["false_positives"]).map(count),
        f"Their amount{period}": (factor * table["false_positive_value"]).map(dollars_short).map(escaped),
        f"Insult cost{period}": (factor * table["insult_cost"]).map(dollars_short).map(escaped),
    }
    st.markdown("**What the one line costs legit buyers**")
    st.table(pd.DataFrame(shown), border="horizontal", hide_index=True)
    fprs = table.loc[table["false_positives"] >= _ENOUGH_HELD, "fpr"]
    if len(fprs) > 1 and fprs.min() > 0:
        st.caption(
            escaped(
                "Equal thresholds are not equal treatment: at this line a legit buyer of one kind is held up to "
                f"{_times(float(fprs.max() / fprs.min()))} as often as one of another."
            )
        )


def _ranged(table: pd.DataFrame, column: str, say: Callable[[float], str]) -> list[str]:
    """Each value with its interval, where it has one."""
    ends = zip(table[column], table[f"{column}_low"], table[f"{column}_high"], strict=True)
    return [
        with_interval(say(value), say(low), say(high)) if low < high else escaped(say(value))
        for value, low, high in ends
    ]


def _times(ratio: float) -> str:
    return f"{fixed(ratio, 0 if ratio >= 20 else 1 if ratio >= 1 else 2)} times" if not isnan(ratio) else NO_VALUE


def _own_line(threshold: float, few: bool) -> str:
    if few:
        return "too little fraud to tell"
    return cut_off(threshold)


def _opening(columns: list[str]) -> int:
    return columns.index(CATEGORY) if CATEGORY in columns else 0

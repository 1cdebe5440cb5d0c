"""The parts of the page on two thresholds."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.deciding.review_decline import MapOfPairs, best_of_policy, map_of_policy
from core.number_format import dollars_short
from core.policy import Policy
from core.pricing.applied import Applied
from core.showing.figure_words import FIGURES
from core.showing.policy_charts import iso_cost_chart
from core.showing.policy_words import threshold_in_words
from pages.shared.case import Opened
from pages.shared.text import escaped
from pages.shared.view import take_policy

_ROWS = (
    *("reviewed", "declined", "false_positive_rate", "detection_rate", "review_cost", "fraud_loss", "insult_cost"),
    *("total_cost", "saving"),
)


def show_best(case: Opened) -> Applied:
    """The cheapest pair in one sentence, against the cheapest review threshold alone; the rest of the policy kept."""
    pair, single = best_of_policy(case.policy)
    gain = single.figures["total_cost"] - pair.figures["total_cost"]
    policy = pair.policy
    review, decline = (_or_nobody(policy, at) for at in (policy.review, policy.decline))
    words = f"The cheapest pair reviews from {review} and declines from {decline}: "
    if policy.decline is None:
        whom = "nobody" if policy.review is None else f"from {review}"
        words = f"Declining anybody unseen costs more than it saves: the cheapest policy reviews {whom}, "
    elif policy.decline == policy.review:
        words = f"Declining unseen is cheaper than any review: the cheapest policy declines from {decline}, "
    words += f"{case.month.dollars(pair.figures['total_cost'])}{case.month.words}, {_against_single(case, gain)}."
    st.markdown(f"**{escaped(words)}**")
    limit = "" if policy.reviews_per_day is None else " It keeps within the reviews a day there are, day by day."
    st.caption(
        "A declined order pays no review and loses no fraud, but every legit one among them costs its margin and the "
        f"insult.{limit}"
    )
    return pair


def _against_single(case: Opened, gain: float) -> str:
    gain *= case.month.factor
    if abs(gain) < 0.5:
        return "as much as the best single line"
    than = "less than the best single line" if gain > 0 else "more than the best single line"
    return f"{dollars_short(abs(gain))} {than}"


def choose_decline(case: Opened) -> None:
    """Where a limit or segments are in force only the review line can be dragged: the decline threshold is typed."""
    policy = case.policy.policy
    if policy.is_by_steps:
        return
    typed = st.number_input(
        "Decline without review from", value=policy.decline, key="typed_decline", format="%.4f", width=280,
        placeholder="none", help="With a limit on reviews or thresholds by segment only the review line is dragged.",
    )  # fmt: skip
    if typed != policy.decline:
        review = policy.review if typed is None or policy.review is None else min(policy.review, typed)
        take_policy(replace(policy, decline=typed, review=typed if review is None else review))
        st.rerun()


def show_pair(case: Opened, best: Applied) -> None:
    """Every figure of the chosen pair beside the best one and the review threshold alone."""
    chosen = case.policy
    alone = chosen.with_policy(replace(chosen.policy, decline=None, decline_in=()))
    columns = {}
    for name, one in (("chosen", chosen), ("review line alone", alone), ("cheapest pair", best)):
        thresholds = [_or_nobody(one.policy, at) for at in (one.policy.review, one.policy.decline)]
        columns[name] = [*thresholds, *(case.month.figure(row, one.figures[row]) for row in _ROWS)]
    names = {"reviewed": "Reviews", "declined": "Declined"}
    labels = [f"{names[row]}{case.month.words}" if row in names else FIGURES[row].label for row in _ROWS]
    index = pd.Index(["Review from", "Decline from", *labels], name="")
    st.table(pd.DataFrame(columns, index=index).map(escaped), border="horizontal")


def show_pair_map(case: Opened, best: Applied) -> None:
    """What any pair costs over the best one."""
    found: MapOfPairs = map_of_policy(case.policy, best)
    factor, period = case.month.factor, case.month.words
    grid = factor * (found.costs - best.figures["total_cost"])
    x, y = "Share of orders at or above the review line", "… at or above the decline line"
    st.plotly_chart(iso_cost_chart(grid, x, y, f"${period} dearer", found.here), key="pair_map")
    st.caption(
        f"Dollars{period} over the cheapest pair, with lines of equal cost. The cross is the chosen pair; blank is "
        "what cannot be: a decline line below the review line."
    )


def _or_nobody(policy: Policy, threshold: float | None) -> str:
    return "nobody" if threshold is None else threshold_in_words(policy, threshold)

"""The parts of the page on other worlds."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
import streamlit as st

from core.columns import IS_FRAUD
from core.deciding.review_decline import best_line
from core.deciding.sensitivity import worth
from core.deciding.what_if import (
    corrected,
    figures_elsewhere,
    known_shares,
    let_through_sample,
    maturity,
    orders_to_detect,
    reweighted,
)
from core.number_format import count, counted, dollars, fixed, percent, percent_short
from core.policy import BY_SAVING, Policy
from core.pricing.applied import Applied
from core.pricing.cube import Cube, threshold_at, totals_of
from core.pricing.order_costs import cost_of_each, expected_loss
from core.showing.captions import calibration_caption
from core.showing.charts import reliability_chart
from core.showing.policy_words import threshold_in_words
from pages.shared import cached
from pages.shared.case import Opened
from pages.shared.controls import opening, within
from pages.shared.text import escaped

_LONGEST = 3653  # days that anybody would wait for a test
_NOTABLE = 0.02  # fewer known outcomes above the line than below, in share, that are worth a word


@dataclass(frozen=True)
class World:
    """Another world. rate: its fraud rate as a share, None where it stays; volume, amounts: factors."""

    rate: float | None
    volume: float
    amounts: float

    def figures(self, policy: Applied) -> dict[str, float]:
        """Every figure of a policy there."""
        return figures_elsewhere(policy, fraud_rate=self.rate, volume=self.volume, amounts=self.amounts)

    def cube(self, policy: Applied) -> Cube:
        """The policy's cube there."""
        return reweighted(policy.cube, fraud_rate=self.rate, volume=self.volume, amounts=self.amounts)


def choose_world(case: Opened) -> World:
    """The loaded orders, re-weighted."""
    totals = case.policy.totals
    known = totals.n0 + totals.n1
    now = 100 * totals.n1 / known if known else 0.0
    start, most = min(max(round(now, 2), 0.01), 98.0), min(max(10.0, round(2 * now, 2)), 99.0)
    opening("world_rate", start)
    within("world_rate", 0.01, most)
    one, two, three = st.columns(3)
    with one:
        rate = st.slider("Fraud rate (%)", 0.01, most, start, 0.01, key="world_rate", persist_state="session")
    with two:
        volume = st.slider("Orders, times", 0.1, 5.0, 1.0, key="world_volume", persist_state="session")
    with three:
        amounts = st.slider("Amounts, times", 0.1, 5.0, 1.0, key="world_amounts", persist_state="session")
    return World(None if rate == start else rate / 100, volume, amounts)


def show_world(case: Opened, world: World) -> None:
    """The policy here and there, and where the cheapest threshold goes."""
    policy, month = case.policy, case.month
    here = World(None, 1.0, 1.0)
    rates = [_fraud_rate(one.cube(policy)) for one in (here, world)]
    columns = {}
    for name, one, rate in zip(("here", "there"), (here, world), rates, strict=True):
        at, cube = one.figures(policy), one.cube(policy)
        move = at["saving"] - (0.0 if case.baseline is None else one.figures(case.baseline)["saving"])
        best = threshold_at(cube, best_line(cube, case.prices).review_step)
        columns[name] = [
            percent(rate),
            percent_short(at["precision"]),
            month.count(at["reviewed"]),
            month.dollars(at["fraud_loss"]),
            month.dollars(at["total_cost"]),
            month.dollars(at["saving"], plus="+"),
            month.dollars(move, plus="+"),
            *_as_probabilities(policy.policy, policy.policy.review, rates[0], rate),
            *_as_probabilities(policy.policy, best, rates[0], rate),
        ]
    rows = ["Fraud rate", "Precision at the line", f"Reviews{month.words}", "Fraud loss", "Total cost",
            "Saving", "Line over baseline", "The line (score)", "The line (probability)", "Cheapest line (score)",
            "Cheapest line (probability)"]  # fmt: skip
    source = case.source
    left, right = st.columns(2)
    with left:
        st.table(pd.DataFrame(columns, index=pd.Index(rows, name="")).map(escaped), border="horizontal")
        st.caption(
            "Orders are re-weighted, so FPR and detection at a threshold stay and precision moves. A score of today is "
            "another probability there (base-rate correction, Elkan 2001): scores calibrated anew would be cut there."
        )
    with right:
        table = cached.data_set(source).tables.get("reliability")
        if table is not None and len(table):
            st.markdown("**All expected figures rest on this**")
            st.plotly_chart(reliability_chart(table), key="world_reliability")
            if off := calibration_caption(table):
                st.warning(escaped(off))


def _fraud_rate(cube: Cube) -> float:
    totals = totals_of(cube)
    return totals.n1 / max(totals.n0 + totals.n1, 1e-9)


def _as_probabilities(policy: Policy, threshold: float | None, rate: float, other: float) -> tuple[str, str]:
    """A threshold of a world with that fraud rate, and the probability it is in another; dollars stay dollars."""
    if threshold is None:
        return "nobody flagged", "nobody flagged"
    words = threshold_in_words(policy, threshold)
    if policy.ranked_by == BY_SAVING:
        return words, words
    known = 0 < rate < 1 and 0 < other < 1
    return words, fixed(float(corrected(np.array([threshold]), rate, other)[0]) if known else threshold, 4)


def show_honest_data(case: Opened) -> None:
    """How far labels have matured, and what past policy hides."""
    st.markdown("**How much is known**")
    orders = case.orders
    table = maturity(orders)
    if table.empty:
        known = orders[IS_FRAUD].notna().mean() if IS_FRAUD in orders else 0.0
        st.caption(escaped(f"{percent_short(float(known))} of the orders have a known outcome."))
    else:
        share = float((table["known"] * table["orders"]).sum() / table["orders"].sum())
        young = int((table["known"] < 0.95).sum())
        on = (
            f"on {young} of {counted(len(table), 'day')} less than 95 % do"
            if young
            else "on every day at least 95 % do"
        )
        st.markdown(escaped(f"{percent_short(share)} of the orders have a known outcome; {on}."))
        st.bar_chart(table, x="day", y="known", y_label="Share known", x_label="", height=180)
    stopped, shipped = known_shares(orders, case.treatments)
    sides = f"{percent_short(stopped)} of the orders above the line, {percent_short(shipped)} of those below"
    told = f"An outcome is known of {sides}. "
    if stopped < shipped - _NOTABLE:
        told += (
            "A past policy seems to have declined some of the former. They count with their score, so above the old "
            "line the curve rests on calibration, not on what happened."
        )
    else:
        told += (
            "Orders a past policy declined have none and would count with their score. A file that leaves them out "
            "hides the fraud among them: detection above the old line then looks better than it is."
        )
    st.caption(escaped(told))


def show_samples(case: Opened) -> None:
    """What it would take to know: letting some through, and testing one line against the other."""
    st.markdown("**What it would take to know, in the world as it is**")
    at, prices = case.policy.figures, case.prices
    margin = st.slider("Fraud rate above the line, known to ± points", 1, 20, 5, key="sample_margin",
                       persist_state="session")  # fmt: skip
    if not at["flagged"]:
        st.caption("Nobody is stopped at the line: there is nothing to let through.")
    else:
        amount = at["caught_value"] / at["caught"] if at["caught"] else 0.0
        loss = float(expected_loss(np.ones(1), np.array([amount]), prices)[0])  # of an order that is fraud
        orders, cost = let_through_sample(at["caught"], at["flagged"], margin / 100, loss)
        told = (
            f"Let {count(orders)} of the {counted(round(at['flagged']), 'order')} above the line through at random: "
            f"expected to cost {dollars(cost)}, at {percent_short(at['precision'])} fraud among them."
        )
        st.markdown(escaped(told))
    _show_ab_test(case)


def _show_ab_test(case: Opened) -> None:
    """How many orders a live test of line against baseline takes."""
    factor, period = case.month.factor, case.month.words
    measured = factor * worth(case.case)
    typed = st.number_input(
        f"Difference an A/B test is to see, ${period}", 1.0, 1e9, None, format="%.0f", key="sample_difference",
        persist_state="session", width=280, placeholder=f"as measured: {dollars(abs(measured))}",
    )  # fmt: skip
    orders = factor * case.policy.totals.orders
    sides = (case.treatments, case.case.baseline_treatments)
    costs = [cost_of_each(case.orders, case.prices, treatments) for treatments in sides]
    needed = orders_to_detect(costs[0], costs[1], (typed or abs(measured)) / orders)
    if needed == float("inf"):
        st.caption("Line and baseline are worth the same: there is no difference to see.")
        return
    days = 30 * needed / orders
    takes = f"{count(needed)} orders"
    if case.policy.totals.days is not None:
        takes += f", {counted(ceil(days), 'day')} of all orders" if days < _LONGEST else ", more than ten years of all"
    told = f"Line against baseline, half the orders each: {takes}, to see {dollars(typed or abs(measured))}{period}"
    st.markdown(escaped(f"{told} (80 % power, 5 % level)."))
    st.caption("Scoring both policies on the same orders, as Confidence does, needs far fewer: it is paired.")

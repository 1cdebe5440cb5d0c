"""The parts of the page on the team."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.columns import IS_FRAUD
from core.number_format import count, counted, dollars_cents, dollars_short, fixed
from core.policy import RESTS, WAIT
from core.reviewing.decisions import as_csv
from core.reviewing.queue import PLACE, SAVING, queue_of
from core.reviewing.team import HOURS_A_DAY, SHIP, Worked, best_team, work_period, worth_of_reviewers
from core.showing.policy_charts import gains_chart, team_chart
from pages.shared.case import Opened
from pages.shared.controls import opening
from pages.shared.order_tables import ORDER_COLUMNS
from pages.shared.text import escaped
from pages.shared.view import take_policy

_HOURS_A_MONTH = 160.0  # of one full-time reviewer
_SHOWN = 200
_COLUMNS = ORDER_COLUMNS | {
    IS_FRAUD: st.column_config.NumberColumn("Fraud"),
    SAVING: st.column_config.NumberColumn("Expected saving", format="dollar"),
}
_REST_WORDS = {"ship": "they ship", "decline": "they are declined", "wait": "they wait for the next day"}


def choose_rest(case: Opened) -> str:
    """What becomes of flagged orders the team does not get to; it opens as the policy has it."""
    now = case.policy.policy.rest
    opening("team_rest", now)
    chosen = st.segmented_control(
        "Flagged orders the team does not get to", RESTS, default=None if "team_rest" in st.session_state else now,
        required=True, format_func=_REST_WORDS.__getitem__, key="team_rest", persist_state="session",
    )  # fmt: skip
    return chosen or now


def _without_limit(case: Opened) -> NDArray[np.int8]:
    """What would become of each order if the team could do any number of reviews."""
    policy = case.policy.policy
    return case.applied(replace(policy, reviews_per_day=None, rest=SHIP)).treatments


def show_period(case: Opened, rest: str) -> Worked:
    """The period day by day with the team there is, without a limit where none is set; returned."""
    limit = case.policy.policy.reviews_per_day or np.inf
    factor, period = case.month.factor, case.month.words
    worked = work_period(case.orders, _without_limit(case), case.prices, limit, rest)
    cells = st.columns(4)
    cells[0].metric(f"Reviews{period}", count(factor * worked.reviewed))
    cells[1].metric(f"Hours{period}", count(factor * worked.hours))
    cells[2].metric("Full-time reviewers", fixed(factor * worked.hours / _HOURS_A_MONTH, 1))
    cost = factor * worked.cost_of_limit
    cells[3].metric(f"The limit {'saves' if cost < -0.5 else 'costs'}{period}", dollars_short(abs(cost)))
    lost = int(worked.by_day["not_reached"].sum())
    if np.isinf(limit):
        words = "No limit is set: every flagged order is reviewed on its day. Set Review capacity to see a queue fill."
    elif lost == 0 and worked.by_day["waiting"].max() == 0:
        words = f"{_reviews(limit)} a day are enough on every day."
    else:
        words = (
            f"With {_reviews(limit)} a day, the highest expected saving first, {counted(lost, 'flagged order')} "
            f"{'is' if lost == 1 else 'are'} not reached"
        )
        if waiting := int(worked.by_day["waiting"].max()):
            oldest = counted(int(worked.by_day["oldest"].max()), "day")
            words += f"; up to {count(waiting)} wait over night, the oldest for {oldest}"
        words += "."
    st.markdown(f"**{escaped(words)}**")
    st.caption(
        escaped(
            f"The busiest day takes {fixed(worked.reviewers, 1)} people of {HOURS_A_DAY:g} hours. A full-time reviewer "
            f"is {_HOURS_A_MONTH:g} hours a month."
        )
    )
    st.plotly_chart(team_chart(worked.by_day), key="team_days")
    if rest == WAIT:
        st.caption(
            "Waiting loses no buyer beyond the abandonment of any held order, however long it takes, and whoever still "
            "waits at the end ships: with long waits the true cost is higher."
        )
    return worked


def _reviews(limit: float) -> str:
    return f"{limit:,g} {'review' if limit == 1 else 'reviews'}"


def show_gains(case: Opened, rest: str) -> int:
    """The shadow price of a reviewer; returns the team at which hiring by the hour stops paying."""
    factor, period, prices = case.month.factor, case.month.words, case.prices
    table = worth_of_reviewers(case.orders, _without_limit(case), prices, rest)
    table = table.assign(gain=factor * table["gain"], gain_by_hour=factor * table["gain_by_hour"])
    st.markdown(f"**What one more reviewer is worth{period}**")
    st.plotly_chart(gains_chart(table.iloc[1:]), key="team_gains")
    hourly = dollars_cents(60 * prices.review_cost / prices.review_minutes)
    st.markdown(escaped(f"Paid by the review, {_where_hiring_stops(table, 'gain', period)}"))
    st.markdown(
        escaped(f"Paid by the hour at {hourly}, busy or idle, {_where_hiring_stops(table, 'gain_by_hour', period)}")
    )
    st.caption(
        escaped(
            f"A reviewer here is on duty {HOURS_A_DAY:g} hours every day, as "
            f"{fixed(30 * HOURS_A_DAY / _HOURS_A_MONTH, 1)} full-time people are. "
            "What is saved is what the orders nobody gets to would cost."
        )
    )
    return best_team(table, "gain_by_hour")[0]


def offer_team(case: Opened, rest: str, reviewers: int) -> None:
    """Make the team and the rest chosen here the policy on every page."""
    policy, minutes = case.policy.policy, case.prices.review_minutes
    best = reviewers * HOURS_A_DAY * 60 / minutes if minutes else 0.0
    with st.container(horizontal=True):
        if best:
            st.button(
                f"Apply a team of {count(reviewers)} to every page",
                on_click=take_policy,
                args=(replace(policy, reviews_per_day=best, rest=rest),),
                help=f"At most {best:,g} reviews a day; {_REST_WORDS[rest]}.",
                key="apply_team",
            )
        if policy.reviews_per_day is not None and rest != policy.rest:
            st.button(
                f"Apply to every page: {_REST_WORDS[rest]}",
                on_click=take_policy,
                args=(replace(policy, rest=rest),),
                key="apply_rest",
            )


def _where_hiring_stops(table: pd.DataFrame, gain: str, period: str) -> str:
    """The team beyond which a further reviewer is not worth it."""
    reviewers, last = best_team(table, gain)
    if reviewers == 0:
        return "no reviewer pays here."
    about = "about " if table["reviewers"].iloc[1] > 1 else ""
    return (
        f"hiring stops paying after {about}{counted(reviewers, 'reviewer')}: the last one still saves "
        f"{dollars_short(last)}{period}."
    )


def show_not_reached(case: Opened, worked: Worked, rest: str) -> None:
    """The orders the team did not get to, the most worthwhile first; what became of every flagged order, as a file."""
    by_order, orders, prices = worked.by_order, case.orders, case.prices
    if by_order.empty:
        return
    undone = by_order.loc[by_order["reviewed_on"].isna(), "place"].to_numpy()
    if undone.size:
        st.markdown("**Flagged orders nobody gets to, the most worthwhile first**")
        st.dataframe(
            queue_of(orders, undone[:_SHOWN], prices),
            hide_index=True,
            column_config=_COLUMNS,
            column_order=list(_COLUMNS),
        )

    def every_order() -> bytes:
        table = queue_of(orders, by_order["place"].to_numpy(), prices).drop(columns=PLACE)
        treatment = by_order["reviewed_on"].isna().map({True: SHIP if rest == WAIT else rest, False: "review"})
        return as_csv(table.assign(treatment=treatment.to_numpy(), reviewed_on=by_order["reviewed_on"].to_numpy()))

    st.download_button(
        f"What becomes of all {count(len(by_order))} as CSV", every_order, "team.csv", "text/csv", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip

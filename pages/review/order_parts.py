"""The parts of the order page."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.columns import AMOUNT, CLEARED_BY, ENTITIES, IS_FRAUD, ORDER_ID, ORDERED_AT, ROLE_OF, SCORE
from core.explaining.explain import Reference, grouped, parts_against, share_of, similar_orders, waterfall
from core.explaining.reasons import ReasonWords
from core.explaining.why import Explanations
from core.number_format import count, counted, dollars, fixed, percent, percent_short
from core.policy import REVIEW
from core.pricing.order_costs import avoided_loss, expected_insult, expected_loss, expected_saving, lost_share
from core.reviewing.queue import PLACE, SAVING, review_queue, shares_of_saving
from core.scoring.batch_risk import known_name, risk_name, risk_seen
from core.scoring.rules import conditions_met
from core.showing.charts import waterfall_chart
from core.showing.link import ORDER
from core.showing.policy_words import threshold_in_words
from pages.shared import cached
from pages.shared.case import Opened
from pages.shared.text import escaped

Order = dict[str, Any]
_SPACE_OF_THE_MODEL = (
    "The score is calibrated (Platt), which scales every part alike, so sums stay exact in log-odds; in "
    "probability a part is what it adds where it stands in the row."
)
_SPACE_OF_A_SURROGATE = (
    "What the surrogate misses is a part of its own, so sums are exact in log-odds; in probability a part is what it "
    "adds where it stands in the row."
)
_OUTCOMES = {1.0: "fraud", 0.0: "legit"}
_TREATED = ("ships without review", "is flagged for review", "is declined unseen")
_LINE, _AVERAGE = "the line", "an average order"
_PROBABILITY, _LOG_ODDS = "probability", "log-odds"


def find_order(case: Opened) -> Order | None:
    """The order of the link, of the row picked, or the first of the queue; another one by its id."""
    orders = case.orders
    wanted = st.query_params.get(ORDER)
    if not wanted:  # the one looked at last, where it is among these orders
        last = st.session_state.get(ORDER)
        wanted = last if last and (orders[ORDER_ID] == last).any() else None
    if not wanted:
        queue = review_queue(orders, case.treatments, case.prices, SAVING)
        wanted = str(queue[ORDER_ID].iloc[0]) if len(queue) else str(orders[ORDER_ID].iloc[0])
    st.session_state[ORDER] = wanted
    typed = st.text_input("Order id", wanted, key=f"order_id_{wanted}", width=320)
    if typed != wanted:
        st.session_state[ORDER] = typed
        st.query_params[ORDER] = typed
        st.rerun()
    found = np.flatnonzero(orders[ORDER_ID].to_numpy() == wanted)
    if found.size == 0:
        st.error(escaped(f"There is no order {wanted[:80]} among these {count(len(orders))} orders. Check the id."))
        return None
    row = orders.iloc[int(found[0])]
    label = row.get(IS_FRAUD, np.nan)
    told: Order = {str(name): value for name, value in row.items()}
    return told | {
        PLACE: int(found[0]),
        SCORE: None if pd.isna(row.get(SCORE, np.nan)) else float(row[SCORE]),
        "outcome": _OUTCOMES.get(label, "not known yet"),
    }


def show_order(case: Opened, order: Order) -> None:
    """What it is, and what becomes of it."""
    score, policy = order[SCORE], case.policy.policy
    st.markdown(f"##### Order {escaped(order[ORDER_ID])} {_TREATED[case.treatments[order[PLACE]]]}")
    cells = st.columns(4)
    cells[0].metric("Score", "never scored" if score is None else fixed(score, 4))
    value = "" if case.policy.segments is None else str(case.policy.segments[order[PLACE]])
    review, decline = policy.thresholds_of(value)
    line = "nobody is flagged" if review is None else threshold_in_words(policy, review)
    cells[1].metric("Line", line if decline is None else f"{line} · {threshold_in_words(policy, decline)}")
    cells[2].metric("Amount", f"${fixed(order[AMOUNT], 2)}")
    cells[3].metric("Outcome", order["outcome"])
    to_review = int((case.treatments == REVIEW).sum())
    st.caption(f"One of {counted(to_review, 'order')} to review.")
    hidden = {SCORE, AMOUNT, ORDER_ID, IS_FRAUD, PLACE, "outcome", CLEARED_BY}
    facts = [
        f"{name}: {_fact(value)}" for name, value in order.items() if name not in hidden and not _is_missing(value)
    ]
    st.caption(escaped(" · ".join(facts)))


def show_money(order: Order, prices: Assumptions, parts: pd.DataFrame | None) -> pd.DataFrame | None:
    """What the flag costs and saves; returns parts with the dollars of the saving laid on them."""
    if order[SCORE] is None:
        return None
    scores, amounts = np.array([order[SCORE]]), np.array([float(order[AMOUNT])])
    loss, avoided, insult, saving = (
        float(f(scores, amounts, prices)[0]) for f in (expected_loss, avoided_loss, expected_insult, expected_saving)
    )
    cells = st.columns(4)
    cells[0].metric("Expected loss if it ships", dollars(loss))
    cells[1].metric("A review costs", f"${fixed(prices.review_cost, 2)}")
    cells[2].metric("Expected insult", f"${fixed(insult, 2)}")
    cells[3].metric("Expected saving of a review", dollars(saving))
    if lost_share(prices) == 0:
        st.caption("No legit order is lost at these prices: abandonment and wrong declines are both 0.")
    if parts is None:
        return None
    worth = shares_of_saving(parts["part"].to_numpy(), avoided)
    return parts.assign(dollars=worth)


def show_reasons(why: Explanations, at: int, line: Reference, order: Order, prices: Assumptions) -> None:
    """The waterfall with its check, and the reasons as sentences with their share of the dollars."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        against = st.segmented_control(
            "Compared with", (_LINE, _AVERAGE), default=_LINE, required=True, key="against", persist_state="session"
        )
        space = st.segmented_control(
            "In", (_PROBABILITY, _LOG_ODDS), default=_PROBABILITY, required=True, key="space", persist_state="session"
        )
        together = st.toggle(
            "Group related features", key="together", persist_state="session",
            help="Features of one group say much the same, and how the model splits their part is partly chance: "
            "the sum of a group is steadier.",
        )  # fmt: skip
    reference = line if against == _LINE else None
    parts = parts_against(why.explained, at, reference)
    start = why.explained.base if reference is None else line.log_odds - line.rest
    shown = grouped(parts) if together else parts
    steps = waterfall(shown, start, probability=space == _PROBABILITY)
    labels = [_label(why.words, row["feature"], row["value"], together) for _, row in steps.iterrows()]
    shown_start = float(share_of(start)) if space == _PROBABILITY else start
    figure = waterfall_chart(steps, labels, shown_start, probability=space == _PROBABILITY)
    st.plotly_chart(figure, key="waterfall")
    _check_sum(why, at, start, parts, line if reference else None, order)
    priced = show_money(order, prices, parts_against(why.explained, at, line))
    assert priced is not None
    whose = ", according to the surrogate" if why.explained.fidelity else ""
    st.markdown(f"**Why it stands out from orders at the line{whose}**")
    for row in priced[priced["part"] > 0].head(5).to_dict("records"):
        sentence = escaped(why.words.sentence(row["feature"], row["value"]))
        st.markdown(f"- {sentence} · {escaped(dollars(row['dollars']))} of the loss avoided")
    lowers = priced[priced["part"] < 0].head(2).to_dict("records")
    for row in lowers:
        st.markdown(f"- for it, next to those: {escaped(why.words.sentence(row['feature'], row['value']))}")
    st.caption(
        "Dollars are the expected loss a review avoids, laid on the parts that raise the score in proportion to them: "
        "an allocation, not a cause."
    )


def _label(words: ReasonWords, feature: str, value: float, together: bool) -> str:
    if feature == "":
        return "all others"
    if together:
        return feature
    said = _value(words, feature, value)
    return said if len(said) <= 36 else said[:35] + "…"


def _check_sum(
    why: Explanations, at: int, start: float, parts: pd.DataFrame, line: Reference | None, order: Order
) -> None:
    end = start + float(parts["part"].sum())
    space = _SPACE_OF_A_SURROGATE if why.explained.fidelity else _SPACE_OF_THE_MODEL
    gap = abs(float(share_of(end)) - order[SCORE])
    begins = "an average order" if line is None else "orders at the line"
    words = (
        f"From {begins} ({fixed(start, 4)} in log-odds) the parts add up to {fixed(end, 4)}: a score of "
        f"{fixed(float(share_of(end)), 6)}, {gap:.0e} from the one shown. {space}"
    )
    if line is not None and abs(line.rest) > 1e-9:
        words += f" No order lies on the far side of the line: the nearest ones are {fixed(abs(line.rest), 3)} from it."
    st.caption(escaped(words))


def show_clearing(why: Explanations, at: int, threshold: float | None) -> None:
    """The smallest change that brings a flagged order under the line."""
    score = float(share_of(why.explained.log_odds[at]))
    if threshold is None or score < threshold:
        return
    st.markdown("**What would clear it**")
    one, two = why.cheapest(at, threshold)
    for change in (one, two):
        if change is None:
            continue
        moves = " and ".join(
            f"{_value(why.words, name, before)} → {_value(why.words, name, after)}"
            for name, before, after in zip(change.features, change.before, change.after, strict=True)
        )
        near = percent_short(change.distance)
        st.markdown(f"- {escaped(f'{moves}: score {fixed(change.score, 4)} ({near} of orders lie between)')}")
    if one is None and two is None:
        st.markdown("- No change of one or two features within what was observed clears it.")
    who = "according to the surrogate" if why.explained.fidelity else "the model would let through"
    st.caption(
        f"The smallest change {who}, by the share of orders between the two values: how sensitive "
        "the score is, never advice to a buyer."
    )


def _value(words: ReasonWords, feature: str, value: float) -> str:
    return f"{feature} not known" if np.isnan(value) else words.value(feature, value)


def show_context(source: cached.Source, why: Explanations, order: Order, at: int | None) -> None:
    """Similar resolved orders, pre-filter rules, batch risk and its age."""
    data = cached.data_set(source)
    left, right = st.columns(2)
    with left:
        st.markdown("**The five most similar orders whose outcome is known**")
        if at is None:
            st.caption("It was never scored, so there is nothing to compare.")
        else:
            _similar(data.orders, why, at)
    with right:
        _rules(why, order)
        _batch_risk(why, order)


def _similar(orders: pd.DataFrame, why: Explanations, at: int) -> None:
    if IS_FRAUD not in orders:
        st.caption("No outcome is known among these orders.")
        return
    resolved = orders[IS_FRAUD].notna().to_numpy()[why.explained.places]
    rows = orders.iloc[why.explained.places[similar_orders(why.explained, at, resolved)]]
    shown = rows[[name for name in (ORDER_ID, ORDERED_AT, AMOUNT, SCORE) if name in rows]]
    st.dataframe(
        shown.assign(ended=rows[IS_FRAUD].map(_OUTCOMES)),
        hide_index=True,
        column_config={
            ORDER_ID: "Order",
            ORDERED_AT: st.column_config.DatetimeColumn("Placed (UTC)", format="D MMM, HH:mm"),
            AMOUNT: st.column_config.NumberColumn("Amount", format="dollar"),
            SCORE: st.column_config.NumberColumn("Score", format="%.4f"),
            "ended": "Ended as",
        },
    )
    st.caption("Similar: the parts of their scores are most alike, all features together.")


def _rules(why: Explanations, order: Order) -> None:
    rules = why.models[0].rules
    st.markdown("**Pre-filter rules**")
    if not rules:
        st.caption("These orders have no pre-filter.")
    values = _features_of(why, order)
    for rule in rules:
        met = conditions_met(rule, values)
        fails = [words for words, holds in met if not holds]
        told = (
            "met: it was cleared" if not fails else f"not met: {len(fails)} of {len(met)} fail, {', '.join(fails[:3])}"
        )
        st.markdown(f"- {escaped(rule.name)}: {escaped(told)}")


def _batch_risk(why: Explanations, order: Order) -> None:
    row = _features_of(why, order)
    told = [
        f"{ROLE_OF[entity].short} {percent(float(row[risk_name(entity)]))} of {count(float(row[known_name(entity)]))}"
        for entity in ENTITIES
        if risk_name(entity) in row and known_name(entity) in row and not pd.isna(row[risk_name(entity)])
    ]
    st.markdown("**Batch risk it saw**")
    if ORDERED_AT not in order or not told:
        st.caption("No outcome of its account, device or addresses was known.")
        return
    hour, age = risk_seen(order[ORDERED_AT])
    st.markdown(escaped(f"Fraud among known outcomes: {'; '.join(told)}."))
    st.caption(escaped(f"As of {hour:%d %b %Y, %H:%M} UTC, {fixed(age, 0)} minutes before the order."))


def _features_of(why: Explanations, order: Order) -> dict[str, Any]:
    row = why.features.iloc[[order[PLACE]]]
    return {str(name): row[name].iloc[0] for name in row}


def _fact(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%d %b %Y, %H:%M:%S} UTC"
    return fixed(value, 2).rstrip("0").rstrip(".") if isinstance(value, float) else str(value)[:80]


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT

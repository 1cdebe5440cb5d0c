"""Any policy on any orders equals going through its orders one day and one order at a time."""

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assumptions import Assumptions
from core.errors import PolicyError
from core.policy import Policy
from core.pricing.applied import Applied, Case
from core.pricing.cube import build_cube
from core.pricing.policy_sums import treatments_of

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, reviewer_false_decline_rate=0.1,
    insult_cost=3.0, review_cost=4.0, margin_rate=0.3,
)  # fmt: skip
KINDS = ("toys", "books", "food")


def table(seed: int, rows: int = 60, days: int = 5) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    times = np.sort(random.integers(0, days * 86_400, rows))
    return pd.DataFrame({
        "order_id": [f"o{n}" for n in range(rows)],
        "ordered_at": np.datetime64("2026-03-01", "us") + times.astype("timedelta64[s]"),
        "amount": random.integers(1, 500, rows).astype(float),
        "score": np.where(random.random(rows) < 0.1, np.nan, random.integers(0, 21, rows) / 20),
        "is_fraud": random.choice([0.0, 1.0, np.nan], rows, p=[0.6, 0.3, 0.1]),
        "kind": random.choice(KINDS, rows),
    })  # fmt: skip


def applied(orders: pd.DataFrame, policy: Policy, prices: Assumptions = PRICES) -> Applied:
    return Applied(orders, build_cube(orders), prices, policy)


def slow(orders: pd.DataFrame, policy: Policy, prices: Assumptions) -> dict[str, float]:
    """Figures of a policy with plain loops: what is above its thresholds, each day's queue, each order's cost."""
    own_review, own_decline = dict(policy.review_in), dict(policy.decline_in)
    lost = 1 - (1 - prices.abandonment_rate) * (1 - prices.reviewer_false_decline_rate)
    rows = orders.to_dict("records")

    def saving(row: dict[str, Any], fraud: float) -> float:
        loss = prices.fraud_loss_rate * row["amount"] + prices.chargeback_fee
        insult = prices.margin_rate * row["amount"] + prices.insult_cost
        return fraud * prices.reviewer_catch_rate * loss - prices.review_cost - (1 - fraud) * lost * insult

    def stands(row: dict[str, Any]) -> str:
        if np.isnan(row["score"]):
            return "ship"
        rank = row["score"] if policy.ranked_by == "score" else saving(row, row["score"])
        kind = row["kind"] if policy.segment else ""
        review, decline = own_review.get(kind, policy.review), own_decline.get(kind, policy.decline)
        if decline is not None and rank >= decline:
            return "decline"
        return "review" if review is not None and rank >= review else "ship"

    treated = [stands(row) for row in rows]
    if policy.reviews_per_day is not None:
        day_of = [row["ordered_at"].date() for row in rows]
        done_before = 0.0
        waiting: list[int] = []
        for number, day in enumerate(pd.date_range(min(day_of), max(day_of)).date):
            room = int(np.floor((number + 1) * policy.reviews_per_day + 1e-9)) - int(done_before)
            done_before = np.floor((number + 1) * policy.reviews_per_day + 1e-9)
            today = [i for i in range(len(rows)) if treated[i] == "review" and day_of[i] == day]
            at_hand = sorted(waiting + today, key=lambda i: (-saving(rows[i], rows[i]["score"]), day_of[i], i))
            left = at_hand[room:]
            if policy.rest == "wait":
                waiting = left
            else:
                for i in left:
                    treated[i] = policy.rest
        for i in waiting:
            treated[i] = "ship"
    cost = caught = reviewed = 0.0
    for row, becomes in zip(rows, treated, strict=True):
        scored = not np.isnan(row["score"])
        cost += prices.api_cost * scored
        fraud = row["score"] if np.isnan(row["is_fraud"]) else row["is_fraud"]
        if np.isnan(fraud):
            continue
        loss = fraud * (prices.fraud_loss_rate * row["amount"] + prices.chargeback_fee)
        insult = (1 - fraud) * (prices.margin_rate * row["amount"] + prices.insult_cost)
        held = prices.review_cost + (1 - prices.reviewer_catch_rate) * loss + lost * insult
        cost += {"ship": loss, "decline": insult, "review": held}[becomes]
        caught += fraud * (becomes != "ship")
        reviewed += becomes == "review"
    return {"total_cost": cost, "caught": caught, "reviewed": reviewed}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    ranked = draw(st.sampled_from(["score", "saving"]))
    grid = st.integers(0, 20).map(lambda n: n / 20 if ranked == "score" else 10.0 * n - 40)
    review = draw(st.one_of(st.none(), grid))
    high = 1.0 if ranked == "score" else 160.0
    own = draw(st.dictionaries(st.sampled_from(KINDS), grid, max_size=3))
    return Policy(
        review=review, decline=None if review is None else draw(st.sampled_from([None, high])), ranked_by=ranked,
        segment="kind" if own else "", review_in=tuple((k, min(v, high)) for k, v in own.items()),
        reviews_per_day=draw(st.one_of(st.none(), st.integers(0, 8).map(float), st.just(1.5))),
        rest=draw(st.sampled_from(["ship", "decline", "wait"])),
    )  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(policies(), st.integers(0, 50))
def test_every_policy_equals_its_orders_one_by_one(policy: Policy, seed: int) -> None:
    orders = table(seed)
    figures, expected = applied(orders, policy).figures, slow(orders, policy, PRICES)
    for name, value in expected.items():
        assert figures[name] == pytest.approx(value, abs=1e-5), name


@settings(deadline=None, max_examples=60)
@given(policies(), st.integers(0, 50))
def test_every_step_of_its_curve_is_the_policy_with_that_threshold(policy: Policy, seed: int) -> None:
    one = applied(table(seed), policy)
    curve = one.curve
    for step in {0, 1, len(curve) // 2, len(curve) - 1}:
        alone = one.at_step(step)
        for name in ("total_cost", "reviewed", "declined", "caught", "saving", "flac"):
            assert curve[name][step] == pytest.approx(alone.figures[name], abs=1e-5, nan_ok=True), (name, step)
    assert curve["total_cost"][one.steps.review_step] == pytest.approx(one.figures["total_cost"], abs=1e-5)


def test_the_flagged_share_of_a_curve_never_falls() -> None:
    sums = applied(table(3), Policy(0.5, reviews_per_day=2.0)).curve_sums
    assert (np.diff(sums.flagged[:, 0]) >= -1e-9).all()
    assert (sums.stopped[:, :2].sum(axis=1) <= sums.flagged[:, :2].sum(axis=1) + 1e-9).all()


def test_days_of_a_policy_add_up_to_its_sums() -> None:
    one = applied(table(4), Policy(0.4, 1.0, reviews_per_day=3.0, rest="wait"))
    assert one.daily.stopped.sum(axis=0) == pytest.approx(one.sums[0])
    assert len(one.daily.totals) == len(one.daily.stopped) == len(one.daily.declined)


def test_a_threshold_between_two_steps_is_exact() -> None:
    """5,000 scores make fewer steps than scores; a threshold between two of them still flags what it says."""
    random = np.random.default_rng(1)
    orders = table(1, rows=6_000).assign(score=random.random(6_000), is_fraud=0.0)
    cube = build_cube(orders, thresholds=np.array([0.9, 0.5, 0.1]))
    for threshold in (0.7, 0.3):
        one = Applied(orders, cube, PRICES, Policy(threshold))
        assert one.figures["reviewed"] == (orders["score"] >= threshold).sum() == (one.treatments > 0).sum()


def test_where_a_review_begins_to_pay_page_and_file_count_the_same_orders() -> None:
    orders = table(2, rows=9_000).assign(score=np.random.default_rng(2).random(9_000))
    one = applied(orders, Policy(0.0, ranked_by="saving"))
    assert one.figures["reviewed"] == np.count_nonzero(one.treatments) == (one.ranks >= 0).sum()
    assert one.curve["reviewed"][one.steps.review_step] == np.count_nonzero(one.treatments)


def test_orders_that_change_sides_are_counted_from_their_treatments() -> None:
    orders = table(5).assign(is_fraud=lambda t: t["is_fraud"].fillna(0.0))
    line, baseline = applied(orders, Policy(0.8)), applied(orders, Policy(0.4, reviews_per_day=1.0))
    differ = orders[line.treatments != baseline.treatments]
    legit, fraud = Case(line, baseline).changed
    assert (legit, fraud) == ((differ["is_fraud"] == 0).sum(), (differ["is_fraud"] == 1).sum())
    everything = Case(line, None)
    assert everything.changed[1] == line.figures["caught"]
    assert everything.baseline_figures["saving"] == 0


def test_a_segment_the_orders_do_not_have_is_one_clear_line() -> None:
    with pytest.raises(PolicyError, match=r"thresholds by 'shop', which these orders do not have. They have: amount"):
        _ = applied(table(1), Policy(0.5, segment="shop", review_in=(("a", 0.1),))).treatments
    with pytest.raises(PolicyError, match=r"None of these orders is of a kind the policy names: wine. They are: books"):
        _ = applied(table(1), Policy(0.5, segment="kind", review_in=(("wine", 0.1),))).treatments


def test_a_limit_without_order_times_is_one_clear_line() -> None:
    with pytest.raises(PolicyError, match="needs the time of each order"):
        treatments_of(table(1).drop(columns="ordered_at"), Policy(0.5, reviews_per_day=2.0), PRICES)


def test_every_part_of_a_policy_can_move_its_figures() -> None:
    orders = table(6, rows=300)
    base = Policy(0.4, 0.95, segment="kind", review_in=(("toys", 0.5),), reviews_per_day=10.0)
    other: dict[str, Any] = {
        "review": 0.6, "decline": 0.8, "ranked_by": "saving", "review_in": (("toys", 0.9),),
        "decline_in": (("toys", 0.97),), "reviews_per_day": 4.0, "rest": "decline",
    }  # fmt: skip
    assert {field.name for field in fields(Policy)} == set(other) | {"segment", "rules"}
    before = applied(orders, base).figures["total_cost"]
    for name, value in other.items():
        changed = Policy(**{field.name: getattr(base, field.name) for field in fields(Policy)} | {name: value})
        assert applied(orders, changed).figures["total_cost"] != pytest.approx(before), name


def test_sums_of_nothing_declined_are_numbers_of_the_same_kind() -> None:
    sums = applied(table(3), Policy(0.5, reviews_per_day=2.0)).curve_sums
    assert {part.dtype for part in (sums.flagged, sums.stopped, sums.declined)} == {np.dtype(np.float64)}

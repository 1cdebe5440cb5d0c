"""A team day by day: by hand, and against a slow simulation with lists."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.review_decline import figures_of
from core.errors import PolicyError
from core.policy import RESTS, WAIT, Steps, treatment
from core.pricing.cube import build_cube, step_of
from core.pricing.curve import price_curve
from core.reviewing.team import DECLINE, SHIP, Worked, best_team, work_period, worth_of_reviewers
from tests.tables import month

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, insult_cost=3.0, review_cost=4.0
)


def worked(
    orders: pd.DataFrame, threshold: float, prices: Assumptions, most: float, rest: str = SHIP,
    decline: float | None = None,
) -> Worked:  # fmt: skip
    """A period worked with these thresholds on the score."""
    return work_period(orders, treatment(orders["score"].to_numpy(), threshold, decline), prices, most, rest)


def worth(orders: pd.DataFrame, threshold: float, prices: Assumptions, most: int | None = None) -> pd.DataFrame:
    """What each further reviewer is worth with this threshold on the score."""
    return worth_of_reviewers(orders, treatment(orders["score"].to_numpy(), threshold), prices, most=most)


def three_days() -> pd.DataFrame:
    return pd.DataFrame({
        "order_id": list("abcdef"), "amount": [100.0, 200.0, 50.0, 400.0, 30.0, 20.0],
        "score": [0.9, 0.8, 0.7, 0.6, 0.95, 0.1], "is_fraud": [1.0, 1.0, 0.0, 1.0, 1.0, 0.0],
        "ordered_at": pd.to_datetime(["2026-03-01"] * 3 + ["2026-03-02", "2026-03-03", "2026-03-03"]),
    })  # fmt: skip


def test_by_hand() -> None:
    """One review a day at $4, fraud lost in full. Day 1: b (0.8·200) before a (0.9·100), c. Day 2: d. Day 3: e."""
    prices = Assumptions(fraud_loss_rate=1.0, review_cost=4.0, api_cost=0.0)
    ships = worked(three_days(), 0.5, prices, 1, SHIP)
    assert (ships.reviewed, ships.total_cost) == (3, 3 * 4 + 100)  # a ships and is lost, c ships and is legit
    assert ships.by_day["not_reached"].tolist() == [2, 0, 0]
    declined = worked(three_days(), 0.5, prices, 1, DECLINE)
    assert declined.total_cost == 3 * 4 + 0.2 * 50  # c, legit, loses its margin
    assert ships.by_order["place"].tolist() == [3, 1, 0, 2, 4]  # d, b, a, c, e: the highest expected saving first
    assert ships.by_order["reviewed_on"].dt.day.tolist()[:2] == [2, 1]
    assert ships.by_order["reviewed_on"].isna().tolist() == [False, False, True, True, False]
    waits = worked(three_days(), 0.5, prices, 1, WAIT)
    assert waits.by_day["waiting"].tolist() == [2, 2, 2]  # day 2 takes d, day 3 takes a (90 before e's 28.5)
    assert waits.by_day["oldest"].tolist() == [1, 2, 3]
    assert waits.total_cost == 3 * 4 + 30
    assert (ships.hours, ships.reviewers) == (0.75, 3 / 32)


def slow_total(orders: pd.DataFrame, threshold: float, prices: Assumptions, most: int, rest: str) -> float:
    """The same with lists, one order at a time."""
    lost = 1 - (1 - prices.abandonment_rate) * (1 - prices.reviewer_false_decline_rate)
    days = sorted(set(orders["ordered_at"].dt.floor("D")))
    days = list(pd.date_range(days[0], days[-1]))
    total = prices.api_cost * len(orders)
    waiting: list[int] = []

    def saving(i: int) -> float:
        s, a = orders["score"][i], orders["amount"][i]
        loss = prices.fraud_loss_rate * a + prices.chargeback_fee
        insult = prices.margin_rate * a + prices.insult_cost
        return s * prices.reviewer_catch_rate * loss - prices.review_cost - (1 - s) * lost * insult

    def cost(i: int, way: str) -> float:
        fraud, a = orders["is_fraud"][i] == 1, orders["amount"][i]
        loss = prices.fraud_loss_rate * a + prices.chargeback_fee if fraud else 0.0
        insult = 0.0 if fraud else prices.margin_rate * a + prices.insult_cost
        return {"ship": loss, "decline": insult}.get(
            way, prices.review_cost + (1 - prices.reviewer_catch_rate) * loss + lost * insult
        )

    for day in days:
        today = [i for i in orders.index if orders["ordered_at"][i].floor("D") == day]
        total += sum(cost(i, "ship") for i in today if orders["score"][i] < threshold)
        at_hand = waiting + [i for i in today if orders["score"][i] >= threshold]
        at_hand.sort(key=lambda i: -saving(i))
        total += sum(cost(i, "review") for i in at_hand[:most])
        left = at_hand[most:]
        waiting = sorted(left) if rest == WAIT else []
        total += sum(cost(i, rest) for i in left) if rest != WAIT else 0.0
    return total + sum(cost(i, "ship") for i in waiting)


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("most", [0, 2, 7, 1000])
def test_equals_a_slow_day_by_day_simulation(rest: str, most: int) -> None:
    orders = month(4, days=6, orders=400, fraud=0.2)
    found = worked(orders, 0.2, PRICES, most, rest)
    assert found.total_cost == pytest.approx(slow_total(orders, 0.2, PRICES, most, rest))
    assert found.by_day["reviewed"].max() <= most
    assert found.by_day["arrived"].sum() == found.reviewed + found.by_day["not_reached"].sum()
    assert found.by_order["reviewed_on"].notna().sum() == found.reviewed
    assert sorted(found.by_order["place"]) == np.flatnonzero(orders["score"] >= 0.2).tolist()
    if rest == WAIT:
        waiting = found.by_day["arrived"].cumsum() - found.by_day["reviewed"].cumsum()
        assert found.by_day["waiting"].tolist() == waiting.tolist()


def test_without_a_limit_the_cost_is_the_curves() -> None:
    orders = month(5, fraud=0.1)
    found = worked(orders, 0.2, PRICES, np.inf)
    cube = build_cube(orders, thresholds=np.array([0.2]))
    assert found.total_cost == pytest.approx(price_curve(cube, PRICES)["total_cost"][1])
    assert found.cost_of_limit == pytest.approx(0)


def test_each_further_reviewer_is_worth_the_fall_in_cost_and_less_than_the_one_before() -> None:
    prices = replace(PRICES, review_minutes=60.0)
    table = worth(month(6, orders=6000, fraud=0.1), 0.2, prices, most=6)
    assert table["reviews_a_day"].tolist() == [8.0 * n for n in range(7)]
    assert table["gain"].iloc[1:].sum() == pytest.approx(table["total_cost"].iloc[0] - table["total_cost"].iloc[-1])
    assert table["gain"].iloc[1] > table["gain"].iloc[4]
    assert best_team(table.assign(gain=[np.nan, 5.0, 3.0, -1.0, 2.0, -4.0, 0.0]), "gain") == (4, 2.0)
    assert best_team(table.assign(gain=[np.nan, -1.0, 0, 0, 0, 0, 0]), "gain")[0] == 0
    with pytest.raises(PolicyError, match="take no time"):
        worth(three_days(), 0.5, replace(PRICES, review_minutes=0.0))


def test_a_team_is_looked_at_until_it_is_never_short_and_idle_hours_cost() -> None:
    """Six orders a day at an hour each, worth $10 − $4; a reviewer does eight a day: the second one does nothing."""
    orders = pd.DataFrame({
        "score": 1.0, "is_fraud": 1.0, "amount": 10.0, "ordered_at": pd.date_range("2026-03-01", periods=18, freq="4h"),
    })  # fmt: skip
    prices = Assumptions(fraud_loss_rate=1.0, review_cost=4.0, review_minutes=60.0)
    table = worth(orders, 0.5, prices)
    assert table["reviewers"].tolist() == [0, 1, 2]
    assert table["reviewed"].tolist() == [0, 18, 18]
    assert table["gain"].tolist()[1:] == pytest.approx([18 * 6, 0])
    assert table["gain_by_hour"].tolist()[1:] == pytest.approx([18 * 6 - 6 * 4, -24 * 4])
    rush = orders.assign(ordered_at=pd.to_datetime("2026-03-01"))
    crowd = worth(rush, 0.5, replace(prices, review_minutes=600.0))  # 0.8 reviews a day each
    assert crowd["reviewers"].tolist() == list(range(0, 25, 2))
    assert crowd["gain"].iloc[1:].sum() * 2 == pytest.approx(18 * 6)


@pytest.mark.parametrize("rest", RESTS)
def test_half_a_review_a_day_is_one_every_other_day(rest: str) -> None:
    orders = pd.DataFrame({
        "score": 0.9, "is_fraud": 1.0, "amount": 10.0, "ordered_at": pd.date_range("2026-03-01", periods=40, freq="6h"),
    })  # fmt: skip
    found = worked(orders, 0.5, PRICES, 1.5, rest)
    assert found.by_day["reviewed"].tolist() == [1, 2] * 5
    assert worked(orders, 0.5, PRICES, 0.5, rest).reviewed == 5
    with pytest.raises(PolicyError, match="fewer than no reviews"):
        worked(orders, 0.5, PRICES, -1, rest)


def test_orders_that_wait_are_taken_up_again_after_days_without_any() -> None:
    orders = three_days().assign(ordered_at=pd.to_datetime(["2026-03-01"] * 5 + ["2026-03-04"]))
    found = worked(orders.sample(frac=1, random_state=1), 0.5, PRICES, 2, WAIT)
    assert found.by_day["reviewed"].tolist() == [2, 2, 1, 0]
    assert found.by_day["oldest"].tolist() == [1, 2, 0, 0]


def test_orders_without_times_or_an_unknown_rest_are_one_clear_line() -> None:
    with pytest.raises(PolicyError, match="needs the time of each order"):
        worked(three_days().drop(columns="ordered_at"), 0.5, PRICES, 1)
    with pytest.raises(PolicyError, match="can ship, decline, wait"):
        worked(three_days(), 0.5, PRICES, 1, "hope")


def test_whoever_is_declined_takes_no_reviewer_and_costs_the_insult() -> None:
    orders = month(6, orders=4000, fraud=0.1)
    every = worked(orders, 0.2, PRICES, np.inf)
    some = worked(orders, 0.2, PRICES, np.inf, decline=0.6)
    above = int((orders["score"] >= 0.6).sum())
    assert some.reviewed == every.reviewed - above > 0
    cube = build_cube(orders)
    policy = Steps(step_of(cube, 0.2), step_of(cube, 0.6))
    assert some.total_cost == pytest.approx(figures_of(cube, PRICES, policy)["total_cost"])
    assert some.cost_of_limit == 0

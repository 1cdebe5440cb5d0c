"""A team day by day: by hand, against a slow simulation with lists, and segments that add up to the whole."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.by_saving import cube_by_saving, gain_by_saving
from core.deciding.by_segment import by_segment, segmented, slice_of
from core.deciding.confidence import change_interval, daily_of
from core.deciding.review_decline import figures_of
from core.errors import PolicyError
from core.policy import Policy
from core.pricing.cube import build_cube, running_sums, step_of, totals_of
from core.pricing.curve import cheapest_step, price_curve
from core.pricing.economics import coefficients, price
from core.pricing.segment_values import ACCOUNTS, REST, segment_columns, segment_values
from core.reviewing.team import DECLINE, RESTS, SHIP, WAIT, best_team, work_period, worth_of_reviewers
from tests.test_confidence import month

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, insult_cost=3.0, review_cost=4.0
)


def three_days() -> pd.DataFrame:
    return pd.DataFrame({
        "order_id": list("abcdef"), "amount": [100.0, 200.0, 50.0, 400.0, 30.0, 20.0],
        "score": [0.9, 0.8, 0.7, 0.6, 0.95, 0.1], "is_fraud": [1.0, 1.0, 0.0, 1.0, 1.0, 0.0],
        "ordered_at": pd.to_datetime(["2026-03-01"] * 3 + ["2026-03-02", "2026-03-03", "2026-03-03"]),
    })  # fmt: skip


def test_by_hand() -> None:
    """One review a day at $4, fraud lost in full. Day 1: b (0.8·200) before a (0.9·100), c. Day 2: d. Day 3: e."""
    prices = Assumptions(fraud_loss_rate=1.0, review_cost=4.0, api_cost=0.0)
    ships = work_period(three_days(), 0.5, prices, 1, SHIP)
    assert (ships.reviewed, ships.total_cost) == (3, 3 * 4 + 100)  # a ships and is lost, c ships and is legit
    assert ships.by_day["not_reached"].tolist() == [2, 0, 0]
    declined = work_period(three_days(), 0.5, prices, 1, DECLINE)
    assert declined.total_cost == 3 * 4 + 0.2 * 50  # c, legit, loses its margin
    assert ships.by_order["place"].tolist() == [3, 1, 0, 2, 4]  # d, b, a, c, e: the highest expected saving first
    assert ships.by_order["reviewed_on"].dt.day.tolist()[:2] == [2, 1]
    assert ships.by_order["reviewed_on"].isna().tolist() == [False, False, True, True, False]
    waits = work_period(three_days(), 0.5, prices, 1, WAIT)
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
    found = work_period(orders, 0.2, PRICES, most, rest)
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
    found = work_period(orders, 0.2, PRICES, np.inf)
    cube = build_cube(orders, thresholds=np.array([0.2]))
    assert found.total_cost == pytest.approx(price_curve(cube, PRICES)["total_cost"][1])
    assert found.cost_of_limit == pytest.approx(0)


def test_each_further_reviewer_is_worth_the_fall_in_cost_and_less_than_the_one_before() -> None:
    prices = replace(PRICES, review_minutes=60.0)
    table = worth_of_reviewers(month(6, orders=6000, fraud=0.1), 0.2, prices, most=6)
    assert table["reviews_a_day"].tolist() == [8.0 * n for n in range(7)]
    assert table["gain"].iloc[1:].sum() == pytest.approx(table["total_cost"].iloc[0] - table["total_cost"].iloc[-1])
    assert table["gain"].iloc[1] > table["gain"].iloc[4]
    assert best_team(table.assign(gain=[np.nan, 5.0, 3.0, -1.0, 2.0, -4.0, 0.0]), "gain") == (4, 2.0)
    assert best_team(table.assign(gain=[np.nan, -1.0, 0, 0, 0, 0, 0]), "gain")[0] == 0
    with pytest.raises(PolicyError, match="take no time"):
        worth_of_reviewers(three_days(), 0.5, replace(PRICES, review_minutes=0.0))


def test_a_team_is_looked_at_until_it_is_never_short_and_idle_hours_cost() -> None:
    """Six orders a day at an hour each, worth $10 − $4; a reviewer does eight a day: the second one does nothing."""
    orders = pd.DataFrame({
        "score": 1.0, "is_fraud": 1.0, "amount": 10.0, "ordered_at": pd.date_range("2026-03-01", periods=18, freq="4h"),
    })  # fmt: skip
    prices = Assumptions(fraud_loss_rate=1.0, review_cost=4.0, review_minutes=60.0)
    table = worth_of_reviewers(orders, 0.5, prices)
    assert table["reviewers"].tolist() == [0, 1, 2]
    assert table["reviewed"].tolist() == [0, 18, 18]
    assert table["gain"].tolist()[1:] == pytest.approx([18 * 6, 0])
    assert table["gain_by_hour"].tolist()[1:] == pytest.approx([18 * 6 - 6 * 4, -24 * 4])
    rush = orders.assign(ordered_at=pd.to_datetime("2026-03-01"))
    crowd = worth_of_reviewers(rush, 0.5, replace(prices, review_minutes=600.0))  # 0.8 reviews a day each
    assert crowd["reviewers"].tolist() == list(range(0, 25, 2))
    assert crowd["gain"].iloc[1:].sum() * 2 == pytest.approx(18 * 6)


@pytest.mark.parametrize("rest", RESTS)
def test_half_a_review_a_day_is_one_every_other_day(rest: str) -> None:
    orders = pd.DataFrame({
        "score": 0.9, "is_fraud": 1.0, "amount": 10.0, "ordered_at": pd.date_range("2026-03-01", periods=40, freq="6h"),
    })  # fmt: skip
    found = work_period(orders, 0.5, PRICES, 1.5, rest)
    assert found.by_day["reviewed"].tolist() == [1, 2] * 5
    assert work_period(orders, 0.5, PRICES, 0.5, rest).reviewed == 5
    with pytest.raises(PolicyError, match="fewer than no reviews"):
        work_period(orders, 0.5, PRICES, -1, rest)


def test_orders_that_wait_are_taken_up_again_after_days_without_any() -> None:
    orders = three_days().assign(ordered_at=pd.to_datetime(["2026-03-01"] * 5 + ["2026-03-04"]))
    found = work_period(orders.sample(frac=1, random_state=1), 0.5, PRICES, 2, WAIT)
    assert found.by_day["reviewed"].tolist() == [2, 2, 1, 0]
    assert found.by_day["oldest"].tolist() == [1, 2, 0, 0]


def test_orders_without_times_or_an_unknown_rest_are_one_clear_line() -> None:
    with pytest.raises(PolicyError, match="needs the time of each order"):
        work_period(three_days().drop(columns="ordered_at"), 0.5, PRICES, 1)
    with pytest.raises(PolicyError, match="can ship, decline, wait"):
        work_period(three_days(), 0.5, PRICES, 1, "hope")


def kinds(seed: int = 7) -> pd.DataFrame:
    orders = month(seed, orders=4000, fraud=0.1)
    random = np.random.default_rng(seed)
    return orders.assign(
        shop=random.choice(["a", "b", "<b>"], len(orders)), zip=random.integers(0, 90, len(orders)).astype(str)
    )


def test_segments_add_up_to_the_whole() -> None:
    orders = kinds()
    whole = build_cube(orders)
    for column in ("shop", "zip"):
        cube = segmented(orders, column, whole.thresholds)
        assert len(cube.segments) <= 12
        parts = [running_sums(slice_of(cube, name)) for name in cube.segments]
        assert np.sum(parts, axis=0) == pytest.approx(running_sums(whole), abs=1e-4)
        table = by_segment(cube, PRICES, 30)
        figures = price(coefficients(PRICES, totals_of(whole)), running_sums(whole))
        assert table["saving"].sum() == pytest.approx(figures["saving"][30], abs=1e-3)
        assert table["false_positives"].sum() == pytest.approx(figures["false_positives"][30])
        assert table["orders"].sum() == len(orders)
        assert (table["gain"] >= -1e-9).all()
        assert table["false_positive_value"].sum() == pytest.approx(figures["false_positive_value"][30], rel=1e-6)
        legit = table["false_positives"].sum() / figures["legit"][30]
        assert (table["fpr_ratio"] * legit).tolist() == pytest.approx(table["fpr"].tolist())
        assert table["insult_cost"].sum() == pytest.approx(figures["insult_cost"][30])
        for column in ("saving", "fpr", "detection", "own_saving", "gain"):
            assert table[column].between(table[f"{column}_low"], table[f"{column}_high"]).all()
    assert REST in segmented(orders, "zip", whole.thresholds).segments
    assert segment_columns(orders) == ["amount", "shop", "zip"]
    features = pd.DataFrame({"first_order": np.arange(len(orders)) % 2})
    assert segment_columns(orders, features)[0] == ACCOUNTS


def test_kinds_that_are_numbers_come_from_the_lowest() -> None:
    orders = kinds()
    table = by_segment(segmented(orders, "amount", build_cube(orders).thresholds), PRICES, 30)
    lows = [float(name.split(" to ")[0].replace(",", "")) for name in table["segment"]]
    assert lows == sorted(lows)
    orders["net"] = np.resize(["10.0.0.1", "10.0.0.1", ".", "1,2"], len(orders))  # no numbers, or not all
    for column in ("shop", "net"):
        shops = by_segment(segmented(orders, column, build_cube(orders).thresholds), PRICES, 30)
        assert shops["orders"].is_monotonic_decreasing


def test_numbers_are_split_by_quarters_and_accounts_into_new_and_known() -> None:
    orders = kinds()
    few = segment_values(orders.assign(flag=np.arange(len(orders)) % 5 == 0).astype({"flag": int}), None, "flag")
    assert few.value_counts().to_dict() == {"0": 3200, "1": 800}
    large = orders["amount"] * 1e4
    large.iloc[:3] = [np.nan, np.inf, -np.inf]
    told = segment_values(orders.assign(amount=large), None, "amount")
    assert told.value_counts()["not known"] == 3
    assert told.nunique() == 5
    assert not told.str.contains("e+").any()
    quarters = segment_values(orders, None, "amount")
    assert quarters.value_counts().tolist() == [1000] * 4
    lows = orders.groupby(quarters)["amount"].min().sort_values()
    assert lows.iloc[0] == orders["amount"].min()
    features = pd.DataFrame({"first_order": np.where(np.arange(len(orders)) < 3, 1.0, 0.0)})
    features.iloc[5] = np.nan
    assert segment_values(orders, features, ACCOUNTS).value_counts().to_dict() == {
        "known account": 3996, "new account": 3, "not known": 1}  # fmt: skip
    whole = build_cube(orders)
    cube = segmented(orders, "amount", whole.thresholds)
    parts = [running_sums(slice_of(cube, name)) for name in cube.segments]
    assert np.sum(parts, axis=0) == pytest.approx(running_sums(whole), abs=1e-4)


def test_whoever_is_declined_takes_no_reviewer_and_costs_the_insult() -> None:
    orders = month(6, orders=4000, fraud=0.1)
    every = work_period(orders, 0.2, PRICES, np.inf)
    some = work_period(orders, 0.2, PRICES, np.inf, decline=0.6)
    above = int((orders["score"] >= 0.6).sum())
    assert some.reviewed == every.reviewed - above > 0
    cube = build_cube(orders)
    policy = Policy(step_of(cube, 0.2), step_of(cube, 0.6))
    assert some.total_cost == pytest.approx(figures_of(cube, PRICES, policy)["total_cost"])
    assert some.cost_of_limit == 0


def test_too_little_fraud_in_a_segment_is_said() -> None:
    orders = kinds()
    orders.loc[orders["shop"] == "a", "is_fraud"] = 0.0
    table = by_segment(segmented(orders, "shop", build_cube(orders).thresholds), PRICES, 30).set_index("segment")
    assert table["few"].to_dict() == {"a": True, "b": False, "<b>": False}


def test_ranking_by_saving_is_the_slow_best_and_never_worse_where_scores_are_right() -> None:
    random = np.random.default_rng(9)
    score = random.beta(1, 9, 3000)
    orders = pd.DataFrame({
        "score": score, "is_fraud": score, "amount": random.lognormal(4, 1, 3000),
    })  # fmt: skip
    cube = build_cube(orders)
    by_saving = cube_by_saving(orders, cube, PRICES)
    gain = gain_by_saving(by_saving, cube, PRICES)
    assert np.isnan([gain.low, gain.high]).all()  # no times
    curve = price_curve(cube, PRICES)
    assert gain.by_score == pytest.approx(curve["saving"][cheapest_step(curve, days=None)])
    lost = 0.05
    loss = orders["amount"] * 0.3 + 5
    each = score * 0.9 * loss - 4 - (1 - score) * lost * (0.2 * orders["amount"] + 3)
    slow = each[each > 0].sum() - 0.05 * len(orders)
    assert gain.by_rule == pytest.approx(slow, abs=0.01)
    assert gain.dollars > 0
    assert gain.reviews_by_rule == (each > 0).sum()
    assert (gain.by_saving, gain.reviews_by_saving) == pytest.approx((gain.by_rule, gain.reviews_by_rule))
    assert by_saving.thresholds.max() == pytest.approx(each.max())


def test_the_gain_of_ranking_by_saving_has_an_interval_of_the_days() -> None:
    orders = month(9, fraud=0.1)
    cube = build_cube(orders)
    by_saving = cube_by_saving(orders, cube, PRICES)
    gain = gain_by_saving(by_saving, cube, PRICES)
    assert gain.low < gain.dollars < gain.high
    assert gain.at_most >= gain.dollars
    best = Policy(int(price_curve(cube, PRICES)["total_cost"].argmin()))
    days = daily_of(by_saving, PRICES, "saving", Policy(step_of(by_saving, 0.0))) - daily_of(
        cube, PRICES, "saving", best
    )
    assert days.sum() == pytest.approx(gain.dollars)
    assert (gain.low, gain.high) == change_interval(days)

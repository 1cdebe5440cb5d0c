"""Another world, unripe outcomes and the size of a test: by hand, by masks and by simulation."""

from math import inf

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.what_if import (
    corrected,
    known_shares,
    let_through_sample,
    maturity,
    orders_to_detect,
    reweighted,
)
from core.errors import PolicyError
from core.policy import treatment
from core.pricing.cube import build_cube, running_sums, totals_of
from tests.tables import month

PRICES = Assumptions(chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, loss_aversion=2.25)


def test_another_fraud_rate_moves_the_share_that_is_scored() -> None:
    """10 frauds, all scored, and 90 legit orders, 20 of them scored: at one fraud in two, 50 + 50 · 20/90 are."""
    orders = pd.DataFrame({"score": [0.9] * 10 + [0.5] * 20 + [np.nan] * 70, "is_fraud": [1.0] * 10 + [0.0] * 90,
                           "amount": 1.0})  # fmt: skip
    moved = totals_of(reweighted(build_cube(orders), fraud_rate=0.5))
    assert (moved.orders, moved.scored) == (100, 61)


def test_another_fraud_rate_equals_orders_written_out() -> None:
    orders = month(5, days=4, orders=300, fraud=0.25)
    cube = build_cube(orders)
    fraud = int(orders["is_fraud"].sum())
    legit = len(orders) - fraud
    written = pd.concat([orders[orders["is_fraud"] == 1]] * 3 + [orders[orders["is_fraud"] == 0]], ignore_index=True)
    plain = build_cube(written.drop(columns="ordered_at"), thresholds=cube.thresholds)
    rate, volume = 3 * fraud / (3 * fraud + legit), (3 * fraud + legit) / len(orders)
    moved = reweighted(cube, fraud_rate=rate, volume=volume)
    assert running_sums(moved) == pytest.approx(running_sums(plain), rel=1e-6)
    assert totals_of(moved).n1 / (totals_of(moved).n0 + totals_of(moved).n1) == pytest.approx(rate)
    larger = running_sums(reweighted(cube, amounts=2.0))
    assert larger[:, 2:] == pytest.approx(2 * running_sums(cube)[:, 2:])
    assert larger[:, :2] == pytest.approx(running_sums(cube)[:, :2])
    same = reweighted(cube, fraud_rate=fraud / len(orders))
    assert running_sums(same) == pytest.approx(running_sums(cube))
    with pytest.raises(PolicyError, match="between 0 and 1"):
        reweighted(cube, fraud_rate=0.0)


def test_the_base_rate_correction_is_bayes() -> None:
    """Of 10,000 orders at 1 % fraud a score bin holds 20 frauds and 80 legit: 20 %. At 2 % it holds 40 and 79.2."""
    assert corrected(np.array([0.2]), 0.01, 0.02)[0] == pytest.approx(40 / (40 + 80 * 0.98 / 0.99))
    assert corrected(np.array([0.0, 0.3, 1.0]), 0.1, 0.1) == pytest.approx([0.0, 0.3, 1.0])


def test_how_much_has_matured() -> None:
    orders = month(6, days=3, orders=90)
    last = orders["ordered_at"].dt.floor("D") == orders["ordered_at"].dt.floor("D").max()
    orders.loc[last, "is_fraud"] = np.nan
    table = maturity(orders)
    assert table["known"].tolist() == [1, 1, 0]
    assert table["orders"].sum() == 90
    assert maturity(orders.drop(columns="is_fraud")).empty


def test_where_a_past_policy_declined_fewer_outcomes_are_known_above_the_line() -> None:
    orders = pd.DataFrame({"score": [0.9, 0.8, 0.3, 0.2, 0.1], "is_fraud": [np.nan, 1.0, 0.0, 0.0, 0.0]})
    assert known_shares(orders, treatment(orders["score"].to_numpy(), 0.5)) == (0.5, 1.0)
    assert known_shares(orders.drop(columns="is_fraud"), treatment(orders["score"].to_numpy(), 0.5)) == (0.0, 0.0)
    assert np.isnan(known_shares(orders, treatment(orders["score"].to_numpy(), None))[0])


def test_samples_are_as_large_as_the_formulas_have_it() -> None:
    assert let_through_sample(5e8, 1e9, 0.03, 10.0)[0] == 1068  # the pollster's figure
    orders, cost = let_through_sample(170, 351, 0.01, 100.0)
    assert 330 < orders <= 351  # never more than there are
    assert cost == pytest.approx(orders * 170 / 351 * 100)
    assert let_through_sample(0, 0, 0.05, 100.0) == (0, 0.0)
    assert let_through_sample(351, 351, 0.05, 100.0)[0] > 5  # all of them fraud so far is not all of them for sure


@pytest.mark.parametrize(("fraud", "stopped", "margin"), [(300, 1000, 0.05), (40, 60, 0.1), (30, 900, 0.03)])
def test_a_let_through_sample_is_within_its_margin_in_19_of_20(fraud: int, stopped: int, margin: float) -> None:
    orders, _ = let_through_sample(fraud, stopped, margin, 1.0)
    found = np.random.default_rng(2).hypergeometric(fraud, stopped - fraud, orders, 4000) / orders
    assert (np.abs(found - fraud / stopped) <= margin + 1e-9).mean() >= 0.94


def test_an_ab_test_of_the_size_given_sees_the_difference_in_four_of_five() -> None:
    random = np.random.default_rng(1)
    first, second = random.exponential(100, 20_000), random.normal(90, 50, 20_000)
    orders = orders_to_detect(first, second, 10.0)
    assert orders == pytest.approx(2 * (1.959964 + 0.841621) ** 2 * (100**2 + 50**2) / 100, rel=0.05)
    half = round(orders / 2)
    arms = random.exponential(100, (2000, half)), random.normal(90, 50, (2000, half))
    (one, other), spread = (arm.mean(axis=1) for arm in arms), sum(arm.var(axis=1, ddof=1) / half for arm in arms)
    assert (np.abs(one - other) > 1.96 * np.sqrt(spread)).mean() == pytest.approx(0.8, abs=0.04)
    assert orders_to_detect(first, second, 0.0) == inf
    assert orders_to_detect(np.array([1.0, np.nan]), np.array([1.0, np.nan]), 1.0) == inf  # one order has no spread
    assert orders_to_detect(first, second, 5.0) == pytest.approx(4 * orders, rel=1e-3)

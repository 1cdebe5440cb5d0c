"""Requirements, metrics and other worlds: against brute force, weights written out, and published formulas."""

from math import inf

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.other_worlds import corrected, let_through_sample, maturity, orders_to_detect, reweighted
from core.deciding.tradeoffs import net_benefit, picks, programme_ratio, requirements
from core.errors import PolicyError
from core.pricing.cube import build_cube, running_sums, totals
from core.pricing.curve import Limits, price_curve
from tests.test_uncertainty import month

PRICES = Assumptions(chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, loss_aversion=2.25)


def test_requirements_alone_and_together_cost_what_brute_force_says() -> None:
    cube = build_cube(month(3, fraud=0.1))
    curve, days = price_curve(cube, PRICES), totals(cube).days
    assert days is not None
    limits = Limits(0.8, 0.05, 20)
    found = requirements(curve, limits, days)
    assert [len(one.names) for one in found] == [1, 1, 1, 2, 2, 2, 3]
    holds = {
        "detection": curve["detection_rate"] >= 0.8,
        "false positive rate": curve["false_positive_rate"] <= 0.05,
        "reviews a day": curve["reviewed"] <= 20 * days,
    }
    for one in found:
        allowed = np.logical_and.reduce([holds[name] for name in one.names])
        if not allowed.any():
            assert one.step is None
            assert "No threshold satisfies" in one.why
        else:
            assert one.price == pytest.approx(curve["total_cost"][allowed].min() - curve["total_cost"].min())
    assert requirements(curve, Limits(), days) == []


def test_net_benefit_by_hand() -> None:
    """10 orders, 2 frauds of $100 at 30 %: p = 6 / 30 = 0.2, odds 0.25. Both caught, 3 false: (2 − 0.75)/10."""
    orders = pd.DataFrame({"score": [0.9] * 5 + [0.1] * 5, "is_fraud": [1.0] * 2 + [0.0] * 8, "amount": 100.0})
    cube, prices = build_cube(orders), Assumptions(review_cost=6.0)
    assert net_benefit(price_curve(cube, prices), totals(cube), prices).tolist() == pytest.approx([0, 0.125, 0.0])
    dear = Assumptions(review_cost=60.0)
    assert np.isnan(net_benefit(price_curve(cube, dear), totals(cube), dear)).all()


def test_each_metric_picks_its_own_best_and_total_cost_is_the_cheapest() -> None:
    cube = build_cube(month(4, fraud=0.1))
    curve = price_curve(cube, PRICES)
    table = picks(curve, totals(cube), PRICES).set_index("metric")
    assert table.loc["total cost", "dearer"] == 0
    assert (table["dearer"] >= 0).all()
    assert curve["flac"][table.loc["FLAC", "step"]] == curve["flac"].max()
    assert curve["perceived_cost"][table.loc["perceived cost", "step"]] == curve["perceived_cost"].min()
    at = int(table.loc["95 % of fraud's dollars", "step"])
    assert curve["value_detection_rate"][at] >= 0.95 > curve["value_detection_rate"][at - 1]
    none = build_cube(month(4, fraud=0.1).assign(is_fraud=0.0))
    assert set(picks(price_curve(none, PRICES), totals(none), PRICES)["metric"]) >= {"total cost", "FLAC"}


def test_the_programme_ratio_counts_fraud_that_ships() -> None:
    orders = pd.DataFrame({"score": [0.9, 0.5, 0.1, 0.1], "is_fraud": [1.0, 1.0, 0.0, 0.0], "amount": 1.0})
    table = programme_ratio(price_curve(build_cube(orders), Assumptions()), 1000.0)
    assert table["bps"].tolist() == pytest.approx([5000, 2500, 0, 0])
    assert table["frauds"].tolist() == pytest.approx([2000, 1000, 0, 0])
    assert table["inside"].tolist() == [False, True, True, True]  # 1,000 a month is below 1,500


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
    assert totals(moved).n1 / (totals(moved).n0 + totals(moved).n1) == pytest.approx(rate)
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


def test_samples_are_as_large_as_the_formulas_have_it() -> None:
    assert let_through_sample(0.5, 0.03, 10.0)[0] == 1068  # the pollster's figure


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
    assert orders_to_detect(first, second, 5.0) == pytest.approx(4 * orders, rel=1e-3)

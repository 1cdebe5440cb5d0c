"""Requirements, metrics and other worlds: against brute force, weights written out, and published formulas."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.requirements import net_benefit, picks, programme_ratio, requirements
from core.pricing.cube import build_cube, totals_of
from core.pricing.curve import Limits, price_curve
from core.pricing.order_costs import expected_saving
from tests.tables import month

PRICES = Assumptions(chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, loss_aversion=2.25)


def test_requirements_alone_and_together_cost_what_brute_force_says() -> None:
    cube = build_cube(month(3, fraud=0.1))
    curve, days = price_curve(cube, PRICES), totals_of(cube).days
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
    assert net_benefit(price_curve(cube, prices), totals_of(cube), prices).tolist() == pytest.approx([0, 0.125, 0.0])
    dear = Assumptions(review_cost=60.0)
    assert np.isnan(net_benefit(price_curve(cube, dear), totals_of(cube), dear)).all()


def test_each_metric_picks_its_own_best_and_total_cost_is_the_cheapest() -> None:
    cube = build_cube(month(4, fraud=0.1))
    curve = price_curve(cube, PRICES)
    table = picks(curve, totals_of(cube), PRICES).set_index("metric")
    metrics = ["total cost", "perceived cost", "FLAC", "net benefit"]
    assert (table[metrics] >= 0).all().all()
    assert [table.loc[name, name] for name in metrics] == [0, 0, 0, 0]
    step = int(table.loc["FLAC", "step"])
    assert curve["flac"][step] == curve["flac"].max()
    assert table.loc["FLAC", "total cost"] == curve["total_cost"][step] - curve["total_cost"].min()
    cheapest = int(table.loc["total cost", "step"])
    sales = (curve["flac"].max() - curve["flac"][cheapest]) * curve["sessions"][0]
    assert table.loc["total cost", "FLAC"] == pytest.approx(sales)
    assert curve["perceived_cost"][table.loc["perceived cost", "step"]] == curve["perceived_cost"].min()
    at = int(table.loc["95 % of fraud's dollars", "step"])
    assert curve["value_detection_rate"][at] >= 0.95 > curve["value_detection_rate"][at - 1]
    none = build_cube(month(4, fraud=0.1).assign(is_fraud=0.0))
    assert set(picks(price_curve(none, PRICES), totals_of(none), PRICES)["metric"]) >= {"total cost", "FLAC"}


def test_net_benefit_weighs_the_insult_as_a_review_of_an_average_fraud_does() -> None:
    """At the score p a review of an order of the mean fraud's amount is expected to save nothing."""
    orders = month(4, fraud=0.1)
    cube = build_cube(orders)
    prices = replace(PRICES, review_cost=4.0, insult_cost=3.0)
    curve, everything = price_curve(cube, prices), totals_of(cube)
    weight = (curve["caught"] - everything.orders * net_benefit(curve, everything, prices)) / curve["false_positives"]
    odds = float(weight.iloc[-1])
    p, mean = np.array([odds / (1 + odds)]), np.array([everything.a1 / everything.n1])
    assert expected_saving(p, mean, prices)[0] == pytest.approx(0, abs=1e-9)


def test_the_programme_ratio_counts_fraud_that_ships() -> None:
    orders = pd.DataFrame({"score": [0.9, 0.5, 0.1, 0.1], "is_fraud": [1.0, 1.0, 0.0, 0.0], "amount": 1.0})
    curve = price_curve(build_cube(orders), Assumptions())
    table = programme_ratio(curve, 1000.0)
    assert table["bps"].tolist() == pytest.approx([5000, 10_000 / 3, 0, 0])  # caught fraud does not ship
    assert table["frauds"].tolist() == pytest.approx([2000, 1000, 0, 0])
    assert table["inside"].tolist() == [False, True, True, True]  # 1,000 a month is below 1,500
    assert programme_ratio(curve, None)["inside"].tolist() == [False, False, True, True]  # no month to count in
    assert programme_ratio(curve, None)["frauds"].isna().all()


@pytest.mark.parametrize(("catch", "bps", "frauds"), [(1.0, 108.7, 300), (0.9, 194.0, 540), (0.0, 900.0, 2700)])
def test_fraud_that_slips_past_reviewers_counts_against_the_programme(catch: float, bps: float, frauds: float) -> None:
    """1,000 orders, 90 of them fraud, 80 flagged and nobody else: 10 + 80 · (1 − catch) of 920 + 80 · (1 − catch)."""
    orders = pd.DataFrame({"score": [0.9] * 80 + [0.1] * 920, "is_fraud": [1.0] * 90 + [0.0] * 910, "amount": 1.0})
    table = programme_ratio(price_curve(build_cube(orders), Assumptions(reviewer_catch_rate=catch)), 30.0)
    assert table["bps"][1] == pytest.approx(bps, abs=0.1)
    assert table["frauds"][1] == pytest.approx(frauds)


def test_the_net_benefit_in_dollars_is_what_average_reviews_save() -> None:
    """Where every order has the mean fraud's amount, a line's shortfall in net benefit is its shortfall in cost."""
    orders = month(4, fraud=0.1).assign(amount=80.0)
    cube = build_cube(orders)
    prices = replace(PRICES, review_cost=4.0, insult_cost=3.0)
    table = picks(price_curve(cube, prices), totals_of(cube), prices)
    assert table["net benefit"].tolist() == pytest.approx(table["total cost"].tolist(), abs=1e-6)

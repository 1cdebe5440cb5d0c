"""The worked case of the design to the cent, and every formula by hand."""

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.pricing.cube import Totals, build_cube, running_sums, totals_of
from core.pricing.economics import RATIOS, coefficients, price


def worked_totals() -> Totals:
    """300,000 orders, 1 % fraud, every fraud $510; legit amounts do not enter the case."""
    return Totals(300_000, 300_000, 300_000, 0, 297_000, 3_000, 297_000 * 120.0, 3_000 * 510.0, 30)


@pytest.mark.parametrize(
    ("false_positives", "caught", "review", "fraud_loss"),
    [(5_940, 2_850, 105_480.00, 22_950.00), (1_485, 2_790, 51_300.00, 32_130.00)],
)
def test_worked_case_to_the_cent(false_positives: int, caught: int, review: float, fraud_loss: float) -> None:
    flagged = np.array([false_positives, caught, false_positives * 120.0, caught * 510.0])
    figures = price(coefficients(Assumptions(), worked_totals()), flagged)
    assert round(float(figures["review_cost"]), 2) == review
    assert round(float(figures["fraud_loss"]), 2) == fraud_loss
    assert round(float(figures["api_cost"]), 2) == 15_000.00
    assert round(float(figures["total_cost"]), 2) == review + fraud_loss + 15_000


def test_worked_case_is_worth_45_000() -> None:
    flagged = np.array([[5_940, 2_850, 0, 2_850 * 510.0], [1_485, 2_790, 0, 2_790 * 510.0]])
    cost = price(coefficients(Assumptions(), worked_totals()), flagged)["total_cost"]
    assert round(float(cost[0] - cost[1]), 2) == 45_000.00


def test_six_orders_by_hand(six_orders: pd.DataFrame) -> None:
    """At 0.5: flagged a (fraud 100), b (legit 20), c (fraud 3000); shipped d 40, e 500 legit, f fraud 6."""
    prices = Assumptions(
        review_cost=10.0,
        api_cost=1.0,
        fraud_loss_rate=0.5,
        chargeback_fee=2.0,
        reviewer_catch_rate=0.9,
        reviewer_false_decline_rate=0.5,
        abandonment_rate=0.5,
        margin_rate=0.2,
        insult_cost=4.0,
        loss_aversion=3.0,
        conversion_rate=0.5,
        reviews_per_day=3,
        review_minutes=30.0,
    )
    cube = build_cube(six_orders)
    figures = {
        name: float(values[2])
        for name, values in price(coefficients(prices, totals_of(cube)), running_sums(cube)).items()
    }
    insult = 0.75 * (0.2 * 20 + 4)  # lost = 1 - 0.5 * 0.5
    fraud_loss = 0.5 * (3106 - 0.9 * 3100) + 2 * (3 - 0.9 * 2)
    total = 30 + 5 + fraud_loss + insult
    expected = {
        "orders": 6,
        "fraud": 3,
        "legit": 3,
        "scored": 5,
        "flagged": 3,
        "caught": 2,
        "missed": 1,
        "false_positives": 1,
        "review_cost": 30,
        "api_cost": 5,
        "fraud_loss": fraud_loss,
        "insult_cost": insult,
        "total_cost": total,
        "approve_all_cost": 0.5 * 3106 + 2 * 3,
        "saving": 0.5 * 3106 + 6 - total,
        "perceived_cost": total + 2 * (10 + insult),
        "review_hours": 1.5,
        "capacity_used": 3 / 6,
        "false_positive_rate": 1 / 3,
        "detection_rate": 2 / 3,
        "value_detection_rate": 3100 / 3106,
        "precision": 2 / 3,
        "review_rate": 3 / 6,
        "total_sales": 540,
        "reinstated_sales": 0.25 * 20,
        "sessions": 12,
        "flac": (540 - fraud_loss + 5) / 12,
    }
    assert {name: figures[name] for name in expected} == pytest.approx(expected)


def test_booked_basis_counts_fraud_that_ships_as_sales(six_orders: pd.DataFrame) -> None:
    prices = Assumptions(flac_sales_basis="booked", reviewer_catch_rate=0.9, conversion_rate=0.5)
    cube = build_cube(six_orders)
    figures = price(coefficients(prices, totals_of(cube)), running_sums(cube))
    assert figures["total_sales"][2] == pytest.approx(540 + 3106 - 0.9 * 3100)


def test_declined_orders_pay_no_review_lose_no_fraud_and_lose_every_legit_order() -> None:
    """Flagged 20 legit ($300) and 4 fraud ($4000); declined of them 2 legit ($30) and 1 fraud ($1000)."""
    everything = Totals(1000, 1000, 1000, 0, 990.0, 10.0, 50_000.0, 9_000.0, 30)
    prices = Assumptions(insult_cost=7.0, reviewer_catch_rate=0.5, chargeback_fee=1.0)
    figures = price(
        coefficients(prices, everything),
        np.array([20, 4, 300.0, 4000.0]),
        np.array([2, 1, 30.0, 1000.0]),
    )
    assert figures["reviewed"] == 18 + 3
    assert figures["review_cost"] == 12 * 21
    assert figures["insult_cost"] == pytest.approx(0.2 * 30 + 7 * 2)  # reviews lose nobody by default
    assert figures["fraud_loss"] == pytest.approx(0.3 * (9000 - 1000 - 0.5 * 3000) + (10 - 1 - 0.5 * 3))
    assert figures["total_sales"] == 50_000 - 300
    assert figures["reinstated_sales"] == 270


def test_a_rate_over_nothing_has_no_value() -> None:
    nothing = Totals(5, 5, 5, 0, 5.0, 0.0, 10.0, 0.0, 1)
    figures = price(coefficients(Assumptions(), nothing), np.zeros(4))
    assert np.isnan(figures["detection_rate"])
    assert np.isnan(figures["precision"])
    assert figures["false_positive_rate"] == 0


def test_sessions_counted_by_the_data_win_over_the_conversion_rate() -> None:
    counted = Totals(30, 30, 30, 0, 30.0, 0.0, 300.0, 0.0, 1, sessions=600.0)
    assert price(coefficients(Assumptions(), counted), np.zeros(4))["flac"] == 300 / 600


def test_every_rate_is_of_known_figures() -> None:
    names = coefficients(Assumptions(), worked_totals()).names
    assert {name for pair in RATIOS.values() for name in pair} <= set(names)

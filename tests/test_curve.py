"""The priced curve and its minimum: by hand, against the slow twin, and laws under random data."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assumptions import CHOICES, FIELDS, PRESETS, Assumptions
from core.errors import PolicyError
from core.pricing.cube import build_cube, totals_of
from core.pricing.curve import Limits, cheapest_step, price_curve, report_at, requirement_step
from tests.slow import cost_at
from tests.strategies import KNOWN_LABELS, order_tables

DOLLARS = ("review_cost", "chargeback_fee", "api_cost", "insult_cost")


def prices() -> st.SearchStrategy[Assumptions]:
    share = st.floats(0, 1, width=16)
    return st.builds(
        Assumptions,
        review_cost=st.floats(0, 100, width=16),
        api_cost=st.floats(0, 1, width=16),
        fraud_loss_rate=st.floats(0, 5, width=16),
        chargeback_fee=st.floats(0, 50, width=16),
        reviewer_catch_rate=share,
        reviewer_false_decline_rate=share,
        abandonment_rate=share,
        margin_rate=share,
        insult_cost=st.floats(0, 50, width=16),
        loss_aversion=st.floats(0, 5, width=16),
    )


def test_the_cheapest_of_six_orders_by_hand(six_orders: pd.DataFrame) -> None:
    """Flagging a alone stops $30 for $12; at 0.5 two frauds ($930) for three reviews ($36); further is dearer."""
    curve = price_curve(build_cube(six_orders), Assumptions(api_cost=0.0))
    assert curve["total_cost"].tolist() == pytest.approx([931.8, 913.8, 37.8, 49.8, 61.8])
    assert cheapest_step(curve, days=2) == 2


def test_of_equally_cheap_thresholds_the_one_that_flags_fewest_is_chosen(six_orders: pd.DataFrame) -> None:
    free = Assumptions(review_cost=0.0, fraud_loss_rate=0.0)
    assert cheapest_step(price_curve(build_cube(six_orders), free), days=2) == 0


@pytest.mark.parametrize(
    ("limits", "step"),
    [
        (Limits(max_false_positive_rate=0.0), 1),
        (Limits(max_reviews_per_day=0.5), 1),
        (Limits(max_reviews_per_day=0.4), 0),
        (Limits(min_detection_rate=0.6), 2),
    ],
)
def test_limits_bind(six_orders: pd.DataFrame, limits: Limits, step: int) -> None:
    curve = price_curve(build_cube(six_orders), Assumptions())
    assert cheapest_step(curve, limits, days=2) == step


def test_limits_that_nothing_satisfies_say_how_near_the_orders_come(six_orders: pd.DataFrame) -> None:
    curve = price_curve(build_cube(six_orders), Assumptions())
    with pytest.raises(
        PolicyError, match=r"a detection rate of at least 95\.00.%: flagging every scored order detects 66"
    ):
        cheapest_step(curve, Limits(min_detection_rate=0.95), days=2)
    with pytest.raises(PolicyError, match=r"within the other limits detection reaches 33\.33.% at most"):
        cheapest_step(curve, Limits(min_detection_rate=0.6, max_false_positive_rate=0.1), days=2)


def test_a_limit_a_day_needs_times(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders.drop(columns="ordered_at"))
    with pytest.raises(PolicyError, match="Map ordered_at"):
        cheapest_step(price_curve(cube, Assumptions()), Limits(max_reviews_per_day=3), days=None)


def test_an_unknown_objective_is_refused(six_orders: pd.DataFrame) -> None:
    with pytest.raises(PolicyError, match="Choose one of total_cost"):
        cheapest_step(price_curve(build_cube(six_orders), Assumptions()), days=2, objective="glory")


def test_flac_has_a_best_threshold_of_its_own(six_orders: pd.DataFrame) -> None:
    """FLAC ignores review cost: with perfect reviewers it never minds another review."""
    curve = price_curve(build_cube(six_orders), Assumptions(review_cost=1000.0))
    assert cheapest_step(curve, days=2) == 0
    assert cheapest_step(curve, days=2, objective="flac") == 2


def test_the_first_step_that_meets_a_detection_rate(six_orders: pd.DataFrame) -> None:
    curve = price_curve(build_cube(six_orders), Assumptions())
    assert requirement_step(curve, 0.5) == 2
    assert requirement_step(curve, 0.95) is None


def test_a_report_has_plain_values_and_null_where_there_is_none(six_orders: pd.DataFrame) -> None:
    cube = build_cube(six_orders)
    report = report_at(price_curve(cube, Assumptions()), 0, totals_of(cube))
    assert report["threshold"] is None
    assert report["precision"] is None
    assert report["flagged"] == 0
    assert type(report["fraud"]) is int
    assert report["month_factor"] == 15
    assert report["expected"] is False


@given(order_tables(labels=KNOWN_LABELS), prices())
def test_total_cost_equals_adding_up_order_by_order(orders: pd.DataFrame, prices: Assumptions) -> None:
    curve = price_curve(build_cube(orders), prices)
    for threshold, cost in zip(curve["threshold"], curve["total_cost"], strict=True):
        at = None if np.isnan(threshold) else threshold
        assert cost == pytest.approx(cost_at(orders, at, prices), abs=1e-3)


@given(order_tables(), prices())
def test_the_parts_add_up(orders: pd.DataFrame, prices: Assumptions) -> None:
    curve = price_curve(build_cube(orders), prices)
    parts = curve[["review_cost", "api_cost", "fraud_loss", "insult_cost"]].sum(axis=1)
    by_fate = curve[["api_cost", "caught_cost", "missed_cost", "false_positive_cost"]].sum(axis=1)
    assert curve["total_cost"].to_numpy() == pytest.approx(parts.to_numpy(), abs=1e-6)
    assert curve["total_cost"].to_numpy() == pytest.approx(by_fate.to_numpy(), abs=1e-3)
    assert (curve["saving"] + curve["total_cost"]).to_numpy() == pytest.approx(curve["approve_all_cost"].to_numpy())
    assert (curve["caught"] + curve["false_positives"]).to_numpy() == pytest.approx(curve["flagged"].to_numpy())
    assert (curve["caught"] + curve["missed"]).to_numpy() == pytest.approx(curve["fraud"].to_numpy())


@given(order_tables(), prices())
def test_the_optimum_is_the_minimum_of_its_own_curve(orders: pd.DataFrame, prices: Assumptions) -> None:
    curve = price_curve(build_cube(orders), prices)
    days = totals_of(build_cube(orders)).days
    assert curve["total_cost"][cheapest_step(curve, days=days)] == curve["total_cost"].min()


@given(order_tables(labels=KNOWN_LABELS), prices())
def test_doubling_every_price_doubles_every_cost_and_keeps_the_optimum(
    orders: pd.DataFrame, prices: Assumptions
) -> None:
    doubled = replace(prices, **{name: 2 * getattr(prices, name) for name in DOLLARS})
    cube, twice = build_cube(orders), build_cube(orders.assign(amount=2 * orders["amount"]))
    once, double = price_curve(cube, prices), price_curve(twice, doubled)
    assert double["total_cost"].to_numpy() == pytest.approx(2 * once["total_cost"].to_numpy(), rel=1e-9, abs=1e-3)
    chosen = once["total_cost"][cheapest_step(double, days=None)]
    assert chosen == pytest.approx(once["total_cost"].min(), rel=1e-9, abs=1e-3)


@given(order_tables(labels=KNOWN_LABELS), st.integers(0, 50), st.integers(0, 50))
def test_dearer_review_never_flags_more(orders: pd.DataFrame, cost: int, more: int) -> None:
    cube = build_cube(orders)
    cheap, dear = (price_curve(cube, Assumptions(review_cost=float(c))) for c in (cost, cost + more))
    assert dear["flagged"][cheapest_step(dear, days=None)] <= cheap["flagged"][cheapest_step(cheap, days=None)]


@pytest.mark.parametrize("name", FIELDS)
def test_every_assumption_moves_a_figure(name: str) -> None:
    """From prices under which some legit orders are lost: with none lost, what a loss costs cannot show."""
    base = PRESETS["Merchant carries the full loss"]
    moved_value = CHOICES[name][1] if name in CHOICES else 5.0 if name == "reviews_per_day" else 0.4
    orders = pd.DataFrame(
        {
            "score": [0.9, 0.8, 0.1, None],
            "is_fraud": [1.0, 0.0, 1.0, 0.0],
            "amount": [70.0, 50.0, 30.0, 20.0],
            "ordered_at": np.array(["2026-03-01"] * 4, "datetime64[us]"),
        }
    )
    cube = build_cube(orders)
    before, after = price_curve(cube, base), price_curve(cube, replace(base, **{name: moved_value}))
    assert not before.equals(after), f"{name} moves nothing"


def test_every_field_is_documented() -> None:
    for field in fields(Assumptions):
        assert {"label", "unit", "low", "high", "group", "help"} <= set(field.metadata)

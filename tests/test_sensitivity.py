"""Prices over their ranges: against re-pricing the whole curve, and break-evens that really break even."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from core.assumptions import FIELDS, Assumptions
from core.deciding.review_decline import figures_of
from core.deciding.sensitivity import PLAUSIBLE, share_that_stands, tornado, two_way, with_price, worth
from core.errors import AssumptionsError, PolicyError
from core.policy import Steps
from core.pricing.cube import Cube, build_cube
from core.pricing.curve import price_curve
from tests.cases import case
from tests.tables import month

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, reviewer_false_decline_rate=0.02
)


TEN, THIRTY = Steps(10), Steps(30)


@pytest.fixture(scope="module")
def cube() -> Cube:
    return build_cube(month(3, orders=4000, fraud=0.08))


def test_the_worth_of_a_move_is_the_difference_of_savings(cube: Cube) -> None:
    saving = price_curve(cube, PRICES)["saving"]
    assert worth(case(cube, PRICES, TEN, THIRTY)) == pytest.approx(saving[10] - saving[30])
    assert worth(case(cube, PRICES, TEN, None)) == pytest.approx(saving[10])


def test_the_tornado_equals_pricing_anew_and_is_sorted(cube: Cube) -> None:
    swings = tornado(case(cube, PRICES, TEN, THIRTY))
    assert {swing.field for swing in swings} == set(PLAUSIBLE)
    widths = [abs(swing.at_high - swing.at_low) for swing in swings]
    assert widths == sorted(widths, reverse=True)
    for swing in swings:
        for value, at, step in (
            (swing.low, swing.at_low, swing.step_low),
            (swing.high, swing.at_high, swing.step_high),
        ):
            curve = price_curve(cube, replace(PRICES, **{swing.field: value}))
            assert at == pytest.approx(curve["saving"][10] - curve["saving"][30])
            assert curve["total_cost"][step] == pytest.approx(curve["total_cost"].min())


@pytest.mark.parametrize("baseline", [THIRTY, Steps(40, 20), None])
def test_at_its_break_even_a_price_makes_the_move_worth_nothing(cube: Cube, baseline: Steps | None) -> None:
    swings = [swing for swing in tornado(case(cube, PRICES, TEN, baseline)) if not isnan(swing.break_even)]
    assert len(swings) >= 3
    for swing in swings:
        assert FIELDS[swing.field]["low"] <= swing.break_even <= FIELDS[swing.field]["high"]
        there = with_price(PRICES, swing.field, swing.break_even)
        assert worth(case(cube, there, TEN, baseline)) == pytest.approx(0, abs=1e-6)


def test_scoring_calls_decide_against_approving_everything_only(cube: Cube) -> None:
    ranges = {"api_cost": (0.01, 0.2)}
    assert isnan(tornado(case(cube, PRICES, TEN, THIRTY), ranges)[0].break_even)
    assert tornado(case(cube, PRICES, TEN, None), ranges)[0].break_even > PRICES.api_cost


def test_the_map_of_two_prices_equals_pricing_each_cell(cube: Cube) -> None:
    grid = two_way(case(cube, PRICES, TEN, THIRTY), "review_cost", "fraud_loss_rate", size=5)
    for rate, row in grid.iterrows():
        for cost, value in row.items():
            changed = replace(PRICES, review_cost=float(cost), fraud_loss_rate=float(rate))  # type: ignore[arg-type]
            assert value == pytest.approx(worth(case(cube, changed, TEN, THIRTY)))
    with pytest.raises(AssumptionsError, match="two different"):
        two_way(case(cube, PRICES, TEN, THIRTY), "review_cost", "review_cost")


def test_the_share_of_plausible_prices_counts_draws(cube: Cube) -> None:
    share, drawn = share_that_stands(case(cube, PRICES, TEN, THIRTY), draws=300)
    assert share == (drawn > 0).mean()
    assert np.array_equal(share_that_stands(case(cube, PRICES, TEN, THIRTY), draws=300)[1], drawn)
    fixed = {name: (getattr(PRICES, name), getattr(PRICES, name)) for name in PLAUSIBLE}
    assert share_that_stands(case(cube, PRICES, TEN, THIRTY), fixed, draws=3)[1] == pytest.approx(
        worth(case(cube, PRICES, TEN, THIRTY))
    )


def test_a_declined_order_counts_in_the_worth_of_a_move(cube: Cube) -> None:
    pair = Steps(30, 10)
    saving = figures_of(cube, PRICES, pair)["saving"]
    assert worth(case(cube, PRICES, pair, None)) == pytest.approx(saving)
    assert worth(case(cube, PRICES, TEN, pair)) == pytest.approx(figures_of(cube, PRICES, TEN)["saving"] - saving)


def test_a_decline_line_below_the_review_line_is_refused() -> None:
    with pytest.raises(PolicyError, match="no lower than the review threshold"):
        Steps(3, 4)

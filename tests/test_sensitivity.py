"""Prices over their ranges: against re-pricing the whole curve, and break-evens that really break even."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from core.assumptions import FIELDS, Assumptions
from core.cube import Cube, build_cube, totals
from core.curve import cheapest_step, price_curve
from core.errors import AssumptionsError
from core.sensitivity import PLAUSIBLE, break_even, share_that_stands, tornado, two_way, with_price, worth
from core.two_cut_offs import Pair, best_pair, cost_map, figures_of_pair, thresholds_of
from tests.test_uncertainty import month

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, reviewer_false_decline_rate=0.02
)


@pytest.fixture(scope="module")
def cube() -> Cube:
    return build_cube(month(3, orders=4000, fraud=0.08))


def test_the_worth_of_a_move_is_the_difference_of_savings(cube: Cube) -> None:
    saving = price_curve(cube, PRICES)["saving"]
    assert worth(cube, PRICES, 10, 30) == pytest.approx(saving[10] - saving[30])
    assert worth(cube, PRICES, 10, None) == pytest.approx(saving[10])


def test_the_tornado_equals_pricing_anew_and_is_sorted(cube: Cube) -> None:
    swings = tornado(cube, PRICES, 10, 30)
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


@pytest.mark.parametrize("baseline", [30, None])
def test_at_its_break_even_a_price_makes_the_move_worth_nothing(cube: Cube, baseline: int | None) -> None:
    found = 0
    for name in PLAUSIBLE:
        value = break_even(cube, PRICES, 10, baseline, name)
        if not isnan(value):
            found += 1
            assert FIELDS[name]["low"] <= value <= FIELDS[name]["high"]
            assert worth(cube, with_price(PRICES, name, value), 10, baseline) == pytest.approx(0, abs=1e-6)
    assert found >= 3


def test_scoring_calls_decide_against_approving_everything_only(cube: Cube) -> None:
    assert isnan(break_even(cube, PRICES, 10, 30, "api_cost"))
    assert break_even(cube, PRICES, 10, None, "api_cost") > PRICES.api_cost


def test_the_map_of_two_prices_equals_pricing_each_cell(cube: Cube) -> None:
    grid = two_way(cube, PRICES, 10, 30, "review_cost", "fraud_loss_rate", size=5)
    for rate, row in grid.iterrows():
        for cost, value in row.items():
            changed = replace(PRICES, review_cost=float(cost), fraud_loss_rate=float(rate))  # type: ignore[arg-type]
            assert value == pytest.approx(worth(cube, changed, 10, 30))
    with pytest.raises(AssumptionsError, match="two different"):
        two_way(cube, PRICES, 10, 30, "review_cost", "review_cost")


def test_the_share_of_plausible_prices_counts_draws(cube: Cube) -> None:
    share, drawn = share_that_stands(cube, PRICES, 10, 30, draws=300)
    assert share == (drawn > 0).mean()
    assert np.array_equal(share_that_stands(cube, PRICES, 10, 30, draws=300)[1], drawn)
    fixed = {name: (getattr(PRICES, name), getattr(PRICES, name)) for name in PLAUSIBLE}
    assert share_that_stands(cube, PRICES, 10, 30, fixed, draws=3)[1] == pytest.approx(worth(cube, PRICES, 10, 30))


@pytest.mark.parametrize(
    "prices", [PRICES, Assumptions(), Assumptions(margin_rate=0.05, review_cost=40), Assumptions(margin_rate=1)]
)
def test_the_best_pair_equals_trying_every_pair(cube: Cube, prices: Assumptions) -> None:
    found = best_pair(cube, prices)
    steps = len(cube.thresholds) + 1
    costs = {
        (review, decline): figures_of_pair(cube, prices, Pair(review, decline, 0.0))["total_cost"]
        for review in range(steps)
        for decline in range(review + 1)
    }
    assert found.total_cost == pytest.approx(min(costs.values()))
    assert costs[found.review, found.decline] == pytest.approx(found.total_cost)
    one = cheapest_step(price_curve(cube, prices), days=totals(cube).days)
    assert found.total_cost <= price_curve(cube, prices)["total_cost"][one] + 1e-9


def test_the_map_of_pairs_holds_the_cost_of_each(cube: Cube) -> None:
    grid = cost_map(cube, PRICES, size=8)
    for decline in grid.index:
        for review in grid.columns:
            value = grid.loc[decline, review]
            if decline > review:
                assert isnan(value)
            else:
                pair = Pair(int(review), int(decline), 0.0)
                assert value == pytest.approx(figures_of_pair(cube, PRICES, pair)["total_cost"])


def test_cut_offs_as_scores(cube: Cube) -> None:
    review, decline = thresholds_of(cube, Pair(5, 0, 0.0))
    assert (review, decline) == (cube.thresholds[4], None)

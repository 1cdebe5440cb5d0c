"""The best pair of thresholds: against trying every pair, within a number of reviews, on a map."""

from math import isnan

import pytest

from core.assumptions import Assumptions
from core.deciding.review_decline import best_line, best_pair, cost_map, figures_of
from core.errors import PolicyError
from core.policy import Steps
from core.pricing.cube import Cube, build_cube
from tests.tables import month

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, reviewer_false_decline_rate=0.02
)


TEN, THIRTY = Steps(10), Steps(30)


@pytest.fixture(scope="module")
def cube() -> Cube:
    return build_cube(month(3, orders=4000, fraud=0.08))


@pytest.mark.parametrize("most", [None, 0.0, 55.0, 300.0, 1e9])
@pytest.mark.parametrize(
    "prices", [PRICES, Assumptions(), Assumptions(margin_rate=0.05, review_cost=40), Assumptions(margin_rate=1)]
)
def test_the_best_pair_equals_trying_every_pair(cube: Cube, prices: Assumptions, most: float | None) -> None:
    found = best_pair(cube, prices, most)
    steps = len(cube.thresholds) + 1
    pairs = {
        Steps(review, decline): figures_of(cube, prices, Steps(review, decline))
        for review in range(steps)
        for decline in range(review + 1)
    }
    costs = {
        pair: figures["total_cost"] for pair, figures in pairs.items() if most is None or figures["reviewed"] <= most
    }
    assert costs[found] == pytest.approx(min(costs.values()))
    single = min((pair for pair in costs if not pair.decline_step), key=lambda pair: (costs[pair], pair.review_step))
    assert best_line(cube, prices, most) == single
    assert costs[found] <= costs[single] + 1e-9


@pytest.mark.parametrize("most", [None, 55.0])
def test_the_map_of_pairs_holds_the_cost_of_each(cube: Cube, most: float | None) -> None:
    grid = cost_map(cube, PRICES, size=8, most_reviews=most)
    seen = 0
    for decline in grid.index:
        for review in grid.columns:
            value = grid.loc[decline, review]
            if decline > review:
                assert isnan(value)
                continue
            figures = figures_of(cube, PRICES, Steps(int(review), int(decline)))
            if most is not None and figures["reviewed"] > most:
                assert isnan(value)
            else:
                seen += 1
                assert value == pytest.approx(figures["total_cost"])
    assert seen > 5


def test_there_cannot_be_fewer_than_no_reviews(cube: Cube) -> None:
    with pytest.raises(PolicyError, match="no reviews"):
        best_pair(cube, PRICES, -1.0)

"""Reviewing by expected saving: the slow best, and its interval."""

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.by_saving import gain_by_saving
from core.deciding.confidence import change_interval, daily_of
from core.policy import Steps
from core.pricing.cube import build_cube, step_of
from core.pricing.curve import cheapest_step, price_curve
from core.pricing.policy_sums import daily_at
from core.pricing.ranked_cube import cube_by_saving
from tests.tables import month

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, insult_cost=3.0, review_cost=4.0
)


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
    best = Steps(int(price_curve(cube, PRICES)["total_cost"].argmin()))
    sides = (daily_at(by_saving, Steps(step_of(by_saving, 0.0))), daily_at(cube, best))
    by_rule, by_line = (daily_of(side, PRICES, ["saving"])[:, 0] for side in sides)
    days = by_rule - by_line
    assert days.sum() == pytest.approx(gain.dollars)
    assert (gain.low, gain.high) == change_interval(days)

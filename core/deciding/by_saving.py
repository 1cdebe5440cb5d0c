"""Reviewing by expected saving instead of score: the same cube on another axis."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, SCORE
from core.deciding.confidence import change_interval, daily_of
from core.policy import Policy
from core.pricing.cube import Cube, build_cube, running_sums, step_of, totals_of
from core.pricing.economics import coefficients, price
from core.reviewing.queue import expected_saving

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Gain:
    """The best line by score against reviewing by expected saving: where a review is expected to pay, and the best line
    of all. by_score, by_rule, by_saving: $ saved in the period; reviews_by_score, reviews_by_rule, reviews_by_saving:
    orders reviewed; least_saving: the best line by saving, $ an order. low, high: 95 % interval of `dollars`, the two
    lines kept, on resampled days; NaN without times."""

    by_score: float
    by_rule: float
    by_saving: float
    reviews_by_score: float
    reviews_by_rule: float
    reviews_by_saving: float
    least_saving: float
    low: float
    high: float

    @property
    def dollars(self) -> float:
        """What reviewing wherever it is expected to pay is worth over the best single threshold, $ in the period."""
        return self.by_rule - self.by_score

    @property
    def at_most(self) -> float:
        """The same at the best line by saving, chosen on the same orders: an upper end."""
        return self.by_saving - self.by_score


def savings(orders: pd.DataFrame, prices: Assumptions) -> Floats:
    """What a review of each order is expected to save, $; missing where it was never scored: (orders,)."""
    return expected_saving(orders[SCORE].to_numpy(np.float64), orders[AMOUNT].to_numpy(np.float64), prices)


def cube_by_saving(orders: pd.DataFrame, by_score: Cube, prices: Assumptions) -> Cube:
    """The cube whose steps are expected savings of a review, in $, highest first; orders without an outcome count
    as their score. by_score: the cube of the same orders, for what does not depend on the steps."""
    scores = orders[SCORE].to_numpy(np.float64)
    labels = orders[IS_FRAUD].to_numpy(np.float64) if IS_FRAUD in orders else np.full(len(orders), np.nan)
    fraud = np.where(np.isnan(labels), scores, labels)
    cube = build_cube(orders.assign(**{SCORE: savings(orders, prices), IS_FRAUD: fraud}))
    return replace(cube, gaps=by_score.gaps.sum(axis=0, keepdims=True), sessions=by_score.sessions)


def gain_by_saving(by_saving: Cube, by_score: Cube, prices: Assumptions) -> Gain:
    """What reviewing by expected saving is worth over the best line by score, all measured on these orders."""
    score, saving = (price(coefficients(prices, totals_of(cube)), running_sums(cube)) for cube in (by_score, by_saving))
    line, best = (int(figures["total_cost"].argmin()) for figures in (score, saving))
    rule = step_of(by_saving, 0.0)
    places = ((score, line), (saving, rule), (saving, best))
    saved, reviews = ([float(figures[name][at]) for figures, at in places] for name in ("saving", "reviewed"))
    least = float("inf") if best == 0 else float(by_saving.thresholds[best - 1])
    low = high = np.nan
    if by_score.days is not None:
        change = daily_of(by_saving, prices, "saving", Policy(rule)) - daily_of(
            by_score, prices, "saving", Policy(line)
        )
        low, high = change_interval(change)
    return Gain(saved[0], saved[1], saved[2], reviews[0], reviews[1], reviews[2], least, low, high)

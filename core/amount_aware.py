"""Reviewing by expected saving instead of score: the same cube on another axis."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, SCORE
from core.cube import Cube, build_cube, running_sums, totals
from core.economics import coefficients, price
from core.review_queue import expected_saving


@dataclass(frozen=True)
class Gain:
    """The best line by score against the best one by expected saving. by_score, by_saving: $ saved in the period;
    reviews_by_score, reviews_by_saving: orders reviewed; least_saving: the line by saving, $ an order."""

    by_score: float
    by_saving: float
    reviews_by_score: float
    reviews_by_saving: float
    least_saving: float

    @property
    def dollars(self) -> float:
        """What ranking by saving is worth over the best single threshold."""
        return self.by_saving - self.by_score


def cube_by_saving(orders: pd.DataFrame, prices: Assumptions) -> Cube:
    """The cube whose steps are expected savings of a review, in $, highest first; orders without an outcome count
    as their score."""
    scores, amounts = (orders[name].to_numpy(np.float64) for name in (SCORE, AMOUNT))
    labels = orders[IS_FRAUD].to_numpy(np.float64) if IS_FRAUD in orders else np.full(len(orders), np.nan)
    fraud = np.where(np.isnan(labels), scores, labels)
    saving = expected_saving(scores, amounts, prices)
    return build_cube(orders.assign(**{SCORE: saving, IS_FRAUD: fraud}))


def gain_by_saving(orders: pd.DataFrame, by_score: Cube, prices: Assumptions) -> Gain:
    """What the best line by expected saving is worth over the best line by score, both measured on these orders."""
    by_saving = cube_by_saving(orders, prices)
    found = []
    for cube in (by_score, by_saving):
        figures = price(coefficients(prices, totals(cube)), running_sums(cube))
        best = int(figures["total_cost"].argmin())
        found.append((float(figures["saving"][best]), float(figures["reviewed"][best]), best))
    (score, reviews, _), (saving, fewer, best) = found
    least = float("inf") if best == 0 else float(by_saving.thresholds[best - 1])
    return Gain(score, saving, reviews, fewer, least)

"""Reviewing by expected saving instead of score: the same cube on another axis."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.deciding.confidence import change_interval, daily_of
from core.policy import Steps
from core.pricing.cube import Cube, running_sums, step_of, totals_of
from core.pricing.economics import coefficients, price
from core.pricing.policy_sums import daily_at

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
        sides = (daily_at(by_saving, Steps(rule)), daily_at(by_score, Steps(line)))
        by_rule, by_line = (daily_of(side, prices, ["saving"])[:, 0] for side in sides)
        low, high = change_interval(by_rule - by_line)
    return Gain(saved[0], saved[1], saved[2], reviews[0], reviews[1], reviews[2], least, low, high)

"""The same scores in another world: other fraud rates, volumes, amounts; and how much data it takes to know."""

from dataclasses import replace
from math import ceil, inf

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from core.columns import IS_FRAUD, ORDERED_AT
from core.errors import PolicyError
from core.pricing.cube import Cube, totals

Floats = NDArray[np.float64]


def reweighted(cube: Cube, *, fraud_rate: float | None = None, volume: float = 1.0, amounts: float = 1.0) -> Cube:
    """The cube as if fraud were fraud_rate of the orders with an outcome or score, there were volume times the orders,
    and each were amounts times as large: weights, no order is touched.

    Scores keep their order; as probabilities they would move by `corrected`. PolicyError where a rate cannot be had.
    """
    everything = totals(cube)
    weights = np.array([volume, volume, volume * amounts, volume * amounts])
    if fraud_rate is not None:
        known = everything.n0 + everything.n1
        if not 0 < fraud_rate < 1 or min(everything.n0, everything.n1) <= 0:
            raise PolicyError("Another fraud rate needs fraud and legit orders, and lies between 0 and 1.")
        fraud, legit = fraud_rate * known / everything.n1, (1 - fraud_rate) * known / everything.n0
        weights = weights * np.array([legit, fraud, legit, fraud])
    sessions = None if cube.sessions is None else cube.sessions * volume
    return replace(cube, cells=cube.cells * weights, gaps=cube.gaps * volume, sessions=sessions)


def corrected(scores: Floats, rate: float, other: float) -> Floats:
    """Scores of a world with fraud rate `rate`, in one with `other` (Elkan 2001, theorem 2).

    >>> corrected(np.array([0.5]), 0.01, 0.02).round(3).tolist()
    [0.669]
    """
    up, down = scores * other / rate, (1 - scores) * (1 - other) / (1 - rate)
    moved: Floats = up / (up + down)
    return moved


def maturity(orders: pd.DataFrame) -> pd.DataFrame:
    """Share of each day's orders whose outcome is known: day, orders, known (0–1). Empty without times or outcomes."""
    if ORDERED_AT not in orders or IS_FRAUD not in orders:
        return pd.DataFrame(columns=["day", "orders", "known"])
    by_day = orders[IS_FRAUD].notna().groupby(orders[ORDERED_AT].dt.floor("D"))
    return by_day.agg(["size", "mean"]).set_axis(["orders", "known"], axis=1).rename_axis("day").reset_index()


def let_through_sample(fraud_rate: float, margin: float, mean_loss: float, *, level: float = 0.95) -> tuple[int, float]:
    """Declined orders to let through at random to know their fraud rate to ± margin, and what that is expected to cost.

    fraud_rate: expected among them; margin: half width (share); mean_loss: $ a fraud that ships. Normal approximation.

    >>> let_through_sample(0.3, 0.05, 100.0)
    (323, 9690.0)
    """
    z = norm.ppf((1 + level) / 2)
    orders = ceil(z * z * fraud_rate * (1 - fraud_rate) / margin**2)
    return orders, orders * fraud_rate * mean_loss


def orders_to_detect(
    first: Floats, second: Floats, difference: float, *, power: float = 0.8, level: float = 0.95
) -> float:
    """Orders an A/B test needs, half of them under each policy, to see a difference of so many $ an order; infinite
    for none. first, second: $ each order costs under the two policies, whose spread is what hides the difference.

    (z of level + z of power)² · (variance + variance) ÷ difference² an arm, the textbook's two-sample size; orders of
    one account that come in bursts need more.

    >>> orders_to_detect(np.array([0.0, 20.0]), np.array([0.0, 20.0]), 1.0)
    6280.0
    """
    if difference == 0:
        return inf
    z = norm.ppf((1 + level) / 2) + norm.ppf(power)
    an_arm = z * z * (np.nanvar(first, ddof=1) + np.nanvar(second, ddof=1)) / difference**2
    return float(2 * ceil(an_arm))

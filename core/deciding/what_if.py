"""The same scores in another world: other fraud rates, volumes, amounts; and how much data it takes to know."""

from dataclasses import replace
from math import ceil, inf, nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT
from core.errors import PolicyError
from core.policy import BY_SCORE, DECLINE, REVIEW
from core.pricing.applied import Applied
from core.pricing.cube import Cube, running_sums, totals_of
from core.pricing.economics import coefficients, price
from core.pricing.policy_sums import measures_of, treatments_of

Floats = NDArray[np.float64]


def reweighted(cube: Cube, *, fraud_rate: float | None = None, volume: float = 1.0, amounts: float = 1.0) -> Cube:
    """The cube as if fraud were fraud_rate of the orders with an outcome or score, there were volume times the orders,
    and each were amounts times as large: weights, no order is touched.

    Scores keep their order; as probabilities they would move by `corrected`. PolicyError where a rate cannot be had.
    """
    totals = totals_of(cube)
    weights = np.array([volume, volume, volume * amounts, volume * amounts])
    if fraud_rate is not None:
        known = totals.n0 + totals.n1
        if not 0 < fraud_rate < 1 or min(totals.n0, totals.n1) <= 0:
            raise PolicyError("Another fraud rate needs fraud and legit orders, and lies between 0 and 1.")
        fraud, legit = fraud_rate * known / totals.n1, (1 - fraud_rate) * known / totals.n0
        weights = weights * np.array([legit, fraud, legit, fraud])
    sessions = None if cube.sessions is None else cube.sessions * volume
    cells, gaps = cube.cells * weights, cube.gaps * volume
    gaps[..., 1] = gaps[..., 2] + cells[:, :, -1, :2].sum(axis=-1)  # another share of fraud is another share scored
    return replace(cube, cells=cells, gaps=gaps, sessions=sessions)


def figures_elsewhere(
    policy: Applied, *, fraud_rate: float | None = None, volume: float = 1.0, amounts: float = 1.0
) -> dict[str, float]:
    """Every figure of a policy in the world of `reweighted`, of the period as it is. A limit on reviews stays what it
    is, so it is worked day by day on that world's orders; reviews are ranked by that world's amounts."""
    world = reweighted(policy.by_score, fraud_rate=fraud_rate, volume=volume, amounts=amounts)
    coefs = coefficients(policy.prices, totals_of(world))
    if policy.policy.is_by_steps and policy.policy.ranked_by == BY_SCORE:
        at = [policy.steps.review_step, policy.steps.decline_step]
        there = reweighted(policy.cube, fraud_rate=fraud_rate, volume=volume, amounts=amounts)
        return {name: float(value) for name, value in price(coefs, *running_sums(there)[at]).items()}
    orders = policy.orders.assign(**{AMOUNT: policy.orders[AMOUNT].to_numpy(np.float64) * amounts})
    here, there_totals = policy.totals, totals_of(world)
    weights = np.array([there_totals.n0 / here.n0 if here.n0 else 1.0, there_totals.n1 / here.n1 if here.n1 else 1.0])
    measures = measures_of(orders) * np.tile(weights, 2)
    load = measures[:, :2].sum(axis=1)
    treated = treatments_of(orders, policy.policy, policy.prices, policy.segments, load)
    stopped, declined = (measures[treated >= least].sum(axis=0) for least in (REVIEW, DECLINE))
    return {name: float(value) for name, value in price(coefs, stopped, declined).items()}


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


def known_shares(orders: pd.DataFrame, treatments: NDArray[np.int8]) -> tuple[float, float]:
    """Share of the orders stopped, and of those that ship, whose outcome is known, 0–1; NaN where there are none. Where
    a past policy declined orders, the first is the lower one. fates: of `policy.treatment`."""
    known = orders[IS_FRAUD].notna().to_numpy() if IS_FRAUD in orders else np.zeros(len(orders), bool)
    stopped, shipped = (known[side] for side in (treatments > 0, treatments == 0))
    return tuple(float(side.mean()) if len(side) else nan for side in (stopped, shipped))  # type: ignore[return-value]


def let_through_sample(
    fraud: float, stopped: float, margin: float, mean_loss: float, *, level: float = 0.95
) -> tuple[int, float]:
    """Of the orders stopped, how many to let through at random to know the share of fraud among them to ± margin, and
    what that is expected to cost.

    fraud: expected among the stopped ones; margin: half width (share); mean_loss: $ a fraud among them that ships.
    Normal approximation about (fraud + 2) ÷ (stopped + 4) (Agresti & Coull 1998), which is never 0 or 1, with the
    correction for a finite number of orders: never more than there are.

    >>> let_through_sample(3_000, 10_000, 0.05, 100.0)
    (313, 9390.0)
    """
    if stopped <= 0:
        return 0, 0.0
    z, rate = norm.ppf((1 + level) / 2), (fraud + 2) / (stopped + 4)
    endless = z * z * rate * (1 - rate) / margin**2
    orders = min(ceil(endless / (1 + (endless - 1) / stopped)), ceil(stopped))
    return orders, orders * fraud / stopped * mean_loss


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
    if difference == 0 or min(np.isfinite(first).sum(), np.isfinite(second).sum()) < 2:
        return inf
    z = norm.ppf((1 + level) / 2) + norm.ppf(power)
    an_arm = z * z * (np.nanvar(first, ddof=1) + np.nanvar(second, ddof=1)) / difference**2
    return float(2 * ceil(an_arm))

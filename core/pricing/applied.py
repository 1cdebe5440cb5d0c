"""A policy applied to orders at prices; and the case that travels through the pages: two of them on the same orders."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import SCORE
from core.policy import BY_SAVING, Policy, Steps, treatment
from core.pricing.cube import Cube, Totals, step_of, threshold_at, totals_of
from core.pricing.curve import price_curve_of
from core.pricing.economics import Coefficients, approve_everything, coefficients, price
from core.pricing.order_costs import fraud_or_score
from core.pricing.policy_curve import CurveSums, curve_sums
from core.pricing.policy_sums import DailySums, daily_at, ranks_of, sums_by_day, treatments_of
from core.pricing.ranked_cube import cube_by_saving, with_steps
from core.pricing.segment_values import segment_values

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Applied:
    """One policy on these orders at these prices; each answer is worked out once, when it is asked for.

    orders: scored, with the policy's rules applied (`building.ruled`). by_score: their cube on the axis of the score.
    features: where a segment is made of one. The limit on reviews of the policy is the capacity of the prices.
    """

    orders: pd.DataFrame
    by_score: Cube
    prices: Assumptions
    policy: Policy
    features: pd.DataFrame | None = None

    @cached_property
    def cube(self) -> Cube:
        """The cube on the axis the policy ranks by; its thresholds for all orders fall on steps of it."""
        cube = self.by_score
        if self.policy.ranked_by == BY_SAVING:
            cube = cube_by_saving(self.orders, self.by_score, self.prices)
        return with_steps(cube, self.orders, self.ranks, (self.policy.review, self.policy.decline))

    @cached_property
    def ranks(self) -> Floats:
        """(orders,) what the thresholds are compared with."""
        return ranks_of(self.orders, self.policy.ranked_by, self.prices)

    @cached_property
    def segments(self) -> "NDArray[np.object_] | None":
        """(orders,) the value of the policy's segment; None where it has none."""
        if not self.policy.segment:
            return None
        return segment_values(self.orders, self.features, self.policy.segment).to_numpy(object)

    @cached_property
    def totals(self) -> Totals:
        """Counts and dollars of all orders."""
        return totals_of(self.by_score)

    @cached_property
    def treatments(self) -> NDArray[np.int8]:
        """(orders,) what becomes of each, as a place in `TREATMENTS`."""
        return treatments_of(self.orders, self.policy, self.prices, self.segments)

    def treatment_at(self, place: int, score: float) -> int:
        """What would become of one order with another score, a place in `TREATMENTS`; a limit on reviews aside."""
        one = self.orders.iloc[[place]].assign(**{SCORE: score})
        value = "" if self.segments is None else str(self.segments[place])
        rank = ranks_of(one, self.policy.ranked_by, self.prices)
        return int(treatment(rank, *self.policy.thresholds_of(value))[0])

    @cached_property
    def steps(self) -> Steps:
        """Where the thresholds for all orders stand on the steps of the cube."""
        decline = step_of(self.cube, self.policy.decline)
        return Steps(max(step_of(self.cube, self.policy.review), decline), decline)

    @cached_property
    def daily(self) -> DailySums:
        """What the policy stops, a day a row."""
        if self.policy.is_by_steps:
            return daily_at(self.cube, self.steps)
        return sums_by_day(self.orders, self.treatments, self.by_score)

    @cached_property
    def sums(self) -> tuple[Floats, Floats]:
        """n0, n1, a0, a1 of the orders stopped, and of those declined alone: (4,) each."""
        return np.round(self.daily.stopped.sum(axis=0), 6), np.round(self.daily.declined.sum(axis=0), 6)

    @cached_property
    def coefficients(self) -> Coefficients:
        """Of every figure, at these prices."""
        return coefficients(self.prices, self.totals)

    @cached_property
    def figures(self) -> dict[str, float]:
        """Every figure, of the period as it is."""
        return {name: float(value) for name, value in price(self.coefficients, *self.sums).items()}

    @cached_property
    def curve_sums(self) -> CurveSums:
        """The sums with the threshold for all orders at every step of the cube, the rest of the policy kept."""
        return curve_sums(self.orders, self.cube, self.policy, self.prices, self.segments)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """`curve.price_curve` with the rest of the policy kept."""
        return price_curve_of(self.cube, self.prices, self.curve_sums)

    def with_policy(self, policy: Policy) -> "Applied":
        """Another policy, with the same rules, on the same orders."""
        return replace(self, policy=policy)

    def at_steps(self, steps: Steps) -> "Applied":
        """The same with both thresholds for all orders at rows of the curve."""
        review, decline = (threshold_at(self.cube, step) for step in (steps.review_step, steps.decline_step))
        return self.with_policy(replace(self.policy, review=review, decline=decline))

    def at_step(self, step: int) -> "Applied":
        """The same with the threshold for all orders at a row of the curve; where it passes the decline threshold, that
        one rises with it, but for segments with a review threshold of their own."""
        policy, threshold = self.policy, threshold_at(self.cube, step)
        if policy.decline is None or (threshold is not None and threshold <= policy.decline):
            return self.with_policy(replace(policy, review=threshold))
        own = dict.fromkeys(dict(policy.review_in), policy.decline) | dict(policy.decline_in)
        return self.with_policy(replace(policy, review=threshold, decline=threshold, decline_in=tuple(own.items())))


@dataclass(frozen=True, eq=False)
class Case:
    """What every page is about: a policy on the loaded orders at these prices, and what it is compared with.

    baseline: None is approving everything: no order is scored and none held.
    """

    policy: Applied
    baseline: Applied | None

    @property
    def prices(self) -> Assumptions:
        """The prices, the policy's limit on reviews as their capacity."""
        return self.policy.prices

    @cached_property
    def baseline_figures(self) -> dict[str, float]:
        """Every figure of the baseline."""
        return approve_everything(self.policy.coefficients) if self.baseline is None else self.baseline.figures

    @cached_property
    def baseline_treatments(self) -> NDArray[np.int8]:
        """(orders,) what becomes of each under the baseline."""
        return np.zeros_like(self.policy.treatments) if self.baseline is None else self.baseline.treatments

    @cached_property
    def changed(self) -> tuple[float, float]:
        """Legit orders and frauds the two treat differently; an order without an outcome counts as its score."""
        return changed_orders(self.policy.orders, self.baseline_treatments, self.policy.treatments)


def changed_orders(orders: pd.DataFrame, before: NDArray[np.int8], now: NDArray[np.int8]) -> tuple[float, float]:
    """Legit orders and frauds that two policies treat differently."""
    fraud = fraud_or_score(orders.iloc[np.flatnonzero(before != now)])
    return float(np.nansum(1 - fraud)), float(np.nansum(fraud))

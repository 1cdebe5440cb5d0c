"""A policy with one threshold moved over every step and all the rest of it kept: the sums at each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.policy import DECLINE, TREATMENTS, WAIT, Policy, is_flagged
from core.pricing.cube import Cube, running_sums, step_of
from core.pricing.days_worked import reached_at_every_step, reviews_by_day
from core.pricing.policy_sums import Queue, days_of, measures_of, ranks_of, thresholds_by_order

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class CurveSums:
    """n0, n1, a0, a1 at each step of the moved threshold, row 0 with none flagged by it: (steps + 1, 4) each.

    flagged: orders at or above their threshold, whether or not the team gets to them. stopped: those reviewed or
    declined. declined: those declined alone.
    """

    flagged: Floats
    stopped: Floats
    declined: Floats


def curve_sums(
    orders: pd.DataFrame,
    cube: Cube,
    policy: Policy,
    prices: Assumptions,
    segments: "NDArray[np.object_] | None" = None,
    moved: str = "",
) -> CurveSums:
    """The sums of a policy as its review threshold moves over the steps of a cube.

    cube: of the same orders, its steps on the axis the policy ranks by. moved: the segment whose threshold moves; ""
    is every segment that has none of its own. Where the threshold passes the decline threshold, that one rises with it.
    """
    if policy.is_by_steps:
        flagged = running_sums(cube)
        decline = step_of(cube, policy.decline)
        return CurveSums(flagged, flagged, flagged[np.minimum(np.arange(len(flagged)), decline)])
    step, declined = _entries(orders, cube, policy, prices, segments, moved)
    here = np.flatnonzero(step <= len(cube.thresholds))
    here = here[np.argsort(step[here], kind="stable")]
    step, declined, measures = step[here], declined[here], measures_of(orders.iloc[here])
    flagged, away = (_running(step[keep], measures[keep], len(cube.thresholds)) for keep in (slice(None), declined))
    if policy.reviews_per_day is None:
        return CurveSums(*map(_rounded, (flagged, flagged, away)))
    done, left = _worked(orders, here[~declined], step[~declined], measures[~declined], policy, prices, cube)
    away = away + left if policy.rest == TREATMENTS[DECLINE] else away
    return CurveSums(*map(_rounded, (flagged, done + away, away)))


def _entries(
    orders: pd.DataFrame, cube: Cube, policy: Policy, prices: Assumptions,
    segments: "NDArray[np.object_] | None", moved: str,
) -> tuple[Ints, NDArray[np.bool_]]:  # fmt: skip
    """The row from which each order is stopped (0: at every step; steps + 1: at none), and whether it is declined."""
    ranks, steps = ranks_of(orders, policy.ranked_by, prices), len(cube.thresholds)
    review, decline = thresholds_by_order(policy, segments, len(orders))
    own = np.zeros(len(orders), bool) if segments is None else np.isin(segments, list(dict(policy.review_in)))
    moves = ~own if moved == "" else np.asarray(segments == moved)
    step = np.where(is_flagged(ranks, review), 0, steps + 1)
    step[moves] = 1 + np.searchsorted(-cube.thresholds, -ranks[moves])
    step[np.isnan(ranks)] = steps + 1
    return step, is_flagged(ranks, decline)


def _worked(
    orders: pd.DataFrame, places: Ints, step: Ints, measures: Floats, policy: Policy, prices: Assumptions, cube: Cube
) -> tuple[Floats, Floats]:
    """Sums of the orders reviewed and of those left over at each step, the days worked one by one."""
    assert policy.reviews_per_day is not None
    queue = Queue.of(orders, places, prices)
    rank = np.empty(len(orders), np.int64)
    rank[queue.places] = np.arange(len(places))
    days = days_of(orders)[0][places]
    room = reviews_by_day(queue.length, policy.reviews_per_day)
    return reached_at_every_step(
        step, days, rank[places], room, measures, len(cube.thresholds), wait=policy.rest == WAIT
    )


def _running(step: Ints, measures: Floats, steps: int) -> Floats:
    added = [np.bincount(step, column, minlength=steps + 1)[: steps + 1] for column in measures.T]
    return np.cumsum(np.stack(added, axis=1), axis=0)


def _rounded(sums: Floats) -> Floats:
    """To a millionth, as the sums of the cube: the order of adding must not show in any digit."""
    return np.asarray(np.round(sums, 6), np.float64)

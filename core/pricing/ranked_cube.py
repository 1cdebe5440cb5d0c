"""Cubes whose steps fall exactly where a policy's thresholds do, and cubes ranked by expected saving."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import IS_FRAUD, SCORE
from core.policy import BY_SAVING
from core.pricing.cube import Cube, build_cube, step_of
from core.pricing.order_costs import fraud_or_score
from core.pricing.policy_sums import ranks_of

Floats = NDArray[np.float64]


def cube_by_saving(orders: pd.DataFrame, by_score: Cube, prices: Assumptions) -> Cube:
    """The cube whose steps are expected savings of a review, in $, highest first; orders without an outcome count
    as their score. One step lies where a review begins to pay, at $0. by_score: the cube of the same orders, for what
    does not depend on the steps."""
    savings = ranks_of(orders, BY_SAVING, prices)
    cube = build_cube(orders.assign(**{SCORE: savings, IS_FRAUD: fraud_or_score(orders)}))
    cube = replace(cube, gaps=by_score.gaps.sum(axis=0, keepdims=True), sessions=by_score.sessions)
    return with_steps(cube, orders, savings, (0.0,))


def with_steps(cube: Cube, orders: pd.DataFrame, ranks: Floats, thresholds: "tuple[float | None, ...]") -> Cube:
    """The cube with a step more for each threshold that falls between two: the lowest rank at or above it."""
    between = []
    for threshold in thresholds:
        if threshold is None:
            continue
        step = step_of(cube, threshold)
        above = ranks[ranks >= threshold]
        if above.size and (step == 0 or above.min() < cube.thresholds[step - 1]):
            between.append(float(above.min()))
    if not between:
        return cube
    steps = np.unique(np.concatenate([cube.thresholds, between]))[::-1]
    finer = build_cube(orders.assign(**{SCORE: ranks, IS_FRAUD: fraud_or_score(orders)}), thresholds=steps)
    return replace(finer, gaps=cube.gaps.sum(axis=0, keepdims=True), sessions=cube.sessions)

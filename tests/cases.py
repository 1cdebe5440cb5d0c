"""Policies on a cube alone, where a test needs no single orders."""

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.columns import AMOUNT, SCORE
from core.policy import Policy, Steps
from core.pricing.applied import Applied, Case
from core.pricing.cube import Cube, threshold_at


def applied(cube: Cube, prices: Assumptions, steps: Steps | None = None) -> Applied:
    """Two steps of a cube as a policy; its orders are one a threshold, enough for what steps alone say."""
    steps = steps or Steps(0)
    orders = pd.DataFrame({SCORE: cube.thresholds, AMOUNT: np.ones(len(cube.thresholds))})
    review, decline = (threshold_at(cube, step) for step in (steps.review_step, steps.decline_step))
    return Applied(orders, cube, prices, Policy(review, decline))


def case(cube: Cube, prices: Assumptions, line: Steps, baseline: Steps | None) -> Case:
    """Two pairs of steps of a cube, compared."""
    return Case(applied(cube, prices, line), None if baseline is None else applied(cube, prices, baseline))

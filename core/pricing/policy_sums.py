"""What a policy does to a period: the treatment of every order, and from it the sums behind every figure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, ORDERED_AT, SCORE
from core.errors import PolicyError
from core.policy import BY_SCORE, DECLINE, REVIEW, SHIP, TREATMENTS, WAIT, Policy, Steps, treatment
from core.pricing.cube import Cube, Totals, daily_totals
from core.pricing.days_worked import reached, reviews_by_day, work_order
from core.pricing.order_costs import expected_saving, fraud_or_score

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Treatments = NDArray[np.int8]


@dataclass(frozen=True)
class DailySums:
    """What a policy stops, a day a row. totals: of all orders of each day. stopped, declined: (days, 4) n0, n1, a0, a1
    of the orders reviewed or declined, and of those declined alone; one row where the orders have no times."""

    totals: tuple[Totals, ...]
    stopped: Floats
    declined: Floats


def daily_at(cube: Cube, steps: Steps) -> DailySums:
    """The sums of two thresholds that are steps of a cube, from its cells."""
    stopped, declined = (cube.cells[:, :, :step].sum(axis=(0, 2)) for step in (steps.review_step, steps.decline_step))
    return DailySums(tuple(daily_totals(cube)), stopped, declined)


def ranks_of(orders: pd.DataFrame, ranked_by: str, prices: Assumptions) -> Floats:
    """What the thresholds are compared with: (orders,) the score, or the expected saving of a review in $; missing
    where the order was never scored."""
    scores = orders[SCORE].to_numpy(np.float64)
    return scores if ranked_by == BY_SCORE else expected_saving(scores, orders[AMOUNT].to_numpy(np.float64), prices)


def thresholds_by_order(policy: Policy, segments: "NDArray[np.object_] | None", orders: int) -> tuple[Floats, Floats]:
    """The review and the decline threshold of each order, inf where it has none: (orders,) each.

    segments: (orders,) the value of policy.segment, needed where a segment has thresholds of its own. PolicyError
    where none of the orders is of a segment the policy names.
    """
    review, decline = (np.full(orders, _number(threshold)) for threshold in policy.thresholds_of(""))
    named = dict.fromkeys([*dict(policy.review_in), *dict(policy.decline_in)])
    if segments is None or not named:
        return review, decline
    found = False
    for value in named:
        here = segments == value
        found |= bool(here.any())
        review[here], decline[here] = (_number(threshold) for threshold in policy.thresholds_of(value))
    if not found and orders:
        raise PolicyError(
            f"None of these orders is of a {policy.segment} the policy names: {', '.join(named)}. "
            f"They are: {', '.join(sorted({str(value) for value in segments})[:12])}."
        )
    return review, decline


def treatments_of(
    orders: pd.DataFrame,
    policy: Policy,
    prices: Assumptions,
    segments: "NDArray[np.object_] | None" = None,
    load: Floats | None = None,
) -> Treatments:
    """What becomes of each order under a policy, as a place in `TREATMENTS`: (orders,).

    Where there is a limit on reviews the days are worked one by one: an order waiting that is reviewed on a later day
    is a review, one that is still waiting when the period ends ships. segments: as in `thresholds_by_order`. load:
    (orders,) reviews an order stands for, 1 each by default. PolicyError where a limit meets orders without times.
    """
    review, decline = thresholds_by_order(policy, segments, len(orders))
    treated = treatment(ranks_of(orders, policy.ranked_by, prices), review, decline)
    if policy.reviews_per_day is None:
        return treated
    queue = Queue.of(orders, np.flatnonzero(treated == REVIEW), prices)
    weights = None if load is None else load[queue.places]
    room = reviews_by_day(queue.length, policy.reviews_per_day)
    left = queue.places[~reached(queue.arrives, room, wait=policy.rest == WAIT, load=weights)]
    treated[left] = TREATMENTS.index(policy.rest) if policy.rest in TREATMENTS else SHIP
    return treated


@dataclass(frozen=True)
class Queue:
    """Orders to review in the order to work them, whichever day it is: the highest expected saving first, of equals
    the one that came first. places: rows of the orders. arrives: the day of each, 0 the first of the period. first:
    that day. length: days of the period."""

    places: Ints
    arrives: Ints
    first: pd.Timestamp
    length: int

    @classmethod
    def of(cls, orders: pd.DataFrame, places: Ints, prices: Assumptions) -> "Queue":
        """places: rows of the orders to review. PolicyError where the orders have no times."""
        days, first, length = days_of(orders)
        rows = orders.iloc[places]
        saving = expected_saving(rows[SCORE].to_numpy(np.float64), rows[AMOUNT].to_numpy(np.float64), prices)
        order = work_order(saving, days[places])
        return cls(places[order], days[places][order], first, length)


def days_of(orders: pd.DataFrame) -> tuple[Ints, pd.Timestamp, int]:
    """The day of each order, 0 the first; that day; days from the first order's to the last one's."""
    if ORDERED_AT not in orders:
        raise PolicyError("A limit on reviews a day needs the time of each order. Map ordered_at to a column.")
    times = orders[ORDERED_AT].to_numpy().astype("datetime64[D]").astype(np.int64)
    if not len(times):
        return times, pd.Timestamp(0), 0
    return times - times.min(), pd.Timestamp(int(times.min()), unit="D"), int(times.max() - times.min()) + 1


def measures_of(orders: pd.DataFrame) -> Floats:
    """n0, n1, a0, a1 of each order: (orders, 4); zero where neither the outcome nor a score is known."""
    fraud, amounts = fraud_or_score(orders), orders[AMOUNT].to_numpy(np.float64)
    return np.asarray(np.nan_to_num(np.stack([1 - fraud, fraud, (1 - fraud) * amounts, fraud * amounts], axis=1)))


def sums_by_day(orders: pd.DataFrame, treated: Treatments, cube: Cube) -> DailySums:
    """The sums of orders treated one by one. cube: of the same orders, for the days and for all orders of each."""
    stopped = np.flatnonzero(treated)
    days = 1 if cube.days is None else len(cube.days)
    day = np.zeros(len(stopped), np.int64) if cube.days is None else days_of(orders)[0][stopped]
    measures = measures_of(orders.iloc[stopped])
    declined = treated[stopped] == DECLINE
    return DailySums(
        tuple(daily_totals(cube)), _added(measures, day, days), _added(measures[declined], day[declined], days)
    )


def _added(measures: Floats, day: Ints, days: int) -> Floats:
    return np.stack([np.bincount(day, column, minlength=days) for column in measures.T], axis=1)


def _number(threshold: float | None) -> float:
    return np.inf if threshold is None else threshold

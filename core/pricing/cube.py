"""The cube: counts and amounts of fraud and legit orders per segment, day and threshold step.

It is made once per scored set by one pass over the orders. Every figure on every page is a product of its
running sums with coefficients (`economics.py`), so a drag, a changed price, a bootstrap replicate or a
segment never touches the orders again.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT, SCORE
from core.errors import OrdersError, PolicyError
from core.limits import MAX_DAYS
from core.pricing.counting import MEASURES, add_up, choose_thresholds

Floats = NDArray[np.float64]

NOT_KNOWN = "not known"  # the segment of orders without one
_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Totals:
    """All orders of a period, pre-filtered ones included.

    N0, N1: legit and fraud orders; A0, A1: their dollars. An order without a label counts as its score's
    worth of fraud (then `labelled` < `orders` and every figure is an expected one); with neither label nor
    score it is in `orders` and `unknown` only.
    """

    orders: int
    labelled: int
    scored: int
    unknown: int
    n0: float
    n1: float
    a0: float
    a1: float
    days: int | None
    sessions: float | None = None


@dataclass(frozen=True)
class Cube:
    """One cell per segment × day × step; the last step holds the orders never scored.

    thresholds: (steps,) strictly decreasing, each the score of a real order; the last flags every scored order.
    days: (days,) first day first, without gaps; None where the orders carry no times (then one row of cells).
    cells: (segments, days, steps + 1, 4): legit count, fraud count, legit dollars, fraud dollars.
    gaps: (segments, days, 3): orders without a label, without a score, without both.
    sessions: (days,) visits a day, or None where the data has none.
    """

    thresholds: Floats
    days: NDArray[np.datetime64] | None
    segments: tuple[str, ...]
    cells: Floats
    gaps: Floats
    sessions: Floats | None = None


def build_cube(
    orders: pd.DataFrame,
    *,
    thresholds: Floats | None = None,
    segment: str | None = None,
    sessions: pd.Series | None = None,
) -> Cube:
    """The cube of scored orders.

    orders: columns amount, score (missing = never scored); is_fraud (missing = not known yet), ordered_at and
    the segment column where present. thresholds: other steps than `choose_thresholds` gives, decreasing.
    sessions: visits, indexed by day.

    >>> table = pd.DataFrame({"score": [0.9, 0.1, None], "is_fraud": [1.0, 0.0, 0.0], "amount": [5.0, 7.0, 9.0]})
    >>> running_sums(build_cube(table))
    array([[0., 0., 0., 0.],
           [0., 1., 0., 5.],
           [1., 1., 7., 5.]])
    """
    scores = _floats(orders, SCORE)
    if thresholds is None:
        thresholds = choose_thresholds(scores)
    days, times = _days(orders)
    names, segment_of = _segments(orders, segment)
    cells, gaps = add_up(
        scores,
        _floats(orders, IS_FRAUD),
        _floats(orders, AMOUNT),
        times,
        segment_of,
        (len(names), 1 if days is None else len(days)),
        thresholds,
    )
    return Cube(thresholds, days, names, cells, gaps, sessions_by_day(days, sessions))


def running_sums(cube: Cube, *, segment: str | None = None, day_weights: Floats | None = None) -> Floats:
    """n0, n1, a0, a1 of the orders flagged at each step: (steps + 1, 4); row 0 is *flag nobody*.

    Row i > 0 belongs to thresholds[i - 1]; the last row flags every scored order. day_weights: (days,), how
    often each day counts (a bootstrap replicate).
    """
    flagged = np.cumsum(_by_step(cube.cells, cube, segment, day_weights)[:-1], axis=0)
    # Rounded to a millionth of a dollar: the order of summation must not show in any displayed digit.
    return np.round(np.concatenate([np.zeros((1, len(MEASURES))), flagged]), 6)


def totals_of(cube: Cube, *, segment: str | None = None, day_weights: Floats | None = None) -> Totals:
    """Counts and dollars of all orders in the cube, flagged or not, scored or not."""
    n0, n1, a0, a1 = np.round(_by_step(cube.cells, cube, segment, day_weights).sum(axis=0), 6)
    unlabelled, unscored, unknown = _by_step(cube.gaps, cube, segment, day_weights)
    orders = n0 + n1 + unknown
    sessions = cube.sessions
    if sessions is not None and day_weights is not None:
        sessions = sessions * day_weights
    return Totals(
        orders=round(orders),
        labelled=round(orders - unlabelled),
        scored=round(orders - unscored),
        unknown=int(unknown),
        n0=float(n0),
        n1=float(n1),
        a0=float(a0),
        a1=float(a1),
        days=None if cube.days is None else len(cube.days) if day_weights is None else round(day_weights.sum()),
        sessions=None if sessions is None else float(sessions.sum()),
    )


def daily_totals(cube: Cube) -> list[Totals]:
    """`totals` of each day alone, from one pass over the cube."""
    sums = np.round(cube.cells.sum(axis=(0, 2)), 6)
    gaps = cube.gaps.sum(axis=0)
    visits = [None] * len(sums) if cube.sessions is None else cube.sessions.tolist()
    told = []
    for (n0, n1, a0, a1), (unlabelled, unscored, unknown), sessions in zip(
        sums.tolist(), gaps.tolist(), visits, strict=True
    ):
        orders = n0 + n1 + unknown
        counts = (round(orders), round(orders - unlabelled), round(orders - unscored), int(unknown))
        told.append(Totals(*counts, n0, n1, a0, a1, None if cube.days is None else 1, sessions))
    return told


def step_of(cube: Cube, threshold: float | None) -> int:
    """The row of `running_sums` that flags the same orders as this threshold; where it lies between two steps, the last
    one before it, which flags a few less.

    None is row 0, *flag nobody*; so is a threshold above the highest score.

    >>> cube = build_cube(pd.DataFrame({"score": [0.9, 0.1], "is_fraud": [1.0, 0.0], "amount": [5.0, 7.0]}))
    >>> [step_of(cube, t) for t in (None, 0.95, 0.9, 0.5, 0.1, 0.0)]
    [0, 0, 1, 1, 2, 2]
    """
    if threshold is None:
        return 0
    if np.isnan(threshold):
        raise PolicyError("A threshold is a number from 0 to 1, or none for 'flag nobody'. Got: NaN.")
    return int(np.searchsorted(-cube.thresholds, -threshold, side="right"))


def threshold_at(cube: Cube, step: int) -> float | None:
    """The threshold of a row of `running_sums`; None for row 0, *flag nobody*."""
    return None if step == 0 else float(cube.thresholds[step - 1])


def cube_table(cube: Cube) -> pd.DataFrame:
    """The cube as a tidy table, one row per segment, day and step that holds an order.

    Columns: segment, day (missing where there are no times), threshold (missing for orders never scored),
    n0, n1 (orders), a0, a1 (dollars).
    """
    at = np.nonzero(cube.cells.any(axis=-1))
    steps = np.append(cube.thresholds, np.nan)
    days = np.array(["NaT"], "datetime64[D]") if cube.days is None else cube.days
    place = {"segment": np.array(cube.segments)[at[0]], "day": days[at[1]], "threshold": steps[at[2]]}
    return pd.DataFrame(place | dict(zip(MEASURES, cube.cells[at].T, strict=True)))


def sessions_by_day(days: NDArray[np.datetime64] | None, sessions: pd.Series | None) -> Floats | None:
    """Visits of each of these days; None unless there are sessions for every one of them."""
    if days is None or sessions is None:
        return None
    found = sessions.reindex(pd.DatetimeIndex(days)).to_numpy(dtype=float)
    return None if np.isnan(found).any() else found


def _by_step(table: Floats, cube: Cube, segment: str | None, day_weights: Floats | None) -> Floats:
    if segment is not None:
        table = table[[cube.segments.index(segment)]]
    table = table.sum(axis=0)
    weights = np.ones(table.shape[0]) if day_weights is None else day_weights
    return cast(Floats, np.tensordot(weights, table, axes=1))


def _floats(orders: pd.DataFrame, name: str) -> Floats:
    if name not in orders:
        return np.full(len(orders), np.nan)
    return np.ascontiguousarray(orders[name].to_numpy(dtype=np.float64, na_value=np.nan))


def _days(orders: pd.DataFrame) -> tuple[NDArray[np.datetime64] | None, NDArray[np.int64]]:
    """The days from the first order to the last, and each order's microseconds since the first of them began."""
    if ORDERED_AT not in orders or len(orders) == 0:
        return None, np.zeros(len(orders), np.int64)
    times = orders[ORDERED_AT].to_numpy().astype("datetime64[us]", copy=False).view(np.int64)
    first, last = times.min() // _DAY_US, times.max() // _DAY_US
    return days_between(int(first), int(last)), times - first * _DAY_US


def days_between(first: int, last: int) -> NDArray[np.datetime64]:
    """Every day from the first to the last, both as days since 1970; OrdersError where they are too many to count."""
    if last - first >= MAX_DAYS:
        span = np.array([first, last]).astype("datetime64[D]")
        raise OrdersError(
            f"The orders lie from {span[0]} to {span[1]}; at most {MAX_DAYS} days are counted. "
            "Mend the times in ordered_at, or load a shorter period."
        )
    return np.arange(first, last + 1).astype("datetime64[D]")


def _segments(orders: pd.DataFrame, segment: str | None) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    if segment is None:
        return ("all",), np.zeros(len(orders), np.int32)
    named = orders[segment].astype(object).where(orders[segment].notna(), NOT_KNOWN).astype(str)
    codes, names = pd.factorize(named, sort=True)
    return tuple(names), codes.astype(np.int32)

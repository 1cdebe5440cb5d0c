"""The cube: counts and amounts of fraud and legit orders per segment, day and threshold step.

It is made once per scored set by one pass over the orders. Every figure on every page is a product of its
running sums with coefficients (`economics.py`), so a drag, a changed price, a bootstrap replicate or a
segment never touches the orders again.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT, SCORE
from core.errors import PolicyError

Floats = NDArray[np.float64]

MAX_STEPS = 4096
DENSE_SHARE = 0.06  # of all orders, from the top: covers every FPR up to 5 %
DENSE_STEPS = 3072  # steps spent there
MEASURES = ("n0", "n1", "a0", "a1")
_BUCKETS = 1 << 16
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
    counts: (segments, days, 4): orders, labelled, scored, unknown.
    sessions: (days,) visits a day, or None where the data has none.
    """

    thresholds: Floats
    days: NDArray[np.datetime64] | None
    segments: tuple[str, ...]
    cells: Floats
    counts: Floats
    sessions: Floats | None = None


def choose_thresholds(scores: Floats) -> Floats:
    """Threshold steps, decreasing: every distinct score where there are at most 4,096, else quantiles of them.

    scores: (orders,), missing where an order was never scored. Three quantiles in four lie among the 6 % of all
    orders with the highest scores, where decisions are made.

    >>> choose_thresholds(np.array([0.2, 0.7, np.nan, 0.2]))
    array([0.7, 0.2])
    """
    ordered = np.sort(scores)  # missing ones go last
    ordered = ordered[: np.searchsorted(ordered, np.inf, side="right")]
    if ordered.size == 0:
        return ordered
    first: NDArray[np.bool_] = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    if np.count_nonzero(first) <= MAX_STEPS:
        distinct: Floats = ordered[first][::-1]
        return distinct
    dense = min(int(DENSE_SHARE * scores.size), ordered.size)
    ranks = np.concatenate(
        [
            np.linspace(0, dense - 1, DENSE_STEPS),
            np.linspace(min(dense, ordered.size - 1), ordered.size - 1, MAX_STEPS - DENSE_STEPS),
        ]
    )
    return np.unique(ordered[ordered.size - 1 - ranks.astype(np.int64)])[::-1]


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
    cells, counts = _accumulate(
        scores,
        _floats(orders, IS_FRAUD),
        _floats(orders, AMOUNT),
        times,
        segment_of,
        (len(names), 1 if days is None else len(days)),
        thresholds,
    )
    return Cube(thresholds, days, names, cells, counts, sessions_by_day(days, sessions))


def running_sums(cube: Cube, *, segment: str | None = None, day_weights: Floats | None = None) -> Floats:
    """n0, n1, a0, a1 of the orders flagged at each step: (steps + 1, 4); row 0 is *flag nobody*.

    Row i > 0 belongs to thresholds[i - 1]; the last row flags every scored order. day_weights: (days,), how
    often each day counts (a bootstrap replicate).
    """
    flagged = np.cumsum(_by_step(cube.cells, cube, segment, day_weights)[:-1], axis=0)
    # Rounded to a millionth of a dollar: the order of summation must not show in any displayed digit.
    return np.round(np.concatenate([np.zeros((1, len(MEASURES))), flagged]), 6)


def totals(cube: Cube, *, segment: str | None = None, day_weights: Floats | None = None) -> Totals:
    """Counts and dollars of all orders in the cube, flagged or not, scored or not."""
    n0, n1, a0, a1 = np.round(_by_step(cube.cells, cube, segment, day_weights).sum(axis=0), 6)
    orders, labelled, scored, unknown = _by_step(cube.counts, cube, segment, day_weights)
    sessions = cube.sessions
    if sessions is not None and day_weights is not None:
        sessions = sessions * day_weights
    return Totals(
        orders=int(orders),
        labelled=int(labelled),
        scored=int(scored),
        unknown=int(unknown),
        n0=float(n0),
        n1=float(n1),
        a0=float(a0),
        a1=float(a1),
        days=None if cube.days is None else len(cube.days),
        sessions=None if sessions is None else float(sessions.sum()),
    )


def step_of(cube: Cube, threshold: float | None) -> int:
    """The row of `running_sums` that flags the same orders as this threshold, or the next one that flags more.

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
    return np.arange(first, last + 1).astype("datetime64[D]"), times - first * _DAY_US


def _segments(orders: pd.DataFrame, segment: str | None) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    if segment is None:
        return ("all",), np.zeros(len(orders), np.int32)
    codes, names = pd.factorize(orders[segment].astype(str), sort=True)
    return tuple(names), codes.astype(np.int32)


def _accumulate(
    scores: Floats,
    labels: Floats,
    amounts: Floats,
    times: NDArray[np.int64],
    segment_of: NDArray[np.int32],
    shape: tuple[int, int],
    thresholds: Floats,
) -> tuple[Floats, Floats]:
    """Two halves of the orders on two cores, each into cells of its own, then added."""
    rising = np.ascontiguousarray(thresholds[::-1])
    low = rising[0] if rising.size else 0.0
    width = (rising[-1] - low) / _BUCKETS if rising.size > 1 and rising[-1] > low else 1.0
    starts = np.searchsorted(rising, low + width * np.arange(_BUCKETS + 2))
    half = len(scores) // 2

    def add(part: slice) -> tuple[Floats, Floats]:
        cells = np.zeros((*shape, thresholds.size + 1, len(MEASURES)))
        counts = np.zeros((*shape, 4))
        columns = (scores[part], labels[part], amounts[part], times[part], segment_of[part])
        _add_orders(*columns, rising, starts, low, width, cells, counts)
        return cells, counts

    with ThreadPoolExecutor(2) as pool:
        (cells, counts), (more_cells, more_counts) = pool.map(add, [slice(0, half), slice(half, None)])
    return cells + more_cells, counts + more_counts


@numba.njit(cache=True, nogil=True)  # nogil: one thread a core, each with cells of its own
def _add_orders(  # type: ignore[no-untyped-def]
    scores, labels, amounts, times, segment_of, rising, starts, low, width, cells, counts
):
    steps = rising.size
    for i in range(scores.size):
        score, fraud, d, g = scores[i], labels[i], times[i] // _DAY_US, segment_of[i]
        counts[g, d, 0] += 1
        if not np.isnan(fraud):
            counts[g, d, 1] += 1
        step = steps  # never scored, or below the last step
        if not np.isnan(score):
            counts[g, d, 2] += 1
            if score >= low:
                # How many thresholds are <= score: a table narrows it to one bucket, bisection ends it.
                bucket = min(max((score - low) / width, 0.0), starts.size - 2.0)
                a, b = starts[max(int(bucket) - 1, 0)], starts[min(int(bucket) + 2, starts.size - 1)]
                while a < b:
                    middle = (a + b) // 2
                    if rising[middle] <= score:
                        a = middle + 1
                    else:
                        b = middle
                step = steps - a
            if np.isnan(fraud):
                fraud = score  # expected, not observed
        if np.isnan(fraud):
            counts[g, d, 3] += 1
        else:
            cells[g, d, step, 0] += 1 - fraud
            cells[g, d, step, 1] += fraud
            cells[g, d, step, 2] += (1 - fraud) * amounts[i]
            cells[g, d, step, 3] += fraud * amounts[i]

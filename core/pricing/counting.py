"""One pass over the orders: on which threshold step each falls, added up per segment and day."""

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MEASURES = ("n0", "n1", "a0", "a1")
MAX_STEPS = 4096
DENSE_SHARE = 0.06  # of all orders, from the top: covers every FPR up to 5 %
DENSE_STEPS = 3072  # steps spent there
_BUCKETS = 1 << 16
_THIN_ABOVE = 1 << 20
_DAY_US = 86_400_000_000


def choose_thresholds(scores: Floats) -> Floats:
    """Threshold steps, decreasing: every distinct score where there are at most 4,096, else quantiles of them.

    scores: (orders,), missing where an order was never scored. Three quantiles in four lie among the 6 % of all
    orders with the highest scores, where decisions are made.

    >>> choose_thresholds(np.array([0.2, 0.7, np.nan, 0.2]))
    array([0.7, 0.2])
    """
    ordered = _in_order(_thinned(scores))
    distinct = _distinct(ordered)
    if distinct.size <= MAX_STEPS:
        return np.ascontiguousarray(_distinct(_in_order(scores))[::-1])
    dense = int(ordered.size * min(1.0, DENSE_SHARE * scores.size / np.count_nonzero(scores == scores)))
    ranks = np.concatenate(
        [
            np.linspace(0, dense - 1, DENSE_STEPS),
            np.linspace(min(dense, ordered.size - 1), ordered.size - 1, MAX_STEPS - DENSE_STEPS - 1),
        ]
    )
    quantiles = ordered[ordered.size - 1 - ranks.astype(np.int64)]
    return np.unique(np.append(quantiles, np.fmin.reduce(scores)))[::-1]


def _thinned(scores: Floats) -> Floats:
    """Of many scores about one in sixteen, the same ones in whatever order they come: those whose bits end in 0000.

    Quantiles of 30,000 and more scores are as good steps as quantiles of all; sums stay exact either way.
    """
    if scores.size <= _THIN_ABOVE:
        return scores
    kept = scores[scores.view(np.uint64) & np.uint64(15) == 0]
    return kept if kept.size > _THIN_ABOVE // 32 else scores


def _in_order(scores: Floats) -> Floats:
    """Rising, missing ones left out."""
    ordered = np.sort(scores)
    return ordered[: np.searchsorted(ordered, np.inf, side="right")]


def _distinct(ordered: Floats) -> Floats:
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if ordered.size else ordered


def add_up(
    scores: Floats,
    labels: Floats,
    amounts: Floats,
    times: NDArray[np.int64],
    segment_of: NDArray[np.int32],
    shape: tuple[int, int],
    thresholds: Floats,
) -> tuple[Floats, Floats]:
    """Cells (segments, days, steps + 1, 4) and gaps (segments, days, 3), see `Cube`.

    times: microseconds since the first day began. Two halves of the orders on two cores, each into cells of its
    own, then added.
    """
    rising = np.ascontiguousarray(thresholds[::-1])
    low = rising[0] if rising.size else 0.0
    scale = _BUCKETS / (rising[-1] - low) if rising.size > 1 else 0.0
    scale = scale if np.isfinite(scale) else 0.0
    # starts[b]: thresholds in buckets below b. Buckets rise with the score, so those are all <= a score in b.
    buckets = ((rising - low) * scale).astype(np.int64)
    starts = np.searchsorted(buckets, np.arange(_BUCKETS + 2)).astype(np.int32)
    half = len(scores) // 2

    def add(part: slice) -> tuple[Floats, Floats]:
        cells = np.zeros((*shape, thresholds.size + 1, len(MEASURES)))
        gaps = np.zeros((*shape, 3))
        columns = (scores[part], labels[part], amounts[part], times[part], segment_of[part])
        _add_orders(*columns, rising, starts, low, scale, cells, gaps)
        return cells, gaps

    with ThreadPoolExecutor(2) as pool:
        (cells, gaps), (more_cells, more_gaps) = pool.map(add, [slice(0, half), slice(half, None)])
    return cells + more_cells, gaps + more_gaps


@numba.njit(cache=True, nogil=True)
def _add_orders(  # type: ignore[no-untyped-def]
    scores, labels, amounts, times, segment_of, rising, starts, low, scale, cells, gaps
):
    steps = rising.size
    for i in range(scores.size):
        score, fraud, amount = scores[i], labels[i], amounts[i]
        day, segment = times[i] // _DAY_US, segment_of[i]
        step = steps  # never scored, or below the last step
        if score >= low:
            # How many thresholds are <= score: the table narrows it to one bucket, bisection ends it.
            bucket = min(int((score - low) * scale), starts.size - 2)
            a, b = starts[bucket], starts[bucket + 1]
            while a < b:
                middle = (a + b) // 2
                if rising[middle] <= score:
                    a = middle + 1
                else:
                    b = middle
            step = steps - a
        if np.isnan(score):
            gaps[segment, day, 1] += 1
        if np.isnan(fraud):
            gaps[segment, day, 0] += 1
            if np.isnan(score):
                gaps[segment, day, 2] += 1
                continue
            fraud = score  # expected, not observed
        cell = cells[segment, day, step]
        cell[0] += 1 - fraud
        cell[1] += fraud
        cell[2] += (1 - fraud) * amount
        cell[3] += fraud * amount

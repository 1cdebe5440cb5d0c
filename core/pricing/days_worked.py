"""A limit on reviews a day: the days worked one by one, for one policy and for every threshold at once.

The orders to review are worked in one order, the highest expected saving first. Which of them a limit leaves room for
is the best set there is room for: orders arrive on a day, a day has so many reviews, and the room left to those that
arrive on or after a day is the reviews from that day on. Sets with room form a matroid, so taking orders best first
gives the best one, and one more order puts out at most one other: that is what makes every threshold at once quick.
"""

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def reviews_by_day(days: int, reviews_per_day: float) -> Ints:
    """Reviews on each day: (days,). 1.5 a day are one and two in turn.

    >>> reviews_by_day(4, 1.5).tolist()
    [1, 2, 1, 2]
    """
    by_then = np.floor(np.arange(days + 1) * min(reviews_per_day, 1e15) + 1e-9)
    return np.asarray(np.diff(by_then), np.int64)


def work_order(savings: Floats, days: Ints) -> Ints:
    """Places in the order to work them: the highest expected saving first, of equals the one that came first."""
    return np.lexsort((days, -savings))


def reached(days: Ints, reviews: Ints, *, wait: bool, load: Floats | None = None) -> NDArray[np.bool_]:
    """Which of these orders the limit leaves room for: (orders,).

    days: (orders,) the day each arrives, the orders in the order to work them. reviews: (days,) of each day. wait: an
    order not reached waits for the next day; else it is lost to the queue. load: (orders,) reviews an order takes, 1
    each by default; a day is full at the first order there is no room for.
    """
    taken = np.ones(len(days)) if load is None else load
    return np.asarray(_reached(days, reviews.astype(np.float64), taken, wait))


@numba.njit(cache=True)
def _reached(days, reviews, load, wait):  # type: ignore[no-untyped-def]
    room = reviews.copy()
    if wait:  # room[d]: reviews from day d on, less those taken by orders that arrive on or after d
        for day in range(len(room) - 2, -1, -1):
            room[day] += room[day + 1]
    full = np.zeros(len(room), np.bool_)
    found = np.zeros(len(days), np.bool_)
    for place in range(len(days)):
        day = days[place]
        if not wait:
            if full[day] or room[day] + 1e-9 < load[place]:
                full[day] = True
                continue
            room[day] -= load[place]
            found[place] = True
            continue
        fits = True
        for before in range(day + 1):
            if room[before] + 1e-9 < load[place]:
                fits = False
                break
        if fits:
            found[place] = True
            for before in range(day + 1):
                room[before] -= load[place]
    return found


def reached_at_every_step(
    step: Ints, days: Ints, rank: Ints, reviews: Ints, values: Floats, steps: int, *, wait: bool
) -> tuple[Floats, Floats]:
    """What the limit leaves room for as the threshold falls step by step: sums of the orders reviewed and of those left
    over, (steps + 1, values) each.

    step: (orders,) rising, the row from which an order is to be reviewed (0: from the start). days: (orders,) the day
    it arrives. rank: (orders,) its place in the order to work them, 0 first. values: (orders, values) added up.
    """
    counts = np.bincount(days, minlength=len(reviews)) if len(days) else np.zeros(len(reviews), np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return _every_step(step, days, rank, reviews, values, steps, wait, starts)  # type: ignore[no-any-return]


@numba.njit(cache=True)
def _every_step(step, days, rank, reviews, values, steps, wait, starts):  # type: ignore[no-untyped-def]
    """Each day keeps the orders reviewed of those that arrived on it in a heap, the last to be worked on top."""
    width = values.shape[1]
    done, left = np.zeros((steps + 1, width)), np.zeros((steps + 1, width))
    now_done, now_left = np.zeros(width), np.zeros(width)
    heap, size = np.empty(len(days), np.int64), np.zeros(len(reviews), np.int64)
    room = reviews.copy()
    if wait:
        for day in range(len(room) - 2, -1, -1):
            room[day] += room[day + 1]
    at = 0
    for row in range(steps + 1):
        while at < len(days) and step[at] <= row:
            day = days[at]
            now_done += values[at]
            _push(heap, starts[day], size, day, at, rank)
            out = -1
            if not wait:
                if size[day] > reviews[day]:
                    out = _pop(heap, starts[day], size, day, rank)
            else:
                tight = -1
                for before in range(day, -1, -1):
                    if room[before] == 0:
                        tight = before
                        break
                for before in range(day + 1):
                    room[before] -= 1
                if tight >= 0:
                    worst, place = -1, -1
                    for other in range(tight, len(reviews)):
                        if size[other] > 0 and rank[heap[starts[other]]] > worst:
                            worst, place = rank[heap[starts[other]]], other
                    out = _pop(heap, starts[place], size, place, rank)
                    for before in range(place + 1):
                        room[before] += 1
            if out >= 0:
                now_done -= values[out]
                now_left += values[out]
            at += 1
        done[row], left[row] = now_done, now_left
    return done, left


@numba.njit(cache=True)
def _push(heap, start, size, day, item, rank):  # type: ignore[no-untyped-def]
    child = size[day]
    size[day] += 1
    heap[start + child] = item
    while child > 0:
        parent = (child - 1) // 2
        if rank[heap[start + parent]] >= rank[heap[start + child]]:
            break
        heap[start + parent], heap[start + child] = heap[start + child], heap[start + parent]
        child = parent


@numba.njit(cache=True)
def _pop(heap, start, size, day, rank):  # type: ignore[no-untyped-def]
    top = heap[start]
    size[day] -= 1
    last = size[day]
    heap[start] = heap[start + last]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= last:
            break
        if child + 1 < last and rank[heap[start + child + 1]] > rank[heap[start + child]]:
            child += 1
        if rank[heap[start + parent]] >= rank[heap[start + child]]:
            break
        heap[start + parent], heap[start + child] = heap[start + child], heap[start + parent]
        parent = child
    return top

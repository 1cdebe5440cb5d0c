"""A limit on reviews: the best set there is room for equals working the days one by one, at every threshold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pricing.days_worked import reached, reached_at_every_step, reviews_by_day, work_order


def day_by_day(days: np.ndarray, reviews: np.ndarray, wait: bool) -> np.ndarray:
    """Which orders are reviewed, with lists: each day the best at hand. days: orders in the order to work them."""
    reviewed, waiting = np.zeros(len(days), bool), []
    for day, room in enumerate(reviews.tolist()):
        at_hand = sorted((waiting if wait else []) + np.flatnonzero(days == day).tolist())
        reviewed[at_hand[:room]] = True
        waiting = at_hand[room:]
    return reviewed


@st.composite
def periods(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    length = draw(st.integers(1, 6))
    days = draw(st.lists(st.integers(0, length - 1), max_size=25))
    return np.array(days, np.int64), np.array(draw(st.lists(st.integers(0, 4), min_size=length, max_size=length)))


@settings(deadline=None)
@given(periods(), st.booleans())
def test_what_a_limit_reaches_equals_the_days_with_lists(period: tuple, wait: bool) -> None:
    days, reviews = period
    assert reached(days, reviews, wait=wait).tolist() == day_by_day(days, reviews, wait).tolist()


@settings(deadline=None)
@given(periods(), st.booleans(), st.integers(0, 99), st.integers(1, 6))
def test_every_step_equals_working_its_orders_alone(period: tuple, wait: bool, seed: int, steps: int) -> None:
    days, reviews = period
    random = np.random.default_rng(seed)
    step, rank = np.sort(random.integers(0, steps + 1, len(days))), random.permutation(len(days))
    values = random.integers(0, 100, (len(days), 2)).astype(float)
    done, left = reached_at_every_step(step, days, rank, reviews, values, steps, wait=wait)
    for row in range(steps + 1):
        here = np.flatnonzero(step <= row)
        order = here[np.argsort(rank[here])]
        reviewed = day_by_day(days[order], reviews, wait)
        assert done[row].tolist() == values[order[reviewed]].sum(axis=0).tolist()
        assert left[row].tolist() == values[order[~reviewed]].sum(axis=0).tolist()


def test_a_heavier_order_takes_more_of_a_day() -> None:
    days, reviews = np.array([0, 0, 0, 1]), np.array([2, 2])
    assert reached(days, reviews, wait=False, load=np.array([1.5, 1.0, 0.1, 2.0])).tolist() == [
        True,
        False,
        False,
        True,
    ]


def test_half_a_review_is_one_every_other_day_and_savings_decide_the_order() -> None:
    assert reviews_by_day(5, 0.5).tolist() == [0, 1, 0, 1, 0]
    assert reviews_by_day(2, np.inf).min() > 1e9
    assert work_order(np.array([1.0, 5.0, 5.0]), np.array([0, 1, 0])).tolist() == [2, 1, 0]


@pytest.mark.parametrize("wait", [True, False])
def test_no_orders_are_no_work(wait: bool) -> None:
    none = np.empty(0, np.int64)
    assert reached(none, np.array([1, 1]), wait=wait).size == 0
    done, left = reached_at_every_step(none, none, none, np.array([1]), np.empty((0, 4)), 3, wait=wait)
    assert (done.tolist(), left.tolist()) == ([[0.0] * 4] * 4, [[0.0] * 4] * 4)

"""Resampled days by hand, against numpy's own quantiles, by their laws, and where there is nothing to resample."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm, t

from core.resampling import REPLICATES, day_weights, ends, quantiles, wilson

TAILS = np.array([0.025, 0.975])


def test_three_days_by_hand() -> None:
    """Days of 1, 20 and 300; replicates 3, 41, 321 and 900: their quartiles are 31.5 and 465.75, and on three days the
    50 % interval is t(2) ÷ z · √(3/2) = 1.4826 times as wide as they say."""
    drawn, value = np.array([[3.0], [41.0], [321.0], [900.0]]), np.array([321.0])
    low, high = ends(drawn, value, 3, level=0.5)
    stretch = 0.81650 / 0.67449 * np.sqrt(3 / 2)
    assert low[0] == pytest.approx(321 - stretch * (321 - 31.5), rel=1e-4)
    assert high[0] == pytest.approx(321 + stretch * (465.75 - 321), rel=1e-4)
    assert (low[0], high[0]) == pytest.approx((-108.2, 535.6), abs=0.1)


def test_what_cannot_be_is_not_stretched_to_be() -> None:
    drawn, value = np.array([[0.1, 0.1], [0.9, 0.9]]), np.array([0.5, 0.5])
    low, high = ends(drawn, value, 3, least=0.0, most=1.0)
    assert (low.tolist(), high.tolist()) == ([0.0, 0.0], [1.0, 1.0])
    low, high = ends(drawn, value, 3)
    assert low[0] < 0
    assert high[0] > 1


@given(st.integers(1, 90), st.integers(1, 50), st.integers(0, 5))
def test_weights_are_whole_and_add_up_to_the_days(days: int, replicates: int, seed: int) -> None:
    weights = day_weights(days, replicates, seed)
    assert weights.shape == (replicates, days)
    assert (weights.sum(axis=1) == days).all()
    assert (weights == np.floor(weights)).all()
    assert weights.min() >= 0


def test_weights_are_seeded_and_nobody_writes_into_them() -> None:
    assert np.array_equal(day_weights(30), day_weights(30, REPLICATES, 1))
    assert not np.array_equal(day_weights(30), day_weights(30, seed=2))
    with pytest.raises(ValueError, match="read-only"):
        day_weights(30)[0, 0] = 7


def test_each_day_is_drawn_as_often_as_any_other() -> None:
    assert day_weights(10, 20_000).mean(axis=0) == pytest.approx(np.ones(10), abs=0.03)


def test_of_many_days_it_is_the_interval_of_a_mean() -> None:
    """400 days of spread 1: ±1.96 ÷ 20 about the mean."""
    daily = np.random.default_rng(3).normal(size=400)
    daily = (daily - daily.mean()) / daily.std(ddof=1)
    low, high = ends((day_weights(400, 20_000) @ daily / 400)[:, None], np.zeros(1), 400)
    assert (low[0], high[0]) == pytest.approx((-1.96 / 20, 1.96 / 20), rel=0.05)


floats = st.floats(-1e6, 1e6, allow_subnormal=False) | st.just(np.nan)


@given(arrays(np.float64, st.tuples(st.integers(1, 40), st.integers(1, 5)), elements=floats))
def test_quantiles_equal_those_of_numpy_without_its_warning(drawn: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN slice")
        expected = np.nanquantile(drawn, TAILS, axis=0)
    assert quantiles(drawn, TAILS) == pytest.approx(expected, rel=1e-12, abs=1e-9, nan_ok=True)


@given(arrays(np.float64, (60, 3), elements=st.floats(-100, 100)), st.integers(2, 60))
def test_each_figure_alone_has_the_ends_it_has_among_others(drawn: np.ndarray, days: int) -> None:
    value = drawn.mean(axis=0)
    together = np.array(ends(drawn, value, days))
    for place in range(3):
        alone = np.array(ends(drawn[:, [place]], value[[place]], days))
        assert alone[:, 0] == pytest.approx(together[:, place], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("days", [2, 7, 30])
def test_fewer_days_are_stretched_further(days: int) -> None:
    drawn, value = np.linspace(-1, 1, 1001)[:, None], np.zeros(1)
    low, high = ends(drawn, value, days)
    assert high[0] == pytest.approx(0.95 * t.ppf(0.975, days - 1) / norm.ppf(0.975) * np.sqrt(days / (days - 1)))
    assert high[0] > ends(drawn, value, days + 1)[1][0]
    assert low[0] == pytest.approx(-high[0])


def test_a_single_day_and_a_figure_without_a_value_have_no_interval() -> None:
    assert np.isnan(ends(day_weights(1) @ np.array([[5.0]]), np.array([5.0]), 1)).all()
    holes = np.full((9, 1), np.nan)
    assert np.isnan(ends(holes, np.array([np.nan]), 4, least=0.0, most=1.0)).all()
    assert np.isnan(ends(np.ones((9, 1)), np.array([np.nan]), 4, least=0.0, most=1.0)).all()


def test_wilson_against_published_values() -> None:
    """0 of 10: 0 to 27.8 %; 5 of 10: 23.7 % to 76.3 % (Brown, Cai & DasGupta 2001)."""
    low, high = wilson(np.array([0.0, 0.5]), np.array([10.0, 10.0]))
    assert low.round(3).tolist() == [0.0, 0.237]
    assert high.round(3).tolist() == [0.278, 0.763]

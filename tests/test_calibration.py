"""Platt's map finds a known line, always rises, and stands aside where it cannot be fitted."""

import numpy as np
import pandas as pd
import pytest

from core.scoring.calibration import Calibration, fit_calibration, slope_of_bins
from core.scoring.evaluation import reliability
from core.showing.captions import calibration_caption


def drawn(slope: float, offset: float, count: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    margins = random.normal(-2, 1.5, count)
    chance = 1 / (1 + np.exp(-(slope * margins + offset)))
    return margins, (random.random(count) < chance).astype(float)


def test_by_hand() -> None:
    assert Calibration().scores(np.array([0.0, np.log(3)])).tolist() == pytest.approx([0.5, 0.75])
    assert Calibration(2.0, 1.0).scores(np.array([-0.5])).tolist() == [0.5]


def test_a_known_map_is_found() -> None:
    fitted, note = fit_calibration(*drawn(0.7, -1.0))
    assert note is None
    assert (fitted.slope, fitted.offset) == (pytest.approx(0.7, abs=0.05), pytest.approx(-1.0, abs=0.08))


def test_the_mean_score_is_the_share_of_fraud() -> None:
    margins, labels = drawn(1.3, 0.4)
    fitted, _ = fit_calibration(margins, labels)
    assert fitted.scores(margins).mean() == pytest.approx(labels.mean(), abs=1e-4)


def test_it_keeps_the_order_of_scores() -> None:
    fitted, _ = fit_calibration(*drawn(0.7, -1.0))
    assert (np.diff(fitted.scores(np.linspace(-9, 9, 100))) > 0).all()


def test_a_falling_map_or_too_little_fraud_leaves_the_margins_as_they_are() -> None:
    margins, labels = drawn(-0.8, -1.0)
    fitted, note = fit_calibration(margins, labels)
    assert fitted == Calibration()
    assert "higher margins meant less fraud" in str(note)
    few = np.zeros(500)
    few[:3] = 1
    assert fit_calibration(margins[:500], few)[1] == (
        "Scores are not calibrated: 3 frauds in the calibration slice, under 20."
    )


@pytest.mark.parametrize("slope", [0.5, 1.0, 2.0])
def test_the_slope_of_a_reliability_table_is_about_that_of_the_orders(slope: float) -> None:
    """Scores are margins taken at face value where the truth rises slope times as fast."""
    margins, labels = drawn(slope, -0.5, 200_000)
    orders = pd.DataFrame({"score": 1 / (1 + np.exp(-margins)), "is_fraud": labels})
    assert slope_of_bins(reliability(orders, bins=20)) == pytest.approx(slope, rel=0.1)


def test_scores_that_are_badly_off_are_said_and_good_ones_are_not() -> None:
    for slope, says in ((0.5, "too extreme"), (1.0, ""), (2.5, "too timid")):
        margins, labels = drawn(slope, 0.0)
        table = reliability(pd.DataFrame({"score": 1 / (1 + np.exp(-margins)), "is_fraud": labels}))
        words = calibration_caption(table)
        assert (says in words) if says else words == ""
    assert calibration_caption(None) == ""
    assert calibration_caption(pd.DataFrame()) == ""
    few = pd.DataFrame({"orders": [5, 5], "fraud_rate": [0.0, 0.2], "mean_score": [0.1, 0.2]})
    assert calibration_caption(few) == ""

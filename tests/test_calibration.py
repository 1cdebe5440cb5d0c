"""Platt's map finds a known line, always rises, and stands aside where it cannot be fitted."""

import numpy as np
import pytest

from core.calibration import Calibration, fit_calibration


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

"""Platt's map from a model's margin to a probability: strictly rising, so it keeps every threshold step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
_FEWEST = 20  # of each class: below that a fitted line is noise


@dataclass(frozen=True)
class Calibration:
    """logit(score) = slope · margin + offset, slope > 0 (Platt 1999). In log-odds, so explanations scale by slope."""

    slope: float = 1.0
    offset: float = 0.0

    def scores(self, margins: Floats) -> Floats:
        """Probabilities (0–1) of margins in log-odds."""
        return 1 / (1 + np.exp(-(self.slope * margins + self.offset)))


def fit_calibration(margins: Floats, labels: Floats) -> tuple[Calibration, str | None]:
    """The maximum-likelihood map on orders of its own, and a note where it could not be fitted.

    margins, labels: (orders,), labels 0 or 1.
    """
    if min((labels == 1).sum(), (labels == 0).sum()) < _FEWEST:
        found = int((labels == 1).sum())
        return Calibration(), f"Scores are not calibrated: {found} frauds in the calibration slice, under {_FEWEST}."
    fitted = LogisticRegression(C=np.inf, tol=1e-10).fit(margins[:, None], labels)
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    if slope <= 0:
        return Calibration(), "Scores are not calibrated: on the calibration slice higher margins meant less fraud."
    return Calibration(slope, offset), None

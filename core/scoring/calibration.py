"""Platt's map from a model's margin to a probability: strictly rising, so it keeps every threshold step."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
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
        scores: Floats = expit(self.slope * margins + self.offset)
        return scores


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


def slope_of_bins(table: pd.DataFrame) -> float | None:
    """The calibration slope of scores from their reliability table (`evaluation.reliability`): 1 where they mean what
    they say, below 1 where they are too extreme (Cox 1958); None where fraud or legit orders are too few to tell."""
    if len(table) < 2:  # an empty one has come back from disk without its columns
        return None
    fraud = (table["orders"] * table["fraud_rate"]).to_numpy(np.float64)
    legit = table["orders"].to_numpy(np.float64) - fraud
    if min(fraud.sum(), legit.sum()) < _FEWEST:
        return None
    share = table["mean_score"].to_numpy(np.float64).clip(1e-9, 1 - 1e-9)
    odds = logit(share)
    twice, labels = np.concatenate([odds, odds])[:, None], np.repeat([1, 0], len(odds))
    fitted = LogisticRegression(C=np.inf, tol=1e-10).fit(twice, labels, sample_weight=np.concatenate([fraud, legit]))
    return float(fitted.coef_[0, 0])

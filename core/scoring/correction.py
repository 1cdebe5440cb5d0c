"""Do the scores of a file mean what they say? Checked against its outcomes, and an isotonic correction offered."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from core.columns import IS_FRAUD, SCORE

Floats = NDArray[np.float64]

FEWEST_FRAUDS = 50  # in each half: fewer make a staircase of noise
_KEPT_ORDER = 1e-6  # share of the score that came with the file: keeps orders apart that isotonic would tie
_BINS = 20


@dataclass(frozen=True)
class Correction:
    """A rising map from the scores of a file to shares of fraud, learnt on its earlier half, and how both halves fare.

    scores, shares: (knots,) of the isotonic fit (Zadrozny & Elkan 2002), both 0–1. brier, gap: before and after, on
    the later half, which it has not seen; gap: mean distance of score and share of fraud over 20 bins, in 0–1.
    """

    scores: Floats
    shares: Floats
    learnt: int
    tested: int
    brier: tuple[float, float]
    gap: tuple[float, float]

    @property
    def helps(self) -> bool:
        """True where the later half says so by both measures."""
        return self.brier[1] < self.brier[0] and self.gap[1] < self.gap[0]

    def apply(self, scores: Floats) -> Floats:
        """Corrected scores; no two orders change places, a missing score stays missing."""
        return (1 - _KEPT_ORDER) * np.interp(scores, self.scores, self.shares) + _KEPT_ORDER * scores


def fit_correction(orders: pd.DataFrame) -> Correction | None:
    """The correction of scored orders in time order; None where either half has too few frauds to tell."""
    if IS_FRAUD not in orders:
        return None
    known = orders[orders[IS_FRAUD].notna() & orders[SCORE].notna()]
    scores, fraud = known[SCORE].to_numpy(np.float64), known[IS_FRAUD].to_numpy(np.float64)
    half = len(known) // 2
    if min(fraud[:half].sum(), fraud[half:].sum()) < FEWEST_FRAUDS:
        return None
    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(scores[:half], fraud[:half])
    x, y = np.asarray(fitted.X_thresholds_), np.asarray(fitted.y_thresholds_)
    untested = Correction(x, y, half, len(known) - half, (0.0, 0.0), (0.0, 0.0))
    before, after, later = scores[half:], untested.apply(scores[half:]), fraud[half:]
    return replace(
        untested,
        brier=(float(np.mean((before - later) ** 2)), float(np.mean((after - later) ** 2))),
        gap=(calibration_gap(before, later), calibration_gap(after, later)),
    )


def calibration_gap(scores: Floats, fraud: Floats) -> float:
    """Mean distance of mean score and share of fraud, over bins of equally many orders (Naeini et al. 2015).

    >>> calibration_gap(np.array([0.5, 0.5]), np.array([0.0, 1.0]))
    0.5
    """
    order = np.argsort(scores, kind="stable")
    bin_of = np.arange(len(scores)) * min(_BINS, len(scores)) // max(len(scores), 1)
    count = np.bincount(bin_of)
    distance = np.abs(np.bincount(bin_of, scores[order]) - np.bincount(bin_of, fraud[order]))
    return float(distance.sum() / count.sum())

"""How well a score ranks fraud above legit orders: exact, ties and weights included."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def auc(scores: Floats, fraud: Floats, weights: Floats | None = None) -> float:
    """Chance that a fraud scores above a legit order, ties counting half; NaN with one kind of order only.

    >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.875
    """
    return Ranked(scores, fraud).auc(np.ones(len(scores)) if weights is None else weights)


class Ranked:
    """Orders sorted once, highest score first, with the ends of ties: each replicate is then a weighted sum."""

    def __init__(self, scores: Floats, fraud: Floats) -> None:
        self.order = np.argsort(-scores, kind="stable")
        self.fraud = fraud[self.order]
        ordered = scores[self.order]
        self.ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) if ordered.size else self.order
        self.brier_parts = (ordered - self.fraud) ** 2

    def _rates(self, weights: Floats) -> tuple[Floats, Floats, float, float]:
        """Weighted true and false positives at the end of each tie, and the totals."""
        ordered = weights[self.order]
        true = np.cumsum(ordered * self.fraud)[self.ends]
        false = np.cumsum(ordered * (1 - self.fraud))[self.ends]
        return true, false, float(true[-1]) if true.size else 0.0, float(false[-1]) if false.size else 0.0

    def auc(self, weights: Floats) -> float:
        true, false, frauds, legits = self._rates(weights)
        if frauds == 0 or legits == 0:
            return float("nan")
        below = np.concatenate([[0.0], true])
        return float(np.sum(np.diff(false, prepend=0.0) * (below[1:] + below[:-1]) / 2) / frauds / legits)

    def average_precision(self, weights: Floats) -> float:
        true, false, frauds, _ = self._rates(weights)
        if frauds == 0:
            return float("nan")
        flagged = true + false
        precision = np.divide(true, flagged, out=np.ones_like(true), where=flagged > 0)
        return float(np.sum(np.diff(true, prepend=0.0) * precision) / frauds)

    def brier(self, weights: Floats) -> float:
        ordered = weights[self.order]
        return float(np.sum(ordered * self.brier_parts) / ordered.sum()) if ordered.sum() > 0 else float("nan")

    def detection_at(self, most: float, weights: Floats) -> float:
        """The most fraud detected while flagged = score >= threshold keeps FPR <= most."""
        true, false, frauds, legits = self._rates(weights)
        if frauds == 0 or legits == 0:
            return float("nan")
        within = np.searchsorted(false, most * legits * (1 + 1e-12), side="right")
        return float(true[within - 1] / frauds) if within else 0.0

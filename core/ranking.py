"""How well a score ranks fraud above legit orders: exact, ties included, for any weights of days at once."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_MARKS_AT_ONCE = 2048  # bounds memory: as many rows of counts, a column a block and a column a draw


def auc(scores: Floats, fraud: Floats) -> float:
    """Chance that a fraud scores above a legit order, ties counting half; NaN with one kind of order only.

    >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.875
    """
    alone = Ranked(scores, fraud, np.zeros(len(scores), np.int64), 1)
    return float(alone.measures(np.ones((1, 1)), ())["auc"][0])


class Ranked:
    """Orders sorted once and counted between the scores of the frauds, block by block.

    Every measure of ranking changes at the score of a fraud only, so counts of fraud, legit and tied legit orders at
    each of those marks are all a replicate needs: a draw of blocks is a weighted sum of them, however many the orders.
    """

    def __init__(self, scores: Floats, fraud: Floats, block: Integers, blocks: int) -> None:
        """scores, fraud (0 or 1), block (0 to blocks − 1): (orders,), none missing."""
        order = np.argsort(-scores, kind="stable")
        scores, self._fraud, self._block = scores[order], fraud[order] == 1, block[order]
        marks = np.unique(scores[self._fraud])
        reached = np.searchsorted(marks, scores, side="right")
        self._mark = len(marks) - reached  # the first mark, from above, that flags the order; len(marks): none does
        self._tied = (reached > 0) & (scores == marks[reached - 1]) if len(marks) else np.zeros(len(scores), bool)
        self._marks, self._blocks = len(marks), blocks
        self._orders = np.bincount(self._block, minlength=blocks).astype(np.float64)
        self._frauds = np.bincount(self._block[self._fraud], minlength=blocks).astype(np.float64)
        self._squares = np.bincount(self._block, (scores - self._fraud) ** 2, minlength=blocks)

    def measures(self, times: Floats, fpr_points: tuple[float, ...]) -> dict[str, Floats]:
        """Each measure under each draw: auc, average_precision, brier, and the detection rate at each bound of FPR.

        times: (blocks, draws), how often a block counts. A measure that needs a kind of order a draw has none of is
        missing (NaN). Detection is the most of any threshold, flagged = score >= threshold, that keeps FPR in bounds.
        """
        draws = times.shape[1]
        orders, frauds = self._orders @ times, self._frauds @ times
        legits = orders - frauds
        area, precise, best = np.zeros(draws), np.zeros(draws), np.zeros((len(fpr_points), draws))
        bounds = np.array(fpr_points)[:, None] * legits * (1 + 1e-12)
        true, false = np.zeros((1, draws)), np.zeros((1, draws))
        for fraud, legit, tied in self._counts():
            caught = fraud @ times
            true = true[-1] + np.cumsum(caught, axis=0)
            false = false[-1] + np.cumsum(legit @ times, axis=0)
            area += (caught * (legits - false + (tied @ times) / 2)).sum(axis=0)
            precise += (caught * np.nan_to_num(_ratio(true, true + false))).sum(axis=0)
            for point, bound in enumerate(bounds):
                best[point] = np.maximum(best[point], np.where(false <= bound, true, 0).max(axis=0))
        told = {
            "auc": _ratio(area, frauds * legits),
            "average_precision": _ratio(precise, frauds),
            "brier": _ratio(self._squares @ times, orders),
        }
        both = np.where(legits > 0, frauds, 0)
        return told | {
            detection_name(most): _ratio(row, both) for most, row in zip(fpr_points, best, strict=True)
        }  # fmt: skip

    def _counts(self) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Frauds, legit orders and legit orders tied with a fraud at each mark from above: each (marks, blocks)."""
        for first in range(0, self._marks, _MARKS_AT_ONCE):
            last = min(first + _MARKS_AT_ONCE, self._marks)
            part = slice(*np.searchsorted(self._mark, [first, last]))
            cell = (self._mark[part] - first) * self._blocks + self._block[part]
            fraud, tied = self._fraud[part], self._tied[part]
            kinds = (cell[fraud], cell[~fraud], cell[~fraud & tied])
            size = (last - first) * self._blocks
            f, legit, t = (np.bincount(kind, minlength=size).reshape(-1, self._blocks) for kind in kinds)
            yield f.astype(np.float64), legit.astype(np.float64), t.astype(np.float64)


def detection_name(most: float) -> str:
    """What detection at a bound of FPR is called.

    >>> detection_name(0.005)
    'detection at 0.5% FPR'
    """
    return f"detection at {most:.1%} FPR"


def _ratio(part: Floats, whole: Floats) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return ratio

"""The rule that stops an order, written here and nowhere else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import PolicyError

TREATMENTS = ("ship", "review", "decline")


@dataclass(frozen=True)
class Policy:
    """Where the lines stand, as rows of `cube.running_sums`: the orders up to row `decline` are declined unseen, those
    from there to row `review` are reviewed, all others ship. Row 0 stops nobody. PolicyError unless decline <= review.
    """

    review: int
    decline: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.decline <= self.review:
            raise PolicyError(
                f"The decline cut-off must be no lower than the review threshold. Got: rows {self.decline} and "
                f"{self.review}."
            )


def is_flagged(scores: NDArray[np.float64], threshold: float | None) -> NDArray[np.bool_]:
    """Which orders are held: score >= threshold. Ties are flagged; an order never scored (missing) ships.

    threshold None is *flag nobody* (a threshold of 1 still flags a score of 1).

    >>> is_flagged(np.array([0.2, 0.5, np.nan]), 0.5)
    array([False,  True, False])
    >>> is_flagged(np.array([1.0]), None)
    array([False])
    """
    return scores >= (np.inf if threshold is None else threshold)


def treatment(
    scores: NDArray[np.float64], review_from: float | None, decline_from: float | None = None
) -> NDArray[np.int8]:
    """What becomes of each order, as a place in `TREATMENTS`: a declined one is not reviewed first.

    >>> treatment(np.array([0.2, 0.5, 0.9, np.nan]), 0.5, 0.9).tolist()
    [0, 1, 2, 0]
    """
    reviewed, declined = is_flagged(scores, review_from), is_flagged(scores, decline_from)
    return np.where(declined, 2, reviewed).astype(np.int8)

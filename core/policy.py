"""The rule that stops an order, written here and nowhere else."""

import numpy as np
from numpy.typing import NDArray


def is_flagged(scores: NDArray[np.float64], threshold: float | None) -> NDArray[np.bool_]:
    """Which orders are held: score >= threshold. Ties are flagged; an order never scored (missing) ships.

    threshold None is *flag nobody* (a threshold of 1 still flags a score of 1).

    >>> is_flagged(np.array([0.2, 0.5, np.nan]), 0.5)
    array([False,  True, False])
    >>> is_flagged(np.array([1.0]), None)
    array([False])
    """
    return scores >= (np.inf if threshold is None else threshold)

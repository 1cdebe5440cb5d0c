"""Which row of a spreadsheet an order came from, where some rows above it were put aside."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def rows_as_counted(place: Ints, first_row: int, aside: Sequence[int]) -> Ints:
    """The row of the order at each place (0 = first), orders beginning in first_row, rows in aside being none.

    >>> rows_as_counted(np.array([0, 1, 2]), 2, [3]).tolist()
    [2, 4, 5]
    """
    gaps = np.sort(np.array(aside, np.int64))
    base = place + first_row
    return base + np.searchsorted(gaps - np.arange(gaps.size), base, side="right")

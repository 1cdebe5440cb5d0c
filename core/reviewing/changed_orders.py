"""Orders that change sides when the line moves: which ones, and what they are worth."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.policy import TREATMENTS
from core.reviewing.queue import LOSS, queue_of

BEFORE, NOW = "before", "now"


def changed_sides(
    orders: pd.DataFrame, before: NDArray[np.int8], now: NDArray[np.int8], prices: Assumptions
) -> pd.DataFrame:
    """Orders that two policies treat differently, the largest expected loss first.

    before, now: (orders,) of `policy.treatment`. Columns of the review queue, and before, now: ship, review or decline.
    """
    places = np.flatnonzero(before != now)
    table = queue_of(orders, places, prices)
    for column, found in ((NOW, now), (BEFORE, before)):
        table.insert(1, column, [TREATMENTS[fate] for fate in found[places].tolist()])
    return table.sort_values(LOSS, ascending=False, kind="stable", ignore_index=True)

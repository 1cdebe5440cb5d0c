"""Orders that change sides when the line moves: which ones, and what they are worth."""

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.columns import SCORE
from core.policy import is_flagged
from core.review_queue import queue_of

SIDE = "now"


def changed_sides(orders: pd.DataFrame, before: float | None, after: float | None, prices: Assumptions) -> pd.DataFrame:
    """Orders flagged by one threshold and not by the other, the largest expected loss first.

    Columns of the review queue, and now: "ships" where only before flags the order, "review" where only after does.
    """
    scores = orders[SCORE].to_numpy(np.float64)
    was, is_ = is_flagged(scores, before), is_flagged(scores, after)
    table = queue_of(orders, np.flatnonzero(was != is_), prices)
    table.insert(1, SIDE, np.where(is_[was != is_], "review", "ships"))
    return table.sort_values("expected_loss_usd", ascending=False, kind="stable", ignore_index=True)

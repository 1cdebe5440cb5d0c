"""The single orders behind a line: which flagged ones and which missed ones cost the most."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.pricing.order_costs import expected_loss, fraud_or_score, order_costs

Floats = NDArray[np.float64]
Treatments = NDArray[np.int8]

COST = "cost"
OUTCOME = "outcome"
_SHOWN = (ORDER_ID, ORDERED_AT, AMOUNT, SCORE)
NEEDED = (*_SHOWN, IS_FRAUD)
"""The columns these tables need; picking rows of a narrow frame is several times faster."""


def costliest_flagged(
    orders: pd.DataFrame, treatments: Treatments, prices: Assumptions, most: int = 10
) -> pd.DataFrame:
    """Flagged orders by what flagging them costs, dearest first; of equals the larger order.

    fates: (orders,) of `policy.treatment`. Columns: order_id, ordered_at, amount ($), score, outcome (legit, fraud, not
    known yet), cost ($): of a reviewed one the review, plus for a legit order the expected loss of the buyer, for fraud
    the expected loss that slips past the reviewer; of a declined one the buyer. An order without an outcome is priced
    at its score.
    """
    held = np.flatnonzero(treatments)
    amounts = orders[AMOUNT].to_numpy(np.float64)[held]
    costs = order_costs(fraud_or_score(orders)[held], amounts, prices)
    return _top(orders, held, amounts, np.choose(treatments[held], costs), most)


def costliest_missed(orders: pd.DataFrame, treatments: Treatments, prices: Assumptions, most: int = 10) -> pd.DataFrame:
    """Shipped orders by the fraud loss they cause, dearest first; never scored ones included.

    Columns as in `costliest_flagged`. An order without an outcome is priced at its score.
    """
    fraud = fraud_or_score(orders)
    shipped = np.flatnonzero((treatments == 0) & (fraud > 0))
    amounts = orders[AMOUNT].to_numpy(np.float64)[shipped]
    return _top(orders, shipped, amounts, expected_loss(fraud[shipped], amounts, prices), most)


def _top(orders: pd.DataFrame, among: NDArray[np.int64], amounts: Floats, cost: Floats, most: int) -> pd.DataFrame:
    # lexsort is stable: of equal cost and amount the earlier order comes first.
    first = np.lexsort((-amounts, -cost))[:most]
    rows = orders.iloc[among[first]]
    labels = rows[IS_FRAUD] if IS_FRAUD in orders else pd.Series(np.nan, rows.index)
    outcome = labels.map({1.0: "fraud", 0.0: "legit"}).fillna("not known yet")
    told: dict[str, Any] = {OUTCOME: outcome, COST: cost[first]}
    return rows[[name for name in _SHOWN if name in rows]].assign(**told).reset_index(drop=True)

"""The single orders behind a line: which flagged ones and which missed ones cost the most."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.policy import TREATMENTS
from core.pricing.order_costs import lost_share

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
    amounts, fraud = _floats(orders, AMOUNT)[held], _fraud(orders)[held]
    slipped = (1 - prices.reviewer_catch_rate) * _loss(amounts, prices)
    insult = prices.margin_rate * amounts + prices.insult_cost
    reviewed = prices.review_cost + fraud * slipped + (1 - fraud) * lost_share(prices) * insult
    declined = treatments[held] == TREATMENTS.index("decline")
    return _top(orders, held, amounts, np.where(declined, (1 - fraud) * insult, reviewed), most)


def costliest_missed(orders: pd.DataFrame, treatments: Treatments, prices: Assumptions, most: int = 10) -> pd.DataFrame:
    """Shipped orders by the fraud loss they cause, dearest first; never scored ones included.

    Columns as in `costliest_flagged`. An order without an outcome is priced at its score.
    """
    fraud = _fraud(orders)
    shipped = np.flatnonzero((treatments == 0) & (fraud > 0))
    amounts = _floats(orders, AMOUNT)[shipped]
    return _top(orders, shipped, amounts, fraud[shipped] * _loss(amounts, prices), most)


def _floats(orders: pd.DataFrame, name: str) -> Floats:
    return orders[name].to_numpy(np.float64)


def _fraud(orders: pd.DataFrame) -> Floats:
    """The label; its score where the outcome is not known; missing with neither."""
    if IS_FRAUD not in orders:
        return _floats(orders, SCORE)
    labels = _floats(orders, IS_FRAUD)
    return np.where(np.isnan(labels), _floats(orders, SCORE), labels)


def _loss(amounts: Floats, prices: Assumptions) -> Floats:
    return prices.fraud_loss_rate * amounts + prices.chargeback_fee


def _top(orders: pd.DataFrame, among: NDArray[np.int64], amounts: Floats, cost: Floats, most: int) -> pd.DataFrame:
    # lexsort is stable: of equal cost and amount the earlier order comes first.
    first = np.lexsort((-amounts, -cost))[:most]
    rows = orders.iloc[among[first]]
    labels = rows[IS_FRAUD] if IS_FRAUD in orders else pd.Series(np.nan, rows.index)
    outcome = labels.map({1.0: "fraud", 0.0: "legit"}).fillna("not known yet")
    told: dict[str, Any] = {OUTCOME: outcome, COST: cost[first]}
    return rows[[name for name in _SHOWN if name in rows]].assign(**told).reset_index(drop=True)

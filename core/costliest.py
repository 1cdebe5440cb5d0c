"""The single orders behind a line: which flagged ones and which missed ones cost the most."""

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.economics import lost_share
from core.policy import is_flagged

COST = "cost"
OUTCOME = "outcome"
_SHOWN = (ORDER_ID, ORDERED_AT, AMOUNT, SCORE)


def costliest_flagged(
    orders: pd.DataFrame, threshold: float | None, prices: Assumptions, most: int = 10
) -> pd.DataFrame:
    """Held orders by what holding them costs, dearest first; of equals the larger order.

    Columns: order_id, ordered_at, amount ($), score, outcome (legit, fraud, not known yet), cost ($): the review,
    plus for a legit order the expected loss of the buyer, for fraud the expected loss that slips past the reviewer.
    An order without an outcome is priced at its score.
    """
    held = orders[is_flagged(orders[SCORE].to_numpy(), threshold)]
    fraud = held[IS_FRAUD].fillna(held[SCORE]) if IS_FRAUD in held else held[SCORE]
    slipped = (1 - prices.reviewer_catch_rate) * _loss(held, prices)
    insult = lost_share(prices) * (prices.margin_rate * held[AMOUNT] + prices.insult_cost)
    return _top(held, prices.review_cost + fraud * slipped + (1 - fraud) * insult, most)


def costliest_missed(
    orders: pd.DataFrame, threshold: float | None, prices: Assumptions, most: int = 10
) -> pd.DataFrame:
    """Shipped orders by the fraud loss they cause, dearest first; never scored ones included.

    Columns as in `costliest_flagged`. An order without an outcome is priced at its score.
    """
    shipped = orders[~is_flagged(orders[SCORE].to_numpy(), threshold)]
    fraud = shipped[IS_FRAUD].fillna(shipped[SCORE]) if IS_FRAUD in shipped else shipped[SCORE]
    cost = (fraud * _loss(shipped, prices)).fillna(0.0)
    return _top(shipped[cost > 0], cost[cost > 0], most)


def _loss(orders: pd.DataFrame, prices: Assumptions) -> "pd.Series[float]":
    return prices.fraud_loss_rate * orders[AMOUNT] + prices.chargeback_fee


def _top(orders: pd.DataFrame, cost: "pd.Series[float]", most: int) -> pd.DataFrame:
    # lexsort is stable: of equal cost and amount the earlier order comes first.
    first = np.lexsort((-orders[AMOUNT].to_numpy(), -cost.to_numpy()))[:most]
    table = orders.iloc[first][[name for name in _SHOWN if name in orders]]
    labels = orders[IS_FRAUD].iloc[first] if IS_FRAUD in orders else pd.Series(np.nan, table.index)
    outcome = labels.map({1.0: "fraud", 0.0: "legit"}).fillna("not known yet")
    told: dict[str, pd.Series] = {OUTCOME: outcome, COST: cost.iloc[first]}
    return table.assign(**told).reset_index(drop=True)

"""The money of one order, written once: what each treatment costs, per order and per dollar, legit and fraud."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import IS_FRAUD, SCORE

Floats = NDArray[np.float64]


def lost_share(prices: Assumptions) -> float:
    """Share of held legit orders finally lost: the buyer leaves, or the reviewer declines by mistake."""
    return 1 - (1 - prices.abandonment_rate) * (1 - prices.reviewer_false_decline_rate)


def order_costs(fraud: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    loss = fraud * (prices.fraud_loss_rate * amounts + prices.chargeback_fee)
    insult = (1 - fraud) * (prices.margin_rate * amounts + prices.insult_cost)
    reviewed = prices.review_cost + (1 - prices.reviewer_catch_rate) * loss + lost_share(prices) * insult
    return np.stack([loss, reviewed, insult])


def fraud_or_score(orders: pd.DataFrame) -> Floats:
    scores = orders[SCORE].to_numpy(np.float64)
    labels = orders[IS_FRAUD].to_numpy(np.float64) if IS_FRAUD in orders else np.full(len(orders), np.nan)
    return np.where(np.isnan(labels), scores, labels)


def expected_saving(scores: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    ship, review, _ = order_costs(scores, amounts, prices)
    return np.asarray(ship - review)


def expected_loss(scores: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    return np.asarray(order_costs(scores, amounts, prices)[0])

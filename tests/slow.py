"""The slow, obvious twins: one pass over the orders for each question."""

import numpy as np
import pandas as pd

from core.assumptions import Assumptions


def sums_at(orders: pd.DataFrame, threshold: float | None) -> list[float]:
    """n0, n1, a0, a1 of the orders at or above a threshold, by masking."""
    flagged = orders[orders["score"] >= (np.inf if threshold is None else threshold)]
    fraud = flagged["is_fraud"].fillna(flagged["score"])
    legit = 1 - fraud
    return [legit.sum(), fraud.sum(), (legit * flagged["amount"]).sum(), (fraud * flagged["amount"]).sum()]


def cost_at(orders: pd.DataFrame, threshold: float | None, prices: Assumptions) -> float:
    """Total cost of a policy, order by order."""
    total = 0.0
    for order in orders.itertuples():
        total += prices.api_cost * (order.score == order.score)
        flagged = threshold is not None and order.score >= threshold
        loss = prices.fraud_loss_rate * order.amount + prices.chargeback_fee
        lost = 1 - (1 - prices.abandonment_rate) * (1 - prices.reviewer_false_decline_rate)
        if flagged:
            total += prices.review_cost
        if order.is_fraud:
            total += loss * (1 - prices.reviewer_catch_rate if flagged else 1)
        elif flagged:
            total += lost * (prices.margin_rate * order.amount + prices.insult_cost)
    return total

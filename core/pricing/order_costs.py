"""The money of one order, written once: what each treatment costs, as a table over the four sums.

An order adds to n0, n1 (legit, fraud: counts) and to a0, a1 (their dollars). With f = 1 for fraud and 0 for legit (the
score where the outcome is not known), amount in $, and the prices of `Assumptions` (design section 2):

    lost        = 1 − (1 − abandonment_rate) · (1 − reviewer_false_decline_rate)
    fraud ships = f · (fraud_loss_rate · amount + chargeback_fee)
    legit lost  = (1 − f) · (margin_rate · amount + insult_cost)

                  review cost     fraud loss                                 insult
    ship          0               fraud ships                                0
    review        review_cost     (1 − reviewer_catch_rate) · fraud ships    lost · legit lost
    decline       0               0                                          legit lost

One order is a cube of one: its cost and a figure of `economics.py` are the same table times (n0, n1, a0, a1).
A scoring call is paid for whatever becomes of the order, so API cost stands in `economics.py`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, SCORE
from core.policy import DECLINE, REVIEW, SHIP

Floats = NDArray[np.float64]


ELSEWHERE = {
    "review_minutes": "hours, never dollars: `review_hours` (economics), the size of a team (reviewing/team)",
    "reviews_per_day": "a limit, never dollars: `capacity` (economics)",
    "api_cost": "$ an order scored, whatever becomes of it: `api_cost` (economics)",
    "loss_aversion": "a weight on the cost of false positives: `perceived_cost` (economics)",
    "conversion_rate": "orders into sessions, where the data counts none: `sessions` (economics)",
    "flac_sales_basis": "which sales FLAC counts: `total_sales` (economics)",
}
"""Fields of `Assumptions` that are in no cell of the tables, and where they act instead; a test holds both lists."""


@dataclass(frozen=True)
class CostTables:
    """$ of each treatment, in the order of `policy.TREATMENTS`, for one more of n0, n1, a0, a1: each (3, 4)."""

    review_cost: Floats
    fraud_loss: Floats
    insult: Floats

    @property
    def parts(self) -> Floats:
        """All of them: (3, 3, 4), a part × a treatment × a sum."""
        return np.array([self.review_cost, self.fraud_loss, self.insult])

    @property
    def total(self) -> Floats:
        """What an order costs in all: (3, 4)."""
        return self.review_cost + self.fraud_loss + self.insult


def cost_tables(prices: Assumptions) -> CostTables:
    """The tables of the first paragraph: a new price is a new term of one cell here."""
    nothing = np.zeros(4)
    review = np.array([prices.review_cost, prices.review_cost, 0.0, 0.0])
    fraud_ships = np.array([0.0, prices.chargeback_fee, 0.0, prices.fraud_loss_rate])
    legit_lost = np.array([prices.insult_cost, 0.0, prices.margin_rate, 0.0])
    return CostTables(
        review_cost=np.array([nothing, review, nothing]),
        fraud_loss=np.array([fraud_ships, (1 - prices.reviewer_catch_rate) * fraud_ships, nothing]),
        insult=np.array([nothing, lost_share(prices) * legit_lost, legit_lost]),
    )


def lost_share(prices: Assumptions) -> float:
    """Share of held legit orders finally lost, 0–1: the buyer leaves, or the reviewer declines by mistake."""
    return 1 - (1 - prices.abandonment_rate) * (1 - prices.reviewer_false_decline_rate)


def fraud_or_score(orders: pd.DataFrame) -> Floats:
    """Each order's share of fraud: its label, 0 or 1; its score where the outcome is not known; missing with neither.

    >>> fraud_or_score(pd.DataFrame({"is_fraud": [1.0, None, None], "score": [0.2, 0.4, None]})).tolist()
    [1.0, 0.4, nan]
    """
    scores = orders[SCORE].to_numpy(np.float64)
    if IS_FRAUD not in orders:
        return scores
    labels = orders[IS_FRAUD].to_numpy(np.float64)
    return np.where(np.isnan(labels), scores, labels)


def order_costs(fraud: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    """What each order costs under each treatment, $, scoring left out: (3, orders), in the order of `TREATMENTS`.

    fraud: (orders,) of `fraud_or_score`, 0–1; an order without one has no cost (missing). amounts: (orders,) $.

    >>> order_costs(np.array([1.0, 0.0]), np.array([100.0, 50.0]), Assumptions()).tolist()
    [[30.0, 0.0], [12.0, 12.0], [0.0, 10.0]]
    """
    parts = cost_tables(prices).parts
    return np.stack([_of_orders(parts[:, treatment], fraud, amounts) for treatment in (SHIP, REVIEW, DECLINE)])


def cost_of_each(orders: pd.DataFrame, prices: Assumptions, treatments: NDArray[np.int8]) -> Floats:
    """What each order costs as it is treated, $: (orders,). treatments: (orders,) of `policy.treatment`."""
    costs = order_costs(fraud_or_score(orders), orders[AMOUNT].to_numpy(np.float64), prices)
    return np.asarray(np.choose(treatments, costs))


def expected_loss(fraud: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    """Fraud loss of each order if it ships, $: (orders,)."""
    return _of_orders(cost_tables(prices).fraud_loss[None, SHIP], fraud, amounts)


def avoided_loss(fraud: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    """Fraud loss that a review of each order avoids, $: (orders,)."""
    loss = cost_tables(prices).fraud_loss
    return _of_orders(loss[None, SHIP] - loss[None, REVIEW], fraud, amounts)


def expected_insult(fraud: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    """What a review of each order costs in legit orders lost, $: (orders,)."""
    return _of_orders(cost_tables(prices).insult[None, REVIEW], fraud, amounts)


def expected_saving(fraud: Floats, amounts: Floats, prices: Assumptions) -> Floats:
    """What reviewing each order saves over shipping it, $: (orders,). Negative where the review costs more than it
    saves; avoided loss − review cost − insult."""
    parts = cost_tables(prices).parts
    return _of_orders(parts[:, SHIP] - parts[:, REVIEW], fraud, amounts)


def _of_orders(rows: Floats, fraud: Floats, amounts: Floats) -> Floats:
    """Rows of the tables, (parts, 4), times each order's own (1 − f, f, (1 − f) · amount, f · amount), added up.

    Written as legit + f · (fraud − legit): where a part costs legit and fraud the same, orders tie to the last digit.
    """
    cost = 0.0 * fraud  # missing where the order is neither, in a row of nothing too
    for n0, n1, a0, a1 in rows[rows.any(axis=1)]:
        legit = n0 + a0 * amounts
        cost = cost + (legit + fraud * (n1 + a1 * amounts - legit))
    return cost

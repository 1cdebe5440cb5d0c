"""Prices into coefficients: every figure is linear in the sums of the orders on the far side of the line.

For the orders stopped at a threshold let n0, n1 be the legit and fraud counts and a0, a1 their dollars; N0,
N1, A0, A1 the same over all orders. Each figure is

    constant + reviewed · (n0, n1, a0, a1 of orders reviewed) + declined · (the same of orders declined)

and the rates are ratios of two such figures. The coefficients are made here, once, dollars from the tables of
`order_costs.py`; a page, the browser, a bootstrap and the command line only multiply.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.policy import DECLINE, REVIEW, SHIP
from core.pricing.cube import Totals
from core.pricing.order_costs import CostTables, cost_tables, lost_share

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficients:
    """names: one a figure. constant: (figures,). reviewed, declined: (figures, 4) for n0, n1, a0, a1."""

    names: tuple[str, ...]
    constant: Floats
    reviewed: Floats
    declined: Floats


@dataclass(frozen=True)
class _Linear:
    """One figure's coefficients; `both` serves orders stopped either way."""

    constant: float = 0.0
    reviewed: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    declined: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    def __add__(self, other: "_Linear") -> "_Linear":
        return _linear(
            self.constant + other.constant,
            np.add(self.reviewed, other.reviewed),
            np.add(self.declined, other.declined),
        )

    def __rmul__(self, factor: float) -> "_Linear":
        return _linear(factor * self.constant, factor * np.array(self.reviewed), factor * np.array(self.declined))


def _linear(constant: float, reviewed: Floats, declined: Floats) -> _Linear:
    return _Linear(constant, tuple(reviewed), tuple(declined))


def _stopped(n0: float = 0.0, n1: float = 0.0, a0: float = 0.0, a1: float = 0.0, constant: float = 0.0) -> _Linear:
    return _Linear(constant, (n0, n1, a0, a1), (n0, n1, a0, a1))


_LEGIT, _FRAUD = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.0, 1.0])  # which of n0, n1, a0, a1

RATIOS: dict[str, tuple[str, str]] = {
    "false_positive_rate": ("false_positives", "legit"),
    "detection_rate": ("caught", "fraud"),
    "value_detection_rate": ("caught_value", "fraud_value"),
    "precision": ("caught", "flagged"),
    "review_rate": ("reviewed", "orders"),
    "flac": ("flac_sales", "sessions"),
    "capacity_used": ("reviewed", "capacity"),
}
"""Rates: which figure over which. A rate over nothing (no fraud, nothing flagged) has no value: null, never 0."""
SHARES = ("false_positive_rate", "detection_rate", "value_detection_rate", "precision", "review_rate")
"""The rates that lie between 0 and 1."""


def coefficients(prices: Assumptions, totals: Totals) -> Coefficients:
    """The coefficients of every figure that is linear in the sums; formulas of design section 2.

    Dollars and counts of the period as it is, not scaled to a month.
    """
    tables = cost_tables(prices)
    lines = _counts(totals) | _money(prices, tables, totals) | _sales(prices, tables, totals)
    return Coefficients(
        tuple(lines),
        np.array([line.constant for line in lines.values()]),
        np.array([line.reviewed for line in lines.values()]),
        np.array([line.declined for line in lines.values()]),
    )


def _counts(totals: Totals) -> dict[str, _Linear]:
    flagged = _stopped(n0=1, n1=1)
    return {
        "orders": _Linear(totals.orders),
        "fraud": _Linear(totals.n1),
        "legit": _Linear(totals.n0),
        "scored": _Linear(totals.scored),
        "fraud_value": _Linear(totals.a1),
        "flagged": flagged,
        "reviewed": _Linear(reviewed=(1, 1, 0, 0)),
        "declined": _Linear(declined=(1, 1, 0, 0)),
        "caught": _stopped(n1=1),
        "missed": _stopped(n1=-1, constant=totals.n1),
        "false_positives": _stopped(n0=1),
        "true_negatives": _stopped(n0=-1, constant=totals.n0),
        "caught_value": _stopped(a1=1),
        "missed_value": _stopped(a1=-1, constant=totals.a1),
        "false_positive_value": _stopped(a0=1),
        "true_negative_value": _stopped(a0=-1, constant=totals.a0),
    }


def _shipped(table: Floats, totals: Totals) -> float:
    """What a table of costs amounts to when every order ships."""
    sums = (totals.n0, totals.n1, totals.a0, totals.a1)
    return sum(float(cell) * each for cell, each in zip(table[SHIP], sums, strict=True))


def _cost(table: Floats, totals: Totals) -> _Linear:
    """A table of costs as a figure: every order ships, and an order stopped costs its own row instead of that one."""
    return _linear(_shipped(table, totals), table[REVIEW] - table[SHIP], table[DECLINE] - table[SHIP])


def _money(prices: Assumptions, tables: CostTables, totals: Totals) -> dict[str, _Linear]:
    review, fraud_loss = _cost(tables.review_cost, totals), _cost(tables.fraud_loss, totals)
    insults = _cost(tables.insult, totals)
    api = _Linear(prices.api_cost * totals.scored)
    total = review + api + fraud_loss + insults
    each = tables.total
    approve_all = _Linear(_shipped(each, totals))  # nothing scored, nothing held
    false_positives = _linear(0.0, _LEGIT * each[REVIEW], _LEGIT * each[DECLINE])
    slipped, lost = 1 - prices.reviewer_catch_rate, lost_share(prices)
    hours, capacity = prices.review_minutes / 60, prices.reviews_per_day or np.nan
    return {
        "review_cost": review,
        "api_cost": api,
        "fraud_loss": fraud_loss,
        "insult_cost": insults,
        "total_cost": total,
        "approve_all_cost": approve_all,
        "saving": approve_all + -1.0 * total,
        "perceived_cost": total + (prices.loss_aversion - 1) * false_positives,
        # The same total split by what became of the order; with API cost the three add up to it.
        "false_positive_cost": false_positives,
        "caught_cost": _linear(0.0, _FRAUD * each[REVIEW], _FRAUD * each[DECLINE]),
        "missed_cost": _linear(approve_all.constant, -each[SHIP], -each[SHIP]),
        # What reaches a buyer: fraud that slips past a reviewer does, a legit order that is lost does not.
        "fraud_shipped": _Linear(totals.n1, reviewed=(0, slipped - 1, 0, 0), declined=(0, -1, 0, 0)),
        "orders_shipped": _Linear(totals.orders, reviewed=(-lost, slipped - 1, 0, 0), declined=(-1, -1, 0, 0)),
        "review_hours": _Linear(reviewed=(hours, hours, 0, 0)),
        "capacity": _Linear(capacity * (totals.days or np.nan)),
    }


def _sales(prices: Assumptions, tables: CostTables, totals: Totals) -> dict[str, _Linear]:
    shipped = _stopped(a0=-1, constant=totals.a0)
    if prices.flac_sales_basis == "booked":
        catch = prices.reviewer_catch_rate
        shipped = shipped + _Linear(totals.a1, reviewed=(0, 0, 0, -catch), declined=(0, 0, 0, -1))
    reinstated = _Linear(reviewed=(0, 0, 1 - lost_share(prices), 0))
    sessions = totals.sessions
    if sessions is None:
        sessions = totals.orders / prices.conversion_rate
    return {
        "total_sales": shipped,
        "reinstated_sales": reinstated,
        "flac_sales": shipped + -1.0 * _cost(tables.fraud_loss, totals) + reinstated,
        "sessions": _Linear(sessions),
    }


def approve_everything(coefs: Coefficients) -> dict[str, float]:
    """Every figure when nothing is scored and nothing held: the baseline a saving is measured from."""
    figures = {name: float(value) for name, value in price(coefs, np.zeros(4)).items()}
    cost = figures["approve_all_cost"]
    return figures | {"api_cost": 0.0, "scored": 0.0, "total_cost": cost, "perceived_cost": cost, "saving": 0.0}


def price(coefs: Coefficients, flagged: Floats, declined: Floats | None = None) -> dict[str, Floats]:
    """Every linear figure and every rate, for one line or many.

    flagged: (..., 4) sums n0, n1, a0, a1 at or above the threshold; declined: the same at or above a second,
    higher cut-off, part of the flagged. A rate over nothing is NaN.
    """
    declined = np.zeros_like(flagged) if declined is None else declined
    amounts = coefs.constant + _product(flagged - declined, coefs.reviewed) + _product(declined, coefs.declined)
    figures = dict(zip(coefs.names, np.moveaxis(amounts, -1, 0), strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = {name: figures[top] / figures[bottom] for name, (top, bottom) in RATIOS.items()}
    return figures | {name: np.where(np.isfinite(rate), rate, np.nan) for name, rate in rates.items()}


def _product(sums: Floats, coefs: Floats) -> Floats:
    """sums · coefficients, added from left to right as the browser does, so that the last digit agrees."""
    parts = sums[..., None, :] * coefs
    return parts[..., 0] + parts[..., 1] + parts[..., 2] + parts[..., 3]

"""The pre-filter: a few readable rules that clear low-risk orders, which then ship without a scoring call."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import AMOUNT, IS_FRAUD

SAFER_THAN_CHANCE = 10.0
OPERATORS = {"<=": np.less_equal, ">=": np.greater_equal, "==": np.equal}

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """Orders that meet every condition (feature, operator, value) are cleared; a missing feature meets none."""

    name: str
    conditions: tuple[tuple[str, str, float], ...]

    def __str__(self) -> str:
        return " and ".join(f"{feature} {operator} {value:g}" for feature, operator, value in self.conditions)


_MODEST_USD, _SMALL_USD = 180, 100
RULES: tuple[Rule, ...] = (
    Rule(
        "known device, modest amount",
        (
            ("known_device", "==", 1),
            ("account_age_days", ">=", 14),
            ("amount", "<=", _MODEST_USD),
            ("account_orders_1h", "==", 0),
            ("device_accounts_24h", "<=", 1),
        ),
    ),
    Rule(
        "known address, modest amount",
        (
            ("known_shipping", "==", 1),
            ("account_age_days", ">=", 14),
            ("amount", "<=", _MODEST_USD),
            ("account_orders_1h", "==", 0),
        ),
    ),
    Rule(
        "own address, small amount",
        (
            ("address_mismatch", "==", 0),
            ("account_age_days", ">=", 14),
            ("amount", "<=", _SMALL_USD),
            ("account_orders_1h", "==", 0),
            ("device_orders_24h", "<=", 1),
        ),
    ),
)


def cleared_by(features: pd.DataFrame, rules: tuple[Rule, ...]) -> NDArray[np.object_]:
    """The name of the first rule that clears each order, "" where none does.

    >>> rules = (Rule("small", (("amount", "<=", 10),)),)
    >>> cleared_by(pd.DataFrame({"amount": [5.0, 50.0, None]}), rules).tolist()
    ['small', '', '']
    """
    names = np.full(len(features), "", object)
    for rule in reversed(rules):
        names[_meets(features, rule)] = rule.name
    return names


def rules_that_hold(
    features: pd.DataFrame, labels: "pd.Series[float]", rules: tuple[Rule, ...] = RULES
) -> tuple[tuple[Rule, ...], list[str]]:
    """The rules that have earned their place on past orders, and a note for each that has not.

    A rule clears at least ten times less of the fraud than of all orders, measured on matured past labels;
    one whose features these orders lack is not used.
    """
    kept, notes = [], []
    for rule in rules:
        if not {feature for feature, _, _ in rule.conditions} <= set(features.columns):
            continue
        met = _meets(features, rule)
        reach = met[labels.notna()].mean() if labels.notna().any() else 0.0
        leaked = met[labels == 1].mean() if (labels == 1).any() else 1.0
        if reach > 0 and leaked * SAFER_THAN_CHANCE <= reach:
            kept.append(rule)
        elif reach > 0:
            notes.append(
                f"The pre-filter rule {rule.name!r} is not used: on past orders it would clear {reach:.1%} of "
                f"the orders and {leaked:.1%} of the fraud."
            )
    return tuple(kept), notes


def rule_report(features: pd.DataFrame, orders: pd.DataFrame, rules: tuple[Rule, ...]) -> pd.DataFrame:
    """What each rule clears, one row a rule and a last one for all together.

    Columns: rule; conditions; reach, share of all orders it clears; unique_reach, share only it clears;
    leaked_fraud, fraud it clears (orders); leaked_share of all fraud; leaked_usd, its dollars.
    """
    met = {rule.name: _meets(features, rule) for rule in rules}
    times = np.sum(list(met.values()), axis=0) if met else np.zeros(len(features))
    rows = [(rule.name, str(rule), met[rule.name], met[rule.name] & (times == 1)) for rule in rules]
    rows.append(("all rules", "", times > 0, times > 0))
    fraud = (orders[IS_FRAUD] == 1).to_numpy() if IS_FRAUD in orders else np.zeros(len(orders), bool)
    return pd.DataFrame([_row(*row, fraud, orders[AMOUNT].to_numpy()) for row in rows])


def _row(
    name: str, conditions: str, met: Bools, only: Bools, fraud: Bools, amounts: NDArray[np.float64]
) -> dict[str, object]:
    leaked = met & fraud
    return {
        "rule": name,
        "conditions": conditions,
        "reach": float(met.mean()),
        "unique_reach": float(only.mean()),
        "leaked_fraud": int(leaked.sum()),
        "leaked_share": float(leaked.sum() / fraud.sum()) if fraud.any() else None,
        "leaked_usd": float(amounts[leaked].sum()),
    }


def _meets(features: pd.DataFrame, rule: Rule) -> Bools:
    met = np.ones(len(features), bool)
    for feature, operator, value in rule.conditions:
        met &= OPERATORS[operator](features[feature].to_numpy(float), value)
    return met


def conditions_met(rule: Rule, values: Mapping[str, float]) -> list[tuple[str, bool]]:
    """Each condition of a rule in words, and whether one order meets it; a missing value meets none.

    >>> conditions_met(Rule("small", (("amount", "<=", 10),)), {"amount": 12.0})
    [('amount <= 10', False)]
    """
    return [
        (f"{feature} {operator} {value:g}", bool(OPERATORS[operator](values.get(feature, np.nan), value)))
        for feature, operator, value in rule.conditions
    ]

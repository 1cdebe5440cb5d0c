"""The pre-filter's rules by hand: what they clear, what only they clear, what they leak."""

import numpy as np
import pandas as pd
import pytest

from core.scoring.feature_rows import FEATURES
from core.scoring.rules import RULES, Rule, cleared_by, rule_report, rules_that_hold

SMALL = Rule("small", (("amount", "<=", 20.0),))
NIGHT = Rule("calm night", (("hour", "<=", 5.0), ("amount", "<=", 50.0)))
FEATURE_TABLE = pd.DataFrame({"amount": [10.0, 20.0, 40.0, 40.0, np.nan], "hour": [12.0, 3.0, 3.0, 12.0, 3.0]})
ORDERS = pd.DataFrame({"amount": [10.0, 20.0, 40.0, 40.0, 7.0], "is_fraud": [0.0, 1.0, 1.0, 1.0, np.nan]})


def test_the_first_rule_clears_and_a_missing_value_meets_none() -> None:
    assert cleared_by(FEATURE_TABLE, (SMALL, NIGHT)).tolist() == ["small", "small", "calm night", "", ""]
    assert cleared_by(FEATURE_TABLE, (NIGHT, SMALL)).tolist() == ["small", "calm night", "calm night", "", ""]
    assert cleared_by(FEATURE_TABLE, ()).tolist() == [""] * 5


def test_the_report_by_hand() -> None:
    """small clears rows 0 and 1 (row 0 alone), calm night rows 1 and 2 (row 2 alone); three frauds in all."""
    report = rule_report(FEATURE_TABLE, ORDERS, (SMALL, NIGHT))
    assert report["reach"].tolist() == [0.4, 0.4, 0.6]
    assert report["unique_reach"].tolist() == [0.2, 0.2, 0.6]
    assert report["leaked_fraud"].tolist() == [1, 2, 2]
    assert report["leaked_share"].tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert report["leaked_usd"].tolist() == [20, 60, 60]
    assert report["conditions"].tolist()[1] == "hour <= 5 and amount <= 50"


def test_a_report_without_fraud_has_no_leaked_share() -> None:
    assert rule_report(FEATURE_TABLE, ORDERS.assign(is_fraud=0.0), (SMALL,))["leaked_share"].isna().all()


def test_only_rules_ten_times_safer_than_chance_are_used() -> None:
    features = pd.DataFrame({"amount": np.arange(1000.0), "hour": np.tile([1.0, 12.0], 500)})
    labels = pd.Series((features["amount"] > 900).astype(float))
    kept, notes = rules_that_hold(features, labels, (SMALL, Rule("at night", (("hour", "<=", 5.0),))))
    assert kept == (SMALL,)
    assert notes == [
        "The pre-filter rule 'at night' is not used: on past orders it would clear 50.0% of the orders "
        "and 49.5% of the fraud."
    ]


def test_a_rule_whose_features_are_absent_is_not_used() -> None:
    assert rules_that_hold(FEATURE_TABLE[["amount"]], ORDERS["is_fraud"] * 0, (NIGHT,)) == ((), [])


def test_without_known_fraud_no_rule_has_earned_its_place() -> None:
    assert rules_that_hold(FEATURE_TABLE, ORDERS["is_fraud"] * 0, (SMALL,))[0] == ()


def test_the_rules_are_few_readable_and_of_known_features() -> None:
    known = {feature.name for feature in FEATURES}
    assert 1 <= len(RULES) <= 5
    for rule in RULES:
        assert {feature for feature, _, _ in rule.conditions} <= known
        assert len(rule.conditions) <= 5

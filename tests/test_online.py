"""One order decided alone gets what the whole table gives it."""

import numpy as np
import pandas as pd
import pytest

from core.scoring.model import Model, score_features, train_model
from core.scoring.online import Decider, Decision
from core.scoring.rules import Rule, cleared_by

RULES = (
    Rule("small", (("amount", "<=", 20.0), ("hour", ">=", 8.0))),
    Rule("home", (("known_device", "==", 1.0), ("amount", "<=", 60.0))),
)


@pytest.fixture(scope="module")
def features() -> pd.DataFrame:
    random = np.random.default_rng(8)
    table = pd.DataFrame(
        {
            "amount": random.lognormal(4, 1, 4_000),
            "hour": random.integers(0, 24, 4_000).astype(float),
            "known_device": random.choice([0.0, 1.0, np.nan], 4_000),
            "kind of thing": pd.Categorical(random.choice(["a", "b", 'c"}'], 4_000)),
        }
    )
    return table.assign(amount=table["amount"].mask(random.random(4_000) < 0.05))


@pytest.fixture(scope="module")
def model(features: pd.DataFrame) -> Model:
    risky = (
        features["amount"].fillna(50) / 100 + (features["kind of thing"] == "a") - features["known_device"].fillna(0)
    )
    label = (risky + np.random.default_rng(1).normal(size=len(features)) > 2).astype(float)
    return train_model(features, label, RULES, label_delay_days=0)[0]


def test_equals_the_table(features: pd.DataFrame, model: Model) -> None:
    decider, cleared = Decider(model, 0.25), cleared_by(features, RULES)
    scores = score_features(model, features)
    orders = features.astype(object).where(features.notna(), None).head(500).to_dict("records")
    for order, rule, score in zip(orders, cleared, scores, strict=False):
        decision = decider.decide(order)
        assert decision.cleared_by == rule
        if not rule:
            assert decision.score == pytest.approx(score, abs=1e-12)
            assert decision.flagged == (score >= 0.25)
    assert set(cleared[:500]) == {"", "small", "home"}


def test_the_first_rule_that_is_met_clears(model: Model) -> None:
    assert Decider(model, 0.0).decide({"amount": 10, "hour": 9, "known_device": 1}) == Decision("small", None, False)


def test_what_is_missing_or_never_seen_counts_as_missing(model: Model) -> None:
    decider = Decider(model, None)
    assert decider.decide({"kind of thing": "z", "amount": None}) == decider.decide({})
    assert not decider.decide({}).flagged


def test_the_threshold_itself_is_flagged(model: Model) -> None:
    order = {"amount": 500.0, "kind of thing": "a"}
    score = Decider(model, None).decide(order).score
    assert Decider(model, score).decide(order).flagged
    assert not Decider(model, np.nextafter(score, 1)).decide(order).flagged

"""Which orders the rules of a policy clear before they are scored."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.building.store import DataSet
from core.columns import CLEARED_BY, SCORE
from core.errors import PolicyError
from core.scoring.model import score_features
from core.scoring.rules import Rule, cleared_by


def rule_names(data: DataSet) -> tuple[str, ...]:
    """The rules the orders come with, in the order they are tried."""
    return () if data.model is None else tuple(rule.name for rule in data.model.rules)


def with_rules(data: DataSet, rules: Sequence[str] | None) -> pd.DataFrame:
    """The orders with only these rules clearing any; None is all the rules the data set has.

    An order that no rule clears any more is scored by the model. PolicyError names a rule these orders do not have.
    """
    if rules is None or set(rules) == set(rule_names(data)):
        return data.orders
    kept = _kept(data, rules)
    if data.model is None or data.features is None:
        return data.orders
    recorded = data.orders[CLEARED_BY].to_numpy(object)
    testable = tuple(rule for rule in kept if {feature for feature, _, _ in rule.conditions} <= set(data.features))
    still = np.isin(recorded, [rule.name for rule in kept])
    cleared = np.where(still, recorded, cleared_by(data.features, testable))
    scores = data.orders[SCORE].to_numpy(np.float64).copy()
    new = (cleared == "") & np.isnan(scores)
    if new.any():
        scores[new] = score_features(data.model, data.features[new])
    scores[cleared != ""] = np.nan
    return data.orders.assign(**{SCORE: scores, CLEARED_BY: cleared})


def _kept(data: DataSet, rules: Sequence[str]) -> tuple[Rule, ...]:
    known = rule_names(data)
    unknown = [name for name in rules if name not in known]
    if unknown:
        raise PolicyError(
            f"These orders come with no rule {unknown[0]!r}. They have: {', '.join(known) or 'none'}. "
            "Leave it out of the policy's rules."
        )
    return () if data.model is None else tuple(rule for rule in data.model.rules if rule.name in rules)

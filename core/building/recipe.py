"""What a built data set was made by: the features and rules of this version, as one digest."""

import hashlib
import json
from collections.abc import Iterable

from core.scoring.batch_risk import PRIOR_ORDERS, WINDOW_DAYS
from core.scoring.feature_rows import Feature
from core.scoring.rules import Rule


def recipe_digest(features: Iterable[Feature], rules: Iterable[Rule]) -> str:
    """The SHA-256 (64 hex digits) of everything that decides a feature's value and whether a rule clears an order.

    It changes with a name, a role, SQL, the window of the batch risk, or a condition of a rule; with their order too,
    which is the model's. Words and groups are left out: they are read from the rows whenever something is said.
    """
    made_by = {
        "features": [(feature.name, feature.roles, feature.sql) for feature in features],
        "batch_risk": (WINDOW_DAYS, PRIOR_ORDERS),
        "rules": [(rule.name, rule.conditions) for rule in rules],
    }
    return hashlib.sha256(json.dumps(made_by).encode()).hexdigest()

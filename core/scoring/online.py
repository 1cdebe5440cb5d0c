"""One order decided online: pre-filter, model, calibration and threshold, in one compiled call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.policy import is_flagged
from core.scoring.forest import read_forest, walk
from core.scoring.model import Model
from core.scoring.rules import OPERATORS, Rule

_LE, _GE, _EQ = (list(OPERATORS).index(sign) for sign in ("<=", ">=", "=="))


@dataclass(frozen=True)
class Decision:
    """cleared_by: the rule that cleared the order, or "". score: 0–1, None where it was cleared. flagged: held."""

    cleared_by: str
    score: float | None
    flagged: bool


class Decider:
    """A model made ready to decide single orders: its trees and rules as arrays, read once.

    threshold: flagged = score >= threshold; None flags nobody.
    """

    def __init__(self, model: Model, threshold: float | None) -> None:
        rule_features = [feature for rule in model.rules for feature, _, _ in rule.conditions]
        self._names = tuple(dict.fromkeys([*model.features, *rule_features]))
        self._codes = {name: {text: i for i, text in enumerate(texts)} for name, texts in model.categories.items()}
        self._rules, self._threshold = model.rules, threshold
        self._calibration = (model.calibration.slope, model.calibration.offset)
        self._arrays = (*_conditions(model.rules, self._names), *read_forest(model.text).arrays)

    def decide(self, order: Mapping[str, float | str | None]) -> Decision:
        """The decision on one order. order: its features by name; one that is missing or None counts as missing."""
        row = np.array([self._number(name, order.get(name)) for name in self._names])
        rule, score = _decide(row, *self._calibration, *self._arrays)
        if rule >= 0:
            return Decision(self._rules[rule].name, None, False)
        return Decision("", score, bool(is_flagged(np.array([score]), self._threshold)[0]))

    def _number(self, name: str, value: float | str | None) -> float:
        if value is None:
            return np.nan
        return self._codes[name].get(value, np.nan) if isinstance(value, str) else value


@numba.njit(cache=True, nogil=True)
def _decide(row, slope, offset, ends, feature, operator, value, *forest):  # type: ignore[no-untyped-def]
    first = 0
    for rule in range(ends.size):
        met = True
        for i in range(first, ends[rule]):
            x = row[feature[i]]
            if operator[i] == _LE:
                met = met and x <= value[i]
            elif operator[i] == _GE:
                met = met and x >= value[i]
            else:
                met = met and x == value[i]
        if met:
            return rule, 0.0
        first = ends[rule]
    return -1, 1 / (1 + np.exp(-(slope * walk(row, *forest) + offset)))


def _conditions(rules: tuple[Rule, ...], names: tuple[str, ...]) -> tuple[NDArray[np.generic], ...]:
    """Where each rule's conditions end; then feature, operator and value of each."""
    ends = np.cumsum([len(rule.conditions) for rule in rules]).astype(np.int64)
    parts = [condition for rule in rules for condition in rule.conditions]
    return (
        ends,
        np.array([names.index(feature) for feature, _, _ in parts], np.int64),
        np.array([list(OPERATORS).index(sign) for _, sign, _ in parts], np.int64),
        np.array([value for _, _, value in parts], np.float64),
    )


def decision_times(model: Model, features: pd.DataFrame, clock: Callable[[], float]) -> tuple[float, float]:
    """Seconds one order takes to be decided: the median, and the 99th of a hundred. clock: seconds that only rise."""
    decider = Decider(model, 0.1)
    first = features.head(500).astype(object)
    rows = first.where(first.notna(), None).to_dict("records")
    orders = [{str(name): value for name, value in row.items()} for row in rows]
    for order in orders[:50]:  # compiled, and warm
        decider.decide(order)
    took = []
    for order in orders:
        start = clock()
        decider.decide(order)
        took.append(clock() - start)
    took.sort()
    return took[len(took) // 2], took[int(0.99 * (len(took) - 1))]

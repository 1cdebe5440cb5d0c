"""The smallest change of one or two features that would bring an order under the line: how near it is to being let
through. A sensitivity of the model, never advice to a buyer."""

from copy import copy
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.explaining.explain import log_odds_of
from core.scoring.forest import Forest, read_forest, walk_rows
from core.scoring.model import Model

Floats = NDArray[np.float64]

_CATEGORICAL = 1
_PAIRED, _STEPS = 8, 24  # features tried in pairs, and values of each


@dataclass(frozen=True)
class Change:
    """features, before, after: one or two. distance: share of the observed orders lying between before and after,
    added up over the features. score: after the change, below the threshold."""

    features: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    distance: float
    score: float


class Clearing:
    """A model made ready for the search. rows: (orders, features) as the model saw them: changes stay within what
    was observed in them, value by value."""

    def __init__(self, model: Model, rows: Floats) -> None:
        self._model, self._forest = model, read_forest(model.text)
        self._arrays = self._forest.arrays
        self._observed = [np.sort(column[~np.isnan(column)]) for column in rows.T]
        self._cuts = _cuts(self._forest, len(model.features))
        self._categorical = {place for place, name in enumerate(model.features) if name in model.categories}

    def with_rest(self, rest: float) -> "Clearing":
        """The same search for an order whose log-odds hold a rest besides what the trees say, whatever is changed."""
        other, calibration = copy(self), self._model.calibration
        other._model = replace(self._model, calibration=replace(calibration, offset=calibration.offset + rest))
        return other

    def cheapest(self, row: Floats, threshold: float | None) -> tuple[Change | None, Change | None]:
        """The smallest change of one feature, and of two, that clears an order; None where there is none.

        row: (features,) of a flagged order. The pair is given only where it is smaller than the single change.
        """
        if threshold is None:
            return None, None
        goal = self._margin_below(threshold)
        steps = [self._steps(row, place) for place in range(len(row))]
        places = np.concatenate([np.full(len(values), place) for place, (values, _) in enumerate(steps)])
        values, distances = (np.concatenate([step[part] for step in steps]) for part in (0, 1))
        if len(values) == 0:
            return None, None
        trial = np.repeat(row[None, :], len(values), axis=0)
        trial[np.arange(len(values)), places] = values
        margins = self._margins(trial)
        one = self._best(row, places[:, None], values[:, None], distances, margins, goal)
        return one, self._pair(row, steps, places, values, distances, margins, goal, one)

    def _pair(
        self,
        row: Floats,
        steps: list[tuple[Floats, Floats]],
        places: NDArray[np.int64],
        values: Floats,
        distances: Floats,
        margins: Floats,
        goal: float,
        one: Change | None,
    ) -> Change | None:
        """Two features, of those that help most alone, each at the values that help more the farther they go."""
        gain = np.array([_lowest(margins[places == place]) for place in range(len(steps))])
        helpful = np.argsort(gain, kind="stable")[:_PAIRED]
        kept = {place: _worth_trying(places == place, distances, margins) for place in helpful}
        found = []
        for a, b in combinations(helpful, 2):
            first, second = (axis.ravel() for axis in np.meshgrid(kept[a], kept[b], indexing="ij"))
            near = distances[first] + distances[second]
            closer = near < (np.inf if one is None else one.distance)
            first, second, near = first[closer], second[closer], near[closer]
            if first.size == 0:
                continue
            trial = np.repeat(row[None, :], len(first), axis=0)
            trial[:, a], trial[:, b] = values[first], values[second]
            at = np.column_stack([places[first], places[second]])
            to = np.column_stack([values[first], values[second]])
            change = self._best(row, at, to, near, self._margins(trial), goal)
            if change is not None:
                found.append(change)
        return min(found, key=lambda change: change.distance, default=None)

    def _best(
        self, row: Floats, at: NDArray[np.int64], to: Floats, near: Floats, margins: Floats, goal: float
    ) -> Change | None:
        clears = np.flatnonzero(margins < goal)
        if clears.size == 0:
            return None
        best = clears[np.lexsort((margins[clears], near[clears]))[0]]
        names = tuple(self._model.features[place] for place in at[best])
        before = tuple(float(row[place]) for place in at[best])
        score = float(self._model.calibration.scores(margins[best : best + 1])[0])
        return Change(names, before, tuple(map(float, to[best])), float(near[best]), score)

    def _steps(self, row: Floats, place: int) -> tuple[Floats, Floats]:
        """Observed values of a feature, the nearest one in each interval between its splits; and how far off each."""
        observed, now = self._observed[place], row[place]
        if observed.size == 0:
            return np.zeros(0), np.zeros(0)
        if place in self._categorical:
            others = np.unique(observed)
            others = others[others != now]
            return others, np.full(len(others), 1 / max(len(others), 1))
        cuts = self._cuts[place]
        if cuts.size == 0 or np.isnan(now):
            return np.zeros(0), np.zeros(0)
        below = np.searchsorted(observed, cuts[cuts < now], side="right") - 1  # the largest value at most a cut
        above = np.searchsorted(observed, cuts[cuts >= now], side="right")  # the smallest one above a cut
        found = np.concatenate([below[below >= 0], above[above < len(observed)]])
        values = np.unique(observed[found])
        values = values[values != now]
        rank = np.searchsorted(observed, np.append(values, now), side="left") / len(observed)
        return values, np.abs(rank[:-1] - rank[-1])

    def _margins(self, rows: Floats) -> Floats:
        out = np.empty(len(rows))
        walk_rows(np.ascontiguousarray(rows), 0, len(rows), out, *self._arrays)
        return out

    def _margin_below(self, threshold: float) -> float:
        """Margins below this one score below the threshold."""
        calibration = self._model.calibration
        return (log_odds_of(threshold) - calibration.offset) / calibration.slope - 1e-9


def _cuts(forest: Forest, features: int) -> list[Floats]:
    number = (forest.decision & _CATEGORICAL) == 0
    return [np.unique(forest.threshold[number & (forest.feature == place)]) for place in range(features)]


def _lowest(margins: Floats) -> float:
    return float(margins.min()) if margins.size else np.inf


def _worth_trying(mine: NDArray[np.bool_], distances: Floats, margins: Floats) -> NDArray[np.int64]:
    """Of one feature's values those that lower the margin more than every nearer one, the first few."""
    which = np.flatnonzero(mine)
    which = which[np.lexsort((margins[which], distances[which]))]
    lowest = np.minimum.accumulate(margins[which])
    better = which[np.append(True, lowest[1:] < lowest[:-1])] if which.size else which
    return better[:_STEPS]

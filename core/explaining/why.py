"""What answers why, the same for a model of ours and for a surrogate of a file's scores."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.building.store import DataSet
from core.explaining.clearing import Change, Clearing
from core.explaining.explain import Explained, explain_data, explain_rows
from core.explaining.reasons import ReasonWords
from core.explaining.surrogate import explain_scores
from core.explaining.treeshap import Explainer
from core.scoring.model import Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Explanations:
    """Every scored order explained, reasons in words, and how to ask what if.

    features: aligned with the orders of the data set. models, explainers, clearings: of the model, or of each
    surrogate. of: (explained orders,) which of those an order is explained by.
    """

    explained: Explained
    words: ReasonWords
    features: pd.DataFrame
    models: tuple[Model, ...]
    explainers: tuple[Explainer, ...]
    clearings: tuple[Clearing, ...]
    of: Ints

    @property
    def changeable(self) -> tuple[str, ...]:
        """The features whose values can be changed: all that trees ask about."""
        return self.models[0].features

    def changed(self, at: int, row: Floats) -> Explained:
        """The order at a place among the explained ones, had it this row; a surrogate's rest stays what it was."""
        number = int(self.of[at])
        trees = len(self.changeable)
        if self.explained.fidelity is None:
            return explain_rows(self.models[number], row[None, :], explainer=self.explainers[number])
        values, _ = self.explainers[number].explain(row[None, :trees])
        rest = self.explained.values[at, trees:]
        return Explained(
            self.explained.features, np.array([0]), np.append(row[:trees], rest)[None, :],
            np.append(values[0], rest)[None, :], self.explained.base, self.explained.fidelity,
        )  # fmt: skip

    def cheapest(self, at: int, threshold: float | None) -> tuple[Change | None, Change | None]:
        """The smallest change of one feature, and of two, that clears an order (`Clearing.cheapest`)."""
        number, trees = int(self.of[at]), len(self.changeable)
        clearing, row = self.clearings[number], self.explained.rows[at, :trees]
        if self.explained.fidelity is not None:
            values, base = self.explainers[number].explain(row[None, :])
            clearing = clearing.with_rest(float(self.explained.log_odds[at] - values.sum() - base))
        return clearing.cheapest(row, threshold)


def why_of(data: DataSet) -> Explanations:
    """What answers why for a data set: its model, or surrogates of scores that came with the file.

    ModelError where surrogates would not be faithful enough.
    """
    if data.model is None:
        return _of_surrogates(data)
    assert data.features is not None
    explained = explain_data(data)
    words = ReasonWords(data.model, data.features, data.orders)
    return Explanations(
        explained, words, data.features, (data.model,), (Explainer(data.model.text),),
        (Clearing(data.model, explained.rows),), np.zeros(len(explained.places), np.int64),
    )  # fmt: skip


def explained_of(data: DataSet) -> Explained:
    """`why_of`'s explanations alone."""
    return explain_scores(data.orders).explained if data.model is None else explain_data(data)


def _of_surrogates(data: DataSet) -> Explanations:
    found = explain_scores(data.orders)
    rows = found.explained.rows[:, :-1]
    return Explanations(
        found.explained,
        ReasonWords(found.models[0], found.features, data.orders),
        found.features,
        found.models,
        found.explainers,
        tuple(Clearing(model, rows) for model in found.models),
        found.of,
    )

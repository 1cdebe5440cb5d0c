"""Columns that give the outcome away all by themselves: too good to have been known when the order was placed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.ranking import auc

Floats = NDArray[np.float64]

LEAK_AUC = 0.98
REMEDY = "If it is only known after the outcome, leave it out."
_FEWEST_ORDERS, _FEWEST_OF_EACH = 20, 5  # below that a column can look like the outcome by chance
_MOST_KINDS, _ORDERS_A_KIND = 255, 10  # more texts, or fewer orders for each, mean nothing


@dataclass(frozen=True)
class Leak:
    """A column under suspicion. auc: above `LEAK_AUC`, whichever way it ranks the orders."""

    column: str
    auc: float

    @property
    def title(self) -> str:
        """
        >>> Leak("refund", 0.9987).title
        'Suspected leak: refund alone has an AUC of 0.999'
        """
        return f"{_begins(self.column)}{self.auc:.3f}"

    @property
    def option(self) -> str:
        """What leaves the column out on the command line."""
        return f"--ignore {self.column}"

    @property
    def note(self) -> str:
        """What and what to do, in one line."""
        return f"{self.title}. {REMEDY[:-1]} ({self.option})."


def suspected_leak(column: str, values: NDArray[Any], fraud: Floats) -> Leak | None:
    """The leak a column is, if it is one: alone it has an AUC above `LEAK_AUC`, one way or the other.

    values: (orders,), numbers with missing ones as they are to be ranked, or texts, each ranked by its share of fraud.
    fraud: (orders,), 0 or 1. None, too, where there are under 20 orders, 5 frauds or 5 legit orders, or so many texts
    that their shares mean nothing (over 255, or under ten orders for each).

    >>> suspected_leak("refund", np.array(["no"] * 20 + ["yes"] * 10), np.repeat([0.0, 1.0], [20, 10]))
    Leak(column='refund', auc=1.0)
    """
    frauds = fraud.sum()
    if fraud.size < _FEWEST_ORDERS or min(frauds, fraud.size - frauds) < _FEWEST_OF_EACH:
        return None
    ranked = values.astype(np.float64) if values.dtype.kind in "biuf" else _shares_of_fraud(values, fraud)
    if ranked is None:
        return None
    alone = auc(ranked, fraud)
    alone = max(alone, 1 - alone)
    return Leak(column, alone) if alone > LEAK_AUC else None


def not_told_yet(notes: Sequence[str], columns: Collection[str]) -> list[str]:
    """The notes without those that suspect one of these columns: a reader who was told of it once knows.

    >>> not_told_yet([Leak("refund", 1.0).note, Leak("chargeback", 1.0).note, "No times."], ["refund"])
    ['Suspected leak: chargeback alone has an AUC of 1.000. If it is only known after the outcome, leave it out
    (--ignore chargeback).', 'No times.']
    """
    told = tuple(_begins(column) for column in columns)
    return [note for note in notes if not note.startswith(told)]


def _begins(column: str) -> str:
    return f"Suspected leak: {column} alone has an AUC of "


def _shares_of_fraud(texts: NDArray[Any], fraud: Floats) -> Floats | None:
    codes, kinds = pd.factorize(texts)
    if len(kinds) > min(_MOST_KINDS, len(texts) // _ORDERS_A_KIND):
        return None
    return (np.bincount(codes, fraud) / np.bincount(codes))[codes]

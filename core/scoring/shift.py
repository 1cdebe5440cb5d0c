"""How far the columns of other orders lie from those a model knows: is it being asked about a world it has not seen?"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.scoring.model import Model

Floats = NDArray[np.float64]

STRONG_PSI = 0.25  # the field's rule of thumb: above it a distribution has shifted (Siddiqi 2006)
_BINS = 10
_LEAST = 1e-4  # share of an empty bin, so that no logarithm is endless


def feature_shift(model: Model, known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Every feature of the model, the one that shifted most first.

    known: features of orders the model was tested on; new: those of other orders. Columns: feature; missing_known,
    missing_new (share of orders without a value, 0–1); psi, the population stability index over tenths of known,
    missing counting as one more bin (above 0.25: shifted); not there at all: missing_new 1, psi missing.
    """
    rows = []
    for name in model.features:
        there = name in new
        before, after = known[name].isna().mean(), new[name].isna().mean() if there else 1.0
        rows.append((name, float(before), float(after), psi(known[name], new[name]) if there else np.nan))
    table = pd.DataFrame(rows, columns=["feature", "missing_known", "missing_new", "psi"])
    return table.sort_values(["psi", "feature"], ascending=[False, True], na_position="first", ignore_index=True)


def psi(known: "pd.Series[float]", new: "pd.Series[float]") -> float:
    """Population stability index of two samples, texts by text and numbers by tenths of the known one.

    >>> same = pd.Series([1.0, 2.0, 3.0, 4.0])
    >>> psi(same, same)
    0.0
    """
    if isinstance(known.dtype, pd.CategoricalDtype) or not pd.api.types.is_numeric_dtype(known):
        names = pd.Index(known.dropna().astype(str).unique())
        old, now = names.get_indexer(known.astype(str)), names.get_indexer(new.astype(str))
        return _index(old + 1, now + 1, len(names) + 1)
    edges = np.unique(known.quantile(np.linspace(0, 1, _BINS + 1)[1:-1]).to_numpy()).astype(np.float64)
    return _index(_bin(known, edges), _bin(new, edges), len(edges) + 2)


def _bin(values: "pd.Series[float]", edges: Floats) -> NDArray[np.int64]:
    """Which tenth each value lies in; the last bin holds the missing ones."""
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(numbers), len(edges) + 1, np.searchsorted(edges, numbers, side="left"))


def _index(old: NDArray[np.int64], new: NDArray[np.int64], bins: int) -> float:
    p, q = (np.maximum(np.bincount(part, minlength=bins) / max(len(part), 1), _LEAST) for part in (old, new))
    return float(np.sum((q - p) * np.log(q / p)))

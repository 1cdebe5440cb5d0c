"""Explanations as shap's own objects, and as a file that `shap.plots` opens: plain arrays, nothing pickled."""

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError
from core.explaining.explain import Explained

if TYPE_CHECKING:
    import shap

Ints = NDArray[np.int64]

_ARRAYS = ("values", "base_values", "data", "feature_names")


def as_explanation(explained: Explained, rows: Ints | None = None) -> "shap.Explanation":
    """Explained orders as a `shap.Explanation`, in log-odds of the score.

    rows: places among the explained orders, in the order wanted; all of them unless told. values, data: (rows,
    features); base_values: (rows,). A surrogate's last feature is what it does not explain, so values and base add up
    to the log-odds of the score in every case.
    """
    return _explanation(_arrays(explained, rows))


def explanation_bytes(explained: Explained, rows: Ints, order_ids: list[str]) -> bytes:
    """The same as an .npz file: arrays values, base_values, data, feature_names; order_id of each row; and
    explained_by, "model" or "surrogate"."""
    by = "model" if explained.fidelity is None else "surrogate"
    out = io.BytesIO()
    arrays: dict[str, Any] = {**_arrays(explained, rows), "order_id": np.array(order_ids, np.str_)}
    np.savez_compressed(out, **arrays, explained_by=np.array(by))
    return out.getvalue()


def load_explanation(path: str | Path) -> "shap.Explanation":
    """The explanation of a file written by `core explain --format shap`; ModelError where it is no such file."""
    try:
        with Path(path).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in _ARRAYS}
    except (OSError, ValueError, KeyError, EOFError, AttributeError, TypeError, zipfile.BadZipFile) as fault:
        raise ModelError(
            f"{path} cannot be read as an explanation ({type(fault).__name__}). "
            "Write one: python -m core explain ORDERS --at THRESHOLD --format shap --out FILE.npz."
        ) from fault
    return _explanation(arrays)


def _arrays(explained: Explained, rows: Ints | None) -> dict[str, NDArray[np.generic]]:
    rows = np.arange(len(explained.places)) if rows is None else rows
    return {
        "values": explained.values[rows],
        "base_values": np.full(len(rows), explained.base),
        "data": explained.rows[rows],
        "feature_names": np.array(explained.features, np.str_),
    }


def _explanation(arrays: dict[str, NDArray[np.generic]]) -> "shap.Explanation":
    import shap  # takes a second: only where one is asked for

    names = [str(name) for name in arrays["feature_names"]]
    return shap.Explanation(
        arrays["values"], base_values=arrays["base_values"], data=arrays["data"], feature_names=names
    )

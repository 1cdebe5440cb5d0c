"""A LightGBM model file somebody brings: checked line by line before anything runs on it, then a model like ours.

LightGBM ends the whole process on a text that was cut short, and compiled loops follow whatever children a tree names;
so the sizes and the shape of every tree are checked here first.
"""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import ModelError
from core.scoring.calibration import Calibration
from core.scoring.forest import Forest, read_covers, read_forest, walk_rows
from core.scoring.model import Model

Floats = NDArray[np.float64]

_OBJECTIVES = ("binary", "cross_entropy")
_END = "end of trees"
_CATEGORICAL = 1


def read_lightgbm(text: str, name: str) -> Model:
    """The model of a LightGBM text file (`Booster.save_model`), scoring 1 / (1 + exp(−sigmoid · margin)).

    name: of the file, for messages. Raises ModelError where it is no such file, damaged, or a model of something else
    than a probability of fraud.
    """
    head = _head(text, name)
    _check_kind(head, name)
    _check_whole(text, head, name)
    features = tuple(head["feature_names"].split())
    try:
        forest = read_forest(text)
        _check_trees(forest, text, len(features), name)
    except (KeyError, ValueError, OverflowError) as fault:
        raise _damaged(name, f"a tree cannot be read ({type(fault).__name__})") from fault
    sigmoid = float(re.findall(r"sigmoid:(\S+)", head["objective"])[0]) if "sigmoid:" in head["objective"] else 1.0
    return Model(text, features, {}, Calibration(sigmoid, 0.0), (), 0.0, {"brought": name})


def brought_features(model: Model, table: pd.DataFrame) -> pd.DataFrame:
    """The columns of a table that the model names, as numbers (float64), in its order.

    Spaces in a column's name may be underscores in the model's, as LightGBM writes them. Raises ModelError naming the
    features that are not there, and the columns that are no numbers.
    """
    columns = {str(name).replace(" ", "_"): name for name in table.columns}
    missing = [name for name in model.features if name not in columns]
    if missing:
        raise ModelError(
            f"The file lacks {len(missing)} of the {len(model.features)} features the model names: {_some(missing)}. "
            "Add them as numeric columns under these names; a column that plays a role goes by the role's name."
        )
    found = table[[columns[name] for name in model.features]].set_axis(list(model.features), axis=1)
    texts = [str(name) for name, kind in found.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    if texts:
        raise ModelError(
            f"The model's features must be numbers. Text in: {_some(texts)}. "
            "Give categories as the codes the model learnt them by, and times as numbers."
        )
    return found.astype(np.float64)


def brought_scores(model: Model, features: pd.DataFrame) -> Floats:
    """The model's probability (0–1) of each order of `brought_features`."""
    rows = np.ascontiguousarray(features.to_numpy(np.float64))
    margins = np.empty(len(rows))
    walk_rows(rows, 0, len(rows), margins, *read_forest(model.text).arrays)
    return model.calibration.scores(margins)


def _head(text: str, name: str) -> dict[str, str]:
    """The lines before the first tree."""
    first = text.find("\nTree=")
    if not text.startswith("tree\n") or first < 0:
        raise ModelError(f"{name} is not a LightGBM model. Give the text file that Booster.save_model(FILE) writes.")
    lines = text[:first].splitlines()
    head = {key: value for key, _, value in (line.partition("=") for line in lines)}
    lacking = [key for key in ("feature_names", "tree_sizes", "objective", "num_class") if not head.get(key)]
    if lacking:
        raise _damaged(name, f"it has no {lacking[0]}")
    return head


def _check_kind(head: dict[str, str], name: str) -> None:
    objective = head["objective"].split()[0]
    if objective not in _OBJECTIVES or head["num_class"] != "1":
        raise ModelError(
            f"{name} is a model of {objective!r}; one whose score is a probability is needed "
            f"(objective {' or '.join(_OBJECTIVES)}). Train it on fraud or legit."
        )
    if "average_output" in head:
        raise ModelError(f"{name} averages its trees (boosting=rf), which is not supported. Train it with gbdt.")


def _check_whole(text: str, head: dict[str, str], name: str) -> None:
    """Every tree begins where the sizes in the head say, and the last one is followed by the end."""
    raw = text.encode()
    at = raw.find(b"\nTree=") + 1
    sizes = head["tree_sizes"].split()
    for tree, size in enumerate(sizes):
        if not size.isdecimal() or not raw.startswith(f"Tree={tree}\n".encode(), at):
            raise _damaged(name, f"tree {tree} is not where it should be")
        at += int(size)
    if not raw.startswith(_END.encode(), at):
        raise _damaged(name, f"{_END!r} is missing after {len(sizes)} trees")


def _check_trees(forest: Forest, text: str, features: int, name: str) -> None:
    """Lists match, children come after their parents and exist, features and sets of categories are there."""
    covers = read_covers(text)
    nodes, leaves = (np.array([len(part) for part in parts]) for parts in covers)
    sizes = np.append(forest.leaf_starts[1:], len(forest.value)) - forest.leaf_starts
    own = np.repeat(sizes - 1, sizes - 1)  # nodes of the tree a node is in
    place = np.arange(len(own)) - np.repeat(np.cumsum(sizes - 1) - (sizes - 1), sizes - 1)
    lists = (forest.feature, forest.threshold, forest.decision, forest.left, forest.right)
    same = [len(part) == len(own) for part in lists] + [(nodes == sizes - 1).all(), (leaves == sizes)[nodes > 0].all()]
    if not all(same):
        raise _damaged(name, "a tree's lists differ in length")
    if any(((child < 0) & (~child > own) | (child >= 0) & ((child <= place) | (child >= own))).any()
           for child in (forest.left, forest.right)):  # fmt: skip
        raise _damaged(name, "a split leads nowhere")
    if ((forest.feature < 0) | (forest.feature >= features)).any():
        raise _damaged(name, "a split asks about a feature it does not name")
    sets, starts = forest.threshold[(forest.decision & _CATEGORICAL) == 1], forest.category_starts
    if (
        ((sets < 0) | (sets > len(starts) - 2)).any()
        or (np.diff(starts) < 0).any()
        or starts[-1] > len(forest.categories)
    ):
        raise _damaged(name, "a set of categories is not there")
    counts = np.concatenate([*covers[0], *(part for part in covers[1] if len(part) > 1), np.ones(1)])
    if not np.isfinite(forest.value).all() or np.isnan(forest.threshold).any() or not (counts > 0).all():
        raise _damaged(name, "a number is missing, or a leaf was learnt from no order")


def _damaged(name: str, how: str) -> ModelError:
    return ModelError(f"{name} is damaged: {how}. Save the model again with Booster.save_model(FILE).")


def _some(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")

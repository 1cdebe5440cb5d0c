"""A LightGBM model as plain arrays, read from its own text, and one compiled walk through its trees.

LightGBM predicts tables; this decides one order in microseconds, without building a table around it.
"""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError

_CATEGORICAL, _DEFAULT_LEFT = 1, 2
_MISSING_ZERO, _MISSING_NAN = 1, 2
_ZERO = 1e-35  # LightGBM's kZeroThreshold


@dataclass(frozen=True)
class Forest:
    """All trees end to end. A child below 0 is leaf ~child of its tree.

    roots, leaf_starts: (trees,) first node and first leaf of each tree. feature, threshold, decision, left, right:
    (nodes,). value: (leaves,) in log-odds. category_starts, categories: bit sets of categorical splits; a node's
    threshold is then the number of its set.
    """

    roots: NDArray[np.int32]
    leaf_starts: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    decision: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    category_starts: NDArray[np.int32]
    categories: NDArray[np.uint32]

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """In the order the compiled functions take them."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def read_forest(text: str) -> Forest:
    """The trees of a model in LightGBM's text format; ModelError where it is not one, or has linear leaves."""
    if "linear_tree: 1" in text or "is_linear=1" in text:
        raise ModelError(
            "The model has linear leaves; only constant leaves are supported. Train it without linear_tree."
        )
    blocks = [_fields(block) for block in text.split("\nTree=")[1:]]
    if not blocks:
        raise ModelError("The text holds no tree. Expected a model in LightGBM's text format.")
    nodes = [_nodes(block) for block in blocks]
    sets = [_sets(block) for block in blocks]
    node_counts = np.array([len(node["left_child"]) for node in nodes])
    set_counts = [len(starts) for starts, _ in sets]
    set_sizes = [len(bits) for _, bits in sets]
    leaves = [_numbers(block, "leaf_value") for block in blocks]
    shifted = [
        np.where(node["decision_type"] & _CATEGORICAL, node["threshold"] + before, node["threshold"])
        for node, before in zip(nodes, _before(set_counts), strict=True)
    ]
    starts = [part + before for (part, _), before in zip(sets, _before(set_sizes), strict=True)]
    return Forest(
        roots=np.where(node_counts, _before(node_counts), -1).astype(np.int32),
        leaf_starts=_before([len(part) for part in leaves]).astype(np.int32),
        feature=_joined([node["split_feature"] for node in nodes], np.int32),
        threshold=_joined(shifted, np.float64),
        decision=_joined([node["decision_type"] for node in nodes], np.int32),
        left=_joined([node["left_child"] for node in nodes], np.int32),
        right=_joined([node["right_child"] for node in nodes], np.int32),
        value=_joined(leaves, np.float64),
        category_starts=np.append(_joined(starts, np.int32), np.int32(sum(set_sizes))),
        categories=_joined([bits for _, bits in sets], np.uint32),
    )


def margin_of(forest: Forest, row: NDArray[np.float64]) -> float:
    """Log-odds of one order, before calibration. row: (features,) in the model's order, NaN where missing."""
    return float(walk(row, *forest.arrays))


def read_covers(text: str) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Orders the trees learnt from: at each node and at each leaf, a list entry a tree."""
    blocks = [_fields(block) for block in text.split("\nTree=")[1:]]
    return [_numbers(block, "internal_count") for block in blocks], [_numbers(block, "leaf_count") for block in blocks]


@numba.njit(cache=True, nogil=True)
def goes_left(x, kind, threshold, category_starts, categories):  # type: ignore[no-untyped-def]
    """Which way a value goes at a node, as LightGBM decides it."""
    missing = kind >> 2
    if kind & _CATEGORICAL:
        if np.isnan(x) or x < 0:
            return False
        set_, word = int(threshold), int(x) >> 5
        start = category_starts[set_]
        if word >= category_starts[set_ + 1] - start:
            return False
        return (categories[start + word] >> np.uint32(int(x) & 31)) & np.uint32(1) == 1
    if np.isnan(x) and missing != _MISSING_NAN:
        x = 0.0
    if (missing == _MISSING_NAN and np.isnan(x)) or (missing == _MISSING_ZERO and abs(x) <= _ZERO):
        return kind & _DEFAULT_LEFT != 0
    return x <= threshold


@numba.njit(cache=True, nogil=True)
def walk(  # type: ignore[no-untyped-def]
    row,
    roots,
    leaf_starts,
    feature,
    threshold,
    decision,
    left,
    right,
    value,
    category_starts,
    categories,
):
    """Sum of the leaves an order falls into; the compiled heart of `margin_of`."""
    total = 0.0
    for tree in range(roots.size):
        first = roots[tree]
        node = 0 if first >= 0 else -1
        while node >= 0:
            at = first + node
            to_left = goes_left(row[feature[at]], decision[at], threshold[at], category_starts, categories)
            node = left[at] if to_left else right[at]
        total += value[leaf_starts[tree] + ~node]
    return total


@numba.njit(cache=True, nogil=True)
def walk_rows(rows, first, last, out, *forest):  # type: ignore[no-untyped-def]
    """`walk` for rows first to last."""
    for place in range(first, last):
        out[place] = walk(rows[place], *forest)


def _fields(block: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in block.split("\n\n")[0].splitlines() if "=" in line)


def _nodes(block: dict[str, str]) -> dict[str, NDArray[Any]]:
    names = ("split_feature", "threshold", "decision_type", "left_child", "right_child")
    nodes = {name: _numbers(block, name) for name in names}
    return nodes | {name: nodes[name].astype(np.int64) for name in names if name != "threshold"}


def _sets(block: dict[str, str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each categorical set of a tree begins, and their words of 32 bits."""
    return _numbers(block, "cat_boundaries")[:-1], _numbers(block, "cat_threshold")


def _numbers(block: dict[str, str], name: str) -> NDArray[np.float64]:
    try:
        return np.array([float(word) for word in block.get(name, "").split()])
    except ValueError as fault:
        raise ModelError(f"The model's text is damaged: {name} holds {block[name][:40]!r}.") from fault


def _before(counts: "list[int] | NDArray[np.int64]") -> NDArray[np.int64]:
    """How many come before each part."""
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)


def _joined(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, kind)

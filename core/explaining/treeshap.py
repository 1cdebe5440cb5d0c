"""Exact path-dependent TreeSHAP for every order, from a table a leaf.

A leaf's part in an order's explanation depends only on which of the features on its path let the order through:
2^m patterns for m features (Yang 2021, "Fast TreeSHAP", the second algorithm). All of them are worked out once for a
model; an order then costs one look-up a leaf. Values equal LightGBM's own contributions and shap.TreeExplainer's.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import lightgbm
import numba
import numpy as np
from numpy.typing import NDArray

from core.scoring.forest import Forest, goes_left, read_covers, read_forest

Floats = NDArray[np.float64]

MOST_TABLE_BYTES = 256_000_000
_MOST_NODES = 64  # of one tree: the ways taken at its nodes are bits of one word
_BLOCK = 128  # orders taken through a tree before the next one, so that its tables stay near
_THREADS = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tables:
    """What the explanations of a model are read from.

    base: expected log-odds of an order the model learnt from. starts: (leaves + 1,) where each leaf's features begin;
    feature, mask, want: (sum of m,) the feature, the nodes of its tree that ask about it on the path, and the answers
    (as bits: left = 1) that let an order through; offsets: (leaves,) where a leaf's table begins; table: its 2^m
    patterns × m features, in log-odds, feature by feature.
    """

    forest: Forest
    base: float
    starts: NDArray[np.int64]
    feature: NDArray[np.int32]
    mask: NDArray[np.uint64]
    want: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    table: Floats


class Explainer:
    """SHAP values of a LightGBM model of one output, in its log-odds."""

    def __init__(self, text: str) -> None:
        """text: the model in LightGBM's text format. Trees too large for tables are left to shap, and logged."""
        self._tables = _tables(read_forest(text), *read_covers(text))
        self._tree_explainer = None if self._tables else _tree_explainer(text)
        if self._tables is None:
            most = MOST_TABLE_BYTES // 10**6
            log.warning("Trees of over %d splits, or tables beyond %d MB: shap explains.", _MOST_NODES, most)

    @property
    def table_bytes(self) -> int:
        """Memory of the tables; 0 where shap explains."""
        return 0 if self._tables is None else self._tables.table.nbytes

    def explain(self, rows: Floats) -> tuple[Floats, float]:
        """SHAP values (orders, features) and the base value: each order's values and the base add up to its margin.

        rows: (orders, features) in the model's order, NaN where missing, categories as codes.
        """
        if self._tree_explainer is not None:
            return _by_shap(self._tree_explainer, rows)
        assert self._tables is not None
        rows = np.ascontiguousarray(rows, np.float64)
        values, tables = np.zeros(rows.shape), self._tables
        leaves = (tables.starts, tables.feature, tables.mask, tables.want, tables.offsets, tables.table)

        def part(first: int, last: int) -> None:
            _explain(rows, first, last, values, *leaves, *tables.forest.arrays)

        if len(rows) <= _BLOCK:
            part(0, len(rows))
        else:
            ends = np.linspace(0, len(rows), _THREADS + 1).astype(int).tolist()
            with ThreadPoolExecutor(_THREADS) as pool:
                list(pool.map(part, ends[:-1], ends[1:]))
        return values, tables.base


def _tree_explainer(text: str) -> Any:
    """shap's own explainer. Imported here: shap takes a second to import, and most models never need it."""
    import shap

    return shap.TreeExplainer(lightgbm.Booster(model_str=text))


def _by_shap(explainer: Any, rows: Floats) -> tuple[Floats, float]:
    if len(rows) == 0:
        return np.zeros(rows.shape), 0.0
    found = explainer(rows, check_additivity=False)  # called, not .shap_values(): that one warns of its own past
    return np.asarray(found.values, np.float64), float(np.ravel(found.base_values)[0])


@dataclass(frozen=True)
class _Step:
    node: int
    left: bool
    share: float  # of the orders at the node that go this way


def _tables(forest: Forest, node_counts: list[Floats], leaf_counts: list[Floats]) -> Tables | None:
    """The tables of all leaves, tree by tree; None where they would be too large."""
    starts, feature, mask, want, offsets, parts = [0], [], [], [], [], []
    base, size = 0.0, 0
    for tree, (nodes, leaves) in enumerate(zip(node_counts, leaf_counts, strict=True)):
        values = forest.value[forest.leaf_starts[tree] : forest.leaf_starts[tree] + max(len(leaves), 1)]
        if len(nodes) == 0:
            base += float(values[0])
            starts.append(starts[-1])
            offsets.append(size)
            continue
        if len(nodes) > _MOST_NODES:
            return None
        base += float(values @ leaves / leaves.sum())
        for leaf, path in enumerate(_paths(forest, tree, nodes, leaves)):
            asked = list(dict.fromkeys(int(forest.feature[forest.roots[tree] + step.node]) for step in path))
            size += len(asked) << len(asked)
            if size * 8 > MOST_TABLE_BYTES:
                return None
            shares = np.ones(len(asked))
            bits = np.zeros((2, len(asked)), np.uint64)
            for step in path:
                place = asked.index(int(forest.feature[forest.roots[tree] + step.node]))
                shares[place] *= step.share
                bits[0, place] |= np.uint64(1) << np.uint64(step.node)
                bits[1, place] |= np.uint64(step.left) << np.uint64(step.node)
            offsets.append(size - (len(asked) << len(asked)))
            starts.append(starts[-1] + len(asked))
            feature += asked
            mask += bits[0].tolist()
            want += bits[1].tolist()
            parts.append(_patterns(float(values[leaf]), shares).T.ravel())
    return Tables(
        forest,
        base,
        np.array(starts, np.int64),
        np.array(feature, np.int32),
        np.array(mask, np.uint64),
        np.array(want, np.uint64),
        np.array(offsets, np.int64),
        np.concatenate(parts) if parts else np.zeros(0),
    )


def _paths(forest: Forest, tree: int, nodes: Floats, leaves: Floats) -> list[list[_Step]]:
    """The steps from the root to each leaf of a tree."""
    paths: list[list[_Step]] = [[] for _ in leaves]
    todo: list[tuple[int, list[_Step]]] = [(0, [])]
    while todo:
        node, path = todo.pop()
        if node < 0:
            paths[~node] = path
            continue
        at = forest.roots[tree] + node
        for left, child in ((True, int(forest.left[at])), (False, int(forest.right[at]))):
            count = nodes[child] if child >= 0 else leaves[~child]
            todo.append((child, [*path, _Step(node, left, float(count / nodes[node]))]))
    return paths


def _patterns(value: float, shares: Floats) -> Floats:
    """SHAP values of one leaf for every pattern of features that let an order through: (2^m, m).

    With o the pattern and z the shares of orders that pass, a feature's value is v·(o − z)·∫ ∏ (t·o_j + (1−t)·z_j) dt
    over t from 0 to 1 and the other features j: the Shapley weights are that integral (a Beta function), and
    Gauss-Legendre points make it exact, since the product is a polynomial of degree m − 1.

    >>> _patterns(1.0, np.array([0.25])).tolist()
    [[-0.25], [0.75]]
    """
    m = len(shares)
    points, weights = np.polynomial.legendre.leggauss(m // 2 + 1)
    t = (points + 1) / 2
    through = (np.arange(1 << m)[:, None] >> np.arange(m)) & 1
    factors = through[:, :, None] * t + (1 - t) * shares[:, None]
    others = factors.prod(axis=1, keepdims=True) / factors
    patterns: Floats = value * (through - shares) * (others @ (weights / 2))
    return patterns


@numba.njit(cache=True, nogil=True)
def _explain(  # type: ignore[no-untyped-def]
    rows,
    first,
    last,
    values,
    starts,
    leaf_feature,
    mask,
    want,
    offsets,
    table,
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
    columns = np.zeros((rows.shape[1], _BLOCK))
    sums = np.empty((rows.shape[1], _BLOCK))
    ways, pattern = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.int64)
    for start in range(first, last, _BLOCK):
        size = min(_BLOCK, last - start)
        for place in range(size):
            for name in range(rows.shape[1]):
                columns[name, place] = rows[start + place, name]
        sums[:] = 0.0
        for tree in range(roots.size):
            leaf_first = leaf_starts[tree]
            leaf_end = leaf_starts[tree + 1] if tree + 1 < roots.size else value.size
            ways[:] = 0
            for node in range(leaf_end - leaf_first - 1):
                at = roots[tree] + node
                _ask(
                    columns[feature[at]],
                    ways,
                    np.uint64(node),
                    decision[at],
                    threshold[at],
                    category_starts,
                    categories,
                )
            for leaf in range(leaf_first, leaf_end):
                begin, m = starts[leaf], starts[leaf + 1] - starts[leaf]
                pattern[:] = 0
                for i in range(m):
                    asked, answer, one = mask[begin + i], want[begin + i], np.int64(1) << i
                    for place in range(_BLOCK):
                        pattern[place] |= one if ways[place] & asked == answer else 0
                for i in range(m):
                    here = table[offsets[leaf] + (i << m) : offsets[leaf] + ((i + 1) << m)]
                    into = sums[leaf_feature[begin + i]]
                    for place in range(_BLOCK):
                        into[place] += here[pattern[place]]
        for place in range(size):
            for name in range(rows.shape[1]):
                values[start + place, name] = sums[name, place]


@numba.njit(cache=True, nogil=True)
def _ask(column, ways, node, kind, threshold, category_starts, categories):  # type: ignore[no-untyped-def]
    """Set the bit of a node for every order of a block that goes left at it."""
    if kind & 1 == 0 and kind >> 2 == 2:  # a number, NaN missing: nearly every node
        missing_left = kind & 2 != 0
        for place in range(column.size):
            x = column[place]
            ways[place] |= np.uint64((x <= threshold) | (missing_left & (x != x))) << node
    else:
        for place in range(column.size):
            left = goes_left(column[place], kind, threshold, category_starts, categories)
            ways[place] |= np.uint64(left) << node

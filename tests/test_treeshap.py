"""Explanations of trees: on paper, against shap, against every subset written out, and additive to the last digits."""

import itertools
import logging
import math
import subprocess
import sys

import lightgbm
import numpy as np
import pytest
import shap

from core.building.pipeline import build
from core.explaining import treeshap
from core.explaining.treeshap import Explainer
from core.scoring.forest import margin_of, read_forest
from core.scoring.model import margins, model_rows
from tests.tables import learnable_orders


def trained(
    rows: int = 3000,
    *,
    leaves: int = 16,
    trees: int = 20,
    categories: bool = False,
    missing: bool = False,
    seed: int = 1,
) -> tuple[lightgbm.Booster, np.ndarray]:
    random = np.random.default_rng(1)
    x = random.normal(size=(rows, 6)).round(2)
    if categories:
        x[:, 5] = random.integers(0, 40, rows)
    odds = x[:, 0] * x[:, 1] + x[:, 2] - (x[:, 5] % 3 == 0)
    y = (random.random(rows) < 1 / (1 + np.exp(1 - odds))).astype(float)
    if missing:
        x[random.random(x.shape) < 0.2] = np.nan
    data = lightgbm.Dataset(x, y, categorical_feature=[5] if categories else [])
    parameters = {"objective": "binary", "num_leaves": leaves, "verbosity": -1, "seed": 1, "num_threads": 1}
    return lightgbm.train(parameters, data, trees), x


@pytest.mark.parametrize(
    "choices",
    [
        {}, {"leaves": 2}, {"leaves": 3, "trees": 5}, {"leaves": 31, "trees": 8}, {"missing": True},
        {"categories": True}, {"categories": True, "missing": True, "leaves": 31}, {"trees": 1},
    ],
    ids=str,
)  # fmt: skip
def test_equals_shap(choices: dict[str, int]) -> None:
    booster, x = trained(**choices)
    values, base = Explainer(booster.model_to_string()).explain(x)
    theirs = np.asarray(shap.TreeExplainer(booster).shap_values(x, check_additivity=False))
    assert np.abs(values - theirs).max() < 1e-6
    assert base == pytest.approx(booster.predict(x[:1], pred_contrib=True)[0, -1])
    assert np.abs(values.sum(axis=1) + base - booster.predict(x, raw_score=True)).max() < 1e-9


pytestmark = pytest.mark.filterwarnings("ignore:LightGBM binary classifier:UserWarning")

STUMP = """tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=binary sigmoid:1
feature_names=a b
feature_infos=[0:1] [0:1]

Tree=0
num_leaves={leaves}
num_cat=0
split_feature={feature}
threshold={threshold}
decision_type={decision}
left_child={left}
right_child={right}
leaf_value={value}
leaf_count={count}
internal_count={nodes}
shrinkage=1


end of trees
"""


def test_a_stump_on_paper() -> None:
    """1 of 4 orders goes left, to 2; the others to −2. Base 0.25·2 − 0.75·2 = −1: left explains +3, right −1."""
    text = STUMP.format(leaves=2, feature=0, threshold=0.5, decision=2 | 8, left=-1, right=-2, value="2 -2",
                        count="1 3", nodes=4)  # fmt: skip
    values, base = Explainer(text).explain(np.array([[0.0, 9.0], [1.0, 9.0], [np.nan, 9.0]]))
    assert base == -1
    assert values.tolist() == [[3, 0], [-1, 0], [3, 0]]  # missing goes left by default


def test_two_features_on_paper() -> None:
    """a <= 0.5 and then b <= 0.5 gives 8, else 0; half the orders pass each. For an order that passes both
    v({}) = 2, v({a}) = v({b}) = 4, v({a, b}) = 8: each feature gets ((4 − 2) + (8 − 4)) / 2 = 3."""
    text = STUMP.format(leaves=3, feature="0 1", threshold="0.5 0.5", decision="10 10", left="1 -1", right="-2 -3",
                        value="8 0 0", count="1 2 1", nodes="4 2")  # fmt: skip
    values, base = Explainer(text).explain(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]]))
    assert base == 2
    assert values[0] == pytest.approx([3, 3])
    assert values[1] == pytest.approx([1, -3])  # v({a}) = 4, v({b}) = 0, v({a, b}) = 0
    assert values[2] == pytest.approx([-3, 1])


def slow_leaf(value: float, shares: list[float], through: list[int]) -> list[float]:
    """Shapley values of one leaf, every subset written out."""
    m = len(shares)

    def game(subset: tuple[int, ...]) -> float:
        return value * math.prod(through[j] if j in subset else shares[j] for j in range(m))

    found = []
    for i in range(m):
        others = [j for j in range(m) if j != i]
        total = 0.0
        for size in range(m):
            weight = math.factorial(size) * math.factorial(m - 1 - size) / math.factorial(m)
            for subset in itertools.combinations(others, size):
                total += weight * (game((*subset, i)) - game(subset))
        found.append(total)
    return found


@pytest.mark.parametrize("m", [1, 2, 3, 5, 7])
def test_the_table_of_a_leaf_equals_every_subset_written_out(m: int) -> None:
    shares = np.random.default_rng(m).uniform(0.01, 0.99, m)
    table = treeshap._patterns(1.7, shares)
    for pattern in range(1 << m):
        through = [pattern >> i & 1 for i in range(m)]
        assert table[pattern] == pytest.approx(slow_leaf(1.7, shares.tolist(), through), abs=1e-12)


def test_on_the_model_the_product_trains_calibration_included() -> None:
    """What people see is slope · margin + offset: values times the slope add up to it exactly."""
    data = build(learnable_orders())
    assert data.model is not None
    assert data.features is not None
    rows = model_rows(data.model, data.features)
    values, base = Explainer(data.model.text).explain(rows)
    theirs = np.asarray(data.model.booster().predict(rows, pred_contrib=True))
    assert np.abs(values - theirs[:, :-1]).max() < 1e-6
    slope, offset = data.model.calibration.slope, data.model.calibration.offset
    log_odds = slope * (values.sum(axis=1) + base) + offset
    assert 1 / (1 + np.exp(-log_odds)) == pytest.approx(data.orders["score"].to_numpy(), abs=1e-9)
    assert margins(data.model, data.features) == pytest.approx(values.sum(axis=1) + base)


def test_blocks_threads_and_single_orders_agree() -> None:
    booster, x = trained(rows=1000, categories=True, missing=True)
    explainer = Explainer(booster.model_to_string())
    whole, _ = explainer.explain(x)
    parts = np.vstack([explainer.explain(x[place : place + 1])[0] for place in range(0, 300, 7)])
    assert np.array_equal(parts, whole[0:300:7])
    assert explainer.explain(x[:0])[0].shape == (0, 6)
    forest = read_forest(booster.model_to_string())
    assert margin_of(forest, x[3]) == pytest.approx(booster.predict(x[3:4], raw_score=True)[0])


def test_trees_too_large_for_tables_are_left_to_shap_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    booster, x = trained(leaves=31)
    known, base = Explainer(booster.model_to_string()).explain(x)
    monkeypatch.setattr(treeshap, "MOST_TABLE_BYTES", 1000)
    with caplog.at_level(logging.WARNING):
        explainer = Explainer(booster.model_to_string())
    assert "shap explains" in caplog.text
    assert explainer.table_bytes == 0
    values, same = explainer.explain(x)
    assert np.abs(values - known).max() < 1e-6
    assert same == pytest.approx(base)
    assert explainer.explain(x[:0])[0].shape == (0, 6)
    wide, x = trained(leaves=100, rows=6000, trees=2)
    explainer = Explainer(wide.model_to_string())
    assert explainer.table_bytes == 0
    values, base = explainer.explain(x)
    assert np.abs(values.sum(axis=1) + base - wide.predict(x, raw_score=True)).max() < 1e-9


def test_shap_is_imported_only_where_it_is_used() -> None:
    """It takes a second, and every page imports this module."""
    code = "import sys, core.explaining.treeshap, core.command_line.commands; sys.exit('shap' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0

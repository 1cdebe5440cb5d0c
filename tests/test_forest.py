"""The compiled walk equals LightGBM on numbers, zeros, missing values, categories and stumps."""

import lightgbm
import numpy as np
import pandas as pd
import pytest

from core.errors import ModelError
from core.scoring.forest import Forest, margin_of, read_forest

HAND_MADE = """tree
version=v4

Tree=0
num_leaves=3
num_cat=0
split_feature=1 0
threshold=2.5 10
decision_type=2 8
left_child=1 -1
right_child=-2 -3
leaf_value=0.25 -1 4

Tree=1
num_leaves=1
num_cat=0
leaf_value=0.5

end of trees
"""


def table(rows: int = 400) -> pd.DataFrame:
    random = np.random.default_rng(2)
    numbers = random.normal(size=(rows, 3)).round(1)
    numbers[random.random((rows, 3)) < 0.2] = np.nan
    frame = pd.DataFrame(numbers, columns=["a", "b", "c"])
    frame["zero"] = random.integers(0, 3, rows).astype(float)
    frame["kind"] = pd.Categorical.from_codes(random.integers(-1, 70, rows), [f"k{i}" for i in range(70)])
    return frame


def trained(frame: pd.DataFrame, **parameters: object) -> lightgbm.Booster:
    signal = frame["a"].fillna(1) + frame["zero"] + (frame["kind"].cat.codes % 3 == 0) * 2
    label = (signal + np.random.default_rng(4).normal(size=len(frame)) > 2).astype(float)
    chosen = {"objective": "binary", "verbosity": -1, "min_data_per_group": 1, "cat_smooth": 0, "num_threads": 1}
    return lightgbm.train(chosen | parameters, lightgbm.Dataset(frame, label), 30)


def as_rows(frame: pd.DataFrame) -> np.ndarray:
    codes = frame["kind"].cat.codes.astype(float).replace(-1.0, np.nan)
    return frame.assign(kind=codes).to_numpy(float)


def test_two_trees_by_hand() -> None:
    """b <= 2.5 and a <= 10: 0.25; b <= 2.5 and a > 10 (or a missing, not default left): 4; else -1; plus 0.5."""
    forest = read_forest(HAND_MADE)
    rows = [([10.0, 2.5], 0.75), ([11.0, 2.0], 4.5), ([np.nan, 2.0], 4.5), ([0.0, 3.0], -0.5), ([0.0, np.nan], 0.75)]
    for row, margin in rows:
        assert margin_of(forest, np.array(row)) == margin


@pytest.mark.parametrize(
    "parameters",
    [{}, {"num_leaves": 2}, {"use_missing": False}, {"zero_as_missing": True}, {"max_cat_to_onehot": 100}],
    ids=str,
)
def test_equals_lightgbm(parameters: dict[str, object]) -> None:
    frame = table()
    booster = trained(frame, **parameters)
    forest = read_forest(booster.model_to_string())
    ours = [margin_of(forest, row) for row in as_rows(frame)]
    assert ours == pytest.approx(booster.predict(frame, raw_score=True).tolist(), abs=1e-12)


def test_a_category_never_seen_is_missing() -> None:
    frame = table()
    booster = trained(frame)
    forest: Forest = read_forest(booster.model_to_string())
    row = as_rows(frame)[0]
    row[4] = 10_000
    missing = row.copy()
    missing[4] = np.nan
    assert margin_of(forest, row) == margin_of(forest, missing)


def test_text_that_is_no_model_is_refused() -> None:
    with pytest.raises(ModelError, match="holds no tree"):
        read_forest("hello")
    with pytest.raises(ModelError, match=r"leaf_value holds '0\.25 x'"):
        read_forest("\nTree=0\nleaf_value=0.25 x\n\n")

"""A LightGBM model file somebody brings: the scores LightGBM gives, explained as shap does; damage is one line."""

import lightgbm
import numpy as np
import pandas as pd
import pytest

from core.errors import ModelError
from core.explaining.explain import explain_rows
from core.explaining.treeshap import Explainer
from core.scoring.brought import brought_features, brought_scores, read_lightgbm

NAMES = ["amount", "clicks", "shop"]


def table(rows: int = 2000, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """Clicks are missing in a fifth of the orders; shop is a category by its code."""
    random = np.random.default_rng(seed)
    found = pd.DataFrame({
        "amount": random.lognormal(4, 1, rows), "clicks": random.normal(size=rows),
        "shop": random.integers(0, 30, rows),
    })  # fmt: skip
    odds = found["clicks"] + (found["shop"] % 3 == 0) - (found["amount"] > 80) * found["clicks"]
    labels = (random.random(rows) < 1 / (1 + np.exp(1 - odds))).astype(float).to_numpy()
    found.loc[random.random(rows) < 0.2, "clicks"] = np.nan
    return found, labels


def trained(seed: int = 1, **parameters: object) -> tuple[lightgbm.Booster, pd.DataFrame]:
    found, labels = table(seed=seed)
    data = lightgbm.Dataset(found, labels, categorical_feature=["shop"])
    return lightgbm.train({"objective": "binary", "verbosity": -1, "seed": seed} | parameters, data, 15), found


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("leaves", [8, 31, 120])
def test_explanations_and_scores_equal_shap_and_lightgbm(seed: int, leaves: int) -> None:
    """120 leaves are beyond the tables, so shap explains those; missing values and categories are in all of them."""
    import shap

    booster, found = trained(seed, num_leaves=leaves, min_data_in_leaf=5)
    model = read_lightgbm(booster.model_to_string(), "model.txt")
    features = brought_features(model, found[NAMES[::-1]].assign(other=1))
    assert brought_scores(model, features) == pytest.approx(booster.predict(found), abs=1e-12)
    rows = features.to_numpy()
    explained = explain_rows(model, rows)
    theirs = shap.TreeExplainer(booster)(rows, check_additivity=False)
    assert np.abs(explained.values - theirs.values).max() < 1e-9
    assert explained.base == pytest.approx(float(theirs.base_values[0]), abs=1e-9)
    assert (Explainer(model.text).table_bytes == 0) == (leaves == 120)


def test_the_sigmoid_of_the_model_scales_its_parts() -> None:
    booster, found = trained(sigmoid=2.0)
    model = read_lightgbm(booster.model_to_string(), "model.txt")
    scores = booster.predict(found)
    assert brought_scores(model, brought_features(model, found)) == pytest.approx(scores, abs=1e-12)
    log_odds = explain_rows(model, found.to_numpy(float)).log_odds
    assert log_odds == pytest.approx(np.log(scores / (1 - scores)), abs=1e-9)


def test_a_model_of_single_leaves_gives_its_constant() -> None:
    booster, found = trained(min_data_in_leaf=5000)
    model = read_lightgbm(booster.model_to_string(), "model.txt")
    assert np.ptp(brought_scores(model, brought_features(model, found))) == 0


def test_missing_features_and_texts_are_named() -> None:
    booster, found = trained()
    model = read_lightgbm(booster.model_to_string(), "model.txt")
    with pytest.raises(ModelError, match=r"lacks 2 of the 3 features the model names: amount, shop\. Add them"):
        brought_features(model, found[["clicks"]])
    with pytest.raises(ModelError, match=r"must be numbers\. Text in: shop\. Give categories as the codes"):
        brought_features(model, found.assign(shop="new"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a LightGBM model"),
        ("order_id,amount\na,1\n", "not a LightGBM model"),
        ("tree\nversion=v4\n\nTree=0\n", "is damaged: it has no feature_names"),
    ],
)
def test_another_file_is_refused(text: str, says: str) -> None:
    with pytest.raises(ModelError, match=f"^model.txt {says}|^model.txt is {says}"):
        read_lightgbm(text, "model.txt")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_a_truncated_file_is_refused_before_it_can_end_the_process(share: float) -> None:
    text = trained()[0].model_to_string()
    whole = text[: text.index("end of trees")]
    with pytest.raises(ModelError, match=r"model\.txt is (damaged|not a LightGBM model)"):
        read_lightgbm(whole[: int(share * len(whole))], "model.txt")


@pytest.mark.parametrize(
    ("line", "become", "says"),
    [
        ("left_child", "0", "a split leads nowhere"),
        ("right_child", "99", "a split leads nowhere"),
        ("left_child", "-99", "a split leads nowhere"),
        ("split_feature", "9", "a feature it does not name"),
        ("leaf_count", "0", "a number is missing, or a leaf was learnt from no order"),
        ("leaf_value", "nan", "a number is missing"),
        ("threshold", "", "a tree cannot be read|differ in length"),
    ],
)
def test_a_tree_that_leads_astray_is_refused(line: str, become: str, says: str) -> None:
    text = trained()[0].model_to_string()
    start = text.index(f"\n{line}=") + len(line) + 2
    end = text.index("\n", start)
    numbers = text[start:end].split()
    numbers[0] = become
    broken = text[:start] + " ".join(numbers).strip() + text[end:]
    sizes = text.index("tree_sizes=") + len("tree_sizes=")
    first = text[sizes : text.index(" ", sizes)]
    grown = str(int(first) + len(broken) - len(text))
    with pytest.raises(ModelError, match=says):
        read_lightgbm(broken.replace(f"tree_sizes={first} ", f"tree_sizes={grown} "), "model.txt")


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"objective": "regression"}, "a model of 'regression'; one whose score is a probability is needed"),
        ({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "averages its trees"),
        ({"linear_tree": True}, "linear leaves"),
    ],
)
def test_models_of_another_kind_are_refused(parameters: dict[str, object], says: str) -> None:
    with pytest.raises(ModelError, match=says):
        read_lightgbm(trained(**parameters)[0].model_to_string(), "model.txt")

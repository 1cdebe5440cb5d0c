"""The model: what it refuses to learn from, its texts there and back, and every damage named."""

import json

import numpy as np
import pandas as pd
import pytest

from core.errors import ModelError
from core.scoring.features import build_features
from core.scoring.model import Model, model_from_texts, model_texts, score_features, train_model
from core.scoring.rules import Rule
from tests.tables import learnable_orders

RULES = (Rule("small", (("amount", "<=", 5.0),)),)


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return learnable_orders()


@pytest.fixture(scope="module")
def features(orders: pd.DataFrame) -> pd.DataFrame:
    return build_features(orders, label_delay_days=3)[0].rename(columns={"hour": 'h "o" [u]: r, é'})


@pytest.fixture(scope="module")
def model(orders: pd.DataFrame, features: pd.DataFrame) -> Model:
    return train_model(features, orders["is_fraud"], RULES, label_delay_days=3)[0]


def changed(model: Model, **values: object) -> tuple[str, str]:
    text, metadata = model_texts(model)
    return text, json.dumps(json.loads(metadata) | values)


def test_scores_are_probabilities_that_rise_with_the_margin(model: Model, features: pd.DataFrame) -> None:
    scores = score_features(model, features)
    assert ((scores > 0) & (scores < 1)).all()
    assert model.calibration.slope > 0


def test_it_is_an_online_models_size(model: Model) -> None:
    assert model.about["trees"] <= 200
    assert model.about["leaves"] <= 16
    assert model.about["kilobytes"] == pytest.approx(len(model.text) / 1024, abs=0.1)


def test_the_same_seed_gives_the_same_trees(model: Model, orders: pd.DataFrame, features: pd.DataFrame) -> None:
    again = train_model(features, orders["is_fraud"], RULES, label_delay_days=3)[0]
    assert again.text == model.text


def test_texts_there_and_back_give_the_same_scores(model: Model, features: pd.DataFrame) -> None:
    back = model_from_texts(*model_texts(model))
    assert np.array_equal(score_features(back, features), score_features(model, features))
    assert (back.features, back.rules, back.categories) == (model.features, model.rules, model.categories)


def test_columns_in_another_order_and_more_of_them_change_nothing(model: Model, features: pd.DataFrame) -> None:
    other = features[features.columns[::-1]].assign(more=1.0)
    assert np.array_equal(score_features(model, other), score_features(model, features))


def test_a_text_never_seen_counts_as_missing(model: Model, features: pd.DataFrame) -> None:
    name = "device {type}"
    strange, missing = (features.assign(**{name: pd.Categorical([v] * len(features))}) for v in ("odd", None))
    assert np.array_equal(score_features(model, strange), score_features(model, missing))


def test_a_missing_feature_is_named(model: Model, features: pd.DataFrame) -> None:
    with pytest.raises(ModelError, match=r"lack 1 of the .* features of the model: amount"):
        score_features(model, features.drop(columns="amount"))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"format": 99}, "of format 99"),
        ({"sha256": "0" * 64}, "truncated or edited"),
        ({"features": ["amount"]}, "another number of features"),
        ({"calibration": {"slope": -1.0, "offset": 0.0}}, "slope must be above 0"),
        ({"calibration": {"slope": float("nan"), "offset": 0.0}}, "slope must be above 0"),
        ({"calibration": {"steep": 1}}, "metadata is damaged"),
        ({"rules": [{"name": "x", "conditions": [["amount", "~", 1]]}]}, "metadata is damaged"),
        ({"rules": [{"name": "x", "conditions": [["luck", "<=", 1]]}]}, "features that do not exist: luck"),
        ({"label_delay_days": "soon"}, "metadata is damaged"),
        ({"categories": None}, "metadata is damaged"),
    ],
)
def test_every_damage_of_the_metadata_is_named(model: Model, values: dict[str, object], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        model_from_texts(*changed(model, **values))


def test_a_truncated_or_edited_text_never_reaches_lightgbm(model: Model) -> None:
    text, metadata = model_texts(model)
    for damaged in (text[: len(text) // 2], text.replace("leaf_value=", "leaf_value=9", 1), ""):
        with pytest.raises(ModelError, match="truncated or edited"):
            model_from_texts(damaged, metadata)
    for damaged in ("", "{", "[]", "null", metadata[:40]):
        with pytest.raises(ModelError, match="metadata is damaged"):
            model_from_texts(text, damaged)


def test_too_little_fraud_is_refused_with_a_remedy(orders: pd.DataFrame, features: pd.DataFrame) -> None:
    labels = pd.Series(0.0, orders.index)
    with pytest.raises(ModelError, match=r"at least 50 known frauds.*Found 0.*--map score"):
        train_model(features, labels, (), label_delay_days=0)
    labels[-100:] = 1.0
    with pytest.raises(ModelError, match="first 80 % of the learning period have only one kind of outcome"):
        train_model(features, labels, (), label_delay_days=0)

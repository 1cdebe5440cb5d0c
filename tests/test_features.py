"""Every feature against a slow twin that masks the earlier rows by hand; and what is never a feature."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scoring.feature_rows import FEATURES
from core.scoring.features import build_features
from tests.tables import slow_features, small_orders

RISKS = {feature.name for feature in FEATURES if not feature.sql}


@pytest.mark.parametrize("seed", range(5))
def test_equals_the_slow_twin(seed: int) -> None:
    orders = small_orders(seed)
    features, _ = build_features(orders, label_delay_days=1)
    slow = pd.DataFrame([slow_features(orders, place) for place in range(len(orders))])
    assert set(slow) == {feature.name for feature in FEATURES} - RISKS
    for name in slow:
        assert features[name].tolist() == pytest.approx(slow[name].tolist(), rel=1e-5, nan_ok=True), name


def test_orders_of_one_instant_do_not_see_each_other() -> None:
    orders = small_orders(0, 2).assign(account_id="a", ordered_at=np.datetime64("2026-03-01T10:00", "us"))
    features, _ = build_features(orders, label_delay_days=1)
    assert features["account_orders_7d"].tolist() == [0, 0]
    assert features["first_order"].tolist() == [1, 1]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.integers(1, 59))
def test_later_orders_change_no_feature_of_earlier_ones(seed: int, rows: int) -> None:
    orders = small_orders(seed)
    cut = orders[orders["ordered_at"] <= orders["ordered_at"].iloc[rows]]
    whole, part = (build_features(table, label_delay_days=1)[0].select_dtypes("number") for table in (orders, cut))
    pd.testing.assert_frame_equal(part, whole[: len(cut)])


def test_roles_the_data_lack_give_fewer_features() -> None:
    orders = small_orders(1)
    every = {feature.name for feature in FEATURES} | {"category"}
    assert set(build_features(orders, label_delay_days=1)[0]) == every
    without = build_features(orders.drop(columns=["device_id", "category"]), label_delay_days=1)[0]
    assert every - set(without) == {name for name in every if "device" in name or "category" in name}
    timeless = build_features(orders.drop(columns="ordered_at"), label_delay_days=1)[0]
    assert set(timeless) == {"amount", "address_mismatch", "category"}


def test_the_files_other_columns() -> None:
    orders = small_orders(1).assign(
        age=np.arange(60), browser=pd.array(["A", "B"] * 30, "str"), same=1.0, text=[f"t{i}" for i in range(60)]
    )
    wide = pd.concat([orders] * 5, ignore_index=True).assign(text=[f"t{i}" for i in range(300)])
    features, notes = build_features(wide, label_delay_days=1)
    assert features["age"].dtype == "float32"
    assert list(features["browser"].cat.categories) == ["A", "B"]
    assert {"same", "text"}.isdisjoint(features)
    assert notes == [
        "Column same is left out: it has the same value in every order.",
        "Column text is left out: 300 different texts are too many for a category.",
    ]


def test_ids_times_labels_and_scores_are_never_features() -> None:
    features, _ = build_features(small_orders(1).assign(score=0.5), label_delay_days=1)
    forbidden = {
        "order_id",
        "account_id",
        "device_id",
        "ip_address",
        "is_fraud",
        "labelled_at",
        "ordered_at",
        "score",
    }
    assert forbidden.isdisjoint(features)


def test_the_orders_given_are_not_changed() -> None:
    orders = small_orders(2)
    kept = orders.copy(deep=True)
    build_features(orders, label_delay_days=1)
    pd.testing.assert_frame_equal(orders, kept)


def test_every_feature_has_its_own_name() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)

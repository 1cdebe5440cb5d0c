"""Segments add up to the whole, and say where there is too little fraud to tell."""

import numpy as np
import pandas as pd
import pytest

from core.assumptions import Assumptions
from core.deciding.by_segment import by_segment, segmented, slice_of
from core.pricing.cube import build_cube, running_sums, totals_of
from core.pricing.economics import coefficients, price
from core.pricing.segment_values import ACCOUNTS, REST, segment_columns, segment_values
from tests.tables import month

PRICES = Assumptions(
    chargeback_fee=5.0, reviewer_catch_rate=0.9, abandonment_rate=0.05, insult_cost=3.0, review_cost=4.0
)


def kinds(seed: int = 7) -> pd.DataFrame:
    orders = month(seed, orders=4000, fraud=0.1)
    random = np.random.default_rng(seed)
    return orders.assign(
        shop=random.choice(["a", "b", "<b>"], len(orders)), zip=random.integers(0, 90, len(orders)).astype(str)
    )


def test_segments_add_up_to_the_whole() -> None:
    orders = kinds()
    whole = build_cube(orders)
    for column in ("shop", "zip"):
        cube = segmented(orders, column, whole.thresholds)
        assert len(cube.segments) <= 12
        parts = [running_sums(slice_of(cube, name)) for name in cube.segments]
        assert np.sum(parts, axis=0) == pytest.approx(running_sums(whole), abs=1e-4)
        table = by_segment(cube, PRICES, 30)
        figures = price(coefficients(PRICES, totals_of(whole)), running_sums(whole))
        assert table["saving"].sum() == pytest.approx(figures["saving"][30], abs=1e-3)
        assert table["false_positives"].sum() == pytest.approx(figures["false_positives"][30])
        assert table["orders"].sum() == len(orders)
        assert (table["gain"] >= -1e-9).all()
        assert table["false_positive_value"].sum() == pytest.approx(figures["false_positive_value"][30], rel=1e-6)
        legit = table["false_positives"].sum() / figures["legit"][30]
        assert (table["fpr_ratio"] * legit).tolist() == pytest.approx(table["fpr"].tolist())
        assert table["insult_cost"].sum() == pytest.approx(figures["insult_cost"][30])
        for column in ("saving", "fpr", "detection", "own_saving", "gain"):
            assert table[column].between(table[f"{column}_low"], table[f"{column}_high"]).all()
    assert REST in segmented(orders, "zip", whole.thresholds).segments
    assert segment_columns(orders) == ["amount", "shop", "zip"]
    features = pd.DataFrame({"first_order": np.arange(len(orders)) % 2})
    assert segment_columns(orders, features)[0] == ACCOUNTS


def test_kinds_that_are_numbers_come_from_the_lowest() -> None:
    orders = kinds()
    table = by_segment(segmented(orders, "amount", build_cube(orders).thresholds), PRICES, 30)
    lows = [float(name.split(" to ")[0].replace(",", "")) for name in table["segment"]]
    assert lows == sorted(lows)
    orders["net"] = np.resize(["10.0.0.1", "10.0.0.1", ".", "1,2"], len(orders))  # no numbers, or not all
    for column in ("shop", "net"):
        shops = by_segment(segmented(orders, column, build_cube(orders).thresholds), PRICES, 30)
        assert shops["orders"].is_monotonic_decreasing


def test_numbers_are_split_by_quarters_and_accounts_into_new_and_known() -> None:
    orders = kinds()
    few = segment_values(orders.assign(flag=np.arange(len(orders)) % 5 == 0).astype({"flag": int}), None, "flag")
    assert few.value_counts().to_dict() == {"0": 3200, "1": 800}
    large = orders["amount"] * 1e4
    large.iloc[:3] = [np.nan, np.inf, -np.inf]
    told = segment_values(orders.assign(amount=large), None, "amount")
    assert told.value_counts()["not known"] == 3
    assert told.nunique() == 5
    assert not told.str.contains("e+").any()
    quarters = segment_values(orders, None, "amount")
    assert quarters.value_counts().tolist() == [1000] * 4
    lows = orders.groupby(quarters)["amount"].min().sort_values()
    assert lows.iloc[0] == orders["amount"].min()
    features = pd.DataFrame({"first_order": np.where(np.arange(len(orders)) < 3, 1.0, 0.0)})
    features.iloc[5] = np.nan
    assert segment_values(orders, features, ACCOUNTS).value_counts().to_dict() == {
        "known account": 3996, "new account": 3, "not known": 1}  # fmt: skip
    whole = build_cube(orders)
    cube = segmented(orders, "amount", whole.thresholds)
    parts = [running_sums(slice_of(cube, name)) for name in cube.segments]
    assert np.sum(parts, axis=0) == pytest.approx(running_sums(whole), abs=1e-4)


def test_too_little_fraud_in_a_segment_is_said() -> None:
    orders = kinds()
    orders.loc[orders["shop"] == "a", "is_fraud"] = 0.0
    table = by_segment(segmented(orders, "shop", build_cube(orders).thresholds), PRICES, 30).set_index("segment")
    assert table["few"].to_dict() == {"a": True, "b": False, "<b>": False}

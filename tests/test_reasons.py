"""What is said of every feature: a usual value, zero and none; and a new feature that is one row and nothing else."""

import math
import re
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.building.recipe import recipe_digest
from core.columns import Group
from core.explaining.explain import OTHER, Explained, group_of, grouped, parts_against
from core.explaining.reasons import ReasonWords
from core.scoring import feature_rows
from core.scoring.feature_rows import FEATURES, Feature
from core.scoring.feature_words import either
from core.scoring.features import build_features
from core.scoring.rules import RULES
from tests.tables import small_orders

SAID = {
    "amount": (12.345, "amount of $12.35", "amount of $0.00", "amount of the order in dollars"),
    "order_time_gap": (
        5400,
        "placed 90 minutes after the previous order or sign-up",
        "placed 0 s after the previous order or sign-up",
        "seconds since the account's previous order, or since sign-up for its first",
    ),
    "first_order": (
        1,
        "first known order of the account",
        "the account has ordered before",
        "1 where no earlier order of the account is known",
    ),
    "account_age_days": (30, "account 30.0 days old", "account 0 s old", "days since sign-up"),
    "amount_to_account": (
        1 / 3,
        "0.3 times the account's usual amount",
        "0.0 times the account's usual amount",
        "amount ÷ mean amount of the account's earlier orders",
    ),
    "amount_to_category": (
        10 / 3,
        "3.3 times the usual amount of its category",
        "0.0 times the usual amount of its category",
        "amount ÷ mean amount of the category in the 7 days before",
    ),
    "address_mismatch": (
        1,
        "not sent to the card's address",
        "sent to the card's address",
        "1 where the order is not sent to the card's address",
    ),
    "hour": (13, "placed at 13:00–13:59 UTC", "placed at 00:00–00:59 UTC", "hour of the day, UTC"),
    "weekend": (1, "placed on a weekend", "placed on a weekday", "1 on Saturday and Sunday, UTC"),
}
"""feature → a usual value, how it is said, how zero is said, what is not known where the value is missing."""

for short, said in (("account", "account"), ("device", "device"), ("ip", "network"), ("shipping", "shipping address")):
    for window, before in (("1h", "hour"), ("24h", "24 hours"), ("7d", "7 days")):
        SAID[f"{short}_orders_{window}"] = (
            1,
            f"1 earlier order of the same {said} in the {before} before",
            f"no earlier orders of the same {said} in the {before} before",
            f"orders of the same {short} in the {window} before",
        )
        if short != "account":
            SAID[f"{short}_accounts_{window}"] = (
                1200,
                f"1,200 accounts of the same {said} in the {before} before",
                f"no accounts of the same {said} in the {before} before",
                f"accounts on the same {short} in the {window} before",
            )
    if short != "account":
        SAID[f"known_{short}"] = (
            1,
            f"the account has used this {said} before",
            f"the account never used this {said} before",
            f"1 where the account used this {short} before",
        )
    SAID[f"{short}_risk"] = (
        1 / 3,
        f"33.3\u00a0% fraud among the {said}'s known outcomes",
        f"0.00\u00a0% fraud among the {said}'s known outcomes",
        f"share of fraud among the {short}'s known outcomes, at the full hour",
    )
    SAID[f"{short}_outcomes"] = (
        8,
        f"8 known outcomes of the {said}",
        f"no known outcomes of the {said}",
        f"known outcomes of the {short}, at the full hour",
    )

GROUPS = {
    "account": {"first_order", "account_age_days", "amount_to_account"},
    "time": {"order_time_gap", "hour", "weekend"},
    "address": {"address_mismatch"},
    "amount": {"amount"},
}


def words_of(orders: pd.DataFrame) -> ReasonWords:
    features, _ = build_features(orders, label_delay_days=1)
    return ReasonWords(SimpleNamespace(categories={"category": ("books", "toys")}), features, orders)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def words() -> ReasonWords:
    return words_of(small_orders(3))


def test_every_feature_is_in_the_table_above() -> None:
    assert set(SAID) == {feature.name for feature in FEATURES}, "add the words of the new feature to SAID"


@pytest.mark.parametrize("name", list(SAID))
def test_a_usual_value_zero_and_none_in_words(words: ReasonWords, name: str) -> None:
    value, usual, zero, missing = SAID[name]
    assert words.value(name, value) == usual
    assert words.value(name, 0) == zero
    assert words.name(name) == missing
    assert words.sentence(name, math.nan) == f"{missing} is not known"
    assert words.sentence(name, value).startswith(f"{usual}: ")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FEATURES), st.floats(0, 1e6, width=32))
def test_no_sentence_shows_a_column_name_or_a_bare_float(words: ReasonWords, feature: Feature, value: float) -> None:
    said = words.sentence(feature.name, min(value, 23) if feature.name == "hour" else value)
    assert "_" not in said
    assert not re.search(r"\d\.\d{4,}", said)
    assert re.search(r": (?:as in|\w+ than) .*orders$", said)


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("amount", "higher", "lower"),
        ("order_time_gap", "slower", "faster"),
        ("account_age_days", "older", "younger"),
        ("hour", "later", "earlier"),
        ("device_orders_7d", "more", "less"),
        ("ip_accounts_7d", "more", "less"),
        ("shipping_outcomes", "more", "less"),
        ("account_risk", "higher", "lower"),
    ],
)
def test_what_is_beyond_every_legit_order_is_said_in_the_features_own_words(
    words: ReasonWords, name: str, more: str, less: str
) -> None:
    assert words.sentence(name, 1e7 if name != "hour" else 24).endswith(f": {more} than all legit orders")
    assert words.sentence(name, -1).endswith(f": {less} than all legit orders")


def test_columns_of_a_file_have_the_words_of_any_column() -> None:
    words = words_of(small_orders(3).assign(visits=np.arange(60), flag=np.arange(60) % 2))
    assert words.value("visits", 7) == "visits is 7"
    assert words.value("visits", 1 / 3) == "visits is 0.333333"
    assert words.value("category", 1) == "category is toys"
    assert words.sentence("visits", 99) == "visits is 99: higher than all legit orders"
    assert words.sentence("flag", 1).startswith("flag is 1: as in ")
    assert words.sentence("visits", math.nan) == "visits is not known"


def test_every_feature_has_its_group() -> None:
    for feature in FEATURES:
        first = feature.name.removeprefix("known_").split("_")[0]
        entity = {"device": "device and network", "ip": "device and network", "shipping": "address"}.get(
            first, "account"
        )
        named = [group for group, names in GROUPS.items() if feature.name in names]
        other = [OTHER] if feature.name == "amount_to_category" else [entity]
        assert group_of(feature.name) == (named or other)[0], feature.name


def test_columns_named_after_an_entity_are_grouped_with_it() -> None:
    told = [
        group_of(name) for name in ("account_type", "ip_country", "shipping_speed", "category", "amount_usd", "zip")
    ]
    assert told == ["account", "device and network", "address", "amount", OTHER, OTHER]
    assert set(told) < set(get_args(Group))


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Feature:
    """A new feature: its row is all there is of it."""
    row = Feature(
        "night",
        "1 from 0:00 to 5:59, UTC",
        ("ordered_at",),
        "CAST(hour(ordered_at) < 6 AS INTEGER)",
        "time",
        either("placed at night (UTC)", "placed by day (UTC)"),
    )
    monkeypatch.setattr(feature_rows, "FEATURES", (*FEATURES, row))
    return row


def test_a_new_feature_is_said_well_from_its_row_alone(night: Feature) -> None:
    orders = small_orders(3)
    features, _ = build_features(orders, label_delay_days=1)
    at_night = orders["ordered_at"].dt.hour < 6
    assert features["night"].tolist() == at_night.astype(float).tolist()
    legit = at_night[orders["is_fraud"] == 0].mean()
    words = words_of(orders)
    assert words.sentence("night", 1) == f"placed at night (UTC): as in {100 * legit:.1f}\u00a0% of legit orders"
    assert words.sentence("night", 0).startswith("placed by day (UTC): as in ")
    assert words.sentence("night", math.nan) == "1 from 0:00 to 5:59, UTC is not known"
    assert group_of("night") == "time"


def test_a_new_feature_counts_with_its_group(night: Feature) -> None:
    explained = Explained(("night", "hour", "zip"), np.array([0]), np.ones((1, 3)), np.array([[1.0, 20.0, 300.0]]), 0.0)
    table = grouped(parts_against(explained, 0, None))
    assert dict(zip(table["feature"], table["part"], strict=True)) == {OTHER: 300, "time": 21}


def test_a_new_feature_makes_another_recipe(night: Feature) -> None:
    assert recipe_digest(feature_rows.FEATURES, RULES) != recipe_digest(FEATURES, RULES)


@pytest.mark.parametrize(
    ("lacking", "values"),
    [
        ("words", {"words": ""}),
        ("roles", {"roles": ()}),
        ("more and no less", {"more": "", "less": ""}),
    ],
)
def test_a_feature_without_words_cannot_be_written(lacking: str, values: dict[str, object]) -> None:
    row: dict[str, object] = {"name": "night", "words": "at night", "roles": ("ordered_at",), "sql": "1"}
    row |= {"group": "time", "say": str}
    with pytest.raises(ValueError, match=rf"'night' has no {lacking}\. Add it .* core/scoring/feature_rows\.py"):
        Feature(**(row | values))  # type: ignore[arg-type]
    for needed in row:
        with pytest.raises(TypeError, match=needed):
            Feature(**{name: value for name, value in row.items() if name != needed})  # type: ignore[arg-type]

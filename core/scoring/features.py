"""What the model may know of an order: itself and its past, nothing later. One list of names."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from core.columns import (
    ACCOUNT_ID,
    AMOUNT,
    BILLING_ADDRESS,
    CATEGORY,
    DEVICE_ID,
    ENTITIES,
    IP_ADDRESS,
    IS_FRAUD,
    ORDERED_AT,
    ROLES,
    SHIPPING_ADDRESS,
    SIGNED_UP_AT,
)
from core.scoring.batch_risk import hourly_risk, known_name, risk_name
from core.sql import sql_name

MAX_CATEGORIES = 255
WINDOWS = {"1h": "1 HOUR", "24h": "24 HOUR", "7d": "7 DAY"}
_SHORT = {ACCOUNT_ID: "account", DEVICE_ID: "device", IP_ADDRESS: "ip", SHIPPING_ADDRESS: "shipping"}
_EARLIER = f"ORDER BY {ORDERED_AT} RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING"


@dataclass(frozen=True)
class Feature:
    """A figure of an order. words: what it says. roles: the columns it needs. sql: over the order table, or ""
    where it comes from the batch risk."""

    name: str
    words: str
    roles: tuple[str, ...]
    sql: str


def _within(entity: str, window: str) -> str:
    return f"(PARTITION BY {entity} ORDER BY {ORDERED_AT} RANGE BETWEEN INTERVAL {window} PRECEDING " \
           f"AND INTERVAL 1 MICROSECOND PRECEDING)"  # fmt: skip


def _where_known(entity: str, sql: str) -> str:
    return f"CASE WHEN {entity} IS NOT NULL THEN {sql} END"


def _counts(entity: str) -> list[Feature]:
    """Earlier orders of the same entity, over each window."""
    word = _SHORT[entity]
    return [
        Feature(
            f"{word}_orders_{name}",
            f"orders of the same {word} in the {name} before",
            (entity, ORDERED_AT),
            _where_known(entity, f"count(*) OVER {_within(entity, window)}"),
        )
        for name, window in WINDOWS.items()
    ]


def _accounts(entity: str) -> list[Feature]:
    """Distinct accounts seen on the same entity, over each window."""
    word = _SHORT[entity]
    return [
        Feature(
            f"{word}_accounts_{name}",
            f"accounts on the same {word} in the {name} before",
            (entity, ACCOUNT_ID, ORDERED_AT),
            _where_known(entity, f"count(DISTINCT {ACCOUNT_ID}) OVER {_within(entity, window)}"),
        )
        for name, window in WINDOWS.items()
    ]


def _known_to_account(entity: str) -> Feature:
    word = _SHORT[entity]
    earlier = f"count(*) OVER (PARTITION BY {ACCOUNT_ID}, {entity} {_EARLIER})"
    return Feature(
        f"known_{word}",
        f"1 where the account used this {word} before",
        (entity, ACCOUNT_ID, ORDERED_AT),
        _where_known(f"{ACCOUNT_ID} IS NOT NULL AND {entity}", f"least({earlier}, 1)"),
    )


def _risk(entity: str) -> list[Feature]:
    word, roles = _SHORT[entity], (entity, ORDERED_AT, IS_FRAUD)
    return [
        Feature(risk_name(entity), f"share of fraud among the {word}'s known outcomes, at the full hour", roles, ""),
        Feature(known_name(entity), f"known outcomes of the {word}, at the full hour", roles, ""),
    ]


_LAST_ORDER = f"max({ORDERED_AT}) OVER (PARTITION BY {ACCOUNT_ID} {_EARLIER})"
_ACCOUNT_MEAN = f"avg({AMOUNT}) OVER (PARTITION BY {ACCOUNT_ID} {_EARLIER})"
_CATEGORY_MEAN = f"avg({AMOUNT}) OVER {_within(CATEGORY, '7 DAY')}"
_SIGNED_UP = f"date_diff('microsecond', {SIGNED_UP_AT}, {ORDERED_AT}) / 1e6"

GAP = "order_time_gap"
FEATURES: tuple[Feature, ...] = (
    Feature(AMOUNT, "amount of the order in dollars", (AMOUNT,), AMOUNT),
    Feature(
        GAP,
        "seconds since the account's previous order, or since sign-up for its first",
        (ACCOUNT_ID, ORDERED_AT),
        _where_known(ACCOUNT_ID, f"date_diff('microsecond', {_LAST_ORDER}, {ORDERED_AT}) / 1e6"),
    ),
    Feature(
        "first_order",
        "1 where no earlier order of the account is known",
        (ACCOUNT_ID, ORDERED_AT),
        _where_known(ACCOUNT_ID, f"CAST({_LAST_ORDER} IS NULL AS INTEGER)"),
    ),
    Feature("account_age_days", "days since sign-up", (SIGNED_UP_AT, ORDERED_AT), f"{_SIGNED_UP} / 86400"),
    Feature(
        "amount_to_account",
        "amount ÷ mean amount of the account's earlier orders",
        (ACCOUNT_ID, ORDERED_AT),
        _where_known(ACCOUNT_ID, f"{AMOUNT} / nullif({_ACCOUNT_MEAN}, 0)"),
    ),
    Feature(
        "amount_to_category",
        "amount ÷ mean amount of the category in the 7 days before",
        (CATEGORY, ORDERED_AT),
        _where_known(CATEGORY, f"{AMOUNT} / nullif({_CATEGORY_MEAN}, 0)"),
    ),
    Feature(
        "address_mismatch",
        "1 where the order is not sent to the card's address",
        (SHIPPING_ADDRESS, BILLING_ADDRESS),
        f"CAST({SHIPPING_ADDRESS} <> {BILLING_ADDRESS} AS INTEGER)",
    ),
    Feature("hour", "hour of the day, UTC", (ORDERED_AT,), f"hour({ORDERED_AT})"),
    Feature("weekend", "1 on Saturday and Sunday, UTC", (ORDERED_AT,), f"CAST(isodow({ORDERED_AT}) > 5 AS INTEGER)"),
    *(feature for entity in ENTITIES for feature in _counts(entity)),
    *(feature for entity in ENTITIES if entity != ACCOUNT_ID for feature in _accounts(entity)),
    *(_known_to_account(entity) for entity in ENTITIES if entity != ACCOUNT_ID),
    *(feature for entity in ENTITIES for feature in _risk(entity)),
)


def build_features(orders: pd.DataFrame, *, label_delay_days: float) -> tuple[pd.DataFrame, list[str]]:
    """The features of every order, and a note for each column of the file that cannot be one.

    Returns a frame aligned with orders: the features of `FEATURES` whose roles are there (float32), then the file's
    other columns, numbers as they are and texts of 2 to 255 distinct values as categories. Orders placed at the same
    instant do not see each other.
    """
    possible = [feature for feature in FEATURES if set(feature.roles) <= set(orders.columns)]
    own, notes = _own_columns(orders)
    parts = [
        _by_sql(orders, [f for f in possible if f.sql]),
        hourly_risk(orders, label_delay_days=label_delay_days),
        own,
    ]
    return pd.concat(parts, axis=1), notes


def _by_sql(orders: pd.DataFrame, features: list[Feature]) -> pd.DataFrame:
    table = orders[[name for name in ROLES if name in orders]].reset_index(drop=True)
    # Ids become numbers first, the two addresses by one count: windows compare numbers faster than texts.
    for together in ((ACCOUNT_ID,), (DEVICE_ID,), (IP_ADDRESS,), (CATEGORY,), (SHIPPING_ADDRESS, BILLING_ADDRESS)):
        there = [name for name in together if name in table]
        if there:
            numbers = _numbered(pd.concat([table[name] for name in there]))
            for place, name in enumerate(there):
                table[name] = numbers[place * len(table) : (place + 1) * len(table)]
    table["place"] = np.arange(len(table))
    chosen = ", ".join(f"CAST({feature.sql} AS FLOAT) AS {sql_name(feature.name)}" for feature in features)
    with duckdb.connect() as connection:
        connection.register("orders", table)
        result: pd.DataFrame = connection.execute(f"SELECT place, {chosen} FROM orders ORDER BY place").df()
    result = result.drop(columns="place").set_axis(orders.index)
    if GAP in result and SIGNED_UP_AT in orders:
        since = (orders[ORDERED_AT] - orders[SIGNED_UP_AT]).dt.total_seconds().astype("float32")
        result[GAP] = result[GAP].fillna(since)
    return result


def _numbered(ids: "pd.Series[str]") -> ExtensionArray:
    codes, _ = pd.factorize(ids)
    return pd.arrays.IntegerArray(codes.astype("int32"), codes < 0)


def _own_columns(orders: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Columns of the file that are no role, and why some of them are left out."""
    own: dict[str, pd.Series] = {}
    notes: list[str] = []
    if CATEGORY in orders:
        own[CATEGORY] = orders[CATEGORY]
    own |= {name: orders[name] for name in orders.columns if name not in ROLES}
    kept: dict[str, pd.Series] = {}
    for name, column in own.items():
        distinct = column.nunique()
        if distinct < 2:
            notes.append(f"Column {name} is left out: it has the same value in every order.")
        elif pd.api.types.is_numeric_dtype(column):
            kept[name] = column.astype("float32")
        elif distinct > MAX_CATEGORIES:
            notes.append(f"Column {name} is left out: {distinct:,} different texts are too many for a category.")
        else:
            kept[name] = column.astype("category")
    return pd.DataFrame(kept, index=orders.index), notes

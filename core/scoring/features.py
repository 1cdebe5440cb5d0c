"""What the model may know of an order: itself and its past, nothing later."""

import duckdb
import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from core.columns import (
    BILLING_ADDRESS,
    CATEGORY,
    ENTITIES,
    ORDERED_AT,
    ROLES,
    SHIPPING_ADDRESS,
    SIGNED_UP_AT,
)
from core.scoring import feature_rows
from core.scoring.batch_risk import hourly_risk
from core.scoring.feature_rows import GAP, Feature
from core.sql import sql_name

MAX_CATEGORIES = 255


def build_features(orders: pd.DataFrame, *, label_delay_days: float) -> tuple[pd.DataFrame, list[str]]:
    """The features of every order, and a note for each column of the file that cannot be one.

    Returns a frame aligned with orders: the features of `feature_rows.FEATURES` whose roles are there (float32), then
    the file's other columns, numbers as they are and texts of 2 to 255 distinct values as categories. Orders placed at
    the same instant do not see each other.
    """
    possible = [feature for feature in feature_rows.FEATURES if set(feature.roles) <= set(orders.columns)]
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
    alone = [(name,) for name in (*ENTITIES, CATEGORY) if name != SHIPPING_ADDRESS]
    for together in (*alone, (SHIPPING_ADDRESS, BILLING_ADDRESS)):
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

"""Which segment each order belongs to: the values of a column, few enough to have thresholds of their own."""

import numpy as np
import pandas as pd

from core.columns import CLEARED_BY, IS_FRAUD, ORDER_ID, SCORE
from core.errors import PolicyError
from core.pricing.cube import NOT_KNOWN

MOST_SEGMENTS, MOST_NUMBERS = 12, 8
REST = "all others"
ACCOUNTS, FIRST = "new and known accounts", "first_order"
_NO_SEGMENT = (ORDER_ID, SCORE, IS_FRAUD, CLEARED_BY)


def segment_columns(orders: pd.DataFrame, features: pd.DataFrame | None = None) -> list[str]:
    """What splits the orders into segments: texts of 2 to 255 values, numbers, many different ones by quarters of the
    orders, and new against known accounts where the features tell."""
    names = [ACCOUNTS] if features is not None and FIRST in features else []
    for name in orders:
        column = orders[name]
        if name in _NO_SEGMENT or pd.api.types.is_datetime64_any_dtype(column):
            continue
        most = np.inf if pd.api.types.is_numeric_dtype(column) else 255
        if 2 <= column.nunique() <= most:
            names.append(str(name))
    return names


def segment_values(orders: pd.DataFrame, features: pd.DataFrame | None, column: str) -> "pd.Series[str]":
    """The segment of each order: a text or one of a few numbers as it is, the smaller ones of many together; of many
    numbers the quarter; "not known". PolicyError where the orders have no such column."""
    if column == ACCOUNTS and features is not None:
        first = pd.Series(features[FIRST].to_numpy(np.float64), orders.index)
        return first.map({1.0: "new account", 0.0: "known account"}).fillna(NOT_KNOWN)
    if column not in orders:
        raise PolicyError(
            f"The policy has thresholds by {column!r}, which these orders do not have. "
            f"They have: {', '.join(segment_columns(orders, features)) or 'no column that splits them'}."
        )
    values = orders[column]
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return _of_numbers(values.astype(np.float64))
    named = values.astype(object).where(values.notna(), NOT_KNOWN).astype(str)
    if named.nunique() > MOST_SEGMENTS:
        named = named.where(named.isin(named.value_counts().index[: MOST_SEGMENTS - 1]), REST)
    return named


def _of_numbers(values: "pd.Series[float]") -> "pd.Series[str]":
    values = values.where(np.isfinite(values))
    if values.nunique() <= MOST_NUMBERS:
        return values.map(_said, na_action="ignore").fillna(NOT_KNOWN).astype(str)
    quarters = pd.qcut(values, 4, labels=False, duplicates="drop")
    ends = values.groupby(quarters).agg(["min", "max"])
    words = {quarter: f"{_said(low)} to {_said(high)}" for quarter, low, high in ends.itertuples()}
    return quarters.map(words).fillna(NOT_KNOWN).astype(str)


def _said(number: float) -> str:
    return f"{number:,.10g}" if abs(number) < 1e10 else f"{number:g}"

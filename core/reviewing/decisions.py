"""What happens to every order at a line: the table an analyst takes away, safe to open in a spreadsheet."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.assumptions import DEFAULTS, FIELDS, Assumptions
from core.columns import AMOUNT, CLEARED_BY, ORDER_ID, SCORE
from core.policy import TREATMENTS
from core.pricing.order_costs import expected_loss
from core.reading.formulas import PATTERN

DECISION, REASONS, EXPECTED_LOSS = "decision", "reasons", "expected_loss_usd"


def decide(
    orders: pd.DataFrame, treatments: NDArray[np.int8], prices: Assumptions, codes: Mapping[int, str] | None = None
) -> pd.DataFrame:
    """Every order, in the order given. fates: (orders,) of `policy.treatment`. codes: row of orders → reason codes of a
    flagged one, where a model can say.

    Columns: order_id; score (0–1, missing = never scored); decision (ship, review or decline);
    reasons (the codes; why it was never scored; or empty); expected_loss_usd, what shipping it is expected to lose at
    its score (`order_costs.expected_loss`); missing without one.
    """
    scores, amounts = (orders[name].to_numpy(np.float64) for name in (SCORE, AMOUNT))
    return pd.DataFrame(
        {
            ORDER_ID: orders[ORDER_ID].to_numpy(),
            SCORE: scores,
            DECISION: pd.Categorical.from_codes(treatments, pd.Index(TREATMENTS)),
            REASONS: _reasons(orders, codes or {}),
            EXPECTED_LOSS: expected_loss(scores, amounts, prices),
        }
    )


def _reasons(orders: pd.DataFrame, codes: Mapping[int, str]) -> Any:
    if codes:
        words = _cleared(orders).astype(object)
        words[list(codes)] = list(codes.values())
        return words
    return _cleared(orders)


def _cleared(orders: pd.DataFrame) -> Any:
    if CLEARED_BY not in orders:
        return np.full(len(orders), "", object)
    cleared = orders[CLEARED_BY].astype("category")
    words = ["" if name == "" else f"cleared by the pre-filter: {name}" for name in cleared.cat.categories]
    return np.array(words, object)[cleared.cat.codes.to_numpy()]


def as_csv(table: pd.DataFrame) -> bytes:
    """CSV in UTF-8, numbers to the last digit, every text that a spreadsheet would run as a formula defused."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    columns = [_defused(column) for column in arrow.columns]
    out = io.BytesIO()
    pyarrow.csv.write_csv(pa.table(columns, names=arrow.column_names), out)
    return out.getvalue()


def as_parquet(table: pd.DataFrame) -> bytes:
    """Parquet, values as they are: no spreadsheet runs it."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), out, compression="zstd")
    return out.getvalue()


def prices_as_toml(prices: Assumptions) -> str:
    """The assumptions file (design 4) that gives these prices: `--assumptions FILE.toml`; defaults as comments."""
    lines = []
    for name, about in FIELDS.items():
        value = getattr(prices, name)
        text = "" if value is None else f'"{value}"' if isinstance(value, str) else repr(value)
        stated = value is not None and value != getattr(DEFAULTS, name)
        lines.append(f"{'' if stated else '# '}{name} = {text or 'none'}  # {about['unit'] or 'choice'}")
    return "\n".join(lines) + "\n"


def _defused(column: "pa.ChunkedArray[Any]") -> "pa.ChunkedArray[Any]":
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    hostile = pc.match_substring_regex(column, PATTERN)
    return pc.if_else(hostile, pc.binary_join_element_wise("'", column.cast(pa.string()), ""), column.cast(pa.string()))

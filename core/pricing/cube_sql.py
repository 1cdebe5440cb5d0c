"""The same cube by one GROUP BY in DuckDB: over Parquet, or any table too large for memory."""

import duckdb
import numpy as np
import pandas as pd

from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT, SCORE
from core.pricing.counting import choose_thresholds
from core.pricing.cube import NOT_KNOWN, Cube, Floats, days_between, sessions_by_day
from core.sql import sql_name

_EPOCH_DAY = "CAST(epoch(date_trunc('day', {0})) / 86400 AS BIGINT)"


def build_cube_sql(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    *,
    thresholds: Floats | None = None,
    segment: str | None = None,
    sessions: pd.Series | None = None,
) -> Cube:
    """What `build_cube` gives for the same orders, from a table, view or `read_parquet(...)` named by source.

    source is SQL of ours, never a user's text. Only the scores and the grouped cells ever reach Python.
    """
    columns = set(connection.execute(f"SELECT * FROM {source} LIMIT 0").df().columns)
    if thresholds is None:
        scores = connection.execute(f"SELECT {SCORE} FROM {source}").fetchnumpy()[SCORE]
        thresholds = choose_thresholds(np.ma.filled(scores.astype(np.float64), np.nan))
    connection.register("cutline_steps", pd.DataFrame({"threshold": thresholds, "step": np.arange(len(thresholds))}))
    table = connection.execute(_grouped(source, columns, segment, len(thresholds))).df()
    connection.unregister("cutline_steps")
    return _from_groups(table, thresholds, ORDERED_AT in columns, sessions)


def _grouped(source: str, columns: set[str], segment: str | None, steps: int) -> str:
    day = _EPOCH_DAY.format(ORDERED_AT) if ORDERED_AT in columns else "0"
    label = f"CASE WHEN isnan({IS_FRAUD}) THEN NULL ELSE {IS_FRAUD} END" if IS_FRAUD in columns else "NULL"
    name = "'all'" if segment is None else f"coalesce(CAST({sql_name(segment)} AS VARCHAR), '{NOT_KNOWN}')"
    return f"""
        WITH orders AS (
            SELECT {name} AS segment, {day} AS day, {AMOUNT} AS amount, CAST({label} AS DOUBLE) AS label,
                   CASE WHEN isnan({SCORE}) THEN NULL ELSE {SCORE} END AS score
            FROM {source}
        ), stepped AS (
            SELECT o.*, coalesce(label, score) AS fraud, coalesce(s.step, {steps}) AS step
            FROM orders o ASOF LEFT JOIN cutline_steps s ON o.score >= s.threshold
        )
        SELECT segment, day, step, sum(1 - fraud) AS n0, sum(fraud) AS n1,
               sum((1 - fraud) * amount) AS a0, sum(fraud * amount) AS a1,
               count(*) - count(label) AS unlabelled, count(*) - count(score) AS unscored,
               count(*) - count(fraud) AS unknown
        FROM stepped GROUP BY ALL"""


def _from_groups(table: pd.DataFrame, thresholds: Floats, timed: bool, sessions: pd.Series | None) -> Cube:
    groups, names = pd.factorize(table["segment"], sort=True)
    first = table["day"].min()
    days = days_between(int(first), int(table["day"].max())) if timed else None
    place = (groups, (table["day"] - first).to_numpy(int))
    shape = (len(names), 1 if days is None else len(days))
    cells = np.zeros((*shape, len(thresholds) + 1, 4))
    cells[(*place, table["step"].to_numpy(int))] = table[["n0", "n1", "a0", "a1"]].fillna(0).to_numpy()
    gaps = np.zeros((*shape, 3))
    np.add.at(gaps, place, table[["unlabelled", "unscored", "unknown"]].to_numpy(float))
    return Cube(thresholds, days, tuple(names), cells, gaps, sessions_by_day(days, sessions))

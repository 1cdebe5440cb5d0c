"""Order files into the order table: CSV or Parquet in, one clean frame in time order out.

Every column is read as it stands and every rule is stated here, so that nothing is guessed and nothing is lost
in silence: the first value that breaks a rule ends the load with its row, its column and the remedy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from core.columns import (
    AMOUNT,
    IS_FRAUD,
    NUMBERS,
    ORDER_ID,
    ORDERED_AT,
    ROLES,
    SCORE,
    TIMES,
)
from core.errors import OrdersError
from core.order_file import ROW, opened, sql_name, sql_text


@dataclass(frozen=True)
class Reading:
    """How to read a file: which column plays which role, which to leave out, how times are written.

    roles: role → column of the file. A column already named as a role plays it. ignore: columns left out.
    time_format: strptime format of the time columns, or None for ISO 8601; UTC where no zone is given.
    """

    roles: Mapping[str, str]
    ignore: Sequence[str] = ()
    time_format: str | None = None


def load_orders(path: Path, reading: Reading = Reading({})) -> pd.DataFrame:
    """The orders of a CSV (also .gz) or Parquet file: one row an order, oldest first, ties in the file's order.

    Columns: order_id (text; the row number where the file has none), ordered_at and other times (UTC, without
    zone), amount (USD), is_fraud and score (missing stays missing), ids as text, then the other columns as
    features, numbers where every value is one. Raises OrdersError naming file, row, column, value and remedy.
    """
    with opened(path) as connection:
        roles, features = _columns(connection, path, reading)
        _check_values(connection, path, roles)
        return _table(connection, roles, features)


@dataclass(frozen=True)
class _Column:
    """A column of the file as SQL: its text, its number, its time; null where the value is none or not one."""

    name: str
    type: str
    time_format: str | None

    @property
    def quoted(self) -> str:
        return sql_name(self.name)

    @property
    def text(self) -> str:
        return f"nullif(trim(CAST({self.quoted} AS VARCHAR)), '')"

    @property
    def number(self) -> str:
        return f"try_cast({self.text if self.type == 'VARCHAR' else self.quoted} AS DOUBLE)"

    @property
    def label(self) -> str:
        words = f"CASE lower({self.text}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
        return f"coalesce(CASE WHEN {self.number} IN (0, 1) THEN {self.number} END, {words})"

    @property
    def time(self) -> str:
        if self.type.startswith(("TIMESTAMP", "DATE")):
            return f"CAST(CAST({self.quoted} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"
        if self.time_format is not None:
            return f"try_strptime({self.text}, {sql_text(self.time_format)})"
        return f"CAST(try_cast({self.text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"


def _columns(
    connection: duckdb.DuckDBPyConnection, path: Path, reading: Reading
) -> tuple[dict[str, _Column], list[_Column]]:
    """role → column, and the columns left as features."""
    types = {name: kind for name, kind, *_ in connection.execute("DESCRIBE raw").fetchall() if name != ROW}
    found = {name: _Column(name, kind, reading.time_format) for name, kind in types.items()}
    for role in reading.roles:
        if role not in ROLES:
            raise OrdersError(f"There is no role {role!r} to map. Roles: {', '.join(ROLES)}.")
    for column in [*reading.roles.values(), *reading.ignore]:
        if column not in found:
            raise OrdersError(f"{path.name} has no column {column!r}. Found: {', '.join(found)}.")
    free = [name for name in found if name not in reading.ignore and name not in reading.roles.values()]
    for name in free:
        if name in reading.roles:
            raise OrdersError(
                f"{path.name} has a column {name!r}, and {name} is mapped to {reading.roles[name]!r}. "
                f"Leave one out: --ignore {name}."
            )
    roles = dict(reading.roles) | {name: name for name in free if name in ROLES}
    if AMOUNT not in roles:
        raise OrdersError(
            f"{path.name} lacks the column 'amount'. Found: {', '.join(found)}. Map it: --map amount=COLUMN."
        )
    if connection.execute("SELECT count(*) FROM raw").fetchone() == (0,):
        raise OrdersError(f"{path.name} has a header and no orders.")
    return {role: found[name] for role, name in roles.items()}, [found[name] for name in free if name not in ROLES]


def _check_values(connection: duckdb.DuckDBPyConnection, path: Path, roles: Mapping[str, _Column]) -> None:
    """Stop at the first value that breaks its role's rule."""
    for role, column in roles.items():
        bad, wanted, remedy = _rule(role, column)
        first = connection.execute(
            f'SELECT "{ROW}", CAST({column.quoted} AS VARCHAR) FROM raw WHERE {bad} ORDER BY "{ROW}" LIMIT 1'
        ).fetchone()
        if first is not None:
            row, value = first
            shown = "nothing" if value is None else repr(value[:60])
            raise OrdersError(
                f"{path.name}, row {row}, column {column.name!r}: expected {wanted}, got {shown}. {remedy}"
            )


def _rule(role: str, column: _Column) -> tuple[str, str, str]:
    """SQL that is true of a bad value, what is expected, what to do."""
    text, number = column.text, column.number
    if role == ORDER_ID:
        repeated = f"{column.quoted} IN (SELECT {column.quoted} FROM raw GROUP BY 1 HAVING count(*) > 1)"
        return f"{text} IS NULL OR {repeated}", "an id of its own for each order", "Remove repeated or empty ids."
    if role == AMOUNT:
        bad = f"{number} IS NULL OR NOT isfinite({number}) OR {number} < 0"
        return bad, "an amount in USD, 0 or more", "Mend or remove that order."
    if role == SCORE:
        bad = f"{text} IS NOT NULL AND ({number} IS NULL OR NOT {number} BETWEEN 0 AND 1)"
        return bad, "a score from 0 to 1, or nothing", "Rescale the scores, or leave the column out with --ignore."
    if role == IS_FRAUD:
        bad = f"{text} IS NOT NULL AND {column.label} IS NULL"
        return bad, "0, 1, true, false or nothing", "Write 1 for fraud, 0 for legit, nothing where it is not known."
    if role in TIMES:
        bad = f"{column.time} IS NULL" + ("" if role == ORDERED_AT else f" AND {text} IS NOT NULL")
        wanted = f"a time written as {column.time_format}" if column.time_format else "an ISO 8601 time"
        return bad, wanted, "Give the format of the times, for example --time-format '%m/%d/%Y %H:%M'."
    return "false", "", ""


def _table(
    connection: duckdb.DuckDBPyConnection, roles: Mapping[str, _Column], features: Sequence[_Column]
) -> pd.DataFrame:
    known = [role for role in ROLES if role in roles or role == ORDER_ID]
    chosen = [f"{_value(role, roles.get(role))} AS {role}" for role in known]
    chosen += [f"{_feature(connection, column)} AS {column.quoted}" for column in features]
    first = f'{ORDERED_AT}, "{ROW}"' if ORDERED_AT in roles else f'"{ROW}"'
    table: pd.DataFrame = connection.execute(f"SELECT {', '.join(chosen)} FROM raw ORDER BY {first}").df()
    return table.astype({role: "datetime64[us]" for role in TIMES if role in table})


def _value(role: str, column: _Column | None) -> str:
    if column is None:  # a file without ids: the row number is one
        return f'CAST("{ROW}" AS VARCHAR)'
    if role == IS_FRAUD:
        return f"CAST({column.label} AS DOUBLE)"
    if role in NUMBERS:
        return column.number
    return column.time if role in TIMES else f"CAST({column.quoted} AS VARCHAR)"


def _feature(connection: duckdb.DuckDBPyConnection, column: _Column) -> str:
    """A feature is a number where every value present is a finite one (true is 1), else it stays text."""
    words = f"CASE lower({column.text}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    number = f"coalesce({column.number}, {words})"
    odd = f"SELECT count(*) FROM raw WHERE {column.text} IS NOT NULL AND ({number} IS NULL OR NOT isfinite({number}))"
    numeric = connection.execute(odd).fetchone() == (0,)
    return f"CAST({number} AS DOUBLE)" if numeric else f"CAST({column.quoted} AS VARCHAR)"

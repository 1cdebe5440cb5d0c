"""Order files into the order table: any file in, one clean frame in time order out, or one clear line why not."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.columns import IS_FRAUD, ORDER_ID, ORDERED_AT, ROLES, TIMES
from core.errors import OrdersError
from core.reading.checks.check import BITS, FILE, PLACE
from core.reading.checks.file_findings import NOTHING_LEFT
from core.reading.checks.report import Finding
from core.reading.checks.row_checks import BLOCKS, LOSES_ROWS
from core.reading.decoding.memory_file import OpenFile
from core.reading.intake import Intake
from core.reading.isolated import take_in_apart
from core.reading.reading import Reading
from core.reading.row_numbers import Ints, rows_as_counted

END_OF_TIME = "9999-12-31 00:00:00"  # nothing lies in the future of it
SKIP_BAD_ROWS = "--skip-bad-rows"

AS_IT_STANDS = Reading()

Warn = Callable[[str], None]


def load_orders(
    path: Path,
    reading: Reading = AS_IT_STANDS,
    *,
    skip_bad_rows: bool = False,
    now: str = END_OF_TIME,
    warn: Warn = lambda text: None,
) -> pd.DataFrame:
    """The orders of a file (`orders_table`), read in a process of its own.

    Raises OrdersError naming file, row, column, value and remedy where a value breaks a rule, unless such rows are to
    be skipped. warn: told what was detected, and what is worth knowing.
    """
    return load_and_say(path, reading, skip_bad_rows=skip_bad_rows, now=now, warn=warn)[0]


def load_and_say(
    path: Path, reading: Reading, *, skip_bad_rows: bool, now: str, warn: Warn
) -> tuple[pd.DataFrame, str]:
    """`load_orders`, and how many rows were kept: "98 of 100 rows", or "" where all were."""
    intake = take_in_file(path, reading, now=now)
    for note in (*intake.report.notes, *_detected(intake, reading)):
        warn(note)
    refuse_what_is_wrong(intake, skip_bad_rows=skip_bad_rows)
    kept = intake.report.kept() if intake.report.rejected else ""
    if kept:
        warn(f"Going on with {kept}.")
    return orders_table(intake), kept


def take_in_file(path: Path, reading: Reading = AS_IT_STANDS, *, now: str = END_OF_TIME) -> Intake:
    """One file read and checked in a process of its own; OrdersError where there is none, or no table in it."""
    if not path.is_file():
        raise OrdersError(f"There is no file {path}. Give the path of a CSV, Excel or Parquet file of orders.")
    try:
        file = OpenFile(path)
    except OSError as fault:
        raise OrdersError(f"{path} cannot be opened: {fault.strerror}.") from fault
    try:
        return take_in_apart([(file, path.name)], reading, now=now)
    finally:
        file.close()


def refuse_what_is_wrong(intake: Intake, *, skip_bad_rows: bool = False) -> None:
    """OrdersError for the first finding that blocks, or that loses rows where none are to be skipped."""
    blocks, loses = intake.report.of(BLOCKS), intake.report.of(LOSES_ROWS)
    asked = [finding for finding in blocks if finding.code != NOTHING_LEFT]
    for finding in [*asked, *([] if skip_bad_rows else loses), *blocks]:
        raise OrdersError(in_one_line(finding, intake))


def in_one_line(finding: Finding, intake: Intake) -> str:
    """A finding as file, row, column, value and remedy."""
    file, remedy = intake.report.files[0], _remedy(finding)
    if not finding.rows:
        found = f" Found: {', '.join(finding.choices[:30])}." if finding.choices else ""
        if finding.code == "no_amount_column":
            return f"{file} lacks the column 'amount'.{found} {remedy}"
        column = f", column {finding.column!r}" if finding.column else ""
        return f"{file}{column}: {finding.title}.{found} {remedy}"
    row = finding.rows[0]
    value = "nothing" if row["value"] is None else repr(row["value"][:60])
    place, skip = f"{row['file']}, row {row['row']}", _skip(finding)
    if not finding.column and not finding.role:
        shown = f"The row begins {value}. " if row["value"] else ""
        return f"{place}: {finding.title.partition(': ')[2] or finding.title}. {shown}{remedy} {skip}"
    return f"{place}, column {finding.column!r}: expected {row['wanted']}, got {value}. {remedy} {skip}"


def _remedy(finding: Finding) -> str:
    """What to do, and with which option."""
    return f"{finding.remedy[:-1]}: {finding.option}." if finding.option else finding.remedy


def _skip(finding: Finding) -> str:
    rows = f"{finding.count:,} rows" if finding.count > 1 else "that row"
    return f"Or go on without {rows}: {SKIP_BAD_ROWS}."


def orders_table(intake: Intake) -> pd.DataFrame:
    """The accepted orders: one row an order, oldest first, ties in the file's order.

    Columns: order_id (text; the row number where the file has none), ordered_at and other times (UTC, without
    zone), amount (USD), is_fraud and score (missing stays missing), ids as text, then the other columns as
    features, numbers where nearly every value is one.
    """
    if intake.orders is None:
        raise OrdersError("The file cannot be used until the questions about it are answered.")
    with intake.orders.open() as file:
        kept = pc.equal(pc.bit_wise_and(pc.field(BITS), intake.mask), 0)
        read = pq.read_table(pa.BufferReader(file.read()), filters=kept)
    table = read.to_pandas(self_destruct=True, split_blocks=True)
    by = [ORDERED_AT, FILE, PLACE] if ORDERED_AT in table else [FILE, PLACE]
    if not _is_sorted(table, by):
        table = table.sort_values(by, kind="stable")
    if ORDER_ID not in table:
        table = table.assign(**{ORDER_ID: _row_names(table, intake)})
    known = [role for role in ROLES if role in table]
    table = table[known + [name for name in table if name not in (*known, FILE, PLACE, BITS)]]
    types: dict[str, str] = {role: "datetime64[us]" for role in TIMES if role in table}
    if IS_FRAUD in table:
        types[IS_FRAUD] = "float64"
    typed: pd.DataFrame = table.astype(types)
    return typed.reset_index(drop=True)


def _rows(intake: Intake, file: "pd.Series[int]", place: "pd.Series[int]") -> Ints:
    rows = np.empty(len(place), np.int64)
    for number, (first, put_aside) in enumerate(intake.places):
        here = (file == number).to_numpy()
        rows[here] = rows_as_counted(place.to_numpy().astype(np.int64)[here], first, put_aside)
    return rows


def _row_names(table: pd.DataFrame, intake: Intake) -> "pd.Series[str]":
    rows = pd.Series(_rows(intake, table[FILE], table[PLACE]), table.index).astype("str")
    return rows if len(intake.places) == 1 else (table[FILE] + 1).astype("str") + "-" + rows


def _is_sorted(table: pd.DataFrame, by: Sequence[str]) -> bool:
    """True where no row precedes the one before it."""
    if len(table) < 2:
        return True
    later = np.ones(len(table) - 1, bool)  # still undecided: equal so far
    for name in by:
        values = table[name].to_numpy()
        if (later & (values[1:] < values[:-1])).any():
            return False
        later &= values[1:] == values[:-1]
    return True


def _detected(intake: Intake, stated: Reading) -> list[str]:
    """What was guessed rather than stated, said."""
    if not stated.detect:
        return []
    used, told = intake.reading, []
    if not stated.roles:
        told.append("Columns taken as: " + ", ".join(f"{role}={column}" for role, column in used.roles.items()) + ".")
    told += [f"Times of {role} read as {style}." for role, style in used.times.items() if role not in stated.times]
    if stated.numbers is None:
        told.append(f"Numbers read as {used.numbers}.")
    if stated.labels is None and IS_FRAUD in used.roles:
        words = {1: "fraud", 0: "legit", -1: "not known"}
        meant = ", ".join(f"{word} = {words[fraud]}" for word, fraud in (used.labels or {}).items())
        told.append(f"Outcomes: {meant}.")
    if stated.score_scale is None and used.score_scale != 1:
        told.append(f"Scores divided by {used.score_scale:g}.")
    return told

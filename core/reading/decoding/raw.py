"""Any order file as one raw Parquet file in memory: every value of a text file as the text it is."""

from dataclasses import dataclass, field, replace

import duckdb

from core.errors import OrdersError
from core.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, megabytes
from core.reading.decoding.file_type import GZIP, PARQUET, ZIP, kind_of
from core.reading.decoding.memory_file import MemoryFile
from core.reading.decoding.text import MARK, Text, is_blank, look_at, with_plain_line_ends
from core.reading.decoding.unpack import is_workbook, unpack_gzip, unpack_zip
from core.reading.decoding.workbook import sheet_as_text
from core.reading.duck import connect, first_line
from core.reading.reading import NO_HEADER, Reading
from core.sql import sql_name, sql_text

OURS = "cutline "  # begins the columns we add to those of a file
_HEAD_BYTES = 1 << 16
TO_PARQUET = "(FORMAT parquet, COMPRESSION lz4_raw, USE_TMP_FILE false)"
_NESTED = ("STRUCT", "MAP", "UNION", "LIST", "BLOB")
_WORDS = {
    "MISSING COLUMNS": "too few fields",
    "TOO MANY COLUMNS": "too many fields",
    "UNQUOTED VALUE": "a quote inside a quoted field is not doubled",
    "INVALID ENCODING": "not text in UTF-8",
    "LINE SIZE OVER MAXIMUM": "a line too long to be an order",
}


@dataclass
class Raw:
    """A file, read and not yet judged.

    path: Parquet, columns by name, rows in the file's order. types: name → DuckDB's type. first_row: as a spreadsheet
    counts, of the first order. rows: orders counted without DuckDB. refused: (row, reason, text) of each line that is
    no row of this table, in order. blanks: rows that held nothing. reading: how the bytes were read.
    """

    name: str
    path: str
    types: dict[str, str]
    first_row: int
    rows: int
    reading: Reading
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asks_header: bool = False
    memory: MemoryFile | None = None

    @property
    def aside(self) -> list[int]:
        """Rows between the orders that are none, in order."""
        return sorted([*(row for row, *_ in self.refused), *self.blanks])


def open_raw(path: str, name: str, reading: Reading) -> Raw:
    """The file at path as raw Parquet; OrdersError where it cannot be a table of orders."""
    memory, part = None, reading.part
    notes: list[str] = []
    with open(path, "rb") as file:  # noqa: PTH123
        head, size = file.read(_HEAD_BYTES), file.seek(0, 2)
    if size > MAX_FILE_BYTES:
        raise OrdersError(f"{name} is larger than {megabytes(MAX_FILE_BYTES)}. Load it in parts, or as Parquet.")
    kind = kind_of(head, name)
    if kind == ZIP and not is_workbook(path, name):
        memory, part = unpack_zip(path, name, part)
        inner = open_raw(memory.path, part, replace(reading, part=None))
        keep = inner.memory or memory
        return replace(inner, name=f"{name}/{part}", memory=keep, reading=replace(inner.reading, part=reading.part))
    if kind == ZIP:
        memory, part = sheet_as_text(path, name, part, notes)
        path = memory.path
    if kind == GZIP:
        memory = unpack_gzip(path, name, size)
        with memory.open() as file:
            kind = kind_of(file.read(_HEAD_BYTES), name)
        if kind in (GZIP, ZIP):
            raise OrdersError(f"{name} is packed twice. Unpack it once and load that.")
        path = memory.path
    if kind == PARQUET:
        return replace(_parquet(path, name), memory=memory)
    text = look_at(path, name, replace(reading, encoding="utf-8") if kind == ZIP else reading)
    text.notes[:0] = notes
    raw = _text(text, name)
    return replace(raw, reading=replace(raw.reading, part=part))


def _parquet(path: str, name: str) -> Raw:
    try:
        with connect([path]) as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({sql_text(path)})").fetchall()
            rows = connection.execute(f"SELECT count(*) FROM read_parquet({sql_text(path)})").fetchall()[0][0]
    except duckdb.Error as fault:
        raise OrdersError(f"{name} cannot be read as Parquet: {first_line(fault)}. Write it again.") from fault
    types = {column: kind for column, kind, *_ in described}
    nested = [column for column, kind in types.items() if kind.startswith(_NESTED) or kind.endswith("]")]
    _check_size(name, len(types), rows)
    notes = [f"Column {column} is left out: it holds {types.pop(column).lower()[:40]} values." for column in nested]
    notes += _without_ours(types)
    return Raw(name, path, types, 1, rows, Reading(), notes=notes)


def _text(text: Text, name: str) -> Raw:
    memory = MemoryFile()
    try:
        with connect([text.path, memory.path]) as connection:
            connection.execute(_copy_statement(text, memory.path))
            accepted = connection.execute(f"SELECT count(*) FROM read_parquet({sql_text(memory.path)})").fetchall()[0][
                0
            ]
            rejected = connection.execute(
                "SELECT line, error_type, csv_line FROM reject_errors "
                "QUALIFY row_number() OVER (PARTITION BY line) = 1 ORDER BY line"
            ).fetchall()
    except duckdb.Error as fault:
        if text.mixed:
            return _text(with_plain_line_ends(text), name)
        raise OrdersError(f"{name} cannot be read as a table: {first_line(fault)}") from fault
    first_row = 1 if text.header_row == NO_HEADER else text.header_row + 1
    above = first_row - (1 if text.header_row == NO_HEADER else 2)
    refused, blanks = [], []
    for line, kind, content in rejected:
        reason = _WORDS.get(str(kind), str(kind).lower())
        if str(content).startswith(MARK):
            reason, content = text.masked[int(str(content)[len(MARK) :].partition(text.delimiter)[0])]
        if is_blank(reason):
            blanks.append(line + above)
        else:
            refused.append((line + above, reason, str(content)[:1000]))
    _check_size(name, len(text.header), accepted + len(refused))
    if accepted + len(refused) != text.rows:
        raise OrdersError(
            f"{name}: {text.rows:,} rows were counted, and {accepted + len(refused):,} could be told apart. A quote "
            f"is opened and not closed, or the delimiter {text.delimiter!r} is not the file's. Mend it and load again."
        )
    reading = Reading(encoding=text.encoding, delimiter=text.delimiter, header_row=text.header_row)
    types = dict.fromkeys(text.header, "VARCHAR")
    notes = text.notes + _without_ours(types)
    return Raw(
        name, memory.path, types, first_row, text.rows, reading, refused, blanks, notes, text.asks_header, memory
    )


def _without_ours(types: dict[str, str]) -> list[str]:
    """Take out the columns that a file of rejected rows was given: they speak of another file."""
    ours = [column for column in types if column.lower().startswith(OURS)]
    for column in ours:
        del types[column]
    return [f"Left out, since they are of an earlier report: {', '.join(ours)}."] if ours else []


def _copy_statement(text: Text, out: str) -> str:
    columns = ", ".join(f"{sql_text(column)}: 'VARCHAR'" for column in text.header)
    header = "false" if text.header_row == NO_HEADER else "true"
    read = (
        f"read_csv({sql_text(text.path)}, auto_detect = false, columns = {{{columns}}}, header = {header}, "
        f"delim = {sql_text(text.delimiter)}, quote = chr(34), escape = chr(34), store_rejects = true)"
    )
    names = ", ".join(map(sql_name, text.header))
    return f"COPY (SELECT {names} FROM {read}) TO {sql_text(out)} {TO_PARQUET}"


def _check_size(name: str, columns: int, rows: int) -> None:
    if columns > MAX_COLUMNS:
        raise OrdersError(f"{name} has {columns:,} columns; at most {MAX_COLUMNS:,} are read. Leave some out.")
    if rows > MAX_ROWS:
        raise OrdersError(f"{name} has {rows:,} rows; at most {MAX_ROWS:,} are read. Load a part of them.")
    if rows == 0:
        raise OrdersError(f"{name} has a header and no orders.")

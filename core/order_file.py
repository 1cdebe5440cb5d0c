"""The bytes of an order file into one raw table: every row there, every CSV value as the text it is."""

import csv
import gzip
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from core.errors import OrdersError

ROW = "cutline row"  # the row as a spreadsheet counts it; the space keeps the name apart from any header
_DELIMITERS = ",;\t|"


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file as table `raw`, every CSV value as text."""
    if not path.is_file():
        raise OrdersError(f"There is no file {path}. Give the path of a CSV or Parquet file of orders.")
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        # DuckDB reads a path with * or [ as a pattern: it gets a plain name of ours, and no other file.
        link = Path(folder) / "orders"
        link.symlink_to(path.resolve())
        connection.execute("SET TimeZone = 'UTC'")
        kind = _kind(path)
        try:
            read = _read_parquet if kind == "parquet" else _read_csv
            read(connection, path, str(link))
        except duckdb.Error as fault:
            raise OrdersError(f"{path.name} cannot be read as {kind}: {_first_line(fault)}") from fault
        yield connection


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:4] == b"PK\x03\x04":
        raise OrdersError(f"{path.name} is an Excel workbook or a zip. Save the sheet as CSV and load that.")
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if b"\x00" in head:
        raise OrdersError(f"{path.name} is not text in UTF-8. Save it as CSV in UTF-8, or as Parquet.")
    return "csv"


def _read_parquet(connection: duckdb.DuckDBPyConnection, path: Path, link: str) -> None:
    connection.execute(f'CREATE TABLE raw AS SELECT *, row_number() OVER () AS "{ROW}" FROM read_parquet(?)', [link])


def _read_csv(connection: duckdb.DuckDBPyConnection, path: Path, link: str) -> None:
    header, delimiter = _header(path)
    names = ", ".join(f"{sql_text(name)}: 'VARCHAR'" for name in header)
    connection.execute(
        f'CREATE TABLE raw AS SELECT *, 1 + row_number() OVER () AS "{ROW}" FROM read_csv(?, auto_detect = false, '
        f"columns = {{{names}}}, delim = {sql_text(delimiter)}, quote = '\"', escape = '\"', header = true, "
        "compression = ?, store_rejects = true)",
        [link, "gzip" if _kind(path) == "gzip" else "none"],
    )
    rejected = connection.execute(
        "SELECT line, error_type, csv_line FROM reject_errors ORDER BY line LIMIT 1"
    ).fetchone()
    if rejected is not None:
        row, fault, content = rejected
        raise OrdersError(
            f"{path.name}, row {row}: {str(fault).lower()} (the header has {len(header)} columns). "
            f"The row begins {str(content)[:60]!r}. Mend that row and load again."
        )


def _header(path: Path) -> tuple[list[str], str]:
    """The names in the first row and the delimiter that gives the most of them."""
    opener = gzip.open if _kind(path) == "gzip" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            line = file.readline(1 << 20)
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as fault:
        raise OrdersError(
            f"{path.name} cannot be read as text in UTF-8: {fault}. Save it as CSV in UTF-8."
        ) from fault
    if not line.strip():
        raise OrdersError(f"{path.name} is empty. Expected a header row, then one row an order.")
    outside_quotes = re.sub(r'"(?:[^"]|"")*"', "", line)
    delimiter = max(_DELIMITERS, key=outside_quotes.count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter))]
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        if not name:
            raise OrdersError(f"{path.name}: column {place} has no name in the header. Name it and load again.")
        if name.lower() in seen:
            raise OrdersError(f"{path.name}: the header names {name!r} twice. Rename one and load again.")
        seen.add(name.lower())
    return names, delimiter


def sql_name(column: str) -> str:
    """A column's name in SQL, whatever is in it."""
    return '"' + column.replace('"', '""') + '"'


def sql_text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def _first_line(fault: Exception) -> str:
    return str(fault).split("\n")[0][:200]

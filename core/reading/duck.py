"""DuckDB for files of strangers: bounded memory, no disk, no network, no file but the ones named."""

import re
from collections.abc import Sequence

import duckdb

from core.limits import MEMORY
from core.sql import sql_text


def connect(paths: Sequence[str], *, ordered: bool = True) -> duckdb.DuckDBPyConnection:
    """A connection that can open these paths and nothing else. Not ordered, rows come in any order, in less memory."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = ''; SET threads = 2")
    connection.execute(f"SET preserve_insertion_order = {str(ordered).lower()}")
    connection.execute(f"SET allowed_paths = [{', '.join(sql_text(path) for path in paths)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    connection.execute("SET lock_configuration = true")
    return connection


def first_line(fault: Exception) -> str:
    """What DuckDB says, in one line."""
    return re.sub(r"'?/\S*/fd/\d+'?", "it", str(fault).split("\n")[0])[:200]

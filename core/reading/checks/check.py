"""Raw files judged by the rules: accepted orders as typed Parquet, rejected rows with their reasons, a report.

One pass writes every order typed, with a bit for each rule it breaks; counts and first rows are read from the bits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT, ROLES, SCORE, TIMES
from core.errors import OrdersError
from core.limits import FIRST_ROWS, MAX_DAYS
from core.reading.checks import row_checks as rules
from core.reading.checks.report import Finding
from core.reading.checks.row_checks import RULES, TOTALS, TOTALS_CODE, TOTALS_RULE, Rule
from core.reading.decoding.memory_file import MemoryFile
from core.reading.decoding.raw import TO_PARQUET, Raw
from core.reading.duck import connect
from core.reading.formulas import defused_sql, escaped_sql
from core.reading.reading import ALL, ISO, LAST, PLAIN, Reading
from core.reading.roles.column_sql import Column
from core.reading.row_numbers import Ints, rows_as_counted
from core.sql import sql_name, sql_text

FILE, PLACE, BITS = "cutline file", "cutline place", "cutline bits"  # spaces keep them apart from roles
_TOTALS = "cutline totals"
_NAMED = re.compile(r"\{(\w+)\}")
_NUMERIC_ENOUGH = 0.99  # of a feature's values: then it is a number, and the others are the odd ones
_SHOWN_LENGTH = 120


@dataclass(frozen=True)
class Feature:
    """A column that plays no role. values: present; numbers: of those, finite numbers; constant: at most one."""

    column: Column
    values: int
    numbers: int
    constant: bool

    @property
    def is_number(self) -> bool:
        """True where nearly every value is a number, or the file says so."""
        return self.values > 0 and (self.numbers >= _NUMERIC_ENOUGH * self.values)


class Checker:
    """The raw files of one upload, open in DuckDB, and what is asked of them step by step."""

    def __init__(self, files: Sequence[Raw], reading: Reading, out: Sequence[MemoryFile] = ()) -> None:
        self.files = list(files)
        self.reading = reading
        self.connection = connect([*(raw.path for raw in files), *(file.path for file in out)], ordered=False)
        self.source = "(" + " UNION ALL BY NAME ".join(map(self.select, range(len(files)))) + ")"
        restore = self._has_escapes()
        self.columns = {name: Column(name, kind, name in restore) for name, kind in files[0].types.items()}
        self.escaped = restore

    def select(self, place: int) -> str:
        """SQL of one file: its columns, and which file and place an order is in."""
        raw = self.files[place]
        names = ", ".join(map(sql_name, raw.types))
        return (
            f"SELECT {names}, {place} AS {sql_name(FILE)}, file_row_number AS {sql_name(PLACE)} "
            f"FROM read_parquet({sql_text(raw.path)}, file_row_number = true)"
        )

    def _has_escapes(self) -> set[str]:
        """Columns with a value that begins with the apostrophe our exports put before a formula."""
        texts = [name for name, kind in self.files[0].types.items() if kind == "VARCHAR"]
        if not texts:
            return set()
        begins = self.one(", ".join(f"bool_or(starts_with({sql_name(name)}, chr(39)))" for name in texts))
        likely = [name for name, one in zip(texts, begins, strict=True) if one]
        if not likely:
            return set()
        found = self.one(", ".join(f"bool_or({escaped_sql(sql_name(name))})" for name in likely))
        return {name for name, one in zip(likely, found, strict=True) if one}

    def one(self, what: str, where: str = "true") -> tuple[Any, ...]:
        """One row of aggregates over all orders of the files."""
        row: tuple[Any, ...] = self.connection.execute(f"SELECT {what} FROM {self.source} WHERE {where}").fetchall()[0]
        return row

    def row_of(self, file: Ints, place: Ints) -> Ints:
        """Rows as a spreadsheet counts them, lines put aside included."""
        rows = np.empty(len(place), np.int64)
        for number, raw in enumerate(self.files):
            here = file == number
            rows[here] = rows_as_counted(place[here], raw.first_row, raw.aside)
        return rows


def columns_by_role(checker: Checker) -> tuple[dict[str, Column], list[Column]]:
    """role → column, and the columns left as features; OrdersError where the reading does not fit the file."""
    reading, found, name = checker.reading, checker.columns, checker.files[0].name
    for role in reading.roles:
        if role not in ROLES:
            raise OrdersError(f"There is no role {role!r} to map. Roles: {', '.join(ROLES)}.")
    for column in [*reading.roles.values(), *reading.ignore]:
        if column not in found:
            raise OrdersError(f"{name} has no column {column!r}. Found: {_some(found)}.")
    free = [column for column in found if column not in reading.ignore and column not in reading.roles.values()]
    for column in free:
        if column in reading.roles:
            raise OrdersError(
                f"{name} has a column {column!r}, and {column} is mapped to {reading.roles[column]!r}. "
                f"Leave one out: --ignore {column}."
            )
    twice = [c for c in reading.roles.values() if list(reading.roles.values()).count(c) > 1]
    if twice:
        raise OrdersError(f"The column {twice[0]!r} is mapped to two roles. A column plays one role.")
    roles = dict(reading.roles) | {column: column for column in free if column in ROLES}
    playing = {role: found[roles[role]] for role in ROLES if role in roles}
    return playing, [found[column] for column in free if column not in ROLES]


def features_of(checker: Checker, columns: Sequence[Column]) -> list[Feature]:
    """What each feature column holds, from one pass."""
    if not columns:
        return []
    style = checker.reading.numbers or PLAIN
    parts = [f"count({c.text}), count({c.feature(style)}), min({c.text}), max({c.text})" for c in columns]
    found = checker.one(", ".join(parts))
    return [
        Feature(column, found[4 * place], found[4 * place + 1], found[4 * place + 2] == found[4 * place + 3])
        for place, column in enumerate(columns)
    ]


def write_orders(
    checker: Checker, roles: dict[str, Column], features: Sequence[Feature], now: str, out: MemoryFile
) -> list[Rule]:
    """Every order typed, with file, place and bits; returns the rules in the order of their bits."""
    reading = checker.reading
    broken = _bits(checker, roles, now)
    # Inside, each value is read once, under a name of ours; outside, the rules look at what was read.
    inner = [f"{_typed(role, column, reading)} AS {_read(role)}" for role, column in roles.items()]
    inner += [f"{column.text} AS {_text(role)}" for role, column in roles.items()]
    inner += [f"{_feature(feature, reading)} AS {feature.column.quoted}" for feature in features]
    chosen = [f"{_read(role)} AS {role}" for role in roles] + [feature.column.quoted for feature in features]
    bits = " + ".join(f"CASE WHEN {sql} THEN {1 << place} ELSE 0 END" for place, (_, sql) in enumerate(broken))
    checker.connection.execute(
        f"COPY (SELECT {', '.join(chosen)}, {sql_name(FILE)}, {sql_name(PLACE)}, CAST(CASE WHEN {sql_name(_TOTALS)} "
        f"THEN {1 << len(broken)} ELSE {bits or '0'} END AS BIGINT) AS {sql_name(BITS)} FROM (SELECT "
        f"{', '.join(inner)}, {sql_name(FILE)}, {sql_name(PLACE)}, {_is_totals_line(checker)} AS {sql_name(_TOTALS)} "
        f"FROM {checker.source})) "
        f"TO {sql_text(out.path)} {TO_PARQUET}"
    )
    return [*(rule for rule, _ in broken), TOTALS_RULE]


def findings_of(
    checker: Checker, roles: dict[str, Column], broken: list[Rule], clean: MemoryFile
) -> tuple[list[Finding], Ints, Ints, Ints]:
    """A finding for each rule that is broken; and file, place and bits of every order that breaks one."""
    bad = checker.connection.execute(
        f"SELECT {sql_name(FILE)}, {sql_name(PLACE)}, {sql_name(BITS)} FROM read_parquet({sql_text(clean.path)}) "
        f"WHERE {sql_name(BITS)} <> 0 ORDER BY 1, 2"
    ).fetchnumpy()
    file, place, bits = (np.asarray(bad[name], np.int64) for name in (FILE, PLACE, BITS))
    rows = checker.row_of(file, place)
    found = []
    for number, rule in enumerate(broken):
        these = np.flatnonzero(bits & (1 << number))
        if these.size == 0:
            continue
        column = roles.get(rule.role)
        first = these[:FIRST_ROWS]
        values = _values(checker, column, file[first], place[first])
        wanted = wanted_of(rule, checker.reading)
        shown = tuple(
            {"file": checker.files[int(file[i])].name, "row": int(rows[i]), "value": value, "wanted": wanted}
            for i, value in zip(first, values, strict=True)
        )
        name = "" if column is None or rule.code == TOTALS_CODE else column.name
        about = (rule.severity, rule.code, rule.title, rule.remedy, name, rule.role, int(these.size), shown)
        found.append(Finding(*about, option=rule.option))
    return found, file, place, bits


def wanted_of(rule: Rule, reading: Reading) -> str:
    """What a value should have been, under this reading."""
    style = reading.times.get(rule.role, ISO)
    time = "an ISO 8601 time" if style == ISO else f"a time written as {style}"
    labels = ", ".join(word for word, fraud in (reading.labels or {}).items() if fraud in (0, 1))
    return rule.wanted.replace("{time}", time).replace("{labels}", labels)


def is_dropped(broken: Sequence[Rule], bits: Ints) -> NDArray[np.bool_]:
    """True of an order that is no longer one: it breaks a rule that loses rows, or is a line of totals."""
    dropped: NDArray[np.bool_] = (bits & dropping_mask(broken)) != 0
    return dropped


def dropping_mask(broken: Sequence[Rule]) -> int:
    """The bits of rules that lose rows."""
    loses = [n for n, rule in enumerate(broken) if rule.severity == rules.LOSES_ROWS or rule.code == TOTALS_CODE]
    return sum(1 << number for number in loses)


def write_rejected(
    checker: Checker, broken: Sequence[Rule], file: Ints, place: Ints, bits: Ints, out: MemoryFile
) -> None:
    """Every rejected row as CSV, safe to open in a spreadsheet: file, row, reasons, then the file's own columns; for
    a line that is no row of the table its text, in the last column."""
    import pyarrow

    dropped = is_dropped(broken, bits)
    refused = [(n, row, reason, text) for n, raw in enumerate(checker.files) for row, reason, text in raw.refused]
    by_place = pyarrow.table({
        "f": file[dropped], "p": place[dropped], "r": checker.row_of(file[dropped], place[dropped]),
        "why": [_reasons(broken, value) for value in bits[dropped].tolist()],
    })  # fmt: skip
    lines = pyarrow.table({
        "f": pyarrow.array([n for n, *_ in refused], pyarrow.int64()),
        "r": pyarrow.array([row for _, row, *_ in refused], pyarrow.int64()),
        "why": pyarrow.array([reason for *_, reason, _ in refused], pyarrow.string()),
        "line": pyarrow.array([text for *_, text in refused], pyarrow.string()),
    })  # fmt: skip
    names = pyarrow.table({"f": list(range(len(checker.files))), "file": [raw.name for raw in checker.files]})
    for name, table in (("by_place", by_place), ("lines", lines), ("names", names)):
        checker.connection.register(f"cutline_{name}", table)
    read = [c.value if c.restore else f"CAST({c.quoted} AS VARCHAR)" for c in checker.columns.values()]
    as_read = [f"{value} AS {c.quoted}" for value, c in zip(read, checker.columns.values(), strict=True)]
    source = f"(SELECT {', '.join(as_read)}, {sql_name(FILE)}, {sql_name(PLACE)} FROM {checker.source})"
    own = [f"{defused_sql(f's.{c.quoted}')} AS {c.quoted}" for c in checker.columns.values()]
    empty = [f"CAST(NULL AS VARCHAR) AS {c.quoted}" for c in checker.columns.values()]
    file_name = defused_sql("n.file")
    checker.connection.execute(f"""
        COPY (
            SELECT {file_name} AS "cutline file", b.r AS "cutline row", b.why AS "cutline reasons", {", ".join(own)},
                   CAST(NULL AS VARCHAR) AS "cutline line"
            FROM {source} s JOIN cutline_by_place b ON s.{sql_name(FILE)} = b.f AND s.{sql_name(PLACE)} = b.p
            JOIN cutline_names n ON n.f = b.f
            UNION ALL
            SELECT {file_name}, l.r, l.why, {", ".join(empty)}, {defused_sql("l.line")}
            FROM cutline_lines l JOIN cutline_names n ON n.f = l.f
            ORDER BY 1, 2
        ) TO {sql_text(out.path)} (FORMAT csv, HEADER, USE_TMP_FILE false)""")


def _reasons(broken: Sequence[Rule], bits: int) -> str:
    return "; ".join(rule.title for number, rule in enumerate(broken) if bits >> number & 1)


def _bits(checker: Checker, roles: dict[str, Column], now: str) -> list[tuple[Rule, str]]:
    """The rules of the roles that are there, compiled to SQL over one row as it was read."""
    reading = checker.reading
    early, late = _time_bounds(checker, roles)
    not_known = [sql_text(word) for word, fraud in (reading.labels or {}).items() if fraud == -1]
    compiled = []
    for rule in RULES:
        if rule.role not in roles or ("{ordered_at}" in rule.sql and ORDERED_AT not in roles):
            continue
        if rule.code == "stray_time" and early is None:
            continue
        pieces = dict.fromkeys(("number", "score", "label", "time"), _read(rule.role)) | {
            "text": _text(rule.role),
            "ordered_at": _read(ORDERED_AT),
            "not_known": ", ".join(not_known or ["''"]),
            "early": str(early),
            "late": str(late),
            "now": f"TIMESTAMP {sql_text(now)}",
        }
        if "{repeated}" in rule.sql:
            pieces["repeated"] = _repeated(checker, roles[rule.role])
        # In one pass: a column may be called {text}.
        sql = _NAMED.sub(partial(_piece, pieces), rule.sql)
        compiled.append((rule, f"({sql})"))
    return compiled


def _piece(pieces: dict[str, str], found: re.Match[str]) -> str:
    return pieces[found[1]]


def _read(role: str) -> str:
    return sql_name(f"cutline read {role}")


def _text(role: str) -> str:
    return sql_name(f"cutline text {role}")


def _time_bounds(checker: Checker, roles: dict[str, Column]) -> tuple[str | None, str | None]:
    """Between which times orders lie, where some are too far from the others to be counted by day."""
    if ORDERED_AT not in roles:
        return None, None
    time = roles[ORDERED_AT].time(checker.reading.times[ORDERED_AT])
    first, last = checker.one(f"min({time}), max({time})")
    if first is None or (last - first).days < MAX_DAYS:
        return None, None
    middle = checker.one(f"approx_quantile({time}, 0.5)")[0].isoformat(sep=" ")
    half = MAX_DAYS // 2
    early, late = (f"date_trunc('day', TIMESTAMP '{middle}' {sign} INTERVAL {half} DAY)" for sign in "-+")
    return early, late


def _repeated(checker: Checker, column: Column) -> str:
    """SQL that is true of an order whose id another one has, but not of the one to keep."""
    if checker.reading.duplicates == ALL:
        return "false"
    hashes = np.sort(
        checker.connection.execute(f"SELECT hash({column.value}) AS h FROM {checker.source}").fetchnumpy()["h"]
    )
    twice = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if twice.size == 0:
        return "false"
    import pyarrow

    checker.connection.register("cutline_twice", pyarrow.table({"h": twice}))
    order = "DESC" if checker.reading.duplicates == LAST else "ASC"
    checker.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cutline_repeated AS SELECT {sql_name(FILE)} AS f, {sql_name(PLACE)} AS p FROM ("
        f"SELECT {sql_name(FILE)}, {sql_name(PLACE)}, row_number() OVER (PARTITION BY {column.value} ORDER BY "
        f"{sql_name(FILE)} {order}, {sql_name(PLACE)} {order}) AS k FROM {checker.source} "
        f"WHERE hash({column.value}) IN (SELECT h FROM cutline_twice) AND {column.text} IS NOT NULL) WHERE k > 1"
    )
    return f"({sql_name(FILE)}, {sql_name(PLACE)}) IN (SELECT (f, p) FROM cutline_repeated)"


def _is_totals_line(checker: Checker) -> str:
    """SQL that is true of a line of totals: among the last rows of a text file, and it says so."""
    texts = [column for column in checker.columns.values() if column.is_text][:50]
    words = ", ".join(map(sql_text, TOTALS))
    says = " OR ".join(f"lower({column.text}) IN ({words})" for column in texts)
    lines = []
    for number, raw in enumerate(checker.files):
        if raw.reading.encoding is None or not texts:
            continue
        last = raw.rows - len(raw.refused) - 3
        found = checker.connection.execute(
            f"SELECT {sql_name(PLACE)} FROM ({checker.select(number)}) WHERE {sql_name(PLACE)} >= {last} AND ({says})"
        ).fetchall()
        lines += [f"({sql_name(FILE)} = {number} AND {sql_name(PLACE)} = {place})" for (place,) in found]
    return " OR ".join(lines) or "false"


def _typed(role: str, column: Column, reading: Reading) -> str:
    if role == AMOUNT:
        return column.number(reading.numbers or PLAIN)
    if role == SCORE:
        return column.score(reading.numbers or PLAIN, reading.score_scale or 1)
    if role == IS_FRAUD:
        return f"CAST({column.label(reading)} AS DOUBLE)"
    return column.time(reading.times[role]) if role in TIMES else column.value


def _feature(feature: Feature, reading: Reading) -> str:
    column = feature.column
    return column.feature(reading.numbers or PLAIN) if feature.is_number else column.value


def _values(checker: Checker, column: Column | None, file: Ints, place: Ints) -> list[str | None]:
    """What stands in the column on these rows, shortened; for a line of totals, nothing."""
    if column is None:
        return [None] * len(place)
    where = " OR ".join(
        f"({sql_name(FILE)} = {f} AND {sql_name(PLACE)} = {p})" for f, p in zip(file, place, strict=True)
    )
    found = checker.connection.execute(
        f"SELECT {sql_name(FILE)}, {sql_name(PLACE)}, CAST({column.quoted} AS VARCHAR) "
        f"FROM {checker.source} WHERE {where}"
    ).fetchall()
    by_place = {(f, p): value for f, p, value in found}
    return [_shortened(by_place[(int(f), int(p))]) for f, p in zip(file, place, strict=True)]


def _shortened(value: str | None) -> str | None:
    return value if value is None or len(value) <= _SHOWN_LENGTH else value[: _SHOWN_LENGTH - 1] + "…"


def _some(names: Sequence[str] | dict[str, Column]) -> str:
    shown = list(names)
    return ", ".join(shown[:30]) + (f" and {len(shown) - 30} more" if len(shown) > 30 else "")

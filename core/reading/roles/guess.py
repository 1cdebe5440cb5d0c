"""What each column is, guessed from its name and its contents, with the reason: a proposal, shown and changeable."""

import re
from dataclasses import dataclass, fields, replace
from typing import Any

import duckdb

from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, ROLES, SCORE, TIMES
from core.limits import SAMPLE_CELLS
from core.reading.reading import (
    ASK,
    DECIMAL_COMMA,
    EPOCH_MS,
    EPOCH_S,
    ISO,
    LABELS,
    NUMBERS,
    PLAIN,
    THOUSANDS_COMMA,
    Reading,
)
from core.reading.roles.column_sql import Column, is_number_type
from core.reading.roles.header_names import FRAUD_WORDS, LEGIT_WORDS, NAMES, UNKNOWN_WORDS, plain_name
from core.sql import sql_text

_DATES = ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d", "%m/%d/%y", "%d/%m/%y",
          "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%d-%b-%Y")  # fmt: skip
_CLOCKS = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p", "T%H:%M:%S")
FORMATS = (ISO, EPOCH_S, EPOCH_MS, *(date + clock for clock in _CLOCKS for date in _DATES))
"""Every way of writing times that is tried and offered, the likeliest first."""

_PLACE = '"cutline place"'
MOST_LABELS = 50
_ENOUGH = 0.9  # of the values: then a column is of that kind, and the others are the odd ones
_ENOUGH_NAMED = 0.5  # where its name says so too
_EPOCH_S_RANGE = "BETWEEN 315532800 AND 4102444800"  # 1980 to 2100
_EPOCH_MS_RANGE = "BETWEEN 315532800000 AND 4102444800000"


@dataclass(frozen=True)
class Guess:
    """A column and what it is taken for. role: a role, or "" for a feature. samples: up to three values."""

    column: str
    role: str
    reason: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """What a column's first rows hold: counts of values, and of those that are of a kind."""

    values: int
    distinct: int
    numbers: int
    currency: int
    percent: int
    times: int
    epochs: int
    bits: int
    words: int
    rows: int
    samples: tuple[str, ...]

    def mostly(self, count: int, enough: float = _ENOUGH) -> bool:
        """True where that many of the values are nearly all of them."""
        return self.values > 0 and count >= enough * self.values


_COUNTED = tuple(look.name for look in fields(Look) if look.name != "samples")


def guess_columns(connection: duckdb.DuckDBPyConnection, source: str, columns: list[Column]) -> list[Guess]:
    """A role or "feature" for each column: names first, then contents where exactly one column fits."""
    looks = {column.name: _look(connection, source, column, len(columns)) for column in columns}
    chosen: dict[str, tuple[str, str]] = {}
    for role, names in NAMES.items():
        for name in names:
            fitting = [c for c in looks if plain_name(c) == name and c not in chosen and _fits(role, looks[c])]
            if fitting and role not in {taken for taken, _ in chosen.values()}:
                chosen[fitting[0]] = (role, "by its name")
    for role, find, reason in _BY_CONTENTS:
        fitting = [name for name, look in looks.items() if name not in chosen and find(look)]
        if role not in {taken for taken, _ in chosen.values()} and len(fitting) == 1:
            chosen[fitting[0]] = (role, reason)
    return [Guess(name, *chosen.get(name, ("", _feature_reason(look))), look.samples) for name, look in looks.items()]


def resolved(reading: Reading, connection: duckdb.DuckDBPyConnection, source: str, columns: list[Column]) -> Reading:
    """reading with nothing left open: formats detected over the whole file where it says so, else the plainest."""
    by_name = {column.name: column for column in columns}
    roles = dict(reading.roles) | {
        name: name for name in by_name if name in ROLES and name not in [*reading.roles.values(), *reading.ignore]
    }
    playing = {role: by_name[name] for role, name in roles.items() if name in by_name}
    if not reading.detect:
        times = {role: reading.times.get(role, ISO) for role in TIMES if role in playing}
        return replace(
            reading,
            times=times,
            numbers=reading.numbers or PLAIN,
            labels=dict(LABELS) if reading.labels is None else reading.labels,
            score_scale=reading.score_scale or 1,
        )
    numbers = reading.numbers or _number_style(connection, source, playing)
    times = {
        role: reading.times.get(role) or _time_style(connection, source, column)
        for role, column in playing.items()
        if role in TIMES
    }
    labels, scale = reading.labels, reading.score_scale
    if labels is None:
        labels = _labels(connection, source, playing[IS_FRAUD]) if IS_FRAUD in playing else dict(LABELS)
    if scale is None:
        scale = _scale(connection, source, playing[SCORE], numbers) if SCORE in playing else 1
    return replace(reading, roles=roles, times=times, numbers=numbers, labels=labels, score_scale=scale)


def label_values(connection: duckdb.DuckDBPyConnection, source: str, column: Column) -> list[tuple[str, int]]:
    """The distinct labels in lower case and how often each occurs, commonest first, at most fifty."""
    query = f"SELECT lower({column.text}), count(*) FROM {source} WHERE {column.text} IS NOT NULL GROUP BY 1"
    found: list[tuple[str, int]] = connection.execute(f"{query} ORDER BY 2 DESC, 1 LIMIT {MOST_LABELS}").fetchall()
    return found


def _look(connection: duckdb.DuckDBPyConnection, source: str, column: Column, columns: int) -> Look:
    text, rows = column.text, max(200, SAMPLE_CELLS // columns)
    likely = r"'^[^a-zA-Z]*\d{1,4}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/., ]+\d{1,4}'"
    number = column.number(PLAIN)
    bare = f"rtrim({text}, '% ')"
    grouped = f"coalesce({_number(column, THOUSANDS_COMMA)}, {_number(column, DECIMAL_COMMA)})"
    is_time = "true" if column.type.startswith(("TIMESTAMP", "DATE")) else f"regexp_matches({text}, {likely})"
    query = f"""
        SELECT count(t), count(DISTINCT t), count_if(isfinite(coalesce({number}, {grouped}))),
               count_if(regexp_matches(t, '^[-(]*[$€£¥₹]|[$€£¥₹]$|(USD|EUR|GBP)')),
               count_if(ends_with(t, '%') AND {_plain(bare)} IS NOT NULL), count_if({is_time}),
               count_if({number} {_EPOCH_S_RANGE} OR {number} {_EPOCH_MS_RANGE}),
               count_if({number} IN (0, 1)), count_if(lower(t) IN ({_list((*FRAUD_WORDS, *LEGIT_WORDS))})),
               count(*)
        FROM (SELECT {column.quoted}, {text} AS t FROM {source} WHERE {_PLACE} < {rows})"""
    counts = connection.execute(query).fetchall()[0]
    shown = connection.execute(
        f"SELECT t FROM (SELECT {text} AS t, {_PLACE} AS p FROM {source} WHERE {_PLACE} < {min(rows, 2000)}) "
        "WHERE t IS NOT NULL GROUP BY t ORDER BY min(p) LIMIT 3"
    ).fetchall()
    kinds: Any = [count or 0 for count in counts]
    return Look(**dict(zip(_COUNTED, kinds, strict=True)), samples=tuple(str(value)[:60] for (value,) in shown))


def _number(column: Column, style: str) -> str:
    return column.number(style)


def _plain(text: str) -> str:
    return f"try_cast({text} AS DOUBLE)"


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(sql_text(word) for word in words)


def _fits(role: str, look: Look) -> bool:
    """A name is not enough: what the column holds must be possible for the role."""
    if look.values == 0:
        return role == IS_FRAUD  # nothing is labelled yet
    kinds = {
        AMOUNT: look.numbers,
        SCORE: look.numbers + look.percent,
        ORDER_ID: look.distinct,
        **dict.fromkeys(TIMES, max(look.times, look.numbers)),
    }
    if role == IS_FRAUD:
        return look.distinct <= MOST_LABELS
    return role not in kinds or look.mostly(kinds[role], _ENOUGH_NAMED)


_BY_CONTENTS: tuple[tuple[str, Any, str], ...] = (
    (ORDERED_AT, lambda look: look.mostly(look.times), "the only column of times"),
    (ORDERED_AT, lambda look: look.mostly(look.epochs) and look.distinct > 1, "the only column of seconds since 1970"),
    (AMOUNT, lambda look: look.mostly(look.currency), "the only column of money"),
    (SCORE, lambda look: look.mostly(look.percent), "the only column of percentages"),
    (IS_FRAUD, lambda look: look.mostly(look.words) and not look.mostly(look.numbers) and 1 < look.distinct <= 4,
     "the only column of two words such as fraud and legit"),
    (IS_FRAUD, lambda look: look.mostly(look.bits) and look.distinct == 2, "the only column of 0 and 1"),
    (ORDER_ID, lambda look: look.distinct == look.values == look.rows > 1 and not look.mostly(look.times)
     and not look.currency and any(not re.match(r"^-?\d+[.,]\d", value) for value in look.samples),
     "the only column with a value of its own in every row"),
)  # fmt: skip


def _feature_reason(look: Look) -> str:
    if look.values == 0:
        return "empty"
    if look.mostly(look.times):
        return "times"
    if look.mostly(look.numbers):
        return "numbers"
    return f"texts, {look.distinct:,} different in the first {look.rows:,} rows"


def _count(connection: duckdb.DuckDBPyConnection, source: str, what: str) -> tuple[int, ...]:
    counted = connection.execute(f"SELECT {what} FROM {source}").fetchall()[0]
    return tuple(count or 0 for count in counted)  # count_if of nulls alone is null


def _number_style(connection: duckdb.DuckDBPyConnection, source: str, playing: dict[str, Column]) -> str:
    """The style in which most amounts (else scores) are numbers; of equals the plainest."""
    column = playing.get(AMOUNT) or playing.get(SCORE)
    if column is None or is_number_type(column.type):
        return PLAIN
    values, plain = _count(connection, source, f"count({column.text}), count({column.number(PLAIN)})")
    if plain == values:
        return PLAIN
    counts = _count(connection, source, ", ".join(f"count({column.number(style)})" for style in NUMBERS))
    return NUMBERS[max(range(len(NUMBERS)), key=lambda place: (counts[place], -place))]


def _time_style(connection: duckdb.DuckDBPyConnection, source: str, column: Column) -> str:
    """The format in which most values are times; ASK where day and month could change places in all of them."""
    if column.type.startswith(("TIMESTAMP", "DATE")):
        return ISO
    candidates = _likely_formats(connection, source, column)
    if len(candidates) < 2:
        return candidates[0] if candidates else ISO
    counts = _count(connection, source, ", ".join(f"count({column.time(style)})" for style in candidates))
    best = max(range(len(candidates)), key=lambda place: (counts[place], -place))
    twin = _day_month_twin(candidates[best])
    if twin != candidates[best] and twin in candidates and counts[candidates.index(twin)] == counts[best]:
        return ASK
    return candidates[best]


def _likely_formats(connection: duckdb.DuckDBPyConnection, source: str, column: Column) -> list[str]:
    """Formats under which any of the first values is a time."""
    some = f"(SELECT {column.quoted} FROM {source} WHERE {column.text} IS NOT NULL ORDER BY {_PLACE} LIMIT 200)"
    number = column.number(PLAIN)
    ranges = (f"count_if({number} {_EPOCH_S_RANGE})", f"count_if({number} {_EPOCH_MS_RANGE})")
    seconds, milliseconds = _count(connection, some, ", ".join(ranges))
    if seconds or milliseconds:
        return [EPOCH_S if seconds >= milliseconds else EPOCH_MS]
    if is_number_type(column.type):
        return []
    tried = [style for style in FORMATS if style not in (EPOCH_S, EPOCH_MS)]
    counts = _count(connection, some, ", ".join(f"count({column.time(style)})" for style in tried))
    return [style for style, count in zip(tried, counts, strict=True) if count]


def _day_month_twin(style: str) -> str:
    """
    >>> _day_month_twin("%m/%d/%Y %H:%M"), _day_month_twin("%d.%m.%Y")
    ('%d/%m/%Y %H:%M', '%m.%d.%Y')
    """
    return re.sub(r"%([md])(\W)%([md])", r"%\3\2%\1", style, count=1)


def ambiguous_formats(connection: duckdb.DuckDBPyConnection, source: str, column: Column) -> list[str]:
    """The two formats between which only the user can choose."""
    found = _likely_formats(connection, source, column)
    return [style for style in found if _day_month_twin(style) in found and _day_month_twin(style) != style]


def _labels(connection: duckdb.DuckDBPyConnection, source: str, column: Column) -> dict[str, int]:
    """The words found that are known to mean fraud (1), legit (0) or not known yet (-1); a third one stays out and
    is named by the check. Empty where no word is known: then only the user can say."""
    words = [_label_word(word) for word, _ in label_values(connection, source, column)]
    if not words:
        return dict(LABELS)
    known = {word: 1 for word in words if word in FRAUD_WORDS}
    known |= {word: 0 for word in words if word in LEGIT_WORDS}
    unknown = {word: -1 for word in words if word in UNKNOWN_WORDS}
    others = [word for word in words if word not in known and word not in unknown]
    if len(known) == 1 and len(others) == 1 and not set(known) & {"0", "1"}:
        known[others[0]] = 1 - next(iter(known.values()))  # "chargeback" and "settled": the other one of two
    return known | unknown if known else {}


def _label_word(word: str) -> str:
    """
    >>> _label_word("1.0"), _label_word("fraud")
    ('1', 'fraud')
    """
    return word[0] if re.match(r"^[01]\.0+$", word) else word


def _scale(connection: duckdb.DuckDBPyConnection, source: str, column: Column, style: str) -> float:
    """1, 100 or 1000: the least that leaves nearly all scores within 0 to 1."""
    number, every = column.number(style), column.text
    above = ", ".join(f"count_if({number} > {bound})" for bound in (1.5, 100, 1000))
    values, above_one, above_hundred, above_thousand = _count(connection, source, f"count({every}), {above}")
    if above_one < 0.01 * values:
        return 1
    return 1000 if above_hundred >= 0.01 * values and above_thousand < 0.01 * values else 100

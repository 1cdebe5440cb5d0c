"""A column of the file as SQL: its text, its number, its time, its label, each null where the value is none."""

from dataclasses import dataclass

from core.reading.formulas import restored_sql
from core.reading.reading import ASK, DECIMAL_COMMA, EPOCH_MS, EPOCH_S, ISO, PLAIN, THOUSANDS_COMMA, Reading
from core.sql import sql_name, sql_text

_CURRENCY = r"[\s$€£¥₹]|USD|EUR|GBP|US\$"
_GROUPED = {
    THOUSANDS_COMMA: (r"^[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?([eE][-+]?\d+)?$", ",", "."),
    DECIMAL_COMMA: (r"^[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d*)?$", ".", ","),
}
_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_EPOCH_UNIT = {EPOCH_S: 1_000_000, EPOCH_MS: 1_000}
_LAST_EPOCH_S = 4_102_444_800  # the year 2100


@dataclass(frozen=True)
class Column:
    """One column. type: DuckDB's; VARCHAR for every column of a text file."""

    name: str
    type: str
    restore: bool = False

    @property
    def quoted(self) -> str:
        """Its name in SQL."""
        return sql_name(self.name)

    @property
    def is_text(self) -> bool:
        """True where values are texts, whatever they say."""
        return self.type in ("VARCHAR", "ENUM") or self.type.startswith("ENUM")

    @property
    def value(self) -> str:
        """The value as text, exactly; an apostrophe put before a formula is taken off."""
        text = f"CAST({self.quoted} AS VARCHAR)"
        if self.type in ("DOUBLE", "FLOAT"):
            text = f"CASE WHEN NOT isnan({self.quoted}) THEN {text} END"
        return restored_sql(text) if self.restore and self.is_text else text

    @property
    def text(self) -> str:
        """The value trimmed; null where nothing is left."""
        return f"nullif(trim({self.value}), '')"

    def number(self, style: str) -> str:
        """The value as DOUBLE, written in a style (`reading.NUMBERS`); a typed number as it is."""
        if not self.is_text:
            return f"try_cast({self.quoted} AS DOUBLE)"
        return number_in(self.text, style)

    def score(self, style: str, scale: float) -> str:
        """The value as a share of scale; 87% is 0.87 whatever the scale."""
        if not self.is_text:
            return f"({self.number(style)} / {scale})"
        percent = number_in(f"rtrim({self.text}, '% ')", style)
        plain = number_in(self.text, style)
        return f"CASE WHEN ends_with({self.text}, '%') THEN {percent} / 100 ELSE {plain} / {scale} END"

    def time(self, style: str) -> str:
        """The value as TIMESTAMP in UTC, written in a style: ISO 8601, an epoch, or a strptime format."""
        if style == ASK:
            return "CAST(NULL AS TIMESTAMP)"
        if self.type.startswith(("TIMESTAMP", "DATE")):
            return f"CAST(CAST({self.quoted} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"
        if style in _EPOCH_UNIT:
            number, unit = self.number(PLAIN), _EPOCH_UNIT[style]
            within = f"{number} BETWEEN 0 AND {_LAST_EPOCH_S * 1_000_000 // unit}"
            return f"CASE WHEN {within} THEN make_timestamp(CAST({number} * {unit} AS BIGINT)) END"
        if style == ISO:
            # 2026-03-01 10:00:00, without a zone, is most files and three times faster to read.
            bare = f"length({self.text}) = 19 AND substr({self.text}, 17, 1) = ':'"
            zoned = f"CAST(try_cast({self.text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"
            time = f"CASE WHEN {bare} THEN try_cast({self.text} AS TIMESTAMP) ELSE {zoned} END"
            return f"CASE WHEN isfinite({time}) THEN {time} END"
        return f"CAST(try_strptime({self.text}, {sql_text(style)}) AS TIMESTAMP)"

    def label(self, reading: Reading) -> str:
        """1 fraud, 0 legit, null otherwise, by the words of the reading; 1.0 is 1."""
        known = {word: fraud for word, fraud in (reading.labels or {}).items() if fraud in (0, 1)}
        words = " ".join(f"WHEN {sql_text(word)} THEN {fraud}" for word, fraud in known.items())
        by_word = f"CASE lower({self.text}) {words} END" if words else "CAST(NULL AS INTEGER)"
        numbers = [word for word in ("0", "1") if word in known]
        if not numbers:
            return by_word
        number = self.number(PLAIN)
        by_number = " ".join(f"WHEN {word} THEN {known[word]}" for word in numbers)
        return f"coalesce(CASE {number} {by_number} END, {by_word})"

    def feature(self, style: str) -> str:
        """A number, true counting 1; null where the value is no finite number."""
        number = self.number(style)
        if self.type == "BOOLEAN":
            return f"CAST(CAST({self.quoted} AS INTEGER) AS DOUBLE)"
        if self.is_text:
            words = f"CASE lower({self.text}) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 END"
            number = f"coalesce({number}, {words})"
        return f"CASE WHEN isfinite({number}) THEN {number} END"


def number_in(text: str, style: str) -> str:
    """A text as DOUBLE; null unless it is written in that style."""
    plain = f"CASE WHEN NOT contains({text}, '_') THEN try_cast({text} AS DOUBLE) END"
    if style == PLAIN:
        return plain
    pattern, thousands, decimal = _GROUPED[style]
    bare = f"regexp_replace({text}, '{_CURRENCY}', '', 'g')"
    signed = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"
    digits = f"replace(replace({signed}, '{thousands}', ''), '{decimal}', '.')"
    grouped = f"CASE WHEN regexp_matches({signed}, '{pattern}') THEN try_cast({digits} AS DOUBLE) END"
    return f"coalesce({plain}, {grouped})" if style == THOUSANDS_COMMA else grouped


def is_number_type(kind: str) -> bool:
    """True of DuckDB's numeric types."""
    return kind in (*_NUMERIC, "DOUBLE", "FLOAT") or kind.startswith("DECIMAL")

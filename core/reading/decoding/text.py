"""What a text file is: its encoding, delimiter and header, and the lines no reader would take as they are.

DuckDB then reads the file itself, or a mended copy in memory where it needs one: another encoding, title lines
above the header, lines with a NUL or with a quote that is never closed.
"""

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass, field

from core.errors import OrdersError
from core.limits import MAX_COLUMNS
from core.reading.decoding.memory_file import MemoryFile
from core.reading.decoding.quotes import open_quotes
from core.reading.decoding.scan import Scan, scan
from core.reading.reading import DELIMITERS, ENCODINGS, NO_HEADER, Reading

MARK = "\x01cutline "  # begins a line put in the place of one that cannot be read
NUL, UNCLOSED = "a NUL byte", "a quote is opened and never closed"
_BLANK = "blank"
_CHUNK = 1 << 22
_HEAD_LINES = 200
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r")
_MOST_CONTROLS = 0.05  # of the bytes of a text
_DATUM = re.compile(r"^[-+($€£¥]*\s*\d[\d.,:/\-\sTZ%)eE+]*$")
_WORDS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "latin-1": "Latin-1 (Windows)"}


@dataclass
class Text:
    """A text file as it is read. path: the file, or its mended copy. header: names, made unique.

    header_row: as a spreadsheet counts; 0 = none. rows: of orders, counted without DuckDB. masked: (reason, text) of
    each line that was put aside, in order. notes: what was found and done. asks_header: the first row may be an
    order. mixed: some lines end in CR LF, others in LF.
    """

    path: str
    encoding: str
    delimiter: str
    header: list[str]
    header_row: int
    rows: int
    masked: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asks_header: bool = False
    copy: MemoryFile | None = None
    mixed: bool = False


def look_at(path: str, name: str, reading: Reading) -> Text:
    """The facts of a text file; those given in reading are taken as they are."""
    notes: list[str] = []
    encoding = reading.encoding or _encoding(path)
    if encoding not in ENCODINGS:
        raise OrdersError(f"The encoding must be one of {', '.join(ENCODINGS)}. Got: {encoding!r}.")
    _refuse_noise(path, name, encoding)
    copy = _decoded(path, name, encoding)
    if copy is not None:
        path = copy.path
    if encoding != "utf-8":
        notes.append(f"Read as {_WORDS[encoding]}.")
    found = scan(path, name)
    if found.lines == 0:
        raise OrdersError(f"{name} is empty. Expected a header row, then one row an order.")
    head = _head(path)
    delimiter, said = (reading.delimiter, 0) if reading.delimiter else _delimiter(head)
    if len(delimiter) != 1:
        raise OrdersError(f"The delimiter must be one character. Got: {delimiter!r}.")
    row, asks = _header_row(head, delimiter, said) if reading.header_row is None else (reading.header_row, False)
    top = max(row - 1, said if row == NO_HEADER else 0)
    header = _names(head, delimiter, row, name, notes)
    mixed = 0 < found.crlf < found.ends
    text = Text(path, encoding, delimiter, header, row, 0, [], notes, asks, copy, mixed)
    if row > 1:
        notes.append(f"Skipped {row - 1} line{'s' if row > 2 else ''} above the header in row {row}.")
    return _mended(text, found, top)


def _encoding(path: str) -> str:
    """By its mark, else by what decodes: UTF-8 where any text in it is UTF-8, Latin-1 where none is."""
    with open(path, "rb") as file:  # noqa: PTH123
        head = file.read(4096)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head.count(b"\0") > len(head) // 4:
            return "utf-16"
        file.seek(0)
        beyond_ascii = False
        while chunk := file.read(_CHUNK):
            chunk += file.readline(_CHUNK)
            if chunk.isascii():
                continue
            try:
                chunk.decode("utf-8")
                beyond_ascii = True
            except UnicodeDecodeError:
                return "utf-8" if beyond_ascii or _some_utf8(chunk) else "latin-1"
    return "utf-8"


def _refuse_noise(path: str, name: str, encoding: str) -> None:
    """OrdersError where the bytes are no text at all: control characters in every line."""
    with open(path, "rb") as file:  # noqa: PTH123
        head = file.read(1 << 16)
    odd = len(head) - len(head.translate(None, _CONTROLS))
    if encoding != "utf-16" and odd > max(20, _MOST_CONTROLS * len(head)):
        raise OrdersError(f"{name} is no text, nor a workbook or Parquet. Export the orders as CSV and load that.")


def _some_utf8(chunk: bytes) -> bool:
    """True where lines beyond ASCII are mostly UTF-8: then the others are the odd ones."""
    odd = [line for line in chunk.splitlines() if not line.isascii()]
    good = sum(_decodes(line) for line in odd)
    return good > len(odd) - good


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(path: str, name: str, encoding: str) -> MemoryFile | None:
    """A copy in UTF-8 with plain line ends, where the file is not that already."""
    carriage = encoding == "utf-8" and _carriage_returns_only(path)
    if encoding == "utf-8" and not carriage:
        return None
    codec = {"latin-1": "cp1252", "utf-16": _utf16(path)}.get(encoding, encoding)
    decoder = codecs.getincrementaldecoder(codec)("replace" if encoding == "latin-1" else "strict")
    copy = MemoryFile()
    with open(path, "rb") as source, copy.open("wb") as out:  # noqa: PTH123
        try:
            while chunk := source.read(_CHUNK):
                part = decoder.decode(chunk)
                out.write((part.replace("\r", "\n") if carriage else part).encode("utf-8", "replace"))
            out.write(decoder.decode(b"", True).encode("utf-8", "replace"))
        except UnicodeDecodeError as fault:
            raise OrdersError(
                f"{name} cannot be read as {_WORDS[encoding]}: {fault.reason}. Choose another."
            ) from fault
    if encoding != "utf-8" and _carriage_returns_only(copy.path):
        return _decoded(copy.path, name, "utf-8")
    return copy


def _utf16(path: str) -> str:
    """UTF-16 by its mark; without one by where the NULs of ASCII characters stand."""
    with open(path, "rb") as file:  # noqa: PTH123
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _carriage_returns_only(path: str) -> bool:
    with open(path, "rb") as file:  # noqa: PTH123
        head = file.read(_CHUNK)
    return b"\r" in head and b"\n" not in head


def _head(path: str) -> list[str]:
    """The first lines, a row over several lines as they are."""
    with open(path, encoding="utf-8-sig", errors="replace", newline="\n") as file:  # noqa: PTH123
        return [line for _, line in zip(range(_HEAD_LINES), file, strict=False)]


def _delimiter(head: list[str]) -> tuple[str, int]:
    """The delimiter under which most rows have the same number of fields, and how many `sep=` lines say it."""
    if said := re.match(r"^sep=(.)\r?\n?$", head[0]):
        return said[1], 1
    return max(DELIMITERS, key=lambda delimiter: _regularity(head, delimiter)), 0


def _regularity(head: list[str], delimiter: str) -> tuple[float, int]:
    """Share of rows with the usual number of fields, and that number; (0, 0) where it never separates anything."""
    counts = Counter(len(row) for row in _rows(head, delimiter) if row)
    usual, rows = max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (rows / counts.total(), usual) if usual > 1 else (0.0, 0)


def _rows(head: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(head, delimiter=delimiter))
    except csv.Error:
        return [line.rstrip("\r\n").split(delimiter) for line in head]


def _header_row(head: list[str], delimiter: str, said: int) -> tuple[int, bool]:
    """The header's row (0 = none) and whether to ask: the first row as wide as most, unless it holds data."""
    rows = _rows(head, delimiter)
    usual = Counter(len(row) for row in rows[said:] if any(row)).most_common(1)
    wide = usual[0][0] if usual else 1
    for place, row in enumerate(rows[said:], start=said + 1):
        if len(row) >= wide and sum(bool(cell.strip()) for cell in row) * 2 > len(row):
            asks = any(_DATUM.match(cell.strip()) for cell in row)
            return (NO_HEADER if asks else place), asks
    return said + 1, False


def _names(head: list[str], delimiter: str, row: int, name: str, notes: list[str]) -> list[str]:
    """The header's names, blank ones named by their place, repeated ones numbered, both said."""
    rows = _rows(head, delimiter)
    if row > len(rows):
        raise OrdersError(f"{name} has no row {row} to be the header. It has {len(rows)} rows.")
    wide = max(len(cells) for cells in rows) if row == NO_HEADER else len(rows[row - 1])
    if wide > MAX_COLUMNS:
        raise OrdersError(f"{name} has {wide:,} columns; at most {MAX_COLUMNS:,} are read. Leave some out.")
    if row == NO_HEADER:
        return [f"column_{place}" for place in range(1, wide + 1)]
    return unique_names([cell.strip() for cell in rows[row - 1]], notes)


def unique_names(names: list[str], notes: list[str]) -> list[str]:
    """
    >>> unique_names(["id", "", "Id"], said := [])
    ['id', 'column_2', 'Id_2']
    >>> said
    ['Column 2 has no name: called column_2.', "The header names 'Id' twice: the second is called Id_2."]
    """
    seen: set[str] = set()
    unique = []
    for place, name in enumerate(names, start=1):
        called = name or f"column_{place}"
        if not name:
            notes.append(f"Column {place} has no name: called {called}.")
        number = 2
        while called.lower() in seen:
            called, number = f"{name or 'column'}_{number}", number + 1
        if name and called != name:
            notes.append(f"The header names {name!r} twice: the second is called {called}.")
        seen.add(called.lower())
        unique.append(called)
    return unique


def _mended(text: Text, found: Scan, top: int) -> Text:
    """The file as it is where every line from the header on can be read; else a copy with marked lines.

    top: lines above the header (or above the first order).
    """
    data = top + (0 if text.header_row == NO_HEADER else 1)
    aside: dict[int, str] = {}
    if found.multiline or (found.quotes % 2):
        with open(text.path, "rb") as file:  # noqa: PTH123
            lines = file.readlines()[data : found.lines]
        text.rows, unclosed, blank = open_quotes(lines, text.delimiter, len(text.header))
        aside = {place + data: UNCLOSED for place in unclosed}
        end = max((p for p in range(len(lines)) if lines[p].strip(b"\r\n")), default=0)
        found.blank = [place + data for place in blank if place < end]
    else:
        text.rows = found.lines - data - sum(place >= data for place in found.blank)
    if len(text.header) > 1:
        aside |= {place: _BLANK for place in found.blank if place >= data}
    else:  # in a file of one column a blank line is an order without a value
        text.rows += sum(place >= data for place in found.blank)
    aside |= {place: NUL for place in found.nul if place >= data}
    if aside or top or (text.mixed and not found.multiline):
        _copy(text, aside, top)
    blanks = sum(reason == _BLANK for reason, _ in text.masked)
    if blanks:
        text.notes.append(f"Skipped {blanks:,} blank line{'s' if blanks > 1 else ''}.")
    return text


def with_plain_line_ends(text: Text) -> Text:
    """The same with every line ending in LF: for files that mix line ends and have them inside quotes too."""
    _copy(text, {}, 0)
    return text


def _copy(text: Text, aside: dict[int, str], top: int) -> None:
    copy = MemoryFile()
    filler = text.delimiter.join(["x"] * (len(text.header) + 2))
    with open(text.path, "rb") as source, copy.open("wb") as out:  # noqa: PTH123
        for place, line in enumerate(source):
            if place < top:
                continue
            if place in aside:
                out.write(f"{MARK}{len(text.masked)}{text.delimiter}{filler}\n".encode())
                text.masked.append((aside[place], line.decode("utf-8", "replace").rstrip("\r\n")[:1000]))
            else:
                out.write(line[:-2] + b"\n" if text.mixed and line.endswith(b"\r\n") else line)
    text.path, text.copy, text.mixed = copy.path, copy, False


def is_blank(reason: str) -> bool:
    """True of a masked line that held nothing."""
    return reason == _BLANK

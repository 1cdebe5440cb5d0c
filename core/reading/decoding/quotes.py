"""Rows of a text file where a quoted field may hold line ends: how many there are, and which quotes never close."""

import csv
from collections.abc import Sequence

from core.errors import OrdersError
from core.limits import MAX_RECORD_BYTES

_LONGEST_FIELD = 1_000  # lines: a quoted field over more lines is a quote that was never closed
_TRIES = 20  # lines with a quote at which a field may end
MOST_UNCLOSED = 10_000


def open_quotes(lines: Sequence[bytes], delimiter: str, columns: int) -> tuple[int, list[int], list[int]]:
    """Number of rows, the lines on which a quote opens that is never closed, and the blank ones between rows.

    A field may run over several lines where the row it gives has as many fields as the header; else the quote is
    taken as never closed, the row ends with its line, and the rows after it are read.

    >>> open_quotes([b'a,"x', b'y"', b'b,"z', b'c,d'], ",", 2)
    (3, [2], [])
    """
    rows, unclosed, blank, place = 0, [], [], 0
    while place < len(lines):
        line = lines[place]
        if not line.strip(b"\r\n"):
            blank.append(place)
            place += 1
            continue
        rows += 1
        if line.count(b'"') % 2:
            last = _closes_on(lines, place, delimiter, columns)
            if last is None:
                unclosed.append(place)
                if len(unclosed) > MOST_UNCLOSED:
                    raise OrdersError(
                        f"More than {MOST_UNCLOSED:,} lines open a quote that is never closed. Choose another "
                        "delimiter or encoding, or write the file again with quotes doubled inside quoted fields."
                    )
            else:
                place = last
        place += 1
    return rows, unclosed, blank


def _closes_on(lines: Sequence[bytes], place: int, delimiter: str, columns: int) -> int | None:
    """The line on which a row that begins at place ends, as one row of that many columns."""
    text = lines[place]
    if _fields(text, delimiter) is not None:  # a stray quote inside a field opens nothing
        return place
    tries = 0
    for last in range(place + 1, min(place + _LONGEST_FIELD, len(lines))):
        text += lines[last]
        if lines[last].count(b'"') % 2 == 0:
            continue
        found, tries = _fields(text, delimiter), tries + 1
        if found is not None:
            return last if found == columns else None
        if tries == _TRIES or len(text) > MAX_RECORD_BYTES:
            return None
    return None


def _fields(text: bytes, delimiter: str) -> int | None:
    """How many fields a text has as one row; None while a quote is open, or closes in the middle of a field."""
    try:
        rows = list(csv.reader([text.decode("utf-8", "replace")], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return len(rows[0]) if len(rows) == 1 else None

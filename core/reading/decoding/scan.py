"""One fast look at every byte of a text file: its lines, its longest one, quotes, blank lines and NULs."""

from dataclasses import dataclass, field

import numpy as np

from core.errors import OrdersError
from core.limits import MAX_RECORD_BYTES, megabytes

_CHUNK = 1 << 23
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34


@dataclass
class Scan:
    """Counts over a file. Lines are counted from 0; blank and nul hold line numbers, blank ones at the end left out.
    ends: line ends; crlf: those of two signs.

    multiline: some line end stands inside an odd number of quotes, so that lines and rows are not the same.
    """

    lines: int = 0
    quotes: int = 0
    ends: int = 0
    crlf: int = 0
    multiline: bool = False
    blank: list[int] = field(default_factory=list)
    nul: list[int] = field(default_factory=list)


def scan(path: str, name: str) -> Scan:
    """The look, in chunks; OrdersError as soon as one line is too long to be an order."""
    found, rest, previous = Scan(), 0, _NEWLINE
    with open(path, "rb") as file:  # noqa: PTH123
        while chunk := file.read(_CHUNK):
            ends = _look(chunk, found, rest, previous)
            rest = rest + len(chunk) if not ends.size else len(chunk) - int(ends[-1]) - 1
            longest = max(rest, int(np.diff(ends).max(initial=0)), int(ends[0]) if ends.size else 0)
            if longest > MAX_RECORD_BYTES:
                raise OrdersError(
                    f"{name}: a line after line {found.lines:,} is longer than {megabytes(MAX_RECORD_BYTES)}, as no "
                    "order is. Expected one order a line: mend the line ends, or a quote that is never closed."
                )
            previous = chunk[-1]
    if rest:
        found.lines += 1
    while found.blank and found.blank[-1] == found.lines - 1:
        found.blank.pop()
        found.lines -= 1
    return found


def _look(chunk: bytes, found: Scan, rest: int, previous: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Add one chunk; returns where its line ends are. rest: bytes of a line begun before; previous: the byte before."""
    values = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(values == _NEWLINE)
    quotes = np.flatnonzero(values == _QUOTE) if b'"' in chunk else np.zeros(0, np.int64)
    if quotes.size or found.quotes % 2:
        before = found.quotes + np.searchsorted(quotes, ends)
        found.multiline = found.multiline or bool((before % 2).any())
    found.quotes += quotes.size
    lengths = np.diff(ends, prepend=-1 - rest) - 1
    last = values[np.maximum(ends - 1, 0)] if ends.size else values[:0]
    if ends.size and ends[0] == 0:
        last[0] = previous
    blank = (lengths == 0) | ((lengths == 1) & (last == _RETURN))
    found.blank += (np.flatnonzero(blank) + found.lines).tolist()
    if b"\0" in chunk:
        found.nul += np.unique(np.searchsorted(ends, np.flatnonzero(values == 0)) + found.lines).tolist()
    found.ends += ends.size
    found.crlf += int((last == _RETURN).sum())
    found.lines += ends.size
    return ends

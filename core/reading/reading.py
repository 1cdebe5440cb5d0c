"""How a file is to be read: every choice in one value that can be saved, shown and changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.errors import OrdersError

ISO, EPOCH_S, EPOCH_MS = "ISO 8601", "epoch seconds", "epoch milliseconds"
ASK = "?"  # a choice that only the user can make
PLAIN, THOUSANDS_COMMA, DECIMAL_COMMA = "1234.50", "1,234.50", "1.234,50"
NUMBERS = (PLAIN, THOUSANDS_COMMA, DECIMAL_COMMA)
ENCODINGS = ("utf-8", "utf-16", "latin-1")
DELIMITERS = (",", ";", "\t", "|")
SCALES = (1, 100, 1000)
FIRST, LAST, ALL = "first", "last", "all"
DUPLICATES = (FIRST, LAST, ALL)
NO_HEADER = 0
LABELS = {"0": 0, "1": 1, "true": 1, "false": 0}


@dataclass(frozen=True)
class Reading:
    """How to read a file. A role not stated is guessed where guess is set, else played by the column of its name. A
    format not stated is detected where detect is set, else the plainest: ISO 8601, 1234.50, 0/1/true/false, 0 to 1.

    roles: role → column of the file; a column already named as a role plays it. ignore: columns left out.
    times: role → `ISO 8601`, `epoch seconds`, `epoch milliseconds` or a strptime format; UTC where no zone is given.
    numbers: how thousands and decimals are written. labels: text in lower case → 1 fraud, 0 legit. score_scale: the
    score that means certain fraud. duplicates: which of the orders with one id are kept.
    encoding, delimiter, header_row (as a spreadsheet counts; 0 = none), part (sheet, or file in a zip): of the file.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    ignore: Sequence[str] = ()
    times: Mapping[str, str] = field(default_factory=dict)
    numbers: str | None = None
    labels: Mapping[str, int] | None = None
    score_scale: float | None = None
    duplicates: str = FIRST
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    part: str | None = None
    detect: bool = False
    guess: bool = False

    def __post_init__(self) -> None:
        choices = {"numbers": (*NUMBERS, None), "duplicates": DUPLICATES, "score_scale": (*SCALES, None)}
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                words = ", ".join(str(choice) for choice in allowed if choice is not None)
                raise OrdersError(f"{name} must be one of {words}. Got: {getattr(self, name)}.")


FILE_CHOICES = ("encoding", "delimiter", "header_row", "part")


def as_json(reading: Reading) -> dict[str, Any]:
    """Plain values; `from_json` turns them back."""
    return asdict(reading) | {"ignore": list(reading.ignore)}


_KINDS: dict[str, tuple[type, ...]] = {
    "roles": (dict,),
    "ignore": (list,),
    "times": (dict,),
    "numbers": (str, type(None)),
    "labels": (dict, type(None)),
    "score_scale": (int, float, type(None)),
    "duplicates": (str,),
    "encoding": (str, type(None)),
    "delimiter": (str, type(None)),
    "header_row": (int, type(None)),
    "part": (str, type(None)),
    "detect": (bool,),
    "guess": (bool,),
}


def from_json(values: object) -> Reading:
    """A saved reading; OrdersError names what is unknown or of the wrong kind.

    >>> from_json(as_json(Reading({"amount": "total"}))).roles
    {'amount': 'total'}
    """
    if not isinstance(values, dict):
        raise OrdersError("The mapping is not an object of JSON with entries such as roles. Save it again.")
    for name, value in values.items():
        if name not in _KINDS:
            raise OrdersError(f"The mapping has an unknown entry {str(name)[:60]!r}. Known: {', '.join(_KINDS)}.")
        if not isinstance(value, _KINDS[name]) or not _plain_inside(name, value):
            raise OrdersError(f"The mapping's entry {name!r} has a value of the wrong kind: {str(value)[:60]!r}.")
    return Reading(**values)


def _plain_inside(name: str, value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    if isinstance(value, dict):
        inner = (int,) if name == "labels" else (str,)
        return all(isinstance(key, str) and isinstance(item, inner) for key, item in value.items())
    return True


def with_file_choices(reading: Reading, source: Reading) -> Reading:
    """reading, with encoding, delimiter, header and part of source."""
    return replace(reading, **{name: getattr(source, name) for name in FILE_CHOICES})

"""What each column is taken for, with the reason and three values: shown, and changed with a select."""

from dataclasses import replace
from typing import Any

import streamlit as st

from core.columns import ALWAYS_OFFERED, IS_FRAUD, OFFERED, ROLE_OF, ROLES, SCORE, TIMES
from core.errors import OrdersError
from core.reading.checks.row_checks import BLOCKS
from core.reading.intake import Intake
from core.reading.reading import (
    ALL,
    ASK,
    DELIMITERS,
    ENCODINGS,
    FIRST,
    LAST,
    NUMBERS,
    SCALES,
    Reading,
    with_file_choices,
)
from core.reading.roles.guess import FORMATS
from core.sources import mappings
from pages.orders.orders_upload import read_as
from pages.shared.own import recall, visit
from pages.shared.text import escaped

_DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_ENCODING_WORDS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "latin-1": "Latin-1 (Windows)"}
_DUPLICATE_WORDS = {FIRST: "the first is kept", LAST: "the last is kept", ALL: "all are kept"}
_NONE = "–"


def choose_mapping(intake: Intake) -> None:
    """Every choice of the reading; a change reads the files again."""
    _offer_saved(intake)
    reading = intake.reading
    chosen = replace(reading, guess=False, detect=True, **_roles(intake))
    chosen = replace(chosen, **_formats(intake, chosen))
    _keep_for_later(intake)
    if _stated(chosen, intake) != _stated(replace(reading, guess=False, detect=True), intake):
        read_as(chosen, unless_asked=True)


def _roles(intake: Intake) -> dict[str, Any]:
    """A select for each role that is played or matters most; the others, and what to leave out, one click away."""
    reading, columns = intake.reading, [guess.column for guess in intake.columns]
    shown = [role for role in OFFERED if role in ALWAYS_OFFERED or role in reading.roles]
    roles = _selects(intake, shown, 4)
    others = [column for column in columns if column not in roles.values()]
    some = ", ".join(others[:6]) + (f" and {len(others) - 6} more" if len(others) > 6 else "")
    with st.expander(escaped(f"Other roles, and {len(others)} other columns{': ' if some else ''}{some}")):
        roles |= _selects(intake, [role for role in OFFERED if role not in shown], 4)
        others = [column for column in columns if column not in roles.values()]
        ignored = st.multiselect(
            "Leave out of everything",
            others,
            [column for column in reading.ignore if column in others],
            key=_key("ignore"),
            placeholder="none",
            help="A model may learn from every other column: leave out what is only known after the outcome.",
        )
    canonical = [column for column in others if column in ROLES]  # a role's name, and not in that role: left out
    return {"roles": roles, "ignore": sorted({*ignored, *canonical})}


def _selects(intake: Intake, roles: list[str], wide: int) -> dict[str, str]:
    """role → column, for those that a column is chosen for."""
    columns = [guess.column for guess in intake.columns]
    cells = [cell for _ in range(0, len(roles), wide) for cell in st.columns(wide)]
    chosen: dict[str, str] = {}
    for role, cell in zip(roles, cells, strict=False):
        now = intake.reading.roles.get(role)
        place = 0 if now is None else columns.index(now) + 1
        with cell:
            choice = st.selectbox(ROLE_OF[role].label, [_NONE, *columns], place, key=_key(role), help=ROLES[role])
            if choice != _NONE:
                chosen[role] = choice
                st.caption(_why(intake, choice))
    return chosen


def _why(intake: Intake, column: str) -> str:
    guess = next(guess for guess in intake.columns if guess.column == column)
    values = " · ".join(value[:24] for value in guess.samples) or "no value"
    reason = guess.reason if guess.role and intake.reading.roles.get(guess.role) == column else "chosen by you"
    return escaped(f"{values} ({reason})")


def _formats(intake: Intake, chosen: Reading) -> dict[str, Any]:
    """How times, numbers, outcomes and scores are written; what belonged to another column is detected again."""
    with st.expander(_written(intake), expanded=bool(intake.report.of(BLOCKS))):
        return _format_selects(intake, chosen)


def _format_selects(intake: Intake, chosen: Reading) -> dict[str, Any]:
    before = intake.reading
    same = {role for role, column in chosen.roles.items() if before.roles.get(role) == column}
    formats: dict[str, Any] = {"times": {}, "labels": None, "score_scale": None}
    cells = iter(st.columns(4) + st.columns(4))
    with next(cells):
        formats["numbers"] = st.selectbox(
            "Numbers are written", NUMBERS, NUMBERS.index(before.numbers or NUMBERS[0]), key=_key("numbers")
        )
    for role in TIMES:
        if role not in same or role not in before.times:
            continue
        with next(cells):
            formats["times"][role] = _time_format(role, before.times[role], _asked(intake, role))
    if SCORE in same:
        with next(cells):
            formats["score_scale"] = st.selectbox(
                "A score of certain fraud is", SCALES, SCALES.index(int(before.score_scale or 1)), key=_key("scale")
            )
    if IS_FRAUD in same:
        with next(cells):
            formats["labels"] = _labels(intake)
    with next(cells):
        options = list(_DUPLICATE_WORDS)
        formats["duplicates"] = st.selectbox(
            "Of orders with one id",
            options,
            options.index(before.duplicates),
            key=_key("duplicates"),
            format_func=_DUPLICATE_WORDS.__getitem__,
        )
    return formats | (_of_text(intake) if before.encoding is not None else {})


def _written(intake: Intake) -> str:
    """The formats in one line."""
    reading = intake.reading
    parts = [f"numbers as {reading.numbers}"]
    parts += [
        f"{ROLE_OF[role].label.lower()} as {'?' if style == ASK else style}" for role, style in reading.times.items()
    ]
    if IS_FRAUD in reading.roles:
        fraud = [word for word, means in (reading.labels or {}).items() if means == 1]
        parts.append(f"fraud as {', '.join(fraud) or '?'}")
    if SCORE in reading.roles:
        parts.append(f"scores of 0 to {reading.score_scale:g}")
    if reading.encoding is not None:
        delimiter = _DELIMITER_WORDS.get(reading.delimiter or "", reading.delimiter)
        parts.append(f"{_ENCODING_WORDS[reading.encoding]}, {delimiter}")
    return escaped("How it is written: " + "; ".join(parts))


def _time_format(role: str, style: str, asked: tuple[str, ...]) -> str:
    options = [*(asked or (style,)), *(other for other in FORMATS if other not in (asked or (style,)))]
    chosen = st.selectbox(
        f"{ROLE_OF[role].label} is written",
        options,
        None if style == ASK else options.index(style),
        key=_key(f"time_{role}"),
        placeholder="Day or month first? Choose",
        accept_new_options=True,
        help="A format in strptime's signs: %d day, %m month, %Y year, %H:%M:%S. Without a zone, UTC.",
    )
    return chosen or ASK


def _asked(intake: Intake, role: str) -> tuple[str, ...]:
    return next((f.choices for f in intake.report.findings if f.code == "ambiguous_dates" and f.role == role), ())


def _labels(intake: Intake) -> dict[str, int]:
    """Which words mean fraud; the others that are known mean legit."""
    labels, words = intake.reading.labels or {}, [word for word, _ in intake.labels]
    known = [word for word in [*labels, *(word for word in words if _short(word) not in labels)] if word]
    fraud = st.multiselect(
        "Words that mean fraud", known, [word for word in known if labels.get(word) == 1], key=_key("fraud_words")
    )
    if not fraud:
        return {}
    legit = [word for word in known if word not in fraud and labels.get(word) != -1 and (word in labels or not labels)]
    meant = f"legit: {', '.join(legit[:4])}" if legit else "no word means legit"
    st.caption(escaped(meant))
    return dict.fromkeys(fraud, 1) | dict.fromkeys(legit, 0) | {w: -1 for w in labels if labels[w] == -1}


def _short(word: str) -> str:
    return word[0] if word in ("1.0", "0.0") else word


def _of_text(intake: Intake) -> dict[str, Any]:
    """How the bytes of a text file are read."""
    reading = intake.reading
    encoding, delimiter, header = st.columns(3)
    delimiters = list(dict.fromkeys([*DELIMITERS, reading.delimiter or ","]))
    with encoding:
        code = st.selectbox(
            "Encoding", ENCODINGS, ENCODINGS.index(reading.encoding or "utf-8"), key=_key("encoding"),
            format_func=_ENCODING_WORDS.__getitem__,
        )  # fmt: skip
    with delimiter:
        sign = st.selectbox(
            "Delimiter", delimiters, delimiters.index(reading.delimiter or ","), key=_key("delimiter"),
            format_func=lambda d: _DELIMITER_WORDS.get(d, d),
        )  # fmt: skip
    with header:
        row = st.number_input(
            "Row of the header (0: there is none)", 0, 200, reading.header_row, key=_key("header"),
            placeholder="0 or 1? Choose",
        )  # fmt: skip
    return {"encoding": code, "delimiter": sign, "header_row": row}


def _offer_saved(intake: Intake) -> None:
    """A mapping saved for a file with this header: offered, never taken in silence."""
    saved = mappings.saved_mapping([guess.column for guess in intake.columns])
    if saved is None:
        return
    whole = with_file_choices(replace(saved, guess=False, detect=True), intake.reading)
    if _stated(whole, intake) == _stated(replace(intake.reading, guess=False, detect=True), intake):
        st.caption("This is the mapping that was saved for files with this header.")
    elif st.button("Use the mapping saved for files with this header", icon=":material/bookmark:"):
        read_as(whole)


def _keep_for_later(intake: Intake) -> None:
    with st.container(horizontal=True):
        if st.button("Save this mapping", help="On this server, for files with the same header."):
            try:
                mappings.save_mapping([guess.column for guess in intake.columns], intake.reading)
                st.toast("Saved. It is offered again for a file with the same header.")
            except OrdersError as fault:
                st.error(escaped(fault))
        st.download_button(
            "Download it", mappings.mapping_text(intake.reading), "mapping.json", "application/json", on_click="ignore",
            help="For the command line: --mapping mapping.json",
        )  # fmt: skip


def _stated(reading: Reading, intake: Intake) -> dict[str, Any]:
    """What two readings of the same columns have in common where they mean the same."""
    columns = {guess.column for guess in intake.columns}
    return {
        "roles": dict(reading.roles),
        "ignore": sorted(column for column in reading.ignore if column in columns),
        "times": dict(reading.times),
        "labels": dict(reading.labels or {}) if IS_FRAUD in reading.roles else {},
        "rest": (reading.numbers, float(reading.score_scale or 1), reading.duplicates),
        "file": (reading.encoding, reading.delimiter, reading.header_row, reading.part),
    }


def _key(name: str) -> str:
    """A widget's key: another one for each reading, so that it starts from what was found."""
    return f"own_upload_{visit()}_{recall('serial')}_{name}"

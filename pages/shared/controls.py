"""The controls of single pages that are in the link: one row a control. Whatever moves a figure can be shared."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.assumptions import FIELDS

_LONGEST = 1_000
_OPENINGS = "control_openings"


@dataclass(frozen=True)
class Control:
    """A control of one page. name: in the link. key: of the widget. read: text of a link → value, ValueError where it
    is none; wanted: what a value looks like, in words. default: what the page opens with; left out of the link."""

    name: str
    key: str
    read: Callable[[str], Any]
    wanted: str
    default: Any


def _number(low: float, high: float, *, whole: bool = False) -> Callable[[str], Any]:
    def read(text: str) -> float | int:
        value = math.nan if "_" in text else float(text)
        if not low <= value <= high:
            raise ValueError
        return int(value) if whole else value

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read


def _text(text: str) -> str:
    return text[:_LONGEST]


def _range(text: str) -> tuple[float, float]:
    low, high = (float(end) for end in text.split("to"))
    if not -1e9 <= low <= high <= 1e9:
        raise ValueError
    return low, high


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def _names(text: str) -> list[str]:
    names = json.loads(text)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError
    return names


_PRICES = _one_of(*FIELDS)
CONTROLS: tuple[Control, ...] = (
    Control("figure", "band_figure", _text, "a figure", "saving"),
    Control("beside", "compare_added", _number(0, 1), "a threshold from 0 to 1", None),
    Control("pair_axis", "pair_axis", _one_of("fpr", "review", "score"), "fpr, review or score", "score"),
    Control("segments", "segment_column", _text, "a column", None),
    Control("rest", "team_rest", _one_of("ship", "decline", "wait"), "ship, decline or wait", None),
    Control("across", "map_across", _PRICES, "a price", None),
    Control("up", "map_down", _PRICES, "a price", None),
    Control("fraud_rate", "world_rate", _number(0.01, 99), "per cent from 0.01 to 99", None),
    Control("volume", "world_volume", _number(0.1, 5), "a factor from 0.1 to 5", 1.0),
    Control("amounts", "world_amounts", _number(0.1, 5), "a factor from 0.1 to 5", 1.0),
    Control("sample_margin", "sample_margin", _number(1, 20, whole=True), "points from 1 to 20", 5),
    Control("difference", "sample_difference", _number(1, 1e9), "dollars from 1", None),
    Control("need_detection", "need_detection", _number(0, 100), "per cent from 0 to 100", 95.0),
    Control("need_fpr", "need_fpr", _number(0, 100), "per cent from 0 to 100", 0.5),
    Control("need_reviews", "need_reviews", _number(0, 1e7), "reviews a day", None),
    Control("need_seconds", "need_seconds", _number(0, 60), "seconds from 0 to 60", 2.0),
    Control("work_first", "queue_ordering", _text, "an ordering of the queue", None),
    Control("state", "queue_state", _one_of("all", "open", "decided"), "all, open or decided", "all"),
    Control("search", "queue_search", _text, "a part of an order id", ""),
    Control("least", "queue_least", _number(0, 1e12), "dollars", 0.0),
    Control("reason", "queue_reason", _text, "a feature", None),
    Control("rules_on", "rules_on", _names, "a list of names", None),
    Control("against", "against", _one_of("the line", "an average order"), "the line or an average order", "the line"),
    Control("space", "space", _one_of("probability", "log-odds"), "probability or log-odds", "probability"),
    Control("together", "together", _flag, "true or false", False),
    *(Control(f"range_{name}", f"range_{name}", _range, "two numbers, LOWtoHIGH", None) for name in FIELDS),
)
_BY_NAME = {control.name: control for control in CONTROLS}


def is_control(name: str) -> bool:
    """Whether a part of a link is of one page's controls."""
    return name in _BY_NAME


def take_controls(values: dict[str, str]) -> list[str]:
    """Put the controls of a link into a new session; a note for each value that was ignored."""
    notes = []
    for name, value in values.items():
        if name not in _BY_NAME:
            continue
        control = _BY_NAME[name]
        try:
            st.session_state[control.key] = control.read(value[: _LONGEST + 1])
        except ValueError:
            notes.append(f"Ignored in the link: {name}={value[:60]!r} is not {control.wanted}.")
    return notes


def opening(key: str, value: Any) -> None:
    """What a control opens with on these orders: as long as it stands there the link leaves it out."""
    st.session_state.setdefault(_OPENINGS, {})[key] = value


def within(key: str, low: float, high: float) -> None:
    """Bring a value of a link between the ends of its control, before it is made."""
    value = st.session_state.get(key)
    if isinstance(value, int | float):
        st.session_state[key] = type(value)(min(max(value, low), high))


def control_values() -> dict[str, str]:
    """What the link says of the controls a reader has moved."""
    values = {}
    for control in CONTROLS:
        value = st.session_state.get(control.key)
        opened = st.session_state.get(_OPENINGS, {}).get(control.key, control.default)
        if value is not None and value != opened:
            values[control.name] = _written(value)
    return values


def offered(key: str, options: "list[Any] | tuple[Any, ...]") -> None:
    """Forget a choice that these orders do not offer, before its control is made."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]


def _written(value: Any) -> str:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return "to".join(f"{end:.10g}" for end in value)
    if isinstance(value, bool):
        return json.dumps(value)
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)

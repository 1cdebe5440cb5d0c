"""The assumptions panel: every price, grouped, with unit, help and default. Shares are shown in per cent."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

import streamlit as st

from core.assumptions import CHOICES, DEFAULTS, FIELDS, OPTIONAL, PRESETS, Assumptions
from core.number_format import dollars_cents, percent_short

_CUSTOM = "Own prices"
_OPEN = ("Review", "Fraud")


def price_panel(unused: Mapping[str, str], idle: Collection[str] = ()) -> Assumptions:
    """The panel in the sidebar; returns the prices chosen. unused: prices these orders have no use for, and why; idle:
    prices nothing on this page depends on."""
    unused = dict.fromkeys(idle, "Nothing on this page depends on it.") | dict(unused)
    st.session_state["preset"] = _matching_preset()
    with st.sidebar:
        st.selectbox(
            "Assumptions",
            [*PRESETS, _CUSTOM],
            key="preset",
            on_change=_take_preset,
            help="A preset fills in every price below. Change any of them and the curve follows.",
        )
        for group, names in groupby(FIELDS, key=lambda name: str(FIELDS[name]["group"])):
            with st.expander(group, expanded=group in _OPEN):
                for name in names:
                    _price_input(name, unused.get(name))
    return chosen_prices()


def chosen_prices() -> Assumptions:
    """The prices as they stand in the session."""
    return Assumptions(**{name: _from_shown(name, st.session_state.get(_key(name), _shown(name))) for name in FIELDS})


def put_prices(prices: Assumptions) -> None:
    """Set every price input."""
    for name in FIELDS:
        st.session_state[_key(name)] = _shown(name, prices)


def put_price(name: str, value: float | None) -> None:
    """Set one price input."""
    changed: dict[str, Any] = {name: value}
    st.session_state[_key(name)] = _shown(name, replace(chosen_prices(), **changed))


def _price_input(name: str, unused: str | None) -> None:
    about, default = FIELDS[name], _shown(name)
    # Written before it is made: so the value comes along to another page that shows the panel too.
    st.session_state[_key(name)] = st.session_state.get(_key(name), default)
    if name in CHOICES:
        words = f"{about['help']} Default: {default}."
        st.selectbox(
            about["label"],
            CHOICES[name],
            key=_key(name),
            help=unused or words,
            disabled=unused is not None,
            persist_state="session",
        )
        if st.session_state[_key(name)] != default:
            st.caption("Booked sales with a fraud loss below 100 % reward shipping fraud: FLAC rises as fraud ships.")
        return
    unit, scale = shown_in(about)
    st.number_input(
        f"{about['label']} ({unit})",
        min_value=float(about["low"] * scale),
        max_value=float(about["high"] * scale),
        value=None if name in OPTIONAL else "min",  # an optional one can be emptied again
        step=about["step"],
        format="%.2f" if scale == 1 and about["high"] <= 10_000 else "%.1f" if scale > 1 else "%.0f",
        key=_key(name),
        placeholder="no limit",
        disabled=unused is not None,
        help=unused or f"{about['help']} Default: {'none' if default is None else f'{default:g}'} {unit}.",
        persist_state="session",
    )


def _take_preset() -> None:
    chosen = st.session_state["preset"]
    if chosen in PRESETS:
        put_prices(PRESETS[chosen])


def _matching_preset() -> str:
    prices = chosen_prices()
    return next((name for name, preset in PRESETS.items() if preset == prices), _CUSTOM)


def _key(name: str) -> str:
    return f"price_{name}"


def shown_in(about: Mapping[str, Any]) -> tuple[str, float]:
    """The unit an input shows and what turns the value into it. about: a row of `FIELDS`, or a blank of a claim."""
    unit = str(about["unit"])
    return (unit.replace("share", "%", 1), 100.0) if about["kind"] == "share" else (unit, 1.0)


def _shown(name: str, prices: Assumptions = DEFAULTS) -> Any:
    value = getattr(prices, name)
    return value if value is None or isinstance(value, str) else round(value * shown_in(FIELDS[name])[1], 9)


def _from_shown(name: str, value: Any) -> Any:
    return value if value is None or isinstance(value, str) else round(value / shown_in(FIELDS[name])[1], 11)


def price_in_words(name: str, value: Any) -> str:
    """A price as people read it: shares in per cent, dollars with cents, anything else with its unit."""
    if value is None or isinstance(value, str):
        return str(value or "none")
    kind = FIELDS[name]["kind"]
    if kind == "share":
        return percent_short(value)
    return dollars_cents(value) if kind == "dollars" else f"{value:g} {FIELDS[name]['unit']}"

"""A reader's own orders: held in their session, seen by nobody else, gone when they say so."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import streamlit as st

from core.building.store import DataSet
from core.pricing.cube import Cube, build_cube
from core.reading.reading import Reading
from core.showing.link import POLICIES, View

_OWN, _AWAY, _VISIT = "own_orders", "own_orders_away", "own_visit"
_UPLOAD_KEYS = "own_upload_"


@dataclass(frozen=True)
class OwnOrders:
    """Scored orders of one reader. token: theirs alone, a key for session caches."""

    data: DataSet
    cube: Cube
    reading: Reading
    token: str


def own_orders() -> OwnOrders | None:
    """The reader's own orders, where some are loaded and looked at."""
    own: OwnOrders | None = st.session_state.get(_OWN)
    return None if st.session_state.get(_AWAY) else own


def loaded_name() -> str:
    """What the reader's own orders are called, or "" where none are loaded."""
    own = st.session_state.get(_OWN)
    return "" if own is None else str(own.data.name)


def keep(data: DataSet, reading: Reading) -> None:
    """From now on every page of this session shows these orders; CutlineError where they cannot be counted."""
    st.session_state[_OWN] = OwnOrders(data, build_cube(data.orders, sessions=data.sessions), reading, uuid4().hex)
    look_at(sample=False)


def look_at(*, sample: bool) -> None:
    """Show the sample, or the reader's own orders again; a line chosen on one means nothing on the other."""
    st.session_state[_AWAY] = sample
    opening = View()
    for name in POLICIES:
        st.session_state[name] = getattr(opening, name)


def forget() -> None:
    """Drop the orders, the files they came from and everything made of them."""
    for key in [str(key) for key in st.session_state if str(key).startswith(_UPLOAD_KEYS)]:
        del st.session_state[key]
    st.session_state.pop(_OWN, None)
    st.session_state[_VISIT] = uuid4().hex  # a fresh uploader: the old one would hold on to its files
    look_at(sample=False)


def visit() -> str:
    """Part of the key of every upload widget: another one after the data were forgotten."""
    return str(st.session_state.setdefault(_VISIT, uuid4().hex))


def remember(name: str, value: Any) -> None:
    """Keep something of the upload until it is forgotten."""
    st.session_state[_UPLOAD_KEYS + name] = value


def recall(name: str) -> Any:
    """What was kept, or None."""
    return st.session_state.get(_UPLOAD_KEYS + name)

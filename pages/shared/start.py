"""How every page begins, alone or in the app: its title, the reader's link, the data set."""

import os
from pathlib import Path

import streamlit as st

from core.building import store
from core.errors import CutlineError
from core.showing.live import expected_caption
from pages.shared.cached import Source, cube
from pages.shared.own import OwnOrders, forget, loaded_name, look_at, own_orders
from pages.shared.text import escaped
from pages.shared.view import read_link_once

ICON = Path(__file__).parent / "icon.png"  # of our own: a named one is fetched from a font server
ORDERS_VARIABLE = "CUTLINE_ORDERS"


def start(title: str) -> Source:
    """The data set the app was started on; where it cannot be read, one clear message and no page."""
    st.set_page_config(page_title=f"{title} · Cutline", page_icon=str(ICON), layout="wide")
    for note in read_link_once():
        st.warning(escaped(note))
    own = own_orders()
    if own is not None or loaded_name():
        _whose_orders(own)
    if own is not None:
        source = Source("", own.token)
        _say_expected(source)
        return source
    folder = store.folder_of(os.environ.get(ORDERS_VARIABLE, store.SAMPLE))
    try:
        source = Source(str(folder), store.manifest_digest(folder))
        cube(source)
    except CutlineError as fault:
        st.error(escaped(fault))
        st.stop()
    _say_expected(source)
    return source


def _say_expected(source: Source) -> None:
    if words := expected_caption(cube(source)):
        st.caption(escaped(words))


def _whose_orders(own: OwnOrders | None) -> None:
    """Which orders every figure is of, and the way to the others: one click."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if own is None:
            st.caption("These are the orders of the sample.")
            st.button(f"Back to {escaped(loaded_name())}", on_click=look_at, kwargs={"sample": False}, type="tertiary")
        else:
            kept = f": every figure is of {own.data.kept}" if own.data.kept else ""
            st.caption(f"Your own orders, {escaped(own.data.name)}{escaped(kept)}. Only this session sees them.")
            st.button("Show the sample", on_click=look_at, kwargs={"sample": True}, type="tertiary")
        st.button("Forget my data", on_click=forget, type="tertiary")

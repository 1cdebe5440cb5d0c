"""How every page begins, alone or in the app: its title, the reader's link, the data set."""

import os

import streamlit as st

from core import store
from core.errors import CutlineError
from pages.shared.cached import Source, cube
from pages.shared.text import plain
from pages.shared.view import read_link_once

ORDERS_VARIABLE = "CUTLINE_ORDERS"


def start(title: str) -> Source:
    """The data set the app was started on; where it cannot be read, one clear message and no page."""
    st.set_page_config(page_title=f"{title} · Cutline", page_icon=":material/vertical_align_center:", layout="wide")
    for note in read_link_once():
        st.warning(plain(note))
    folder = store.folder_of(os.environ.get(ORDERS_VARIABLE, store.SAMPLE))
    try:
        source = Source(str(folder), store.manifest_digest(folder))
        cube(source)
    except CutlineError as fault:
        st.error(plain(fault))
        st.stop()
    return source

"""Links to other pages of the app."""

import contextlib
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError


def link_to(page: str, label: str, icon: str) -> None:
    """A link to a page of `pages/`; nothing where that page runs alone and the app knows of no other."""
    with contextlib.suppress(StreamlitPageNotFoundError):
        st.page_link(Path("pages") / f"{page}.py", label=label, icon=f":material/{icon}:")

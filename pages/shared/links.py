"""Links to other pages of the app."""

import contextlib
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitPageNotFoundError


def link_to(page: str, label: str, icon: str) -> None:
    """A link to a page of `pages/`; nothing where that page runs alone and the app knows of no other."""
    with contextlib.suppress(StreamlitPageNotFoundError):
        st.page_link(Path("pages") / f"{page}.py", label=label, icon=f":material/{icon}:")


def open_order(order_id: str) -> None:
    """Show the page of one order; where this page runs alone, say how to get there."""
    st.session_state["order"] = order_id
    try:
        st.switch_page(Path("pages") / "order.py", query_params={"order": order_id})
    except (StreamlitPageNotFoundError, StreamlitAPIException):
        st.caption("Open One order in the app to see why it is flagged.")

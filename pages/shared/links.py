"""Links to other pages of the app."""

import contextlib

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitPageNotFoundError

from pages.shared.navigation import PAGES


def link_to(page: str, label: str, icon: str) -> None:
    """A link to a page by its name; nothing where this page runs alone and the app knows of no other."""
    with contextlib.suppress(StreamlitPageNotFoundError):
        st.page_link(PAGES[page].path, label=label, icon=f":material/{icon}:")


def open_order(order_id: str) -> None:
    """Show the page of one order; where this page runs alone, say how to get there."""
    st.session_state["order"] = order_id
    try:
        st.switch_page(PAGES["order"].path, query_params={"order": order_id})
    except (StreamlitPageNotFoundError, StreamlitAPIException):
        st.caption("Open the order in the app to see why it is flagged.")

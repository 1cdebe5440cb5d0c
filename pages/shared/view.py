"""What the reader has chosen: kept in the session as inputs, mirrored in the link."""

import streamlit as st

from core.link import APPROVE_ALL, AXES, NOBODY, UNSET, View, link_values, parse_link
from pages.shared.prices import chosen_prices, put_prices

DRAG = "drag"
_AXIS_WORDS = {"fpr": "False positive rate", "review": "Review rate", "score": "Score"}


def read_link_once() -> list[str]:
    """Take the link's view into a new session; the notes on what was ignored, shown once."""
    if "view_read" in st.session_state:
        return []
    st.session_state["view_read"] = True
    view, notes = parse_link(st.query_params.to_dict())
    take_view(view)
    return notes


def take_view(view: View) -> None:
    """Make a view the reader's: line, baseline, axis and prices."""
    st.session_state["line"], st.session_state["baseline"] = view.line, view.baseline
    st.session_state["axis"] = view.axis
    put_prices(view.prices)


def chosen_view() -> View:
    """The view as it stands in the session."""
    state = st.session_state
    return View(state.get("line", UNSET), state.get("baseline", UNSET), state.get("axis", AXES[0]), chosen_prices())


def choose_axis() -> str:
    """What the chart's horizontal axis shows."""
    axis = st.segmented_control(
        "Axis",
        AXES,
        key="axis",
        required=True,
        format_func=_AXIS_WORDS.__getitem__,
        label_visibility="collapsed",
        persist_state="session",
    )
    return axis or AXES[0]


def keep_line() -> None:
    """Take line and baseline from the drag component when they are let go."""
    dragged = st.session_state[DRAG]
    if dragged.get("line"):
        st.session_state["line"] = _threshold(dragged["line"])
    if dragged.get("baseline"):
        chosen = dragged["baseline"]
        st.session_state["baseline"] = APPROVE_ALL if chosen.get("approve_all") else _threshold(chosen)


def publish_link(**more: str) -> None:
    """Put the view into the address, so that copying it shares what is seen; more: what else belongs to the page."""
    values = link_values(chosen_view()) | more
    if st.query_params.to_dict() != values:
        st.query_params.from_dict(values)


def _threshold(chosen: dict[str, float | None]) -> float | str:
    threshold = chosen.get("threshold")
    return NOBODY if threshold is None else float(threshold)

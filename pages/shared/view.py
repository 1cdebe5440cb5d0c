"""What the reader has chosen: kept in the session as inputs, mirrored in the link."""

from collections.abc import Sequence

import streamlit as st

from core.showing.link import APPROVE_ALL, AXES, BY_SAVING, LINES, NOBODY, View, link_values, parse_link
from pages.shared import cached
from pages.shared.assumptions_panel import chosen_prices, put_prices

DRAG, DRAG_BY_SAVING = "drag", "drag_by_saving"
_AXIS_WORDS = {"fpr": "False positive rate", "review": "Review rate", "score": "Score", BY_SAVING: "Expected saving"}
_KEPT = (*LINES, "axis")


def read_link_once() -> list[str]:
    """Take the link's view into a new session; the notes on what was ignored, shown once."""
    if "view_read" in st.session_state:
        return []
    st.session_state["view_read"] = True
    view, notes = parse_link(st.query_params.to_dict())
    take_view(view)
    return notes


def take_view(view: View) -> None:
    """Make a view the reader's: lines, baseline, axis and prices."""
    for name in _KEPT:
        st.session_state[name] = getattr(view, name)
    put_prices(view.prices)


def take_as_baseline(source: cached.Source, view: View) -> None:
    """Make the line of another view what this one is compared with."""
    other = cached.whole_view(source, view, *cached.policies(source, view))
    st.session_state["baseline"], st.session_state["baseline_decline"] = other.line, other.decline


def chosen_view() -> View:
    """The view as it stands in the session."""
    kept = {name: st.session_state[name] for name in _KEPT if name in st.session_state}
    return View(prices=chosen_prices(), **kept)


def open_view(source: cached.Source) -> None:
    """Where the drag of this page opens: at the view as it stands, in numbers."""
    view = chosen_view()
    st.session_state["opened"] = cached.whole_view(source, view, *cached.policies(source, view))


def opened_view(source: cached.Source, *, by_saving: bool = False) -> View:
    """Where the drag stood when it was opened: its payload stays the same while only the line moves.

    The drag by score and the one by expected saving are two; changing over opens the other one anew.
    """
    if st.session_state.get("ranked_by_saving") != by_saving:
        st.session_state["ranked_by_saving"] = by_saving
        open_view(source)
    opened: View = st.session_state["opened"]
    return opened


def choose_axis(axes: Sequence[str] = AXES, key: str = "axis") -> str:
    """What the chart's horizontal axis shows; key: where the choice is kept."""
    # Written before it is made: so it comes along to another page that asks for it too.
    st.session_state[key] = st.session_state.get(key, axes[0])
    axis = st.segmented_control(
        "Axis",
        axes,
        key=key,
        required=True,
        format_func=_AXIS_WORDS.__getitem__,
        label_visibility="collapsed",
        persist_state="session",
    )
    return axis or axes[0]


def keep_line() -> None:
    """Take line and baseline from the drag component when they are let go."""
    dragged = st.session_state[DRAG]
    if dragged.get("line"):
        st.session_state["line"], st.session_state["decline"] = _cuts(dragged["line"])
    if dragged.get("baseline"):
        chosen = dragged["baseline"]
        approve_all = bool(chosen.get("approve_all"))
        cuts = (APPROVE_ALL, NOBODY) if approve_all else _cuts(chosen)
        st.session_state["baseline"], st.session_state["baseline_decline"] = cuts


def keep_saving() -> None:
    """Take the line by expected saving from the drag component when it is let go."""
    dragged = st.session_state[DRAG_BY_SAVING]
    if dragged.get("line"):
        st.session_state["saving"] = _stated(dragged["line"].get("threshold"))


def say_review_line_alone() -> None:
    """Where a page leaves the decline cut-off out of account, it says so."""
    if chosen_view().decline != NOBODY:
        st.caption("This page looks at the review line alone: nobody is declined unseen here.")


def publish_link(**more: str) -> None:
    """Put the view into the address, so that copying it shares what is seen; more: what else belongs to the page."""
    values = link_values(chosen_view()) | more
    if st.query_params.to_dict() != values:
        st.query_params.from_dict(values)


def _cuts(chosen: dict[str, float | None]) -> tuple[float | str, float | str]:
    return _stated(chosen.get("threshold")), _stated(chosen.get("decline"))


def _stated(cut: float | None) -> float | str:
    return NOBODY if cut is None else float(cut)

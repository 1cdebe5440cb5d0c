"""What the reader has chosen: kept in the session as inputs, mirrored in the link."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.policy import BY_SAVING, Policy
from core.showing.link import APPROVE_ALL, AXES, NOBODY, POLICIES, REST, View, link_values, parse_link, rest_of
from core.showing.view_policies import policies_of_view, view_of
from pages.shared import cached
from pages.shared.assumptions_panel import chosen_prices, put_price, put_prices
from pages.shared.controls import control_values, is_control, take_controls

DRAG = "drag"
_AXIS_WORDS = {"fpr": "False positive rate", "review": "Review rate", "score": "Score"}
_KEPT = (*POLICIES, "axis")


def read_link_once() -> list[str]:
    """Take the link's view into a new session; the notes on what was ignored, shown once."""
    if "view_read" in st.session_state:
        return []
    st.session_state["view_read"] = True
    values = st.query_params.to_dict()
    view, notes = parse_link({name: value for name, value in values.items() if not is_control(name)})
    take_view(view)
    return notes + take_controls(values)


def take_view(view: View) -> None:
    """Make a view the reader's: policy, baseline, axis and prices."""
    for name in _KEPT:
        st.session_state[name] = getattr(view, name)
    put_prices(view.prices)


def take_policy(policy: Policy) -> None:
    """Make a policy the one on every page; its limit on reviews is the team's from then on."""
    put_price("reviews_per_day", policy.reviews_per_day)
    view = view_of(chosen_view(), policy, None)
    for name in ("line", "decline", "policy"):
        st.session_state[name] = getattr(view, name)


def take_one_threshold() -> None:
    """Back to a single review threshold on the score, at the claim's false positive rate."""
    put_price("reviews_per_day", None)
    opening = View()
    for name in ("line", "decline", "policy"):
        st.session_state[name] = getattr(opening, name)


def take_as_baseline(source: cached.Source, view: View) -> None:
    """Make the policy of another view what this one is compared with."""
    policy, _ = policies_of_view(cached.cube(source), view)
    keep_baseline(policy)


def keep_baseline(policy: Policy) -> None:
    """Make a policy what the one in force is compared with."""
    said = view_of(chosen_view(), policy, policy)
    for name in ("baseline", "baseline_decline", "baseline_policy"):
        st.session_state[name] = getattr(said, name)


def chosen_view() -> View:
    """The view as it stands in the session."""
    kept = {name: st.session_state[name] for name in _KEPT if name in st.session_state}
    return View(prices=chosen_prices(), **kept)


def open_view(source: cached.Source) -> None:
    """Where the drag of this page opens: at the view as it stands, in numbers."""
    view = chosen_view()
    st.session_state["opened"] = view_of(view, *policies_of_view(cached.cube(source), view))


def opened_view(source: cached.Source) -> View:
    """Where the drag stood when it was opened: its payload stays the same while only the lines on it move.

    Where something else of the two policies changes it opens again.
    """
    now, opened = chosen_view(), st.session_state.get("opened")
    if opened is None or _off_the_chart(view_of(now, *policies_of_view(cached.cube(source), now))) != _off_the_chart(
        opened
    ):
        open_view(source)
    result: View = replace(st.session_state["opened"], prices=now.prices)
    return result


def _off_the_chart(view: View) -> tuple[object, ...]:
    """What of a view no line on the chart says. A baseline of the same kind is a line on it too."""
    rest = (view.policy, view.baseline_policy)
    by_steps = all(policy.is_by_steps for policy in rest) and view.prices.reviews_per_day is None
    on_it = by_steps and view.policy == view.baseline_policy
    return rest if on_it else (*rest, view.baseline, view.baseline_decline)


def choose_axis(axes: Sequence[str] = AXES, key: str = "axis") -> str:
    """What the chart's horizontal axis shows; key: where the choice is kept."""
    # Written before it is made: so it comes along to another page that asks for it too.
    st.session_state[key] = st.session_state.get(key, axes[0])
    words = _AXIS_WORDS
    if chosen_view().policy.ranked_by == BY_SAVING:
        words = words | {"score": "Expected saving"}
    axis = st.segmented_control(
        "Axis",
        axes,
        key=key,
        required=True,
        format_func=words.__getitem__,
        label_visibility="collapsed",
        persist_state="session",
    )
    return axis or axes[0]


def keep_line() -> None:
    """Take line and baseline from the drag component when they are let go."""
    dragged = st.session_state[DRAG]
    if dragged.get("line"):
        _keep_thresholds("line", "decline", dragged["line"])
    if dragged.get("baseline"):
        chosen = dragged["baseline"]
        if chosen.get("approve_all"):
            st.session_state["baseline"], st.session_state["baseline_decline"] = APPROVE_ALL, NOBODY
            st.session_state["baseline_policy"] = REST
        else:
            _keep_thresholds("baseline", "baseline_decline", chosen)
            view = chosen_view()
            limit = view.prices.reviews_per_day
            st.session_state["baseline_policy"] = rest_of(replace(view.policy, reviews_per_day=limit))


def _keep_thresholds(review: str, decline: str, chosen: dict[str, float | None]) -> None:
    """What the component says; a decline threshold that it did not show stays."""
    st.session_state[review] = _stated(chosen.get("threshold"))
    if "decline" in chosen:
        st.session_state[decline] = _stated(chosen["decline"])
    elif review == "baseline":
        st.session_state[decline] = chosen_view().decline


def publish_link(**more: str) -> None:
    """Put the view and the controls of the pages into the address, so that copying it shares what is seen."""
    values = link_values(chosen_view()) | control_values() | more
    if st.query_params.to_dict() != values:
        st.query_params.from_dict(values)


def _stated(threshold: float | None) -> float | str:
    return NOBODY if threshold is None else float(threshold)

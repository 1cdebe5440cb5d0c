"""Ship, review or decline: both thresholds dragged on one chart, the best pair, and what any other costs."""

import streamlit as st

from core.showing.drag_payload import Drag
from core.showing.view_policies import policies_of_view
from pages.decide.review_decline_parts import choose_decline, show_best, show_pair, show_pair_map
from pages.shared import cached
from pages.shared.case import opened
from pages.shared.drag import drag_chart
from pages.shared.start import open_page
from pages.shared.view import DRAG, choose_axis, chosen_view, keep_line, open_view, opened_view, publish_link

_AXES = ("score", "fpr", "review")  # by score both lines have room


@st.fragment
def explore(source: cached.Source) -> None:
    """What a release refreshes; the drag itself stays in the browser."""
    start = opened_view(source)
    best = show_best(opened(source, start))
    choose_decline(opened(source, chosen_view()))
    axis, policies = choose_axis(_AXES, key="pair_axis"), policies_of_view(cached.cube(source), start)
    drag_chart(cached.payload(source, start.prices, *policies, Drag(axis, two=True)), key=DRAG, on_change=keep_line)
    case = opened(source, chosen_view())
    left, right = st.columns(2)
    with left:
        show_pair(case, best)
    with right:
        show_pair_map(case, best)
    publish_link()


with open_page("review_decline", "Ship, review or decline?") as case:
    open_view(case.source)
    explore(case.source)

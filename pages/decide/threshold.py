"""Where should the line be drawn? Drag it and watch the money move."""

import streamlit as st

from core.showing.drag_payload import Drag
from core.showing.view_policies import policies_of_view
from pages.decide.threshold_parts import offer_decisions
from pages.shared import cached
from pages.shared.case import opened
from pages.shared.drag import drag_chart
from pages.shared.links import link_to
from pages.shared.order_tables import show_costliest
from pages.shared.start import open_page
from pages.shared.view import DRAG, choose_axis, chosen_view, keep_line, open_view, opened_view, publish_link
from pages.stress_test.confidence_parts import show_certainty


@st.fragment
def explore(source: cached.Source) -> None:
    """What a release refreshes; the drag itself stays in the browser."""
    axis, start = choose_axis(), opened_view(source)
    policy, baseline = policies_of_view(cached.cube(source), start)
    drag = Drag(axis, two=policy.decline is not None)
    drag_chart(cached.payload(source, start.prices, policy, baseline, drag), key=DRAG, on_change=keep_line)
    case = opened(source, chosen_view())
    sure = st.container()  # filled last: the tables need not wait for it
    show_costliest(case.orders, case.treatments, case.prices)
    link_to("queue", "Work the flagged orders, the most worthwhile first", "checklist")
    offer_decisions(case)
    with sure:
        show_certainty(case)
    publish_link()


with open_page("threshold", "Where should the line be drawn?") as case:
    open_view(case.source)
    explore(case.source)

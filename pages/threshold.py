"""Where should the line be drawn? Drag it and watch the money move."""

import streamlit as st

from core.assumptions import Assumptions
from pages.shared import cached
from pages.shared.downloads import offer_decisions
from pages.shared.drag import drag_chart
from pages.shared.links import link_to
from pages.shared.order_tables import show_costliest
from pages.shared.prices import price_panel
from pages.shared.start import start
from pages.shared.text import plain
from pages.shared.view import DRAG, choose_axis, chosen_view, keep_line, publish_link


@st.fragment
def explore(source: cached.Source, prices: Assumptions, line: int, baseline: int | None) -> None:
    """What a release refreshes. line and baseline are where the page opened: the drag itself stays in the browser."""
    axis = choose_axis()
    drag_chart(cached.live_view(source, prices, line, baseline, axis), key=DRAG, on_change=keep_line)
    threshold = cached.line_threshold(source, chosen_view())
    show_costliest(cached.narrow_orders(source), threshold, prices)
    link_to("queue", "Work the flagged orders, the most worthwhile first", "checklist")
    offer_decisions(source, threshold, prices)
    publish_link()


source = start("Threshold")
prices = price_panel(cached.unused_prices(source))
st.markdown(f"##### Where should the line be drawn? · {plain(cached.data_set(source).name)}")
explore(source, prices, *cached.steps(source, chosen_view()))

"""Two cut-offs: ship, review or decline; both lines dragged on one chart, the best pair, and what any other costs."""

import streamlit as st

from core.assumptions import Assumptions
from pages.decide.review_decline_parts import show_best, show_pair, show_pair_map
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.drag import drag_chart
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import DRAG, choose_axis, chosen_view, keep_line, open_view, opened_view, publish_link

_AXES = ("score", "fpr", "review")  # by score both lines have room


@st.fragment
def explore(source: cached.Source, prices: Assumptions) -> None:
    """What a release refreshes; the drag itself stays in the browser."""
    best = show_best(source, prices)
    axis = choose_axis(_AXES, key="pair_axis")
    drag = cached.Drag(*cached.policies(source, opened_view(source)), axis, two=True)
    drag_chart(cached.live_view(source, prices, drag), key=DRAG, on_change=keep_line)
    pair, _ = cached.policies(source, chosen_view())
    left, right = st.columns(2)
    with left:
        show_pair(source, prices, pair, best)
    with right:
        show_pair_map(source, prices, pair, best)
    publish_link()


source = start("Review + decline")
prices = price_panel(cached.unused_prices(source))
st.markdown(f"##### Ship, review or decline? · {escaped(cached.data_set(source).name)}")
open_view(source)
explore(source, prices)

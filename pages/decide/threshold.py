"""Where should the line be drawn? Drag it and watch the money move."""

import streamlit as st

from core.assumptions import Assumptions
from core.showing.link import BY_SAVING, NOBODY
from pages.decide.threshold_parts import offer_decisions
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.drag import drag_chart
from pages.shared.links import link_to
from pages.shared.order_tables import show_costliest
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import (
    DRAG,
    DRAG_BY_SAVING,
    choose_axis,
    chosen_view,
    keep_line,
    keep_saving,
    open_view,
    opened_view,
    publish_link,
)
from pages.stress_test.confidence_parts import show_certainty


@st.fragment
def explore(source: cached.Source, prices: Assumptions) -> None:
    """What a release refreshes; the drag itself stays in the browser."""
    axis = choose_axis()
    opened, view = opened_view(source, by_saving=axis == BY_SAVING), chosen_view()
    cuts = cached.cuts(source, view)
    if axis == BY_SAVING:
        payload = cached.live_view_by_saving(source, prices, opened.saving)
        drag_chart(payload, key=DRAG_BY_SAVING, on_change=keep_saving)
        st.caption("Orders are reviewed here from an expected saving on. The other pages keep the line by score.")
        treatments = cached.treatments_by_saving(source, prices, view)
    else:
        drag = cached.Drag(*cached.policies(source, opened), axis, two=opened.decline != NOBODY)
        drag_chart(cached.live_view(source, prices, drag), key=DRAG, on_change=keep_line)
        treatments = cached.treatments(source, *cuts)
    sure = st.container()  # filled last: the tables need not wait for it
    show_costliest(cached.narrow_orders(source), treatments, prices)
    link_to("queue", "Work the flagged orders, the most worthwhile first", "checklist")
    offer_decisions(source, cuts[0], treatments, prices)
    if axis != BY_SAVING:
        with sure:
            show_certainty(source, prices, *cached.policies(source, view))
    publish_link()


source = start("Threshold")
prices = price_panel(cached.unused_prices(source))
st.markdown(f"##### Where should the line be drawn? · {escaped(cached.data_set(source).name)}")
open_view(source)
explore(source, prices)

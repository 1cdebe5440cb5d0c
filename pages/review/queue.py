"""The review queue: every flagged order, what a review of it is worth, and why it is there."""

import streamlit as st

from core.assumptions import Assumptions
from pages.review.queue_parts import choose_queue, export_queue, show_queue, show_totals, where_the_line_is
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.verdicts import say_measured_rates
from pages.shared.view import chosen_view, publish_link


@st.fragment
def work(source: cached.Source, prices: Assumptions, cuts: cached.Cuts) -> None:
    """Filter, order, page, pick: only this part runs again."""
    queue = choose_queue(source, prices, cuts)
    show_totals(queue, prices)
    show_queue(source, queue, cuts[0])
    export_queue(source, queue, cuts[0])
    publish_link()


_IDLE = ("reviews_per_day", "api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")

source = start("Queue")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
cuts = cached.cuts(source, chosen_view())
st.markdown(f"##### What should be reviewed first? · {escaped(cached.data_set(source).name)}")
st.caption(where_the_line_is(source, cuts))
work(source, prices, cuts)
say_measured_rates(source)

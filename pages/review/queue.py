"""The review queue: every order to review, what a review of it is worth, and why it is there."""

import streamlit as st

from pages.review.queue_parts import choose_queue, export_queue, show_queue, show_totals, where_the_line_is
from pages.shared.case import Opened
from pages.shared.start import open_page
from pages.shared.verdicts import say_measured_rates
from pages.shared.view import publish_link
from pages.shared.whose_reasons import say_whose_reasons


@st.fragment
def work(case: Opened) -> None:
    """Filter, order, page, pick: only this part runs again."""
    queue = choose_queue(case)
    show_totals(queue, case.prices)
    show_queue(case, queue)
    export_queue(case, queue)
    publish_link()


_IDLE = ("api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")

with open_page("queue", "What should be reviewed first?", idle=_IDLE) as case:
    st.caption(where_the_line_is(case))
    say_whose_reasons(case.explanations)
    work(case)
    say_measured_rates(case.source)

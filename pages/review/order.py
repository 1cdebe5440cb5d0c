"""One order: why it is above the line or below it, what reviewing it is worth, and what would clear it."""

import streamlit as st

from core.reviewing.queue import PLACE
from core.showing.link import ORDER
from pages.review.order_parts import find_order, show_clearing, show_context, show_money, show_order, show_reasons
from pages.review.order_what_if import what_if
from pages.shared.start import open_page
from pages.shared.text import escaped
from pages.shared.verdicts import decide_on, known_reviews
from pages.shared.whose_reasons import say_whose_reasons

_IDLE = ("review_minutes", "api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")

with open_page("order", "Why this order?", idle=_IDLE) as case:
    source, threshold = case.source, case.reference_threshold
    order = find_order(case)
    if order is None:
        st.stop()
    show_order(case, order)
    decide_on(source, order["order_id"], known_reviews(source).get(order["order_id"]))
    why = case.explanations
    if why is None:
        show_money(order, case.prices, None)
        st.info(escaped(case.why_not))
    elif not why.explained.has(order[PLACE]):
        show_context(source, why, order, None)
    else:
        at, line = why.explained.at(order[PLACE]), case.reference
        say_whose_reasons(why, at)
        show_reasons(why, at, line, order, case.prices)
        show_clearing(why, at, threshold)
        show_context(source, why, order, at)
        what_if(case, why, at, line, order)
    case.link[ORDER] = order["order_id"]

"""One order: why it is above the line or below it, what reviewing it is worth, and what would clear it."""

import streamlit as st

from core.reviewing.queue import PLACE
from core.showing.link import ORDER
from pages.review.order_parts import find_order, show_clearing, show_context, show_money, show_order, show_reasons
from pages.review.order_what_if import what_if
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.verdicts import decide_on, known_reviews
from pages.shared.view import chosen_view, publish_link

_IDLE = ("review_minutes", "reviews_per_day", "api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")

source = start("One order")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
cuts = cached.cuts(source, chosen_view())
threshold = cuts[0]
order = find_order(source, prices, cuts)
if order is None:
    st.stop()
show_order(order, cuts)
decide_on(source, order["order_id"], known_reviews(source).get(order["order_id"]))
why = cached.explanations(source)
if why is None:
    show_money(order, prices, None)
    st.info("The score came with the file, so nothing can say why. Train a model on these orders to get reasons.")
elif order["score"] is None:
    show_context(source, why, order, None)
else:
    at, line = why.explained.at(order[PLACE]), cached.reference(source, threshold)
    show_reasons(why, at, line, order, prices)
    show_clearing(why, at, threshold)
    show_context(source, why, order, at)
    what_if(why, at, line, order, cuts, cached.data_set(source).model)
publish_link(**{ORDER: order["order_id"]})

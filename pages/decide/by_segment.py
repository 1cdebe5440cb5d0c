"""Segments and amounts: own lines for kinds of orders, and reviewing by expected saving instead of score."""

import streamlit as st

from core.errors import CutlineError
from pages.decide.by_segment_parts import choose_column, show_amount_aware, show_segments
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link, say_review_line_alone

_IDLE = ("review_minutes", "reviews_per_day", "loss_aversion", "conversion_rate", "flac_sales_basis")

source = start("By segment")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
line, _ = cached.policies(source, chosen_view())
st.markdown(f"##### One line for all? · {escaped(cached.data_set(source).name)}")
say_review_line_alone()
try:
    show_amount_aware(source, prices)
    column = choose_column(source)
    if column is not None:
        show_segments(source, prices, line.review, column)
except CutlineError as fault:
    st.info(escaped(fault))
publish_link()

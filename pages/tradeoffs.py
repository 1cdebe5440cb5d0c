"""Requirements against each other, metrics against each other: what each asks for costs dollars."""

import streamlit as st

from core.errors import CutlineError
from pages.shared import cached
from pages.shared.prices import price_panel
from pages.shared.start import start
from pages.shared.text import plain
from pages.shared.tradeoff_parts import (
    choose_limits,
    show_latency,
    show_marks,
    show_picks,
    show_programme,
    show_requirements,
)
from pages.shared.view import chosen_view, publish_link, say_review_line_alone

_IDLE = ("review_minutes", "reviews_per_day", "api_cost")

source = start("Trade-offs")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
line, _ = cached.policies(source, chosen_view())
st.markdown(f"##### What can hold together? · {plain(cached.data_set(source).name)}")
say_review_line_alone()
try:
    limits = choose_limits(source)
    show_requirements(source, prices, limits)
    show_marks(source, prices, limits, line.review)
    show_picks(source, prices)
    show_programme(source, prices, line.review)
    show_latency(source)
except CutlineError as fault:
    st.info(plain(fault))
publish_link()

"""What must be true: how far each price can move before the decision changes."""

import streamlit as st

from core.errors import CutlineError
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link
from pages.stress_test.sensitivity_parts import choose_ranges, show_map, show_stand, show_tornado

_IDLE = ("review_minutes", "reviews_per_day", "loss_aversion", "conversion_rate", "flac_sales_basis")

source = start("Sensitivity")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
line, baseline = cached.policies(source, chosen_view())
st.markdown(f"##### What must be true? · {escaped(cached.data_set(source).name)}")
try:
    ranges = choose_ranges()
    show_stand(source, prices, line, baseline, ranges)
    show_tornado(source, prices, line, baseline, ranges)
    show_map(source, prices, line, baseline, ranges)
except CutlineError as fault:
    st.info(escaped(fault))
publish_link()

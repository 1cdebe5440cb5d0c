"""Other worlds: another fraud rate, volume or size of orders; how far labels have matured; how much data it takes."""

import streamlit as st

from core.errors import CutlineError
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link
from pages.stress_test.what_if_parts import choose_world, show_honest_data, show_samples, show_world

_IDLE = ("review_minutes", "reviews_per_day", "loss_aversion", "conversion_rate", "flac_sales_basis")

source = start("What if")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
line, baseline = cached.policies(source, chosen_view())
st.markdown(f"##### And if the world were another one? · {escaped(cached.data_set(source).name)}")
try:
    show_world(source, prices, line, baseline, choose_world(source))
    left, right = st.columns(2)
    with left:
        show_honest_data(source, line)
    with right:
        show_samples(source, prices, line, baseline)
except CutlineError as fault:
    st.info(escaped(fault))
publish_link()

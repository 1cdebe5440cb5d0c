"""What if fraud, volume or amounts were different; how far outcomes have matured; how much data it takes to know."""

import streamlit as st

from pages.shared.start import open_page
from pages.stress_test.what_if_parts import choose_world, show_honest_data, show_samples, show_world

_IDLE = ("review_minutes", "loss_aversion", "conversion_rate", "flac_sales_basis")

with open_page("what_if", "And if the world were another one?", idle=_IDLE) as case:
    show_world(case, choose_world(case))
    left, right = st.columns(2)
    with left:
        show_honest_data(case)
    with right:
        show_samples(case)

"""How sure: the line against the baseline on the same orders, with intervals, and the orders that change sides."""

import streamlit as st

from core.errors import CutlineError
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link
from pages.stress_test.confidence_parts import (
    choose_policies,
    show_bands,
    show_changed_sides,
    show_policies,
    show_verdict,
)

source = start("Confidence")
prices = price_panel(cached.unused_prices(source))
line, baseline = cached.policies(source, chosen_view())
st.markdown(f"##### How sure is that? · {escaped(cached.data_set(source).name)}")
try:
    show_verdict(source, prices, line, baseline)
    show_bands(source, prices, line, baseline)
except CutlineError as fault:
    st.info(escaped(fault))
show_policies(source, prices, choose_policies(source, prices, line, baseline))
show_changed_sides(source, prices, line, baseline)
publish_link()

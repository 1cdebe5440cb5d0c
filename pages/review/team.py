"""The queue is people: what a limit on reviews costs, and what one more reviewer is worth."""

import streamlit as st

from core.errors import CutlineError
from pages.review.team_parts import choose_rest, show_gains, show_not_reached, show_period
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link

_IDLE = ("api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")

source = start("Team")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
cuts = cached.cuts(source, chosen_view())
st.markdown(f"##### Who reviews all that? · {escaped(cached.data_set(source).name)}")
try:
    rest = choose_rest()
    worked = show_period(source, prices, cuts, rest)
    show_gains(source, prices, cuts, rest)
    show_not_reached(source, prices, worked, rest)
except CutlineError as fault:
    st.info(escaped(fault))
publish_link()

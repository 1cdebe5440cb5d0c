"""The claim checker: a sentence with blanks, worked out in closed form and on the loaded orders."""

import streamlit as st

from core.errors import CutlineError
from pages.practice.argument_parts import (
    claim_in_link,
    read_claim,
    show_closed_form,
    show_contradictions,
    show_needed,
    show_on_orders,
    take_link,
)
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import publish_link

_IDLE = ("review_minutes", "reviews_per_day", "api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")

source = start("Argument")
stated = {"review_cost": "Not used here: the claim itself says what a review costs."}
prices = price_panel(cached.unused_prices(source) | stated, idle=_IDLE)
st.markdown("##### Is it worth that? A claim, checked")
take_link()
try:
    claim = read_claim()
except CutlineError as fault:
    st.error(escaped(fault))
    st.stop()
left, right = st.columns(2)
with left:
    show_closed_form(claim)
with right:
    show_on_orders(source, prices, claim)
show_needed(claim)
show_contradictions(source, claim)
publish_link(**claim_in_link(claim))

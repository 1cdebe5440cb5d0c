"""The claim checker: a sentence with blanks, worked out in closed form and on the loaded orders."""

import streamlit as st

from pages.practice.argument_parts import (
    claim_in_link,
    read_claim,
    show_closed_form,
    show_contradictions,
    show_needed,
    show_on_orders,
    take_link,
)
from pages.shared.start import open_page

_IDLE = ("review_minutes", "api_cost", "loss_aversion", "conversion_rate", "flac_sales_basis")
_STATED = {"review_cost": "Not used here: the claim itself says what a review costs."}

with open_page("argument", "Is it worth that? A claim, checked", idle=_IDLE, unused=_STATED) as case:
    take_link()
    claim = read_claim()
    left, right = st.columns(2)
    with left:
        show_closed_form(claim)
    with right:
        show_on_orders(case.source, case.month, case.prices, claim)
    show_needed(claim)
    show_contradictions(case.source, claim)
    case.link.update(claim_in_link(claim))

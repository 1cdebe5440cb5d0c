"""Requirements against each other, metrics against each other: what each asks for costs dollars."""

import streamlit as st

from core.deciding.requirements import picks
from core.errors import CutlineError
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link, say_review_line_alone
from pages.stress_test.requirements_parts import (
    choose_limits,
    show_marks,
    show_picks,
    show_programme,
    show_requirements,
)

_IDLE = ("review_minutes",)

source = start("Requirements")
prices = price_panel(cached.unused_prices(source), idle=_IDLE)
line, _ = cached.policies(source, chosen_view())
st.markdown(f"##### What can hold together? · {escaped(cached.data_set(source).name)}")
say_review_line_alone()
try:
    look = choose_limits(source, prices)
    found = show_requirements(source, look)
    chosen = picks(look.curve, look.totals, prices)
    show_marks(look, found, chosen, line.review)
    show_picks(look, chosen)
    show_programme(look, line.review)
except CutlineError as fault:
    st.info(escaped(fault))
publish_link()

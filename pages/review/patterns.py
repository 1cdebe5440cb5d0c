"""All flagged orders together: which reasons flag them, and how that shifts with the threshold."""

import streamlit as st

from core.assumptions import FIELDS
from pages.review.patterns_parts import show_reasons_together
from pages.review.queue_parts import where_the_line_is
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link

source = start("Patterns")
price_panel(cached.unused_prices(source), idle=FIELDS)
cuts = cached.cuts(source, chosen_view())
st.markdown(f"##### Why are orders flagged? · {escaped(cached.data_set(source).name)}")
st.caption(where_the_line_is(source, cuts))
show_reasons_together(source, cuts[0])
publish_link()

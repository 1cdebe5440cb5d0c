"""Scenarios: save the view under a name, compare, load, delete; who did what, when and why."""

import streamlit as st

from core.errors import CutlineError
from pages.brief.scenarios_parts import save_this, show_log, show_scenarios
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.start import start
from pages.shared.text import escaped
from pages.shared.view import publish_link

source = start("Scenarios")
price_panel(cached.unused_prices(source))
st.markdown(f"##### Which policy, and who decided it? · {escaped(cached.data_set(source).name)}")
try:
    save_this(source)
    show_scenarios(source)
    show_log()
except CutlineError as fault:
    st.error(escaped(fault))
publish_link()

"""The pre-filter: which orders the rules clear without a scoring call, and the fraud they let through."""

import streamlit as st

from pages.shared import cached
from pages.shared.start import start
from pages.shared.text import escaped
from pages.system.rules_parts import rules_table

source = start("Rules")
data = cached.data_set(source)
st.markdown(f"##### What do the rules clear? · {escaped(data.name)}")
if len(data.tables.get("rules", ())):
    st.markdown("**Pre-filter: orders these rules clear ship without a scoring call**")
    rules_table(data)
else:
    st.info("No rules clear these orders: every order that has a score was scored.")

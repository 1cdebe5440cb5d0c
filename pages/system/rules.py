"""The pre-filter: which orders the rules clear without a scoring call, what they let through, what they save."""

import streamlit as st

from pages.shared import cached
from pages.shared.start import open_page
from pages.system.rules_parts import choose_rules, rules_table

_IDLE = ("review_minutes", "loss_aversion", "conversion_rate", "flac_sales_basis")

with open_page("rules", "What do the rules clear?", idle=_IDLE) as case:
    data = cached.data_set(case.source)
    if len(data.tables.get("rules", ())):
        st.markdown("**Pre-filter: orders these rules clear ship without a scoring call**")
        rules_table(data)
        choose_rules(case)
    else:
        st.info("No rules clear these orders: every order that has a score was scored.")

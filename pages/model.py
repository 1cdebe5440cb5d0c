"""What the scores rest on: how good the model is on orders it has not seen, and what the pre-filter lets through."""

import streamlit as st

from core.showing.figures import gap_figure, reliability_figure
from pages.shared import cached
from pages.shared.measured import evaluation_table, facts_of, headline, rules_table, shift_table
from pages.shared.start import start
from pages.shared.text import plain

source = start("Model and data")
data = cached.data_set(source)
st.markdown(f"##### What the scores rest on · {plain(data.name)}")
st.markdown(headline(data))
for note in data.notes:
    st.caption(plain(note))

left, right = st.columns(2)
with left:
    st.markdown("**On orders the model has not seen**")
    evaluation_table(data)
with right:
    st.markdown("**Does a score mean what it says?**")
    if len(data.tables.get("reliability", ())):
        st.plotly_chart(reliability_figure(data.tables["reliability"]), key="reliability")
    else:
        st.caption("No scored order has a known outcome: calibration cannot be checked.")

if len(data.tables.get("rules", ())):
    st.markdown("**Pre-filter: orders these rules clear ship without a scoring call**")
    rules_table(data)
if len(data.tables.get("order_time_gap", ())):
    st.markdown("**Order-time gap, day by day**")
    st.plotly_chart(gap_figure(data.tables["order_time_gap"]), key="gap")
    st.caption(
        "Daily mean of the log gap against the days the model learnt from. Beyond the dotted lines (1.5 sd) a day "
        "warns; the third such day in a row is an alarm, shown in red."
    )
if "shift" in data.tables:
    st.markdown("**Each column against the orders the model knows**")
    shift_table(data)
for fact in facts_of(data):
    st.caption(plain(fact))

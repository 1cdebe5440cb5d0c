"""What the scores rest on: how good the model is on orders it has not seen, and what the pre-filter lets through."""

import streamlit as st

from core.showing.charts import reliability_chart
from pages.shared import cached
from pages.shared.start import start
from pages.shared.text import escaped
from pages.system.model_parts import evaluation_table, facts_of, headline, shift_table

source = start("Model")
data = cached.data_set(source)
st.markdown(f"##### What the scores rest on · {escaped(data.name)}")
st.markdown(headline(data))
for note in data.notes:
    st.caption(escaped(note))

left, right = st.columns(2)
with left:
    st.markdown("**On orders the model has not seen**")
    evaluation_table(data)
with right:
    st.markdown("**Does a score mean what it says?**")
    if len(data.tables.get("reliability", ())):
        st.plotly_chart(reliability_chart(data.tables["reliability"]), key="reliability")
    else:
        st.caption("No scored order has a known outcome: calibration cannot be checked.")

if "shift" in data.tables:
    st.markdown("**Each column against the orders the model knows**")
    shift_table(data)
for fact in facts_of(data):
    st.caption(escaped(fact))

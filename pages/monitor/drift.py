"""Has the order-time gap moved? Its daily mean against the days the model learnt from."""

import streamlit as st

from core.showing.charts import gap_chart
from pages.shared import cached
from pages.shared.start import start
from pages.shared.text import escaped

source = start("Drift")
data = cached.data_set(source)
st.markdown(f"##### Has the order-time gap moved? · {escaped(data.name)}")
if len(data.tables.get("order_time_gap", ())):
    st.plotly_chart(gap_chart(data.tables["order_time_gap"]), key="gap")
    st.caption(
        "Daily mean of the log gap against the days the model learnt from. Beyond the dotted lines (1.5 sd) a day "
        "warns; the third such day in a row is an alarm, shown in red."
    )
else:
    st.info("These orders have no order-time gap: it needs order times, accounts, and days the model learnt from.")

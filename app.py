"""Cutline: the list of pages. Start it with `make run`."""

import streamlit as st

st.navigation(
    [
        st.Page("pages/threshold.py", title="Threshold", icon=":material/vertical_align_center:", default=True),
        st.Page("pages/compare.py", title="How sure", icon=":material/balance:"),
        st.Page("pages/prices.py", title="What must be true", icon=":material/tornado:"),
        st.Page("pages/policy.py", title="Two cut-offs", icon=":material/splitscreen_vertical_add:"),
        st.Page("pages/team.py", title="Team", icon=":material/groups:"),
        st.Page("pages/segments.py", title="Segments", icon=":material/category:"),
        st.Page("pages/claim.py", title="Claim", icon=":material/fact_check:"),
        st.Page("pages/queue.py", title="Review queue", icon=":material/checklist:"),
        st.Page("pages/order.py", title="One order", icon=":material/search_insights:"),
        st.Page("pages/orders.py", title="Your orders", icon=":material/upload_file:"),
        st.Page("pages/model.py", title="Model and data", icon=":material/insights:"),
    ],
    position="top",
).run()

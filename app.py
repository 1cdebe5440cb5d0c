"""Cutline: the list of pages. Start it with `make run`."""

import streamlit as st

PAGES = (
    ("threshold", "Threshold", "vertical_align_center"),
    ("orders", "Your orders", "upload_file"),
    ("queue", "Review queue", "checklist"),
    ("order", "One order", "search_insights"),
    ("model", "Model and data", "insights"),
    ("compare", "How sure", "balance"),
    ("claim", "Claim", "fact_check"),
    ("prices", "What must be true", "tornado"),
    ("policy", "Two cut-offs", "splitscreen_vertical_add"),
    ("team", "Team", "groups"),
    ("segments", "Segments", "category"),
    ("tradeoffs", "Trade-offs", "compare_arrows"),
    ("worlds", "Other worlds", "public"),
    ("scenarios", "Scenarios", "bookmarks"),
)

st.navigation(
    [
        st.Page(f"pages/{name}.py", title=title, icon=f":material/{icon}:", default=name == "threshold")
        for name, title, icon in PAGES
    ],
    position="top",
).run()

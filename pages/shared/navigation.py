"""The list of pages, by what they are for."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager

SECTIONS = {
    "": (
        ("threshold", "Threshold", "vertical_align_center"),
        ("orders", "Your orders", "upload_file"),
        ("queue", "Review queue", "checklist"),
        ("order", "One order", "search_insights"),
    ),
    "Policy": (
        ("policy", "Two cut-offs", "splitscreen_vertical_add"),
        ("segments", "Segments", "category"),
        ("team", "Team", "groups"),
        ("tradeoffs", "Trade-offs", "compare_arrows"),
    ),
    "Evidence": (
        ("compare", "How sure", "balance"),
        ("prices", "What must be true", "tornado"),
        ("claim", "Claim", "fact_check"),
        ("worlds", "Other worlds", "public"),
    ),
    "Records": (
        ("model", "Model and data", "insights"),
        ("scenarios", "Scenarios", "bookmarks"),
    ),
}


def navigation() -> StreamlitPage:
    """The pages, listed along the top; returns the one the address names."""
    sections = {section: [_page(*page) for page in pages] for section, pages in SECTIONS.items()}
    # A default page is found at "/" alone: the address that says its name, as links do, needs a page of its own.
    sections[""].append(st.Page("pages/threshold.py", title="Threshold", visibility="hidden"))
    return st.navigation(sections, position="top", expanded=True)


def _page(name: str, title: str, icon: str) -> StreamlitPage:
    first = name == "threshold"
    return st.Page(
        f"pages/{name}.py", title=title, icon=f":material/{icon}:", default=first, url_path="home" if first else None
    )


def list_pages_if_app_has_not() -> None:
    """On a fresh server an address with a page in it runs that page before app.py, with a list Streamlit makes up and
    controls under other names, whose first use would be lost. So it is run again, as part of the app."""
    if PagesManager.uses_pages_directory:
        navigation()
        st.rerun()

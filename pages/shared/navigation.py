"""The list of pages: seven destinations, the views of each, and where old addresses lead."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

_ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Page:
    """One view: `pages/<folder>/<name>.py`, found at `/<name>`. core: the module of `core/` that answers it."""

    folder: str
    name: str
    title: str
    icon: str
    core: str

    @property
    def path(self) -> Path:
        """Its file."""
        return _ROOT / "pages" / self.folder / f"{self.name}.py"


DESTINATIONS: dict[str, tuple[Page, ...]] = {
    "Decide": (
        Page("decide", "threshold", "Threshold", "vertical_align_center", "pricing.curve"),
        Page("decide", "review_decline", "Review + decline", "splitscreen_vertical_add", "deciding.review_decline"),
        Page("decide", "by_segment", "By segment", "category", "deciding.by_segment"),
    ),
    "Stress test": (
        Page("stress_test", "confidence", "Confidence", "balance", "deciding.confidence"),
        Page("stress_test", "sensitivity", "Sensitivity", "tornado", "deciding.sensitivity"),
        Page("stress_test", "what_if", "What if", "public", "deciding.what_if"),
        Page("stress_test", "requirements", "Requirements", "compare_arrows", "deciding.requirements"),
    ),
    "Review": (
        Page("review", "queue", "Queue", "checklist", "reviewing.queue"),
        Page("review", "order", "One order", "search_insights", "explaining.explain"),
        Page("review", "patterns", "Patterns", "scatter_plot", "explaining.patterns"),
        Page("review", "team", "Team", "groups", "reviewing.team"),
    ),
    "System": (
        Page("system", "rules", "Rules", "rule", "scoring.rules"),
        Page("system", "model", "Model", "insights", "scoring.model"),
    ),
    "Monitor": (Page("monitor", "drift", "Drift", "monitoring", "scoring.drift"),),
    "Brief": (Page("brief", "scenarios", "Scenarios", "bookmarks", "records.scenarios"),),
    "Practice": (Page("practice", "argument", "Argument", "fact_check", "practicing.argument"),),
    "Orders": (Page("orders", "orders", "Your orders", "upload_file", "sources.orders"),),
}
"""What the bar lists: a folder a destination, at most four views each."""

PAGES: dict[str, Page] = {page.name: page for views in DESTINATIONS.values() for page in views}

OLD_ADDRESSES = {
    "policy": "review_decline",
    "segments": "by_segment",
    "compare": "confidence",
    "prices": "sensitivity",
    "worlds": "what_if",
    "tradeoffs": "requirements",
    "claim": "argument",
}
"""Addresses of saved links, and the page that took their place."""

_FIRST = "threshold"


def navigation() -> StreamlitPage:
    """The pages, listed along the top; returns the one the address names."""
    listed = {_section(name): [_page(page) for page in views] for name, views in DESTINATIONS.items()}
    # A default page is found at "/" alone: the address that says its name, as links do, needs a page of its own.
    listed["Decide"].append(st.Page(PAGES[_FIRST].path, title=PAGES[_FIRST].title, visibility="hidden"))
    listed["Decide"] += [
        st.Page(_lead_on(new), title=PAGES[new].title, url_path=old, visibility="hidden")
        for old, new in OLD_ADDRESSES.items()
    ]
    return st.navigation(listed, position="top", expanded=True)


def _section(destination: str) -> str:
    """The reader's own orders are one link, without a list."""
    return "" if destination == "Orders" else destination


def _page(page: Page) -> StreamlitPage:
    first = page.name == _FIRST
    icon = f":material/{page.icon}:"
    return st.Page(page.path, title=page.title, icon=icon, default=first, url_path="home" if first else None)


def _lead_on(new: str) -> Callable[[], None]:
    """A page that shows another one, with all that the link says."""

    def lead_on() -> None:
        st.switch_page(PAGES[new].path, query_params=st.query_params.to_dict())

    return lead_on

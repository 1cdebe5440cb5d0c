"""How every page begins, alone or in the app: its title, the reader's link, the data set, the case; and how it ends."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.building import store
from core.building.ruled import rule_names
from core.errors import CutlineError
from core.policy_file import policy_as_toml
from core.pricing.cube import totals_of
from core.pricing.curve import unused_prices
from core.showing.captions import expected_caption
from core.showing.link import View
from core.showing.policy_words import policy_in_words
from pages.shared import cached
from pages.shared.assumptions_panel import price_panel
from pages.shared.cached import Source
from pages.shared.case import Opened, opened
from pages.shared.navigation import PAGES
from pages.shared.own import OwnOrders, forget, loaded_name, look_at, own_orders
from pages.shared.text import escaped
from pages.shared.view import chosen_view, publish_link, read_link_once, take_one_threshold

ICON = Path(__file__).parent / "icon.png"  # of our own: a named one is fetched from a font server
ORDERS_VARIABLE = "CUTLINE_ORDERS"


@contextmanager
def open_page(
    name: str,
    question: str,
    *,
    idle: Collection[str] | Callable[[], Collection[str]] = (),
    unused: Mapping[str, str] | None = None,
) -> Iterator[Opened]:
    """A page on policy and prices: the panel, the question as its title, the policy in words where it is more than a
    threshold; then what the page is about. At its end the link says all that is seen.

    name: of the page in the navigation. idle: prices nothing on the page depends on, or what tells them. unused: prices
    it has no use for, and why. A CutlineError on the page becomes one clear box.
    """
    source = start(PAGES[name].title)
    price_panel(
        unused_prices(totals_of(cached.cube(source))) | dict(unused or {}), idle=idle() if callable(idle) else idle
    )
    st.markdown(f"##### {question} · {escaped(cached.data_set(source).name)}")
    link: dict[str, str] = {}
    try:
        case = opened(source, chosen_view(), link)
        _policy_bar(case)
        yield case
    except CutlineError as fault:
        st.error(escaped(fault))
        _way_back()
    publish_link(**link)


@contextmanager
def boxed() -> Iterator[None]:
    """A CutlineError in one part of a page becomes a box, and the rest of the page stands."""
    try:
        yield
    except CutlineError as fault:
        st.info(escaped(fault))


def open_data(name: str, question: str) -> Source:
    """A page on the data set alone, without policy and prices."""
    source = start(PAGES[name].title)
    st.markdown(f"##### {question} · {escaped(cached.data_set(source).name)}")
    return source


def _policy_bar(case: Opened) -> None:
    """The policy in words, on every page, wherever it is not a single threshold."""
    policy = case.policy.policy
    if policy.is_one_threshold:
        return
    words = policy_in_words(policy, rule_names(cached.data_set(case.source)))
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**Policy on every page:** {escaped(words)}", width="stretch")
        st.download_button(
            "Policy file", lambda: policy_as_toml(policy).encode(), "policy.toml", "application/toml",
            on_click="ignore", icon=":material/download:", key="take_policy", type="tertiary",
            help="For the command line: python -m core curve ORDERS --policy policy.toml",
        )  # fmt: skip
        st.button("Back to one threshold", on_click=take_one_threshold, key="one_threshold", type="tertiary")


def _way_back() -> None:
    """A policy that does not fit these orders can be taken back."""
    if chosen_view().policy != View().policy:
        st.button("Back to one threshold", on_click=take_one_threshold, key="one_threshold")


def start(title: str) -> Source:
    """The data set the app was started on; where it cannot be read, one clear message and no page."""
    st.set_page_config(page_title=f"{title} · Cutline", page_icon=str(ICON), layout="wide")
    for note in read_link_once():
        st.warning(escaped(note))
    own = own_orders()
    if own is not None or loaded_name():
        _whose_orders(own)
    if own is not None:
        source = Source("", own.token)
        _say_expected(source)
        return source
    folder = store.folder_of(os.environ.get(ORDERS_VARIABLE, store.SAMPLE))
    try:
        source = Source(str(folder), store.manifest_digest(folder))
        cached.cube(source)
    except CutlineError as fault:
        st.error(escaped(fault))
        st.stop()
    _say_expected(source)
    return source


def _say_expected(source: Source) -> None:
    if words := expected_caption(cached.cube(source)):
        st.caption(escaped(words))


def _whose_orders(own: OwnOrders | None) -> None:
    """Which orders every figure is of, and the way to the others: one click."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if own is None:
            st.caption("These are the orders of the sample.")
            st.button(f"Back to {escaped(loaded_name())}", on_click=look_at, kwargs={"sample": False}, type="tertiary")
        else:
            kept = f": every figure is of {own.data.kept}" if own.data.kept else ""
            st.caption(f"Your own orders, {escaped(own.data.name)}{escaped(kept)}. Only this session sees them.")
            st.button("Show the sample", on_click=look_at, kwargs={"sample": True}, type="tertiary")
        st.button("Forget my data", on_click=forget, type="tertiary")

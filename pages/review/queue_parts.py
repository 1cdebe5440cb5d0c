"""The queue as a table: ordered, filtered, paged; a row picked is an order opened."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE
from core.explaining.explain import Reference, top_reasons
from core.explaining.why import Explanations
from core.number_format import count, counted, dollars, fixed, percent_short
from core.policy import BY_SAVING, TREATMENTS
from core.reviewing.decisions import as_csv, as_parquet
from core.reviewing.queue import (
    A_MINUTE,
    LOSS,
    ORDERINGS,
    PLACE,
    SAVING,
    covered,
    needed_for,
    review_queue,
    with_reasons,
)
from pages.shared.case import Opened
from pages.shared.controls import offered
from pages.shared.links import open_order
from pages.shared.text import escaped
from pages.shared.verdicts import known_reviews

_PAGE = 50
_ORDERING_WORDS = {
    SAVING: "Expected saving", SCORE: "Score", AMOUNT: "Amount", ORDERED_AT: "Oldest first",
}  # fmt: skip
_STATES = ("all", "open", "decided")
_COLUMNS = {
    ORDER_ID: st.column_config.TextColumn("Order", pinned=True),
    ORDERED_AT: st.column_config.DatetimeColumn("Placed (UTC)", format="D MMM, HH:mm"),
    AMOUNT: st.column_config.NumberColumn("Amount", format="dollar"),
    SCORE: st.column_config.NumberColumn("Score", format="%.4f"),
    LOSS: st.column_config.NumberColumn("Expected loss", format="dollar", help="If it ships: score × what fraud costs"),
    SAVING: st.column_config.NumberColumn(
        "Expected saving", format="dollar", help="Of a review: caught loss − review cost − expected insult"
    ),
    A_MINUTE: st.column_config.NumberColumn("$ a minute", format="%.2f"),
    "verdict": st.column_config.TextColumn("Verdict"),
    **{f"reason_{n}": st.column_config.TextColumn(f"Reason {n}", width="large") for n in (1, 2, 3)},
    **{
        f"surrogate_reason_{n}": st.column_config.TextColumn(f"Surrogate's reason {n}", width="large")
        for n in (1, 2, 3)
    },
    "surrogate_learnt_here": st.column_config.CheckboxColumn(
        "Learnt from it", help="One of the earliest orders: the surrogate learnt from the order itself"
    ),
}


def where_the_line_is(case: Opened) -> str:
    """The policy in words, and how many orders it stops."""
    policy, treatments = case.policy.policy, case.treatments
    _, reviewed, declined = np.bincount(treatments, minlength=len(TREATMENTS)).tolist()
    if not policy.is_by_steps or policy.ranked_by == BY_SAVING:
        unseen = f", {counted(declined, 'order')} declined unseen" if declined else ""
        return f"{counted(reviewed, 'order')} to review{unseen}."
    line = "Nobody is flagged." if policy.review is None else f"Line at a score of {fixed(policy.review, 4)}: "
    unseen = ""
    if policy.decline is not None:
        unseen = f"; {counted(declined, 'order')} from {fixed(policy.decline, 4)} on are declined unseen"
    return f"{line}{counted(reviewed, 'order')} to review{unseen}. Move the line on the Threshold page."


def choose_queue(case: Opened) -> pd.DataFrame:
    """The queue as the reader wants it: order, id, reason, state, least amount."""
    source = case.source
    with st.container(horizontal=True, vertical_alignment="bottom"):
        orderings = [name for name in ORDERINGS if name != ORDERED_AT or ORDERED_AT in case.orders]
        offered("queue_ordering", orderings)
        ordering = st.segmented_control(
            "Work first", orderings, key="queue_ordering", required=True,
            default=None if "queue_ordering" in st.session_state else SAVING,
            format_func=_ORDERING_WORDS.__getitem__, persist_state="session",
        )  # fmt: skip
        searched = st.text_input("Order id holds", key="queue_search", persist_state="session", width=180)
        state = st.selectbox("State", _STATES, key="queue_state", persist_state="session", width=130)
        least = st.number_input("Amount at least ($)", 0.0, key="queue_least", persist_state="session", width=160)
        reason = _choose_reason(case)
    queue = review_queue(case.orders, case.treatments, case.prices, ordering or SAVING)
    keep = np.array(queue[AMOUNT] >= least)
    if searched:
        keep &= queue[ORDER_ID].str.contains(searched, regex=False).to_numpy()
    if state != "all":
        decided = queue[ORDER_ID].isin(list(known_reviews(source))).to_numpy()
        keep &= decided if state == "decided" else ~decided
    if reason:
        keep &= _has_reason(case, queue, reason)
    return queue[keep].reset_index(drop=True)


def _choose_reason(case: Opened) -> str | None:
    why = case.explanations
    if why is None:
        return None
    offered("queue_reason", why.explained.features)
    return st.selectbox(
        "Among its top three reasons", why.explained.features, index=None, key="queue_reason", width=240,
        placeholder="any reason", persist_state="session",
    )  # fmt: skip


def _has_reason(case: Opened, queue: pd.DataFrame, reason: str) -> "np.ndarray":
    why = case.explanations
    assert why is not None
    at = np.searchsorted(why.explained.places, queue[PLACE].to_numpy())
    top = top_reasons(why.explained, at, case.reference)
    return np.asarray((top == why.explained.features.index(reason)).any(axis=1))


def show_totals(queue: pd.DataFrame, prices: Assumptions) -> None:
    """What the selection holds, and how far its first orders go."""
    saving = queue[SAVING].to_numpy()
    cells = st.columns(4)
    cells[0].metric("Orders selected", count(len(queue)))
    cells[1].metric("Their amount", dollars(queue[AMOUNT].sum()))
    cells[2].metric("Expected saving of reviewing all", dollars(saving.sum()))
    cells[3].metric("Review hours", count(len(queue) * prices.review_minutes / 60))
    if len(queue) and (saving > 0).any():
        most = needed_for(saving, 0.8)
        loses = int((saving < 0).sum())
        told = f"The first {counted(most, 'order')} cover {percent_short(covered(saving, most))} of what can be saved"
        told += f"; {counted(loses, 'order')} cost more to review than they are expected to save." if loses else "."
        st.caption(escaped(told))


def show_queue(case: Opened, queue: pd.DataFrame) -> None:
    """One page of it; a row picked opens its order."""
    if queue.empty:
        st.info("No flagged order is left by this selection.")
        return
    pages = -(-len(queue) // _PAGE)
    page = 1
    if pages > 1:
        page = min(int(st.pagination(pages, key=f"queue_page_{pages}")), pages)
    part = queue.iloc[(page - 1) * _PAGE : page * _PAGE]
    reviews = known_reviews(case.source)
    shown = _told(*_why_and_line(case), part).drop(columns=[IS_FRAUD], errors="ignore")
    verdicts = [reviews[name].verdict if name in reviews else "" for name in shown[ORDER_ID]]
    shown.insert(list(shown).index(A_MINUTE) + 1, "verdict", verdicts)
    picked = st.dataframe(
        shown, column_config=_COLUMNS, hide_index=True, on_select="rerun", selection_mode="single-row",
        key=f"queue_table_{page}", height="content", alt="Flagged orders, the one to review first at the top",
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(shown):
        open_order(str(shown[ORDER_ID].iloc[rows[0]]))


def _told(why: Explanations | None, line: Reference | None, part: pd.DataFrame) -> pd.DataFrame:
    if why is None or line is None:
        return part.drop(columns=PLACE)
    return with_reasons(part, why.explained, line, why.words)


def _why_and_line(case: Opened) -> tuple[Explanations | None, Reference | None]:
    why = case.explanations
    return why, None if why is None else case.reference


def export_queue(case: Opened, queue: pd.DataFrame) -> None:
    """The selection with its reasons, safe in a spreadsheet; made when pressed."""
    if queue.empty:
        return
    reasons = _why_and_line(case)  # asked for here: the file is made outside the session
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Take the {count(len(queue))} selected orders with their reasons:")
        for label, write, name, kind in (
            ("CSV", as_csv, "queue.csv", "text/csv"),
            ("Parquet", as_parquet, "queue.parquet", "application/vnd.apache.parquet"),
        ):
            make = partial(_written, write, *reasons, queue)
            st.download_button(
                label, make, name, kind, on_click="ignore", icon=":material/download:", key=f"take_{name}"
            )
    if case.why_not:
        st.caption(escaped(case.why_not))


def _written(
    write: Callable[[pd.DataFrame], bytes], why: Explanations | None, line: Reference | None, queue: pd.DataFrame
) -> bytes:
    return write(_told(why, line, queue))

"""Recording what a reviewer decides, and what that measures."""

import os
from datetime import UTC, datetime

import streamlit as st

from core.errors import ReviewError
from core.number_format import count, percent
from core.records.verdicts import (
    DEFAULT_URL,
    ESCALATED,
    MAX_NOTE,
    RELEASED,
    VERDICTS,
    Review,
    Reviews,
    measured_catch_rate,
)
from pages.shared import cached
from pages.shared.text import escaped

DATABASE_VARIABLE = "CUTLINE_DATABASE"
_WORDS = dict(zip(VERDICTS, ("Release", "Decline", "Escalate"), strict=True))


def database() -> Reviews:
    """The database the operator chose, else a SQLite file in data/."""
    return cached.reviews(os.environ.get(DATABASE_VARIABLE, DEFAULT_URL))


def known_reviews(source: cached.Source) -> dict[str, Review]:
    """order_id → review of these orders; a message and nothing where the database cannot be read."""
    try:
        return database().all_of(cached.set_of_orders(source))
    except ReviewError as fault:
        st.error(escaped(fault))
        return {}


def decide_on(source: cached.Source, order_id: str, seen: Review | None) -> None:
    """Verdict and note on one order; saved when the button is pressed, and said."""
    if seen is not None:
        when = seen.decided_at.strftime("%d %b %Y, %H:%M")
        st.caption(escaped(f"Decided: {seen.verdict}, {when} UTC. {seen.note}"))
    with st.form(f"decide_{order_id}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        verdict = st.segmented_control(
            "Verdict", VERDICTS, default=seen.verdict if seen else None, format_func=_WORDS.__getitem__,
            key=f"verdict_{order_id}",
        )  # fmt: skip
        note = st.text_input("Note", seen.note if seen else "", max_chars=MAX_NOTE, key=f"note_{order_id}")
        pressed = st.form_submit_button("Record", type="primary")
    if not pressed:
        return
    if verdict is None:
        st.warning("Choose release, decline or escalate first.")
        return
    try:
        database().record(
            cached.set_of_orders(source), order_id, verdict, note,
            at=datetime.now(UTC).replace(tzinfo=None), known_version=seen.version if seen else 0,
        )  # fmt: skip
    except ReviewError as fault:
        st.error(escaped(fault))
        return
    st.toast(escaped(f"{order_id}: {verdict}. Recorded."))
    st.rerun()


def say_measured_rates(source: cached.Source) -> None:
    """The catch rate of the reviews made, where outcomes are known by now."""
    made = known_reviews(source)
    if not made:
        st.caption("No verdict is recorded yet. Recorded ones measure the reviewer catch rate once outcomes are known.")
        return
    rates = measured_catch_rate(list(made.values()), cached.data_set(source).orders)
    told = f"{count(len(made))} orders decided, {count(sum(r.verdict == ESCALATED for r in made.values()))} escalated. "
    if rates["fraud"]:
        told += (
            f"Of {count(rates['fraud'])} that turned out fraud, {count(rates['caught'])} were declined: a measured "
            f"catch rate of {percent(rates['catch_rate'])} ({percent(rates['low'])} to {percent(rates['high'])}). "
        )
    if rates["legit"]:
        told += f"Of {count(rates['legit'])} legit ones, {count(rates['wrongly_declined'])} were declined. "
    st.caption(escaped(told + ("" if rates["fraud"] else f"No fraud among them is known yet ({RELEASED} or not).")))

"""The parts of the page on scenarios."""

import os
from datetime import UTC, datetime
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from core.assumptions import FIELDS
from core.building.ruled import rule_names
from core.deciding.sensitivity import worth
from core.errors import PolicyError, ReviewError
from core.number_format import percent, percent_short
from core.records.scenarios import MOST_ENTRIES, Scenario, Scenarios
from core.records.verdicts import DEFAULT_URL
from core.showing.link import View, link_values
from core.showing.policy_words import policy_in_words, threshold_in_words
from core.showing.view_policies import policies_of_view, view_of
from pages.shared import cached
from pages.shared.assumptions_panel import price_in_words
from pages.shared.case import opened
from pages.shared.text import escaped
from pages.shared.verdicts import DATABASE_VARIABLE
from pages.shared.view import chosen_view, take_as_baseline, take_view


def database() -> Scenarios:
    """The database the operator chose, else a SQLite file in data/."""
    return cached.scenarios(os.environ.get(DATABASE_VARIABLE, DEFAULT_URL))


def save_this(source: cached.Source) -> None:
    """The view as it stands, under a name and with a reason; ReviewError where the database cannot be read."""
    database().all()
    view = chosen_view()
    whole = view_of(view, *policies_of_view(cached.cube(source), view))
    with st.form("save_scenario", border=True):
        st.markdown("**Save line, baseline and prices as they stand**")
        one, two, three = st.columns([2, 1, 3])
        name = one.text_input("Name", key="scenario_name")
        who = two.text_input("Who", key="scenario_who")
        why = three.text_input("Why", key="scenario_why")
        pressed = st.form_submit_button("Save", type="primary")
    if not pressed:
        return
    try:
        database().save(
            name, whole, who=who, why=why, at=_now(), known_version=_seen().get(name.strip(), 0),
            orders=_orders_said(source),
        )  # fmt: skip
    except ReviewError as fault:
        st.error(escaped(fault))
    else:
        st.toast(escaped(f"Saved {name}."))


def _orders_said(source: cached.Source) -> str:
    """Which orders a scenario was saved on; what a reader's own file is called stays in their session."""
    return "own orders" if source.own else cached.data_set(source).name


def _seen() -> dict[str, int]:
    """The versions of the scenarios as this reader last saw them: only those are changed or deleted."""
    seen: dict[str, int] = st.session_state.get("scenario_versions", {})
    return seen


def show_scenarios(source: cached.Source) -> None:
    """Every scenario on these orders beside the view as it stands, each with its link, to load or delete."""
    if said := st.session_state.pop("scenario_said", None):
        (st.toast if said[0] else st.error)(escaped(said[1]))
    found = database().all()
    st.session_state["scenario_versions"] = {one.name: one.version for one in found}
    now = Scenario("as it stands", chosen_view(), "", "", _now(), 0, "")
    rows = [_figures_or_why(source, one) for one in (now, *found)]
    st.table(pd.DataFrame(rows).fillna("").map(escaped), border="horizontal", hide_index=True)
    if any(one.orders != _orders_said(source) for one in found):
        here = cached.data_set(source).name
        st.caption(escaped(f"All figures are of {here}, of scenarios saved on other orders too."))
    if not found:
        st.info("No scenario is saved yet.")
        return
    names = {one.name: one for one in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = names[st.selectbox("Scenario", list(names), key="scenario_chosen", width=320)]
        st.button("Load", on_click=take_view, args=(chosen.view,))
        st.button("Make it the baseline", on_click=take_as_baseline, args=(source, chosen.view))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Who deletes it", key="scenario_delete_who", width=160)
        st.text_input("Why is it deleted", key="scenario_delete_why", width=320)
        # What is deleted is what was on the screen when it was pressed, whatever is there by now.
        st.button("Delete", on_click=_delete, args=(chosen.name, chosen.version))
    st.code(f"{_origin()}/threshold?{urlencode(link_values(chosen.view))}", language=None)
    st.caption("This link shows the scenario without the database.")


def _delete(name: str, version: int) -> None:
    who, why = (str(st.session_state[f"scenario_delete_{blank}"]) for blank in ("who", "why"))
    try:
        database().remove(name, who=who, why=why, at=_now(), known_version=version)
    except ReviewError as fault:
        st.session_state["scenario_said"] = (False, str(fault))
    else:
        st.session_state["scenario_said"] = (True, f"Deleted {name}.")


def _origin() -> str:
    """Where the app is reached, "" where that is not known."""
    return (st.context.url or "").partition("?")[0].rpartition("/")[0]


def _figures_or_why(source: cached.Source, one: Scenario) -> dict[str, str]:
    """A scenario whose policy does not fit these orders says so in its row."""
    try:
        return _figures(source, one)
    except PolicyError as fault:
        return {"Scenario": one.name, "Policy": str(fault), "Saved on": one.orders, "Who": one.who, "Why": one.why}


def _figures(source: cached.Source, one: Scenario) -> dict[str, str]:
    case = opened(source, one.view)
    policy, at, month = case.policy.policy, case.policy.figures, case.month
    thresholds = ["nobody" if t is None else threshold_in_words(policy, t) for t in (policy.review, policy.decline)]
    rest = "" if policy.is_one_threshold else policy_in_words(policy, rule_names(cached.data_set(source)))
    return {
        "Scenario": one.name,
        "Review from": thresholds[0],
        "Decline from": thresholds[1],
        "Policy": rest,
        "FPR": percent(at["false_positive_rate"]),
        "Detection": percent_short(at["detection_rate"]),
        "Review cost": month.dollars(at["review_cost"]),
        "Total cost": month.dollars(at["total_cost"]),
        "Over its baseline": month.dollars(worth(case.case), plus="+"),
        "Prices": _changed_prices(one.view),
        "Saved on": one.orders,
        "Who": one.who,
        "When (UTC)": f"{one.at:%d %b %Y, %H:%M}" if one.version else "",
        "Why": one.why,
    }


def _changed_prices(view: View) -> str:
    """The prices that are not the defaults."""
    changed = {name: getattr(view.prices, name) for name in link_values(view) if name in FIELDS}
    told = (f"{FIELDS[name]['label']} {price_in_words(name, value)}" for name, value in changed.items())
    return ", ".join(told) or "the defaults"


def show_log() -> None:
    """What was done, by whom and why."""
    entries = database().log()
    if not entries:
        return
    with st.expander(f"What was saved, changed or deleted, the latest {MOST_ENTRIES} at most"):
        rows = [
            {"When (UTC)": e.at, "What": e.what, "Scenario": e.name, "Who": e.who, "Why": e.why, "Orders": e.orders,
             "View": urlencode(dict(e.link))}
            for e in entries
        ]  # fmt: skip
        st.dataframe(rows, hide_index=True)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)

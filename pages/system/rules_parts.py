"""What each rule clears and lets through."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.building.ruled import rule_names
from core.building.store import DataSet
from core.number_format import count, dollars, percent
from core.showing.figure_words import FIGURES
from pages.shared import cached
from pages.shared.case import Opened
from pages.shared.controls import opening
from pages.shared.text import escaped
from pages.shared.view import take_policy


def rules_table(data: DataSet) -> None:
    """Each rule's reach, unique reach and leaked fraud."""
    table = data.tables["rules"]
    shown = pd.DataFrame(
        {
            "Rule": table["rule"].map(escaped),
            "Clears an order when": table["conditions"].map(escaped),
            "Reach": table["reach"].map(percent),
            "Only this rule": table["unique_reach"].map(percent),
            "Fraud leaked": table["leaked_fraud"].map(count),
            "of all fraud": table["leaked_share"].map(lambda share: percent(float("nan") if share is None else share)),
            "Leaked dollars": table["leaked_usd"].map(dollars).map(escaped),
        }
    )
    st.table(shown, border="horizontal", hide_index=True)


def choose_rules(case: Opened) -> None:
    """Which rules are on: each with what the policy would cost without it, and one press to make the choice the policy
    on every page."""
    names = rule_names(cached.data_set(case.source))
    policy = case.policy.policy
    on = names if policy.rules is None else policy.rules
    st.markdown("**Which of them are on**")
    opening("rules_on", [name for name in names if name in on])
    st.session_state["rules_on"] = [name for name in st.session_state.get("rules_on", on) if name in names]
    ticked = st.multiselect("Rules that are on", names, key="rules_on", persist_state="session")
    chosen = tuple(name for name in names if name in ticked)
    other = case.applied(replace(policy, rules=None if chosen == names else chosen))
    rows = {
        "as it is": case.policy,
        "as chosen here": other,
        "no rule": case.applied(replace(policy, rules=())),
    }
    figures = ("scored", "api_cost", "reviewed", "review_cost", "fraud_loss", "total_cost", "saving")
    labels = {"scored": "Orders scored"}
    table = {
        name: [
            case.month.count(one.figures[row]) if row == "scored" else case.month.figure(row, one.figures[row])
            for row in figures
        ]
        for name, one in rows.items()
    }
    index = pd.Index([labels.get(row) or FIGURES[row].label for row in figures], name=f"Figures{case.month.words}")
    st.table(pd.DataFrame(table, index=index).map(escaped), border="horizontal")
    st.button(
        "Apply these rules to every page", on_click=take_policy, args=(other.policy,),
        disabled=other.policy == policy, key="apply_rules",
    )  # fmt: skip

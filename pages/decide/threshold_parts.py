"""What a reader takes away: the decision on every order at the line, and how to get the same again."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.number_format import count
from core.policy_file import policy_as_toml
from core.reviewing.decisions import as_csv, as_parquet, decide, prices_as_toml
from core.reviewing.queue import codes_of
from core.sources.mappings import mapping_text
from pages.shared import cached
from pages.shared.case import Opened


def offer_decisions(case: Opened) -> None:
    """Every order with its decision, made when the button is pressed; prices, policy and mapping beside it."""
    source, prices, treatments = case.source, case.prices, case.treatments
    data, orders, threshold = cached.data_set(source), case.orders, case.reference_threshold
    policy = case.policy.policy

    def decided() -> pd.DataFrame:  # runs outside the session, where nothing kept for it can be asked for
        codes = codes_of(replace(data, orders=orders), treatments, threshold)
        return decide(orders, treatments, prices, codes)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Take the decision on all {count(len(data.orders))} orders with you, at the line as it stands:")
        _button("CSV", lambda: as_csv(decided()), "decisions.csv", "text/csv")
        _button(
            "Parquet",
            lambda: as_parquet(decided()),
            "decisions.parquet",
            "application/vnd.apache.parquet",
        )
        _button("Assumptions", lambda: prices_as_toml(prices).encode(), "assumptions.toml", "application/toml")
        _button("Policy", lambda: policy_as_toml(policy).encode(), "policy.toml", "application/toml")
        if source.own is not None:
            reading = source.own.reading
            _button("Mapping", lambda: mapping_text(reading).encode(), "mapping.json", "application/json")


def _button(label: str, make: Callable[[], bytes], name: str, kind: str) -> None:
    st.download_button(
        label, make, name, kind, on_click="ignore", icon=":material/download:", key=f"take_{name}_decisions"
    )

"""What a reader takes away: the decision on every order at the line, and how to get the same again."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.decisions import as_csv, as_parquet, decide, prices_as_toml
from core.mappings import mapping_text
from core.review_queue import reason_codes
from core.words import count
from pages.shared import cached


def offer_decisions(source: cached.Source, threshold: float | None, prices: Assumptions) -> None:
    """Every order with its decision, made when the button is pressed; the prices and the mapping beside it."""
    orders = cached.data_set(source).orders

    def decided() -> pd.DataFrame:
        why = cached.why(source)
        codes = None
        if why is not None:
            codes = reason_codes(orders, threshold, why.explained, cached.line(source, threshold))
        return decide(orders, threshold, prices, codes)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Take the decision on all {count(len(orders))} orders with you, at the line as it stands:")
        _button("CSV", lambda: as_csv(decided()), "decisions.csv", "text/csv")
        _button(
            "Parquet",
            lambda: as_parquet(decided()),
            "decisions.parquet",
            "application/vnd.apache.parquet",
        )
        _button("Assumptions", lambda: prices_as_toml(prices).encode(), "assumptions.toml", "application/toml")
        if source.own is not None:
            reading = source.own.reading
            _button("Mapping", lambda: mapping_text(reading).encode(), "mapping.json", "application/json")


def _button(label: str, make: Callable[[], bytes], name: str, kind: str) -> None:
    st.download_button(label, make, name, kind, on_click="ignore", icon=":material/download:", key=f"take_{name}")

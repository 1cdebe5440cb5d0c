"""Tables of single orders; ids and other text of a file are shown as the text they are."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, ORDER_ID, ORDERED_AT, SCORE
from core.pricing.costliest import COST, OUTCOME, costliest_flagged, costliest_missed

ORDER_COLUMNS = {
    ORDER_ID: st.column_config.TextColumn("Order"),
    ORDERED_AT: st.column_config.DatetimeColumn("Placed (UTC)", format="D MMM, HH:mm"),
    AMOUNT: st.column_config.NumberColumn("Amount", format="dollar"),
    SCORE: st.column_config.NumberColumn("Score", format="%.4f"),
}
_COLUMNS = ORDER_COLUMNS | {
    OUTCOME: st.column_config.TextColumn("Outcome"),
    COST: st.column_config.NumberColumn("Cost", format="dollar"),
}


def show_costliest(orders: pd.DataFrame, treatments: NDArray[np.int8], prices: Assumptions) -> None:
    """The ten costliest flagged orders beside the ten costliest missed ones. fates: of `policy.treatment`."""
    flagged, missed = st.columns(2)
    with flagged:
        _table("Costliest flagged orders", costliest_flagged(orders, treatments, prices), "No order is flagged here.")
    with missed:
        _table("Costliest missed orders", costliest_missed(orders, treatments, prices), "No fraud is missed here.")


def _table(title: str, table: pd.DataFrame, empty: str) -> None:
    st.markdown(f"**{title}**")
    st.dataframe(table, column_config=_COLUMNS, hide_index=True, placeholder="never scored", alt=title)
    if table.empty:
        st.caption(empty)

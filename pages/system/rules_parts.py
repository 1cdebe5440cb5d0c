"""What each rule clears and lets through."""

import pandas as pd
import streamlit as st

from core.building.store import DataSet
from core.number_format import count, dollars, percent
from pages.shared.text import escaped


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

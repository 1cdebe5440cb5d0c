"""A page with two drags on hand-made orders, the second with two cut-offs, for the tests of the component alone."""

import numpy as np
import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.policy import Policy
from core.pricing.applied import Applied, Case
from core.pricing.cube import build_cube, threshold_at
from core.showing.drag_payload import Drag, drag_payload
from pages.shared.drag import drag_chart


def made_orders() -> pd.DataFrame:
    """The hand-made orders."""
    random = np.random.default_rng(6)
    fraud = (random.random(40_000) < 0.02).astype(float)
    return pd.DataFrame(
        {
            "score": 1 / (1 + np.exp(4 - 2 * fraud - random.normal(size=fraud.size))),
            "is_fraud": fraud,
            "amount": random.lognormal(4, 1, fraud.size).round(2),
        }
    )


def main() -> None:
    st.set_page_config(layout="wide")
    cost = st.number_input("Review cost", value=12.0, key="cost")
    axis = st.segmented_control("Axis", ["fpr", "review", "score"], default="fpr", key="axis")
    orders = made_orders()
    cube = build_cube(orders)
    line, baseline = (
        Applied(orders, cube, Assumptions(review_cost=cost, margin_rate=0.05), Policy(threshold_at(cube, step)))
        for step in (900, 2000)
    )
    for key in ("one", "two"):
        payload = drag_payload(Case(line, baseline), Drag(axis or "fpr", two=key == "two", captions=(key,)))
        state = drag_chart(payload, key=key, on_change=lambda: None)
        st.write(f"server {key}: {state.line}")


if __name__ == "__main__":  # as `streamlit run` has it
    main()

"""A page with two drags on hand-made orders, the second with two cut-offs, for the tests of the component alone."""

import numpy as np
import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.policy import Policy
from core.pricing.cube import Cube, build_cube
from core.showing.drag_payload import drag_payload
from pages.shared.drag import drag_chart


def orders_cube() -> Cube:
    """The cube of the hand-made orders."""
    random = np.random.default_rng(6)
    fraud = (random.random(40_000) < 0.02).astype(float)
    return build_cube(
        pd.DataFrame(
            {
                "score": 1 / (1 + np.exp(4 - 2 * fraud - random.normal(size=fraud.size))),
                "is_fraud": fraud,
                "amount": random.lognormal(4, 1, fraud.size).round(2),
            }
        )
    )


def main() -> None:
    st.set_page_config(layout="wide")
    cost = st.number_input("Review cost", value=12.0, key="cost")
    axis = st.segmented_control("Axis", ["fpr", "review", "score"], default="fpr", key="axis")
    cube = orders_cube()
    for key in ("one", "two"):
        payload = drag_payload(
            cube,
            Assumptions(review_cost=cost, margin_rate=0.05),
            line=Policy(900),
            baseline=Policy(2000),
            axis=axis,
            captions=[key],
            two=key == "two",
        )
        state = drag_chart(payload, key=key, on_change=lambda: None)
        st.write(f"server {key}: {state.line}")


if __name__ == "__main__":  # as `streamlit run` has it
    main()

"""All flagged orders together: which reasons flag them, and how that changes with the line."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.explaining.patterns import beeswarm, flagged_reasons, mix_by_threshold
from core.number_format import counted
from core.showing.charts import beeswarm_chart, mix_chart, reasons_chart
from pages.shared.case import Opened
from pages.shared.text import escaped


def show_reasons_together(case: Opened) -> None:
    """Bars by orders, dollars and false positives, the points behind them, and the mix at other thresholds."""
    why = case.explanations
    if why is None:
        st.info(escaped(case.why_not))
        return
    orders = case.orders
    unlimited = case.applied(replace(case.policy.policy, reviews_per_day=None))  # reached by the team or not
    flagged = np.flatnonzero(unlimited.treatments[why.explained.places])
    st.caption(f"{counted(len(flagged), 'flagged order')}, whether or not the team gets to them.")
    if flagged.size == 0:
        st.info("No order is flagged here. Move the line on the Threshold page.")
        return
    line = case.reference
    table = flagged_reasons(why.explained, orders, flagged, line)
    st.markdown("**What raises flagged orders most: each counted at its first reason**")
    for cell, (column, title) in zip(
        st.columns(3),
        (
            ("orders", "Flagged orders"),
            ("amount_usd", "Their dollars"),
            ("false_positives", "Legit orders among them"),
        ),
        strict=True,
    ):
        cell.plotly_chart(reasons_chart(table, column, title), key=f"bars_{column}")
    left, right = st.columns(2)
    with left:
        st.markdown("**How far each feature moves flagged orders, against the line**")
        st.plotly_chart(beeswarm_chart(beeswarm(why.explained, flagged, line)), key="beeswarm")
        st.caption("A point is a flagged order; its colour says whether the feature's value is low or high.")
    with right:
        st.markdown("**How the reasons shift as the line moves**")
        st.plotly_chart(mix_chart(mix_by_threshold(why.explained)), key="mix")
        st.caption(
            "Features that say much the same are added up by group. Here a reason is what raises an order most over an "
            "average one, so only who is flagged changes along the axis."
        )

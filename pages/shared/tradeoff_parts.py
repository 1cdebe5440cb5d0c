"""The parts of the page on trade-offs."""

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.deciding.tradeoffs import PROGRAMME_BPS, PROGRAMME_COUNT, picks, programme_ratio, requirements
from core.pricing.cube import totals
from core.pricing.curve import Limits, price_curve
from core.words import count, dollars_short, fixed, percent, percent_short
from pages.shared import cached
from pages.shared.text import plain

_ASKED_SECONDS = 2.0


def choose_limits(source: cached.Source) -> Limits:
    """What is required: detection, false positive rate, reviews a day."""
    one, two, three = st.columns(3)
    with one:
        detection = st.number_input("Detection at least (%)", 0.0, 100.0, 95.0, key="need_detection",
                                    persist_state="session")  # fmt: skip
    with two:
        fpr = st.number_input("False positive rate at most (%)", 0.0, 100.0, 0.5, key="need_fpr",
                              persist_state="session")  # fmt: skip
    with three:
        reviews = st.number_input(
            "Reviews a day at most", 0.0, 1e7, 200.0, format="%.0f", key="need_reviews", persist_state="session",
            disabled=totals(cached.cube(source)).days is None,
        )  # fmt: skip
    days = totals(cached.cube(source)).days
    return Limits(detection / 100, fpr / 100, None if days is None else reviews)


def show_requirements(source: cached.Source, prices: Assumptions, limits: Limits) -> None:
    """Each requirement alone, in pairs, all together: the cheapest line that meets it and what it costs."""
    cube, factor, period = cached.cube(source), cached.month(source), cached.a_month(source)
    curve, everything = price_curve(cube, prices), totals(cube)
    rows = []
    for one in requirements(curve, limits, everything.days):
        row = {"Required": " and ".join(one.names), "Cheapest line that meets it": "none", f"Costs{period}": "–"}
        if one.step is not None:
            at = curve.iloc[one.step]
            where = f"{percent(at['false_positive_rate'])} FPR, {percent_short(at['detection_rate'])} detected"
            row |= {"Cheapest line that meets it": where, f"Costs{period}": dollars_short(factor * one.price, plus="+")}
        rows.append(row | {"Why not": one.why})
    table = pd.DataFrame(rows)
    st.table(table.map(plain), border="horizontal", hide_index=True)
    together = rows[-1] if rows else None
    if together is not None:
        met = together["Cheapest line that meets it"] != "none"
        words = (
            "All of it can hold together on these orders."
            if met
            else "Not all of it can hold together on these orders."
        )
        st.markdown(f"**{plain(words)}** Costs are above the cheapest line of all.")


def show_picks(source: cached.Source, prices: Assumptions) -> None:
    """Which line each metric would draw, and the dollars between them."""
    cube, factor, period = cached.cube(source), cached.month(source), cached.a_month(source)
    curve = price_curve(cube, prices)
    table = picks(curve, totals(cube), prices)
    rows = [
        {
            "Best by": row["metric"],
            "FPR": percent(curve["false_positive_rate"][row["step"]]),
            "Detection": percent_short(curve["detection_rate"][row["step"]]),
            f"Reviews{period}": count(float(factor * curve["reviewed"][row["step"]])),
            f"Dearer{period}": dollars_short(factor * row["dearer"], plus="+"),
        }
        for row in table.to_dict("records")
    ]
    st.markdown("**Metrics against each other**")
    st.table(pd.DataFrame(rows).map(plain), border="horizontal", hide_index=True)
    st.caption("Dearer: total cost above that of the cheapest line. A metric without a value here is left out.")


def show_programme(source: cached.Source, prices: Assumptions, line: int) -> None:
    """The card programme's ratio at the line."""
    table = programme_ratio(price_curve(cached.cube(source), prices), cached.month(source))
    row, period = table.iloc[line], cached.a_month(source)
    inside = "inside" if row["inside"] else "outside"
    words = (
        f"At the line {fixed(float(row['bps']), 0)} bps of shipped orders are fraud, {count(float(row['frauds']))}"
        f"{period}: {inside} a card programme that acts above {PROGRAMME_BPS:g} bps and {count(PROGRAMME_COUNT)} a "
        "month."
    )
    st.markdown(f"**{plain(words)}**")
    met = table["inside"].to_numpy()
    if not row["inside"] and met.any():
        first = int(met.argmax())
        fpr = price_curve(cached.cube(source), prices)["false_positive_rate"][first]
        st.caption(plain(f"The strictest line inside it flags {percent(fpr)} of legit orders."))
    elif not met.any():
        st.caption("No line on these orders is inside it.")


def show_latency(source: cached.Source) -> None:
    """How long one order takes online, timed here, against the two seconds asked for."""
    st.markdown("**Two seconds**")
    if cached.data_set(source).model is None:
        st.caption("The scores came with the file: there is no model to time.")
        return
    median, slow = cached.decision_times(source)
    words = (
        f"One order is decided here in {fixed(median * 1e6, 0)} µs, the slowest of a hundred in "
        f"{fixed(slow * 1e6, 0)} µs: pre-filter, score and threshold together. Of {_ASKED_SECONDS:g} s that leaves "
        f"{fixed(_ASKED_SECONDS - slow, 4)} s for the network and the feature store, which are not measured here."
    )
    st.markdown(plain(words))

"""The parts of the page on trade-offs."""

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.deciding.tradeoffs import PROGRAMME_BPS, PROGRAMME_COUNT, picks, programme_ratio, requirements
from core.pricing.cube import totals
from core.pricing.curve import Limits, price_curve
from core.showing.policy_figures import picks_figure, programme_figure, thinned
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
    found = requirements(curve, limits, everything.days)
    if found:
        together = "All of it can hold" if found[-1].step is not None else "Not all of it can hold"
        st.markdown(f"**{together} together on these orders.** Costs are above the cheapest line of all.")
    rows = []
    for one in found:
        row = {"Required": " and ".join(one.names), "Cheapest line that meets it": "none", f"Costs{period}": "–"}
        if one.step is not None:
            at = curve.iloc[one.step]
            where = f"{percent(at['false_positive_rate'])} FPR, {percent_short(at['detection_rate'])} detected"
            row |= {"Cheapest line that meets it": where, f"Costs{period}": dollars_short(factor * one.price, plus="+")}
        rows.append(row | {"Why not": one.why})
    st.table(pd.DataFrame(rows).map(plain), border="horizontal", hide_index=True)


def show_marks(source: cached.Source, prices: Assumptions, limits: Limits, line: int) -> None:
    """Where the line, each metric and each requirement lie on the cost curve."""
    cube, factor, period = cached.cube(source), cached.month(source), cached.a_month(source)
    curve, everything = price_curve(cube, prices), totals(cube)
    places: dict[int, list[str]] = {line: ["the line"]}
    for row in picks(curve, everything, prices).to_dict("records"):
        places.setdefault(int(row["step"]), []).append(f"best {row['metric']}")
    for one in requirements(curve, limits, everything.days):
        if len(one.names) == 1 and one.step is not None:
            places.setdefault(one.step, []).append(f"required {one.names[0]}")
    table = pd.DataFrame({"fpr": curve["false_positive_rate"], "value": factor * curve["total_cost"]})
    marks = table.iloc[sorted(places)].assign(label=[", ".join(places[step]) for step in sorted(places)])
    shown = table[table["fpr"] <= max(0.3, float(marks["fpr"].max()))]
    st.plotly_chart(picks_figure(thinned(shown), marks.dropna(), f"Total cost{period}"), key="tradeoff_marks")


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
    timed = cached.cube(source).days is not None
    table = programme_ratio(price_curve(cached.cube(source), prices), cached.month(source) if timed else None)
    row = table.iloc[line]
    rule = f"a card programme that acts above {PROGRAMME_BPS:g} bps and {count(PROGRAMME_COUNT)} a month"
    words = f"At the line {fixed(float(row['bps']), 0)} bps of shipped orders are fraud"
    if timed:
        inside = "inside" if row["inside"] else "outside"
        words += f", {count(float(row['frauds']))} a month: {inside} {rule}."
    else:
        words += (
            f", {'inside' if row['inside'] else 'above'} the first limit of {rule}; the second takes order times."
        )
    st.markdown(f"**{plain(words)}**")
    fpr = price_curve(cached.cube(source), prices)["false_positive_rate"]
    met = table["inside"].to_numpy()
    if met.all():
        st.caption("No line on these orders lies outside it, not even the one that stops nobody.")
    elif not met.any():
        st.caption("No line on these orders is inside it.")
    else:
        first = int(met.argmax())
        st.caption(plain(f"The loosest line inside it flags {percent(float(fpr[first]))} of legit orders."))
    shown = table.assign(fpr=fpr)[fpr <= max(0.3, float(fpr[line]))]
    if len(shown) > 1:
        at = (float(fpr[line]), float(row["bps"]))
        figure = programme_figure(thinned(shown), at, PROGRAMME_BPS, PROGRAMME_COUNT)
        st.plotly_chart(figure, key="tradeoff_programme")
        st.caption("The programme acts where fraud shipped lies above both dashed lines.")


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

"""The parts of the page on what must be true of the prices."""

from math import isnan

import pandas as pd
import streamlit as st

from core.assumptions import FIELDS
from core.deciding.sensitivity import DRAWS, PLAUSIBLE, Swing, share_that_stands, tornado, two_way, worth
from core.number_format import percent_short
from core.pricing.cube import threshold_at
from core.showing.policy_charts import map_chart, tornado_chart, worths_chart
from core.showing.policy_words import threshold_in_words
from pages.shared.assumptions_panel import price_in_words, shown_in
from pages.shared.case import Opened
from pages.shared.controls import offered, opening
from pages.shared.text import escaped

Ranges = dict[str, tuple[float, float]]


def choose_ranges() -> Ranges:
    """The range each price is tried over, changeable."""
    chosen: Ranges = {}
    with st.expander("Ranges the prices are tried over"):
        for place, (name, (low, high)) in enumerate(PLAUSIBLE.items()):
            if place % 3 == 0:
                cells = st.columns(3)
            unit, scale = shown_in(FIELDS[name])
            most = min(float(FIELDS[name]["high"]), 4 * high) * scale
            _inside(f"range_{name}", most)
            opening(f"range_{name}", (scale * low, scale * high))
            picked = cells[place % 3].slider(
                f"{FIELDS[name]['label']} ({'%' if _is_share(name) else unit})", 0.0, most,
                (scale * low, scale * high), key=f"range_{name}", persist_state="session",
            )  # fmt: skip
            chosen[name] = (round(picked[0] / scale, 9), round(picked[1] / scale, 9))
    return chosen


def _inside(key: str, most: float) -> None:
    """A range of a link, brought within the slider's ends."""
    if key in st.session_state:
        low, high = st.session_state[key]
        st.session_state[key] = (min(max(low, 0.0), most), min(max(high, 0.0), most))


def show_stand(case: Opened, ranges: Ranges) -> None:
    """Under how many plausible prices the decision stands."""
    now = case.month.dollars(worth(case.case), plus="+")
    share, worths = share_that_stands(case.case, ranges)
    against = case.against
    words = (
        f"At these prices the line is worth {now}{case.month.words} over {against}; it "
        f"is worth more than {against} under {percent_short(share)} of plausible prices."
    )
    st.markdown(f"**{escaped(words)}**")
    st.caption(
        escaped(
            f"{DRAWS:,} draws, every price evenly and independently from its range. Chance in the orders comes on top: "
            "see Confidence."
        )
    )
    outside = [name for name, (low, high) in ranges.items() if not low <= getattr(case.prices, name) <= high]
    if outside:
        told = ", ".join(
            f"{FIELDS[name]['label']} {price_in_words(name, getattr(case.prices, name))}" for name in outside
        )
        st.caption(escaped(f"Outside the ranges tried, so not among those prices: {told}."))
    title = f"Worth of the decision{case.month.words} under plausible prices"
    st.plotly_chart(worths_chart(worths * case.month.factor, title), key="worths")


def show_tornado(case: Opened, ranges: Ranges) -> None:
    """Each price over its range, all others as they are: what it moves, where we change our mind."""
    swings = tornado(case.case, ranges)
    left, right = st.columns(2)
    with left:
        _show_swings(case, swings)
    with right:
        _show_break_evens(case, swings)


def _show_swings(case: Opened, swings: list[Swing]) -> None:
    factor, now = case.month.factor, case.month.factor * worth(case.case)
    table = pd.DataFrame(
        [
            {
                "label": FIELDS[s.field]["label"],
                "low": price_in_words(s.field, s.low),
                "high": price_in_words(s.field, s.high),
                "at_low": factor * s.at_low,
                "at_high": factor * s.at_high,
            }
            for s in swings
        ]
    )
    st.plotly_chart(tornado_chart(table, now, f"Worth of the decision{case.month.words}"), key="tornado")


def _show_break_evens(case: Opened, swings: list[Swing]) -> None:
    """Where we change our mind, and where the best threshold goes."""
    policy, rows = case.policy, []
    for swing in swings:
        now = float(getattr(case.prices, swing.field))
        even = "never" if isnan(swing.break_even) else price_in_words(swing.field, swing.break_even)
        side = "" if even == "never" else ("below " if swing.break_even < now else "above ")
        best = [threshold_at(policy.cube, step) for step in (swing.step_low, swing.step_high)]
        words = ["nobody" if at is None else threshold_in_words(policy.policy, at) for at in best]
        rows.append(
            {
                "Price": FIELDS[swing.field]["label"],
                "Now": price_in_words(swing.field, now),
                "We change our mind": f"{side}{even}",
                "Cheapest threshold over the range": f"{words[0]} to {words[1]}",
            }
        )
    st.table(pd.DataFrame(rows).map(escaped), border="horizontal", hide_index=True)


def show_map(case: Opened, ranges: Ranges) -> None:
    """Any two prices at once, with the line on which the decision turns."""
    st.markdown("**Two prices at once**")
    with st.container(horizontal=True):
        names = list(ranges)
        offered("map_across", names)
        offered("map_down", names)
        across = st.selectbox("Across", names, 0, format_func=_label, key="map_across", persist_state="session")
        down = st.selectbox("Up", names, 4, format_func=_label, key="map_down", persist_state="session")
    grid = two_way(case.case, across, down, ranges=ranges) * case.month.factor
    here = (float(getattr(case.prices, across)), float(getattr(case.prices, down)))
    formats = tuple(".0%" if _is_share(name) else "$,.3~r" for name in (across, down))
    figure = map_chart(grid, _label(across), _label(down), f"${case.month.words}", here, formats)
    st.plotly_chart(figure, key="two_way")
    st.caption("The cross is where the prices stand; on the black line the decision is worth nothing.")


def _label(name: str) -> str:
    return str(FIELDS[name]["label"])


def _is_share(name: str) -> bool:
    return bool(FIELDS[name]["kind"] == "share")

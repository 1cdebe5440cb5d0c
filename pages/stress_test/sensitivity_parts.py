"""The parts of the page on what must be true of the prices."""

from math import isnan

import pandas as pd
import streamlit as st

from core.assumptions import FIELDS, Assumptions
from core.deciding.sensitivity import DRAWS, PLAUSIBLE, Swing, share_that_stands, tornado, two_way, worth
from core.number_format import cut_off, dollars_short, percent_short
from core.policy import Policy
from core.pricing.cube import threshold_at
from core.showing.policy_charts import map_chart, tornado_chart, worths_chart
from pages.shared import cached
from pages.shared.assumptions_panel import price_in_words
from pages.shared.text import escaped

Ranges = dict[str, tuple[float, float]]


def choose_ranges() -> Ranges:
    """The range each price is tried over, changeable."""
    chosen: Ranges = {}
    with st.expander("Ranges the prices are tried over"):
        for place, (name, (low, high)) in enumerate(PLAUSIBLE.items()):
            if place % 3 == 0:
                cells = st.columns(3)
            scale = 100.0 if _is_share(name) else 1.0
            most = min(float(FIELDS[name]["high"]), 4 * high) * scale
            picked = cells[place % 3].slider(
                f"{FIELDS[name]['label']} ({'%' if scale == 100 else FIELDS[name]['unit']})", 0.0, most,
                (scale * low, scale * high), key=f"range_{name}", persist_state="session",
            )  # fmt: skip
            chosen[name] = (round(picked[0] / scale, 9), round(picked[1] / scale, 9))
    return chosen


def show_stand(
    source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None, ranges: Ranges
) -> None:
    """In how many plausible worlds the decision stands."""
    cube = cached.cube(source)
    now = worth(cube, prices, line, baseline) * cached.month(source)
    share, worths = share_that_stands(cube, prices, line, baseline, ranges)
    against = "approving everything" if baseline is None else "the baseline"
    words = (
        f"At these prices the line is worth {dollars_short(now, plus='+')}{cached.a_month(source)} over {against}; it "
        f"is worth more than {against} under {percent_short(share)} of plausible prices."
    )
    st.markdown(f"**{escaped(words)}**")
    st.caption(
        escaped(
            f"{DRAWS:,} draws, every price evenly and independently from its range. Chance in the orders comes on top: "
            "see Confidence."
        )
    )
    outside = [name for name, (low, high) in ranges.items() if not low <= getattr(prices, name) <= high]
    if outside:
        told = ", ".join(f"{FIELDS[name]['label']} {price_in_words(name, getattr(prices, name))}" for name in outside)
        st.caption(escaped(f"Outside the ranges tried, so not among those prices: {told}."))
    title = f"Worth of the decision{cached.a_month(source)} under plausible prices"
    st.plotly_chart(worths_chart(worths * cached.month(source), title), key="worths")


def show_tornado(
    source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None, ranges: Ranges
) -> None:
    """Each price over its range, all others as they are: what it moves, where we change our mind."""
    swings = tornado(cached.cube(source), prices, line, baseline, ranges)
    left, right = st.columns(2)
    with left:
        _show_swings(source, swings, cached.month(source) * worth(cached.cube(source), prices, line, baseline))
    with right:
        _show_break_evens(source, prices, swings)


def _show_swings(source: cached.Source, swings: list[Swing], now: float) -> None:
    factor = cached.month(source)
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
    st.plotly_chart(tornado_chart(table, now, f"Worth of the decision{cached.a_month(source)}"), key="tornado")


def _show_break_evens(source: cached.Source, prices: Assumptions, swings: list[Swing]) -> None:
    """Where we change our mind, and where the best threshold goes."""
    cube, rows = cached.cube(source), []
    for swing in swings:
        now = float(getattr(prices, swing.field))
        even = "never" if isnan(swing.break_even) else price_in_words(swing.field, swing.break_even)
        side = "" if even == "never" else ("below " if swing.break_even < now else "above ")
        best = [threshold_at(cube, step) for step in (swing.step_low, swing.step_high)]
        words = [cut_off(cut) for cut in best]
        rows.append(
            {
                "Price": FIELDS[swing.field]["label"],
                "Now": price_in_words(swing.field, now),
                "We change our mind": f"{side}{even}",
                "Cheapest threshold over the range": f"{words[0]} to {words[1]}",
            }
        )
    st.table(pd.DataFrame(rows).map(escaped), border="horizontal", hide_index=True)


def show_map(source: cached.Source, prices: Assumptions, line: Policy, baseline: Policy | None, ranges: Ranges) -> None:
    """Any two prices at once, with the line on which the decision turns."""
    st.markdown("**Two prices at once**")
    with st.container(horizontal=True):
        names = list(ranges)
        across = st.selectbox("Across", names, 0, format_func=_label, key="map_across", persist_state="session")
        down = st.selectbox("Up", names, 4, format_func=_label, key="map_down", persist_state="session")
    grid = two_way(cached.cube(source), prices, line, baseline, across, down, ranges=ranges) * cached.month(source)
    here = (float(getattr(prices, across)), float(getattr(prices, down)))
    formats = tuple(".0%" if _is_share(name) else "$,.3~r" for name in (across, down))
    figure = map_chart(grid, _label(across), _label(down), f"${cached.a_month(source)}", here, formats)
    st.plotly_chart(figure, key="two_way")
    st.caption("The cross is where the prices stand; on the black line the decision is worth nothing.")


def _label(name: str) -> str:
    return str(FIELDS[name]["label"])


def _is_share(name: str) -> bool:
    return str(FIELDS[name]["unit"]).startswith("share")

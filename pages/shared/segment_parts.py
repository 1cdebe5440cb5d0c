"""The parts of the page on segments."""

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.columns import CATEGORY
from core.deciding.amount_aware import gain_by_saving
from core.deciding.segments import by_segment, segment_columns
from core.words import count, dollars_cents, dollars_short, fixed, percent, percent_short
from pages.shared import cached
from pages.shared.text import plain


def show_amount_aware(source: cached.Source, prices: Assumptions) -> None:
    """What ranking by expected saving gains over the best single threshold."""
    factor, period = cached.month(source), cached.a_month(source)
    gain = gain_by_saving(cached.narrow_orders(source), cached.cube(source), prices)
    words = (
        "Reviewing where score × catch × loss exceeds the cost of a review saves "
        f"{dollars_short(factor * gain.by_saving)}{period}, the best line by score "
        f"{dollars_short(factor * gain.by_score)}: {dollars_short(factor * gain.dollars, plus='+')} for looking at "
        "amounts."
    )
    st.markdown(f"**{plain(words)}**")
    least = "no review pays at these prices"
    if gain.least_saving != float("inf"):
        least = f"the best line lies at an expected saving of {dollars_cents(gain.least_saving)} an order"
    st.caption(
        plain(
            f"{count(factor * gain.reviews_by_saving)} reviews{period} instead of "
            f"{count(factor * gain.reviews_by_score)}; {least}. Both lines are chosen and measured on these orders."
        )
    )


def choose_column(source: cached.Source) -> str | None:
    """The column that tells kinds of orders apart."""
    data = cached.data_set(source)
    columns = segment_columns(data.orders, data.features)
    if not columns:
        st.caption("No column splits these orders into kinds: texts of 2 to 255 different values do, and numbers.")
        return None
    return st.selectbox(
        "Kinds of orders by", columns, _opening(columns), key="segment_column", persist_state="session", width=320
    )


def show_segments(source: cached.Source, prices: Assumptions, line: int, column: str) -> None:
    """Each kind under the one line and under its own; who pays for equal thresholds."""
    factor, period = cached.month(source), cached.a_month(source)
    table = by_segment(cached.segments(source, column), prices, line)
    gain = float(table.loc[~table["few"], "gain"].sum())
    st.markdown(
        f"**{plain(f'Own lines for each {column} would gain {dollars_short(factor * gain)}{period} at most')}**"
    )
    shown = pd.DataFrame(
        {
            "Kind": table["segment"],
            "Orders": table["orders"].map(count),
            "Fraud": table["fraud"].map(count),
            "FPR at the line": table["fpr"].map(percent),
            "Detection": table["detection"].map(percent_short),
            f"Legit orders held{period}": (factor * table["insulted"]).map(count),
            f"Saving{period}": (factor * table["saving"]).map(dollars_short),
            "95 % interval": [
                f"{dollars_short(factor * low)} to {dollars_short(factor * high)}"
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
            "Own cheapest line": [
                _own_line(float(cut), bool(few)) for cut, few in zip(table["own_threshold"], table["few"], strict=True)
            ],
            f"Gain{period}": (factor * table["gain"])
            .mask(table["few"])
            .map(lambda gain: dollars_short(gain, plus="+")),
        }
    )
    st.table(shown.map(plain), border="horizontal", hide_index=True)
    fprs = table.loc[table["orders"] > 0, "fpr"].dropna()
    if len(fprs) > 1 and fprs.min() > 0:
        st.caption(
            plain(
                "Equal thresholds are not equal treatment: at this line a legit buyer of one kind is held up to "
                f"{fixed(float(fprs.max() / fprs.min()), 1)} times as often as one of another. Own lines are chosen "
                "and measured on the same orders, so their gain is an upper end."
            )
        )


def _own_line(threshold: float, few: bool) -> str:
    if few:
        return "too little fraud to tell"
    return "nobody" if pd.isna(threshold) else fixed(threshold, 4)


def _opening(columns: list[str]) -> int:
    return columns.index(CATEGORY) if CATEGORY in columns else 0

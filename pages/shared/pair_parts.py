"""The parts of the page on two cut-offs."""

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.cube import threshold_at, totals
from core.curve import cheapest_step, price_curve
from core.figures import map_figure
from core.two_cut_offs import Pair, best_pair, cost_map, figures_of_pair, thresholds_of
from core.words import count, dollars_short, fixed, percent, percent_short
from pages.shared import cached
from pages.shared.text import plain

_MOST_FLAGGED = 0.03  # share of orders up to which the map is drawn


def show_best(source: cached.Source, prices: Assumptions) -> Pair:
    """The cheapest pair in one sentence, against the cheapest single line."""
    cube, factor = cached.cube(source), cached.month(source)
    best = best_pair(cube, prices)
    curve = price_curve(cube, prices)
    single = float(curve["total_cost"].iloc[cheapest_step(curve, days=totals(cube).days)])
    review, decline = (_threshold(cut) for cut in thresholds_of(cube, best))
    gain = factor * (single - best.total_cost)
    words = f"The cheapest pair reviews from {review} and declines from {decline}: "
    if best.decline == 0:
        whom = "nobody" if best.review == 0 else f"from {review}"
        words = f"Declining anybody unseen costs more than it saves: the cheapest policy reviews {whom}, "
    words += f"{dollars_short(factor * best.total_cost)} a month, {dollars_short(gain)} less than the best single line."
    st.markdown(f"**{plain(words)}**")
    st.caption(
        "A declined order pays no review and loses no fraud, but every legit one among them costs its margin and the "
        "insult."
    )
    return best


def choose_pair(source: cached.Source, prices: Assumptions, line: int, best: Pair) -> Pair:
    """Both cut-offs as scores; opens at the line of the Threshold page and the best decline line."""
    cube = cached.cube(source)
    opening = [threshold_at(cube, step) for step in (line, min(best.decline, line))]
    low, high = st.columns(2)
    with low:
        review = st.number_input(
            "Review from a score of", 0.0, 1.0, opening[0], format="%.4f", key="pair_review", persist_state="session",
            placeholder="nobody",
        )  # fmt: skip
    with high:
        decline = st.number_input(
            "Decline from a score of", 0.0, 1.0, opening[1], format="%.4f", key="pair_decline",
            persist_state="session", placeholder="nobody",
        )  # fmt: skip
    steps = [0 if cut is None else cached.step_at(source, cut) for cut in (review, decline)]
    if steps[1] > steps[0]:
        st.warning("The decline line is below the review line: orders from there on are all declined unseen.")
        steps[0] = steps[1]
    figures = figures_of_pair(cube, prices, Pair(steps[0], steps[1], 0.0))
    return Pair(steps[0], steps[1], figures["total_cost"])


def show_pair(source: cached.Source, prices: Assumptions, pair: Pair, best: Pair) -> None:
    """Every figure of the chosen pair beside the best one and the review line alone."""
    cube, factor = cached.cube(source), cached.month(source)
    columns = {}
    for name, chosen in (("chosen", pair), ("review line alone", Pair(pair.review, 0, 0.0)), ("cheapest pair", best)):
        figures = figures_of_pair(cube, prices, chosen)
        columns[name] = [
            *(_threshold(cut) for cut in thresholds_of(cube, chosen)),
            count(factor * figures["reviewed"]),
            count(factor * figures["declined"]),
            percent(figures["false_positive_rate"]),
            percent_short(figures["detection_rate"]),
            dollars_short(factor * figures["review_cost"]),
            dollars_short(factor * figures["fraud_loss"]),
            dollars_short(factor * figures["insult_cost"]),
            dollars_short(factor * figures["total_cost"]),
            dollars_short(factor * figures["saving"], plus="+"),
        ]
    rows = ["Review from", "Decline from", "Reviews a month", "Declined a month", "False positive rate", "Detection",
            "Review cost", "Fraud loss", "Insult cost", "Total cost", "Saving"]  # fmt: skip
    st.table(pd.DataFrame(columns, index=pd.Index(rows, name="")).map(plain), border="horizontal")


def show_pair_map(source: cached.Source, prices: Assumptions, pair: Pair, best: Pair) -> None:
    """What any pair costs over the best one."""
    cube, factor = cached.cube(source), cached.month(source)
    flagged = price_curve(cube, prices)["flagged"].to_numpy() / totals(cube).orders
    last = max(int((flagged <= _MOST_FLAGGED).sum()) - 1, pair.review, best.review, 1)
    grid = factor * (cost_map(cube, prices, last=last) - best.total_cost)
    inside = pd.DataFrame(grid.to_numpy(), flagged[grid.index.to_numpy()], flagged[grid.columns.to_numpy()])
    here = (float(flagged[pair.review]), float(flagged[pair.decline]))
    figure = map_figure(inside, "Share of orders at or above the review line", "… at or above the decline line",
                        "$ a month dearer", here)  # fmt: skip
    st.plotly_chart(figure, key="pair_map")
    st.caption("Dollars a month over the cheapest pair. The cross is the chosen pair.")


def _threshold(cut: float | None) -> str:
    return "nobody" if cut is None else fixed(cut, 4)

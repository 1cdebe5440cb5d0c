"""The parts of the page on two cut-offs."""

import pandas as pd
import streamlit as st

from core.assumptions import Assumptions
from core.deciding.review_decline import best_line, best_pair, cost_map, figures_of
from core.number_format import count, cut_off, dollars_short, percent, percent_short
from core.policy import Policy
from core.pricing.cube import totals_of
from core.pricing.curve import price_curve
from core.showing.policy_charts import iso_cost_chart
from pages.shared import cached
from pages.shared.text import escaped

_MOST_FLAGGED = 0.03  # share of orders up to which the map is drawn


def show_best(source: cached.Source, prices: Assumptions) -> Policy:
    """The cheapest pair in one sentence, against the cheapest single line."""
    cube, factor, period = cached.cube(source), cached.month(source), cached.a_month(source)
    best = best_pair(cube, prices, _most_reviews(source, prices))
    single = best_line(cube, prices, _most_reviews(source, prices))
    costs = {policy: figures_of(cube, prices, policy)["total_cost"] for policy in (best, single)}
    review, decline = (cut_off(cut) for cut in cached.cuts_of(source, best))
    gain = factor * (costs[single] - costs[best])
    words = f"The cheapest pair reviews from {review} and declines from {decline}: "
    if best.decline == 0:
        whom = "nobody" if best.review == 0 else f"from {review}"
        words = f"Declining anybody unseen costs more than it saves: the cheapest policy reviews {whom}, "
    elif best.decline == best.review:
        words = f"Declining unseen is cheaper than any review: the cheapest policy declines from {decline}, "
    words += f"{dollars_short(factor * costs[best])}{period}, {_against_single(gain)}."
    st.markdown(f"**{escaped(words)}**")
    limit = "" if prices.reviews_per_day is None else " It keeps within the reviews a day there are, on average."
    st.caption(
        "A declined order pays no review and loses no fraud, but every legit one among them costs its margin and the "
        f"insult.{limit}"
    )
    return best


def _against_single(gain: float) -> str:
    if abs(gain) < 0.5:
        return "as much as the best single line"
    than = "less than the best single line" if gain > 0 else "more than the best single line"
    return f"{dollars_short(abs(gain))} {than}"


def _most_reviews(source: cached.Source, prices: Assumptions) -> float | None:
    """Reviews there may be in the whole period; None is no limit."""
    days = totals_of(cached.cube(source)).days
    return None if days is None or prices.reviews_per_day is None else prices.reviews_per_day * days


def show_pair(source: cached.Source, prices: Assumptions, pair: Policy, best: Policy) -> None:
    """Every figure of the chosen pair beside the best one and the review line alone."""
    cube, factor, period = cached.cube(source), cached.month(source), cached.a_month(source)
    columns = {}
    for name, chosen in (("chosen", pair), ("review line alone", Policy(pair.review)), ("cheapest pair", best)):
        figures = figures_of(cube, prices, chosen)
        columns[name] = [
            *(cut_off(cut) for cut in cached.cuts_of(source, chosen)),
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
    rows = ["Review from", "Decline from", f"Reviews{period}", f"Declined{period}", "False positive rate", "Detection",
            "Review cost", "Fraud loss", "Insult cost", "Total cost", "Saving"]  # fmt: skip
    st.table(pd.DataFrame(columns, index=pd.Index(rows, name="")).map(escaped), border="horizontal")
    most = _most_reviews(source, prices)
    if most is not None and figures_of(cube, prices, pair)["reviewed"] > most:
        st.warning(escaped(f"The chosen pair needs more than the {prices.reviews_per_day:,g} reviews a day there are."))


def show_pair_map(source: cached.Source, prices: Assumptions, pair: Policy, best: Policy) -> None:
    """What any pair costs over the best one."""
    cube, factor, period = cached.cube(source), cached.month(source), cached.a_month(source)
    flagged = price_curve(cube, prices)["flagged"].to_numpy() / totals_of(cube).orders
    last = max(int((flagged <= _MOST_FLAGGED).sum()) - 1, pair.review, best.review, 1)
    costs = cost_map(cube, prices, last=last, most_reviews=_most_reviews(source, prices))
    grid = factor * (costs - figures_of(cube, prices, best)["total_cost"])
    inside = pd.DataFrame(grid.to_numpy(), flagged[grid.index.to_numpy()], flagged[grid.columns.to_numpy()])
    here = (float(flagged[pair.review]), float(flagged[pair.decline]))
    x, y = "Share of orders at or above the review line", "… at or above the decline line"
    st.plotly_chart(iso_cost_chart(inside, x, y, f"${period} dearer", here), key="pair_map")
    st.caption(
        f"Dollars{period} over the cheapest pair, with lines of equal cost. The cross is the chosen pair; blank is "
        "what cannot be: a decline line below the review line, or more reviews than there may be."
    )

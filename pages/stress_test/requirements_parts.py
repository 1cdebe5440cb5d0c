"""The parts of the page on trade-offs."""

from dataclasses import dataclass
from math import isnan

import pandas as pd
import streamlit as st

from core.deciding.requirements import PROGRAMME_BPS, PROGRAMME_COUNT, Requirement, programme_ratio, requirements
from core.number_format import count, dollars_short, fixed, percent, percent_short
from core.policy import Policy
from core.pricing.cube import Totals
from core.pricing.curve import Limits
from core.showing.policy_charts import picks_chart, programme_chart, thinned
from core.showing.policy_words import threshold_in_words
from pages.shared import cached
from pages.shared.case import Month, Opened
from pages.shared.controls import opening
from pages.shared.text import escaped

_METRICS = ("total cost", "perceived cost", "FLAC", "net benefit")


@dataclass(frozen=True)
class Look:
    """What every part of the page looks at: curve, of the policy with the threshold for all orders at every step, and
    where it stands on it. limits, seconds: what is required of the policy, and of one decision."""

    curve: pd.DataFrame
    totals: Totals
    limits: Limits
    seconds: float
    month: Month
    policy: Policy
    step: int

    @property
    def factor(self) -> float:
        """What makes a month of the period."""
        return self.month.factor

    @property
    def period(self) -> str:
        """ " a month", where there are times."""
        return self.month.words


def choose_limits(case: Opened) -> Look:
    """What is required: detection, false positive rate, reviews a day, seconds."""
    totals, limit = case.policy.totals, case.prices.reviews_per_day or 200.0
    opening("need_reviews", limit)
    cells = st.columns(4)
    detection = cells[0].number_input("Detection at least (%)", 0.0, 100.0, 95.0, key="need_detection",
                                      persist_state="session")  # fmt: skip
    fpr = cells[1].number_input("False positive rate at most (%)", 0.0, 100.0, 0.5, key="need_fpr",
                                persist_state="session")  # fmt: skip
    reviews = cells[2].number_input(
        "Reviews a day at most", 0.0, 1e7, limit, format="%.6g", key="need_reviews",
        persist_state="session", disabled=totals.days is None,
    )  # fmt: skip
    seconds = cells[3].number_input(
        "Seconds a decision at most", 0.0, 60.0, 2.0, format="%.6g", key="need_seconds", persist_state="session",
        disabled=cached.data_set(case.source).model is None,
    )  # fmt: skip
    limits = Limits(detection / 100, fpr / 100, None if totals.days is None else reviews)
    policy = case.policy
    return Look(policy.curve, totals, limits, seconds, case.month, policy.policy, policy.steps.review_step)


def show_requirements(case: Opened, look: Look) -> list[Requirement]:
    """Each requirement alone, in pairs, all together: the cheapest line that meets it and what it costs; returned."""
    found = requirements(look.curve, look.limits, look.totals.days)
    fast, took = _in_time(case.source, look.seconds)
    together = "All of it can hold" if fast and found and found[-1].step is not None else "Not all of it can hold"
    st.markdown(f"**{together} together on these orders.** Costs are above the cheapest line of all.")
    cheapest, costs = "Cheapest line that meets it", f"Costs{look.period}"
    rows = []
    for one in found:
        row = {"Required": " and ".join(one.names), cheapest: "none", costs: "–", "Why not": one.why}
        if one.step is not None:
            at = look.curve.iloc[one.step]
            where = f"{percent(at['false_positive_rate'])} FPR, {percent_short(at['detection_rate'])} detected"
            row |= {cheapest: where, costs: dollars_short(look.factor * one.price, plus="+")}
        rows.append(row)
    where, cost = ("any line: the model is the same", "$0") if fast else ("none", "–")
    rows.append({"Required": f"{look.seconds:g} s a decision", cheapest: where, costs: cost, "Why not": took})
    st.table(pd.DataFrame(rows).map(escaped), border="horizontal", hide_index=True)
    return found


def _in_time(source: cached.Source, seconds: float) -> tuple[bool, str]:
    """Whether one order is decided online in that time here, and how long it takes."""
    if cached.data_set(source).model is None:
        return True, "not measured: the scores came with the file"
    median, slow = cached.decision_times(source)
    return slow <= seconds, (
        f"{fixed(median * 1e6, 0)} µs here, the slowest of a hundred {fixed(slow * 1e6, 0)} µs: pre-filter, score and "
        "threshold, without network and feature store"
    )


def show_marks(look: Look, found: list[Requirement], chosen: pd.DataFrame) -> None:
    """Where the line, each metric and each requirement lie on the cost curve. chosen: of `picks`."""
    curve = look.curve
    places: dict[int, list[str]] = {look.step: ["the line"]}
    for row in chosen.to_dict("records"):
        places.setdefault(int(row["step"]), []).append(f"best {row['metric']}")
    for one in found:
        if len(one.names) == 1 and one.step is not None:
            places.setdefault(one.step, []).append(f"required {one.names[0]}")
    table = pd.DataFrame({"fpr": curve["false_positive_rate"], "value": look.factor * curve["total_cost"]})
    marks = table.iloc[sorted(places)].assign(label=[", ".join(places[step]) for step in sorted(places)])
    shown = table[table["fpr"] <= max(0.3, float(marks["fpr"].max()))]
    st.plotly_chart(picks_chart(thinned(shown), marks.dropna(), f"Total cost{look.period}"), key="tradeoff_marks")


def show_picks(look: Look, chosen: pd.DataFrame) -> None:
    """Which line each metric would draw, and the dollars between them."""
    rows = []
    for row in chosen.to_dict("records"):
        at = look.curve.iloc[int(row["step"])]
        rows.append(
            {
                "Best by": row["metric"],
                "Threshold": _threshold(look, float(at["threshold"])),
                "FPR": percent(at["false_positive_rate"]),
                "Detection": percent_short(at["detection_rate"]),
                "By value": percent_short(at["value_detection_rate"]),
                f"Reviews{look.period}": count(look.factor * float(at["reviewed"])),
            }
            | {f"Short in {metric}": dollars_short(look.factor * row[metric]) for metric in _METRICS}
        )
    st.markdown(f"**Metrics against each other: dollars{look.period} each pick falls short of the best**")
    st.table(pd.DataFrame(rows).map(escaped), border="horizontal", hide_index=True)
    st.caption(
        "FLAC in dollars of all sessions, net benefit in dollars of reviews of an average fraud's amount. A metric "
        "without a value here is left out."
    )


def _threshold(look: Look, threshold: float) -> str:
    return "nobody" if isnan(threshold) else threshold_in_words(look.policy, threshold)


def show_programme(look: Look) -> None:
    """The card programme's ratio at the line."""
    timed = look.totals.days is not None
    table = programme_ratio(look.curve, look.factor if timed else None)
    row = table.iloc[look.step]
    rule = f"a card programme that acts above {PROGRAMME_BPS:g} bps and {count(PROGRAMME_COUNT)} a month"
    words = f"At the line {fixed(float(row['bps']), 0)} bps of shipped orders are fraud"
    if timed:
        side = "within" if row["inside"] else "beyond"
        words += f", {count(float(row['frauds']))} a month: {side} the limits of {rule}."
    else:
        words += f", {'within' if row['inside'] else 'beyond'} the first limit of {rule}; the second takes order times."
    st.markdown(f"**{escaped(words)}**")
    fpr = look.curve["false_positive_rate"]
    met = table["inside"].to_numpy()
    if met.all():
        st.caption("Every line on these orders keeps within them, even the one that stops nobody.")
    elif not met.any():
        st.caption("No line on these orders keeps within them.")
    else:
        first = int(met.argmax())
        st.caption(escaped(f"The loosest line within them flags {percent(float(fpr[first]))} of legit orders."))
    shown = table.assign(fpr=fpr)[fpr <= max(0.3, float(fpr[look.step]))]
    if len(shown) > 1:
        at = (float(fpr[look.step]), float(row["bps"]))
        figure = programme_chart(thinned(shown), at, PROGRAMME_BPS, PROGRAMME_COUNT)
        st.plotly_chart(figure, key="tradeoff_programme")
        st.caption("The programme acts where fraud shipped lies above both broken lines.")

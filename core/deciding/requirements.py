"""Requirements against each other, and metrics against each other: what each asks for, and what it costs in dollars."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.errors import PolicyError
from core.pricing.cube import Totals
from core.pricing.curve import Limits, cheapest_step
from core.pricing.order_costs import expected_saving

Floats = NDArray[np.float64]

PROGRAMME_BPS, PROGRAMME_COUNT = 150.0, 1_500  # Visa VAMP since April 2026: both must be exceeded in a month


@dataclass(frozen=True)
class Requirement:
    """A set of limits and what it costs. step: the cheapest line that meets it, None where none does; price: $ of the
    period above the cheapest line of all; why: why no line meets it, or ""."""

    names: tuple[str, ...]
    step: int | None
    price: float
    why: str


def requirements(curve: pd.DataFrame, limits: Limits, days: int | None) -> list[Requirement]:
    """Each limit that is set alone, every pair, and all together; smallest sets first."""
    each = {
        "detection": Limits(min_detection_rate=limits.min_detection_rate),
        "false positive rate": Limits(max_false_positive_rate=limits.max_false_positive_rate),
        "reviews a day": Limits(max_reviews_per_day=limits.max_reviews_per_day),
    }
    chosen = {name: limit for name, limit in each.items() if limit != Limits()}
    sets = [names for size in range(1, len(chosen) + 1) for names in combinations(chosen, size)]
    return [_requirement(curve, names, _joined([chosen[name] for name in names]), days) for names in sets]


def _joined(limits: list[Limits]) -> Limits:
    joined = Limits()
    for one in limits:
        stated = {name: value for name, value in vars(one).items() if value is not None}
        joined = replace(joined, **stated)
    return joined


def _requirement(curve: pd.DataFrame, names: tuple[str, ...], limits: Limits, days: int | None) -> Requirement:
    cheapest = curve["total_cost"].min()
    try:
        step = cheapest_step(curve, limits, days=days)
    except PolicyError as fault:
        return Requirement(names, None, float("nan"), str(fault))
    return Requirement(names, step, float(curve["total_cost"].iloc[step] - cheapest), "")


def net_benefit(curve: pd.DataFrame, totals: Totals, prices: Assumptions) -> Floats:
    """Net benefit of each line (Vickers & Elkin 2006), caught ÷ orders − false positives ÷ orders · p ÷ (1 − p), with
    p the score at which a review of an average fraud's amount breaks even, p · catch · loss = review cost + (1 − p) ·
    expected insult; NaN where it never does."""
    caught_gain, false_loss = _average_review(totals, prices)
    if caught_gain <= 0:
        return np.full(len(curve), np.nan)
    caught, false = (curve[name].to_numpy(np.float64) for name in ("caught", "false_positives"))
    benefit: Floats = (caught - false * false_loss / caught_gain) / totals.orders  # p ÷ (1 − p) is their ratio
    return benefit


def _average_review(totals: Totals, prices: Assumptions) -> tuple[float, float]:
    """What reviewing an order of the mean fraud's amount gains where it is fraud, and loses where it is not, $."""
    mean = totals.a1 / totals.n1 if totals.n1 else 0.0
    fraud, legit = expected_saving(np.array([1.0, 0.0]), np.array([mean, mean]), prices)
    return float(fraud), -float(legit)


def picks(curve: pd.DataFrame, totals: Totals, prices: Assumptions) -> pd.DataFrame:
    """The line each metric would pick, and what that costs in dollars of the others.

    Columns: metric; step; and total cost, perceived cost, FLAC, net benefit: $ of the period by which the pick falls
    short of that metric's own best (FLAC as dollars of all sessions, net benefit as dollars of average reviews). value
    detection picks the first line that stops 95 % of fraud's dollars; a metric without a value here is left out.
    """
    short = _short_of_best(curve, totals, prices)
    steps = {name: int(np.nanargmin(dollars)) for name, dollars in short.items() if not np.isnan(dollars).all()}
    value = np.flatnonzero(curve["value_detection_rate"].to_numpy(np.float64) >= 0.95)
    if len(value):
        steps["95 % of fraud's dollars"] = int(value[0])
    rows = [
        {"metric": name, "step": step} | {other: float(short[other][step]) for other in short}
        for name, step in steps.items()
    ]
    return pd.DataFrame(rows)


def _short_of_best(curve: pd.DataFrame, totals: Totals, prices: Assumptions) -> dict[str, Floats]:
    """For each metric what every line falls short of its best one, $: (steps + 1,)."""
    caught_gain = _average_review(totals, prices)[0]
    worth = {
        "total cost": -curve["total_cost"].to_numpy(np.float64),
        "perceived cost": -curve["perceived_cost"].to_numpy(np.float64),
        "FLAC": curve["flac"].to_numpy(np.float64) * curve["sessions"].to_numpy(np.float64),
        "net benefit": net_benefit(curve, totals, prices) * totals.orders * caught_gain,
    }
    return {
        name: np.nanmax(dollars) - dollars if not np.isnan(dollars).all() else dollars
        for name, dollars in worth.items()
    }


def programme_ratio(curve: pd.DataFrame, month_factor: float | None) -> pd.DataFrame:
    """Fraud that ships, past reviewers too, as a card programme counts it: in bps of the orders shipped (10,000 ×
    share), and a month. month_factor: None where the orders carry no times.

    Columns: bps; frauds (missing without times); inside, True where not both limits are exceeded: 150 bps and 1,500 a
    month, of which without times only the first is known.
    """
    shipped = curve["orders_shipped"]
    frauds = curve["fraud_shipped"] * (np.nan if month_factor is None else month_factor)
    bps = 10_000 * curve["fraud_shipped"] / shipped.where(shipped > 0)
    inside = ~((bps > PROGRAMME_BPS) & ((frauds > PROGRAMME_COUNT) | frauds.isna()))
    return pd.DataFrame({"bps": bps, "frauds": frauds, "inside": inside})

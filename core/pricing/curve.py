"""The priced curve: every figure at every threshold step, and the cheapest step within limits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.errors import PolicyError
from core.number_format import percent
from core.pricing.cube import Cube, Totals, running_sums, totals_of
from core.pricing.economics import coefficients, price
from core.pricing.policy_curve import CurveSums

THRESHOLD = "threshold"
OBJECTIVES = ("total_cost", "perceived_cost", "flac")
_RISING = ("flac",)  # best where it is highest


@dataclass(frozen=True)
class Limits:
    """Optional limits on the cheapest threshold. Rates are 0–1; None is no limit."""

    min_detection_rate: float | None = None
    max_false_positive_rate: float | None = None
    max_reviews_per_day: float | None = None


def price_curve(cube: Cube, prices: Assumptions) -> pd.DataFrame:
    """Every figure at every step, one row a step: first *flag nobody* (threshold missing), last *flag everybody*.

    Columns: threshold, then the figures of `economics.py` for the period as it is; a rate over nothing is missing.
    """
    sums = running_sums(cube)
    return price_curve_of(cube, prices, CurveSums(sums, sums, np.zeros_like(sums)))


def price_curve_of(cube: Cube, prices: Assumptions, sums: CurveSums) -> pd.DataFrame:
    """The same where a decline threshold, a limit on reviews or segments keep a part of the policy in place."""
    figures = price(coefficients(prices, totals_of(cube)), sums.stopped, sums.declined)
    return pd.DataFrame({THRESHOLD: np.concatenate([[np.nan], cube.thresholds])} | figures)


def cheapest_step(
    curve: pd.DataFrame, limits: Limits = Limits(), *, days: int | None, objective: str = "total_cost"
) -> int:
    """The row of `price_curve` with the best objective within the limits; of equals, the one that flags fewest.

    days: of the period, for reviews a day. Raises PolicyError, naming the limits and how near each comes, where
    no threshold satisfies them all.
    """
    if objective not in OBJECTIVES:
        raise PolicyError(f"There is no objective {objective!r}. Choose one of {', '.join(OBJECTIVES)}.")
    allowed = _allowed(curve, limits, days)
    if not allowed.any():
        raise PolicyError(_why_none(curve, limits, days))
    cost = curve[objective].to_numpy() * (-1 if objective in _RISING else 1)
    if np.isnan(cost[allowed]).all():
        raise PolicyError(f"{objective} has no value on these orders.")
    return int(np.nanargmin(np.where(allowed, cost, np.nan)))


def requirement_step(curve: pd.DataFrame, min_detection_rate: float) -> int | None:
    """The first row (fewest flagged) that reaches a detection rate; None where no threshold does."""
    met = curve["detection_rate"].to_numpy() >= min_detection_rate
    return int(met.argmax()) if met.any() else None


def last_step_within(curve: pd.DataFrame, max_false_positive_rate: float) -> int:
    """The row that flags most while the false positive rate stays within a bound; row 0 where no other does."""
    within = curve["false_positive_rate"].to_numpy() <= max_false_positive_rate
    return int(np.flatnonzero(within)[-1]) if within.any() else 0


def report_at(curve: pd.DataFrame, step: int, totals: Totals) -> dict[str, float | int | bool | None]:
    """One policy's figures as plain values for JSON: counts whole where every order is labelled, null where none.

    `expected` is true where orders without a label entered with their score; `month_factor` turns dollars and
    counts of this period into a month of 30 days (null where the orders carry no times).
    """
    row = curve.iloc[step]
    report: dict[str, float | int | bool | None] = {
        name: None if np.isnan(row[name]) else float(row[name]) for name in curve.columns
    }
    whole = totals.labelled + totals.unknown == totals.orders
    counts = {name: value for name, value in report.items() if name in _COUNTS and value is not None}
    if whole:
        report |= {name: round(value) for name, value in counts.items()}
    return report | {
        "orders": totals.orders,
        "labelled": totals.labelled,
        "unknown": totals.unknown,
        "scored": totals.scored,
        "expected": not whole,
        "period_days": totals.days,
        "month_factor": month_factor(totals),
    }


def unused_prices(totals: Totals) -> dict[str, str]:
    """Prices that move no figure on these orders, and why: their controls are shown switched off."""
    unused = {}
    if totals.sessions is not None:
        unused["conversion_rate"] = "Not used: these orders come with a count of sessions."
    if totals.days is None:
        unused["reviews_per_day"] = "Not used: these orders have no times, so there are no days."
    return unused


def month_factor(totals: Totals) -> float | None:
    """What turns the period's dollars into a month of 30 days; None where the orders carry no times."""
    return None if totals.days is None else 30 / totals.days


_COUNTS = (
    *("fraud", "legit", "flagged", "reviewed", "declined", "caught", "missed"),
    *("false_positives", "true_negatives"),
)


def _allowed(curve: pd.DataFrame, limits: Limits, days: int | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    allowed = np.ones(len(curve), bool)
    for _, column, bound, sign in _bounds(limits, days):
        allowed &= sign * curve[column].to_numpy() >= sign * bound
    return allowed


def _bounds(limits: Limits, days: int | None) -> list[tuple[str, str, float, int]]:
    """(words, column, bound, +1 at least / -1 at most) of each limit that is set."""
    rows: list[tuple[str, str, float, int]] = []
    if limits.min_detection_rate is not None:
        rows.append(("a detection rate of at least {}", "detection_rate", limits.min_detection_rate, 1))
    if limits.max_false_positive_rate is not None:
        rows.append(
            (
                "a false positive rate of at most {}",
                "false_positive_rate",
                limits.max_false_positive_rate,
                -1,
            )
        )
    if limits.max_reviews_per_day is not None:
        if days is None:
            raise PolicyError("A limit on reviews a day needs the time of each order. Map ordered_at to a column.")
        rows.append(
            (
                f"at most {limits.max_reviews_per_day:,g} reviews a day",
                "reviewed",
                limits.max_reviews_per_day * days,
                -1,
            )
        )
    return rows


def _why_none(curve: pd.DataFrame, limits: Limits, days: int | None) -> str:
    bounds = _bounds(limits, days)
    wanted = " and ".join(words.format(percent(bound)) for words, _, bound, _ in bounds)
    others = Limits(None, limits.max_false_positive_rate, limits.max_reviews_per_day)
    reach = curve["detection_rate"].to_numpy()[_allowed(curve, others, days)]
    if limits.min_detection_rate is None or not len(reach) or np.isnan(reach).all():
        return f"No threshold satisfies {wanted} on these orders. Loosen a limit."
    best = percent(float(np.nanmax(reach)))
    if others == Limits():
        return f"No threshold satisfies {wanted}: flagging every scored order detects {best}. Loosen the limit."
    return f"No threshold satisfies {wanted} together: within the other limits detection reaches {best} at most."

"""The queue is people: which flagged orders a team gets to when it is full, what happens to the rest, and what one
more reviewer is worth."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT, SCORE
from core.economics import lost_share
from core.errors import PolicyError
from core.policy import TREATMENTS, treatment
from core.review_queue import expected_saving

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIP, REVIEW, DECLINE = TREATMENTS
WAIT = "wait"
RESTS = (SHIP, DECLINE, WAIT)
HOURS_A_DAY = 8.0  # of one reviewer


@dataclass(frozen=True)
class Worked:
    """A period worked by a team. by_day: one row a day: arrived, reviewed, not_reached (shipped or declined unseen, or
    still waiting at its end), waiting (orders held over night), oldest (days the oldest of them has waited).

    total_cost: $ of the period, as design 2 counts it; cost_of_limit: what it is above a team without limit.
    hours: of reviewing; reviewers: people needed for the busiest day.
    """

    by_day: pd.DataFrame
    reviewed: int
    total_cost: float
    cost_of_limit: float
    hours: float
    reviewers: float


def work_period(
    orders: pd.DataFrame,
    threshold: float | None,
    prices: Assumptions,
    reviews_a_day: float,
    rest: str = SHIP,
    decline: float | None = None,
) -> Worked:
    """Every day the orders at hand to review are reviewed, the highest expected saving first, as many as fit; those
    from the decline cut-off on are never among them.

    rest: what becomes of the others: they ship, are declined, or wait for the next day (those waiting when the period
    ends ship). An order without an outcome is priced at its score. PolicyError where the orders have no times.
    """
    if ORDERED_AT not in orders:
        raise PolicyError("A limit on reviews a day needs the time of each order. Map ordered_at to a column.")
    if rest not in RESTS:
        raise PolicyError(f"What is not reached can {', '.join(RESTS)}. Got: {rest!r}.")
    scores, amounts = (orders[name].to_numpy(np.float64) for name in (SCORE, AMOUNT))
    costs = _costs(orders, prices)
    fates = treatment(scores, threshold, decline).astype(np.int64)
    flagged = np.flatnonzero(fates == TREATMENTS.index(REVIEW))
    days = orders[ORDERED_AT].dt.floor("D")
    first, last = days.min(), days.max()
    day_of = ((days - first).dt.days.to_numpy())[flagged]
    saving = expected_saving(scores[flagged], amounts[flagged], prices)
    reached, table = _reached(day_of, saving, int((last - first).days) + 1, reviews_a_day, rest)
    outcome = fates.copy()
    outcome[flagged[~reached]] = TREATMENTS.index(DECLINE if rest == DECLINE else SHIP)
    api = prices.api_cost * float(np.isfinite(scores).sum())
    every = np.arange(len(orders))
    total, free = (api + float(np.nansum(costs[way, every])) for way in (outcome, fates))
    arrived = np.bincount(day_of, minlength=len(table))
    per_reviewer = max(HOURS_A_DAY * 60 / prices.review_minutes, 1e-9) if prices.review_minutes else np.inf
    by_day = table.assign(day=first + pd.to_timedelta(np.arange(len(table)), unit="D"), arrived=arrived)
    return Worked(
        by_day=by_day[["day", "arrived", "reviewed", "not_reached", "waiting", "oldest"]],
        reviewed=int(reached.sum()),
        total_cost=total,
        cost_of_limit=total - free,
        hours=float(reached.sum() * prices.review_minutes / 60),
        reviewers=float(arrived.max(initial=0) / per_reviewer),
    )


def worth_of_reviewers(
    orders: pd.DataFrame, threshold: float | None, prices: Assumptions, rest: str = SHIP, decline: float | None = None,
    *, most: int = 12,
) -> pd.DataFrame:  # fmt: skip
    """What each further reviewer saves over the period.

    Columns: reviewers; reviews_a_day; total_cost; gain ($ the last of them saves; missing for none). Hiring stops
    paying where the gain is no longer above what a reviewer costs beside the review cost, which is counted already.
    """
    if not prices.review_minutes:
        raise PolicyError("Reviews that take no time need no reviewers. Set the review time.")
    each = HOURS_A_DAY * 60 / prices.review_minutes
    teams = [people * each for people in range(most + 1)]
    costs = [work_period(orders, threshold, prices, team, rest, decline).total_cost for team in teams]
    gains = [np.nan, *(before - after for before, after in pairwise(costs))]
    return pd.DataFrame({
        "reviewers": range(most + 1), "reviews_a_day": teams,
        "total_cost": costs, "gain": gains,
    })  # fmt: skip


def _costs(orders: pd.DataFrame, prices: Assumptions) -> Floats:
    """What shipping, reviewing and declining each order costs, review and insult included: (3, orders)."""
    scores, amounts = (orders[name].to_numpy(np.float64) for name in (SCORE, AMOUNT))
    labels = orders[IS_FRAUD].to_numpy(np.float64) if IS_FRAUD in orders else np.full(len(orders), np.nan)
    fraud = np.where(np.isnan(labels), scores, labels)
    loss = fraud * (prices.fraud_loss_rate * amounts + prices.chargeback_fee)
    insult = (1 - fraud) * (prices.margin_rate * amounts + prices.insult_cost)
    reviewed = prices.review_cost + (1 - prices.reviewer_catch_rate) * loss + lost_share(prices) * insult
    return np.stack([loss, reviewed, insult])


def _reached(
    day_of: Ints, saving: Floats, days: int, reviews_a_day: float, rest: str
) -> tuple[NDArray[np.bool_], pd.DataFrame]:
    """Which flagged orders are reviewed, and how each day ends."""
    reached = np.zeros(len(day_of), bool)
    waiting = np.zeros(0, np.int64)
    most = int(np.floor(reviews_a_day + 1e-9)) if np.isfinite(reviews_a_day) else len(day_of)
    rows = []
    for day in range(days):
        at_hand = np.concatenate([waiting, np.flatnonzero(day_of == day)])
        first = at_hand[np.argsort(-saving[at_hand], kind="stable")]
        reached[first[:most]] = True
        left = first[most:]
        waiting = np.sort(left) if rest == WAIT else left[:0]
        oldest = int(day - day_of[waiting].min()) + 1 if waiting.size else 0
        not_reached = 0 if rest == WAIT and day < days - 1 else len(left)
        rows.append((min(most, len(first)), not_reached, len(waiting), oldest))
    return reached, pd.DataFrame(rows, columns=["reviewed", "not_reached", "waiting", "oldest"])

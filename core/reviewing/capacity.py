"""The queue is people: which flagged orders a team gets to when it is full, what happens to the rest, and what one
more reviewer is worth."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT, SCORE
from core.errors import PolicyError
from core.policy import TREATMENTS, treatment
from core.pricing.economics import lost_share
from core.reviewing.review_queue import expected_saving

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIP, REVIEW, DECLINE = TREATMENTS
WAIT = "wait"
RESTS = (SHIP, DECLINE, WAIT)
HOURS_A_DAY = 8.0  # of one reviewer
_TEAMS = 12  # sizes of a team looked at, beside none at all


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
    if not reviews_a_day >= 0:
        raise PolicyError(f"There cannot be fewer than no reviews a day. Got: {reviews_a_day:g}.")
    work = _work_of(orders, threshold, prices, rest, decline)
    reached, table = _reached(work, reviews_a_day, rest)
    arrived = np.bincount(work.arrives, minlength=len(table))
    per_reviewer = max(HOURS_A_DAY * 60 / prices.review_minutes, 1e-9) if prices.review_minutes else np.inf
    by_day = table.assign(day=work.first + pd.to_timedelta(np.arange(len(table)), unit="D"), arrived=arrived)
    limit = float(work.dearer[~reached].sum())
    return Worked(
        by_day=by_day[["day", "arrived", "reviewed", "not_reached", "waiting", "oldest"]],
        reviewed=int(reached.sum()),
        total_cost=work.total_cost + limit,
        cost_of_limit=limit,
        hours=float(reached.sum() * prices.review_minutes / 60),
        reviewers=float(arrived.max(initial=0) / per_reviewer),
    )


def worth_of_reviewers(
    orders: pd.DataFrame, threshold: float | None, prices: Assumptions, rest: str = SHIP, decline: float | None = None,
    *, most: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """What each further reviewer saves over the period, each on duty every day of it.

    most: the largest team looked at; None is one that is never short, so that nothing beyond it can pay. More than
    twelve are looked at in equal steps. Columns: reviewers; reviews_a_day; reviewed; total_cost; gain, $ the last of
    them saves, those of a step sharing it evenly (missing for none), review cost counted a review; gain_by_hour, the
    same where idle hours are paid too, at the review cost's rate an hour. Hiring stops paying where the
    gains up to there add up to the most.
    """
    if not prices.review_minutes:
        raise PolicyError("Reviews that take no time need no reviewers. Set the review time.")
    each = HOURS_A_DAY * 60 / prices.review_minutes
    work = _work_of(orders, threshold, prices, rest, decline)
    if most is None:
        most = ceil(np.bincount(work.arrives).max(initial=0) / each) + 1
    step = ceil(max(most, 1) / _TEAMS)
    team = np.arange(0, most + step, step)
    reached = [_reached(work, people * each, rest)[0] for people in team]
    costs = np.array([work.total_cost + float(work.dearer[~one].sum()) for one in reached])
    reviewed = np.array([int(one.sum()) for one in reached])
    idle = prices.review_cost * (team * each * work.days - reviewed)
    table = pd.DataFrame({
        "reviewers": team, "reviews_a_day": team * each, "reviewed": reviewed, "total_cost": costs,
    })  # fmt: skip
    size = table["reviewers"].diff()
    return table.assign(gain=-pd.Series(costs).diff() / size, gain_by_hour=-pd.Series(costs + idle).diff() / size)


@dataclass(frozen=True)
class _Work:
    """The orders to review in the order to work them, whichever day it is: the highest expected saving first.

    arrives: (orders to review,) day of each, 0 for the first. dearer: (the same,) $ it costs more when nobody gets to
    it. first: the first day; days: how many. total_cost: $ of the period when all of them are reviewed.
    """

    arrives: Ints
    dearer: Floats
    first: pd.Timestamp
    days: int
    total_cost: float


def _work_of(
    orders: pd.DataFrame, threshold: float | None, prices: Assumptions, rest: str, decline: float | None
) -> _Work:
    if ORDERED_AT not in orders:
        raise PolicyError("A limit on reviews a day needs the time of each order. Map ordered_at to a column.")
    if rest not in RESTS:
        raise PolicyError(f"What is not reached can {', '.join(RESTS)}. Got: {rest!r}.")
    scores, amounts = (orders[name].to_numpy(np.float64) for name in (SCORE, AMOUNT))
    costs = order_costs(orders, prices)
    fates = treatment(scores, threshold, decline)
    to_review = np.flatnonzero(fates == TREATMENTS.index(REVIEW))
    days = orders[ORDERED_AT].dt.floor("D")
    first, last = days.min(), days.max()
    day_of = (days.iloc[to_review] - first).dt.days.to_numpy()
    saving = expected_saving(scores[to_review], amounts[to_review], prices)
    order = np.lexsort((day_of, -saving))  # of equals the one that came first
    ship, review, declined = costs[:, to_review[order]]
    total = prices.api_cost * float(np.isfinite(scores).sum()) + float(np.nansum(np.choose(fates, costs)))
    dearer = (declined if rest == DECLINE else ship) - review
    return _Work(day_of[order], dearer, first, int((last - first).days) + 1, total)


def order_costs(orders: pd.DataFrame, prices: Assumptions) -> Floats:
    """What shipping, reviewing and declining each order costs, review and insult included, scoring not, in the order of
    `policy.TREATMENTS`: (3, orders), missing where an order has neither outcome nor score."""
    scores, amounts = (orders[name].to_numpy(np.float64) for name in (SCORE, AMOUNT))
    labels = orders[IS_FRAUD].to_numpy(np.float64) if IS_FRAUD in orders else np.full(len(orders), np.nan)
    fraud = np.where(np.isnan(labels), scores, labels)
    loss = fraud * (prices.fraud_loss_rate * amounts + prices.chargeback_fee)
    insult = (1 - fraud) * (prices.margin_rate * amounts + prices.insult_cost)
    reviewed = prices.review_cost + (1 - prices.reviewer_catch_rate) * loss + lost_share(prices) * insult
    return np.stack([loss, reviewed, insult])


def cost_of_each(orders: pd.DataFrame, prices: Assumptions, fates: NDArray[np.int8]) -> Floats:
    """What each order costs as it is treated, $: (orders,). fates: of `policy.treatment`."""
    return np.asarray(np.choose(fates, order_costs(orders, prices)))


def _reached(work: _Work, reviews_a_day: float, rest: str) -> tuple[NDArray[np.bool_], pd.DataFrame]:
    """Which of the orders to review are reviewed, and how each day ends."""
    reached = np.zeros(len(work.arrives), bool)
    a_day = min(reviews_a_day, float(len(reached)))
    by_then = np.floor(np.arange(work.days + 1) * a_day + 1e-9).astype(int)  # 1.5 a day are one and two in turn
    places = np.argsort(work.arrives, kind="stable")
    starts = np.searchsorted(work.arrives[places], np.arange(work.days + 1))
    waiting = places[:0]
    rows = []
    for day in range(work.days):
        at_hand = np.concatenate([waiting, places[starts[day] : starts[day + 1]]])
        cut = min(int(by_then[day + 1] - by_then[day]), len(at_hand))
        at_hand = np.partition(at_hand, cut) if cut < len(at_hand) else at_hand
        reached[at_hand[:cut]] = True
        left = at_hand[cut:]
        waiting = left if rest == WAIT else left[:0]
        oldest = int(day - work.arrives[waiting].min()) + 1 if waiting.size else 0
        not_reached = 0 if rest == WAIT and day < work.days - 1 else len(left)
        rows.append((cut, not_reached, len(waiting), oldest))
    return reached, pd.DataFrame(rows, columns=["reviewed", "not_reached", "waiting", "oldest"])

"""The queue is people: which flagged orders a team gets to when it is full, what happens to the rest, and what one
more reviewer is worth."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.columns import AMOUNT, SCORE
from core.errors import PolicyError
from core.policy import RESTS, TREATMENTS, WAIT
from core.pricing.days_worked import reviews_by_day
from core.pricing.order_costs import fraud_or_score, order_costs
from core.pricing.policy_sums import Queue

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIP, REVIEW, DECLINE = TREATMENTS
HOURS_A_DAY = 8.0  # of one reviewer
_TEAMS = 12  # sizes of a team looked at, beside none at all


@dataclass(frozen=True)
class Worked:
    """A period worked by a team. by_day: one row a day: day, arrived, reviewed, not_reached (shipped or declined
    unseen, or still waiting at the end), waiting (orders held over night), oldest (days the oldest of them has waited).

    by_order: one row an order to review, the highest expected saving first: place (row of the orders), reviewed_on (its
    day, missing where nobody gets to it). total_cost: $ of the period, as design 2 counts it; cost_of_limit: what it is
    above a team without limit. hours: of reviewing; reviewers: people needed for the busiest day.
    """

    by_day: pd.DataFrame
    by_order: pd.DataFrame
    reviewed: int
    total_cost: float
    cost_of_limit: float
    hours: float
    reviewers: float


def work_period(
    orders: pd.DataFrame,
    treatments: NDArray[np.int8],
    prices: Assumptions,
    reviews_a_day: float,
    rest: str = SHIP,
) -> Worked:
    """Every day the orders at hand to review are reviewed, the highest expected saving first, as many as fit.

    treatments: (orders,) of `policy.treatment`, no limit on reviews set. rest: what becomes of the others: they ship,
    are declined, or wait for the next day (those waiting when the period ends ship). An order without an outcome is
    priced at its score. PolicyError where the orders have no times.
    """
    if not reviews_a_day >= 0:
        raise PolicyError(f"There cannot be fewer than no reviews a day. Got: {reviews_a_day:g}.")
    work = _work_of(orders, treatments, prices, rest)
    on, table = _reviewed_on(work, reviews_a_day, rest)
    reached = on >= 0
    arrived = np.bincount(work.arrives, minlength=len(table))
    per_reviewer = max(HOURS_A_DAY * 60 / prices.review_minutes, 1e-9) if prices.review_minutes else np.inf
    by_day = table.assign(day=work.first + pd.to_timedelta(np.arange(len(table)), unit="D"), arrived=arrived)
    limit = float(work.dearer[~reached].sum())
    return Worked(
        by_day=by_day[["day", "arrived", "reviewed", "not_reached", "waiting", "oldest"]],
        by_order=pd.DataFrame(
            {
                "place": work.places,
                "reviewed_on": (work.first + pd.to_timedelta(on, unit="D")).where(reached),
            }
        ),
        reviewed=int(reached.sum()),
        total_cost=work.total_cost + limit,
        cost_of_limit=limit,
        hours=float(reached.sum() * prices.review_minutes / 60),
        reviewers=float(arrived.max(initial=0) / per_reviewer),
    )


def worth_of_reviewers(
    orders: pd.DataFrame,
    treatments: NDArray[np.int8],
    prices: Assumptions,
    rest: str = SHIP,
    *,
    most: int | None = None,
) -> pd.DataFrame:
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
    work = _work_of(orders, treatments, prices, rest)
    if most is None:
        most = ceil(np.bincount(work.arrives).max(initial=0) / each) + 1
    step = ceil(max(most, 1) / _TEAMS)
    team = np.arange(0, most + step, step)
    reached = [_reviewed_on(work, people * each, rest)[0] >= 0 for people in team]
    undone = np.array([float(work.dearer[~one].sum()) for one in reached])
    reviewed = np.array([int(one.sum()) for one in reached])
    idle = prices.review_cost * (team * each * work.days - reviewed)
    table = pd.DataFrame({
        "reviewers": team, "reviews_a_day": team * each, "reviewed": reviewed, "total_cost": work.total_cost + undone,
    })  # fmt: skip
    size = table["reviewers"].diff()
    return table.assign(gain=-pd.Series(undone).diff() / size, gain_by_hour=-pd.Series(undone + idle).diff() / size)


def best_team(table: pd.DataFrame, gain: str) -> tuple[int, float]:
    """The team of `worth_of_reviewers` that saves most, and the $ its last reviewer saves: beyond it hiring stops
    paying. gain: the column that says how reviewers are paid."""
    saved = (table[gain] * table["reviewers"].diff()).fillna(0.0).cumsum()
    best = table.iloc[int(saved.to_numpy().argmax())]
    return int(best["reviewers"]), float(best[gain])


@dataclass(frozen=True)
class _Work:
    """The orders to review in the order to work them, whichever day it is: the highest expected saving first.

    places: (orders to review,) rows of the orders. arrives: (the same,) day of each, 0 for the first. dearer: (the
    same,) $ it costs more when nobody gets to it. by_day: for each day which of them arrive, the best first. first: the
    first day. total_cost: $ of the period when all of them are reviewed.
    """

    places: Ints
    arrives: Ints
    dearer: Floats
    by_day: list[Ints]
    first: pd.Timestamp
    total_cost: float

    @property
    def days(self) -> int:
        """From the first order's day to the last one's."""
        return len(self.by_day)


def _work_of(orders: pd.DataFrame, treatments: NDArray[np.int8], prices: Assumptions, rest: str) -> _Work:
    if rest not in RESTS:
        raise PolicyError(f"What is not reached can {', '.join(RESTS)}. Got: {rest!r}.")
    queue = Queue.of(orders, np.flatnonzero(treatments == TREATMENTS.index(REVIEW)), prices)
    costs = order_costs(fraud_or_score(orders), orders[AMOUNT].to_numpy(np.float64), prices)
    ship, review, declined = costs[:, queue.places]
    scored = float(np.isfinite(orders[SCORE].to_numpy(np.float64)).sum())
    total = prices.api_cost * scored + float(np.nansum(np.choose(treatments, costs)))
    best_first = np.argsort(queue.arrives, kind="stable")
    starts = np.searchsorted(queue.arrives[best_first], np.arange(1, queue.length))
    dearer = (declined if rest == DECLINE else ship) - review
    return _Work(queue.places, queue.arrives, dearer, np.split(best_first, starts), queue.first, total)


def _reviewed_on(work: _Work, reviews_a_day: float, rest: str) -> tuple[Ints, pd.DataFrame]:
    """The day on which each order to review is reviewed, −1 where nobody gets to it; and how each day ends."""
    on = np.full(len(work.arrives), -1)
    by_then = np.concatenate([[0], np.cumsum(reviews_by_day(work.days, min(reviews_a_day, float(len(on)))))])
    waiting, hopeless, since = np.empty(0, np.int64), 0, work.days
    rows = []
    for day, at_hand in enumerate(work.by_day):
        if waiting.size:
            at_hand = np.sort(np.concatenate([waiting, at_hand]), kind="stable")  # two sorted runs: merged
        cut = min(int(by_then[day + 1] - by_then[day]), len(at_hand))
        on[at_hand[:cut]] = day
        left = at_hand[cut:]
        not_reached = len(left)
        if rest == WAIT:
            # Whoever has more before them than there are reviews to come waits in vain.
            waiting, in_vain = np.split(left, [min(int(by_then[-1] - by_then[day + 1]), len(left))])
            hopeless += len(in_vain)
            since = int(work.arrives[in_vain].min(initial=since))
            not_reached = hopeless if day == work.days - 1 else 0
        held = len(waiting) + hopeless
        oldest = day + 1 - min(since, int(work.arrives[waiting].min(initial=day))) if held else 0
        rows.append((cut, not_reached, held, oldest))
    return on, pd.DataFrame(rows, columns=["reviewed", "not_reached", "waiting", "oldest"])

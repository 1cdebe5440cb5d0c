"""Two cut-offs: orders at or above the lower one are reviewed, those at or above the higher one declined unseen.

The cost of a pair is a part that depends on the lower line alone and a part that depends on the higher one alone, so
the best pair of all is found in one pass over the steps.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.errors import PolicyError
from core.policy import Policy, Steps
from core.pricing.applied import Applied
from core.pricing.cube import Cube, running_sums, step_of, threshold_at, totals_of
from core.pricing.economics import coefficients, price

Floats = NDArray[np.float64]


def pair_parts(cube: Cube, prices: Assumptions, figure: str = "total_cost") -> tuple[float, Floats, Floats]:
    """constant, and what each step adds as the review line and as the decline line: the figure is their sum."""
    coefs, sums = coefficients(prices, totals_of(cube)), running_sums(cube)
    place = coefs.names.index(figure)
    reviewed, declined = coefs.reviewed[place], coefs.declined[place]
    return float(coefs.constant[place]), sums @ reviewed, sums @ (declined - reviewed)


def best_pair(cube: Cube, prices: Assumptions, most_reviews: float | None = None) -> Steps:
    """The cheapest pair; of equals the one that flags fewest, then the one that declines fewest.

    most_reviews: of the whole period; None is no limit. What is over it must be declined, or the line must rise.
    """
    _, review, decline = pair_parts(cube, prices)
    first = _first_within(cube, most_reviews)
    lowest = _lowest_within(decline, first)
    at = int((review + decline[lowest]).argmin())
    return Steps(at, int(lowest[at]))


def best_line(cube: Cube, prices: Assumptions, most_reviews: float | None = None) -> Steps:
    """The cheapest review line when nobody is declined unseen; of equals the one that flags fewest.

    most_reviews: of the whole period; None is no limit.
    """
    costs = pair_parts(cube, prices)[1]
    return Steps(int(np.where(_first_within(cube, most_reviews) == 0, costs, np.inf).argmin()))


def _first_within(cube: Cube, most_reviews: float | None) -> NDArray[np.int64]:
    """For each review line the first decline line that leaves no more reviews than there may be: (steps + 1,)."""
    flagged = running_sums(cube)[:, :2].sum(axis=1)
    if most_reviews is None:
        return np.zeros(len(flagged), np.int64)
    if most_reviews < 0:
        raise PolicyError(f"There cannot be fewer than no reviews. Got: {most_reviews:g}.")
    return np.asarray(np.searchsorted(flagged, flagged - most_reviews - 1e-6), np.int64)


def _lowest_within(values: Floats, first: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each place the place of the smallest of values[first[place]] to values[place], of equals the first.

    first never falls, so each place enters a queue of candidates once and leaves it once.
    """
    found = np.empty(len(values), np.int64)
    queue: list[int] = []  # places whose values rise strictly: the first one is the smallest at hand
    head = 0
    for place, value in enumerate(values.tolist()):
        while len(queue) > head and values[queue[-1]] > value:
            queue.pop()
        queue.append(place)
        while queue[head] < first[place]:
            head += 1
        found[place] = queue[head]
    return found


def figures_of(cube: Cube, prices: Assumptions, steps: Steps) -> dict[str, float]:
    """Every figure at two steps, of the period as it is."""
    sums = running_sums(cube)
    figures = price(coefficients(prices, totals_of(cube)), sums[steps.review_step], sums[steps.decline_step])
    return {name: float(value) for name, value in figures.items()}


def cost_map(
    cube: Cube, prices: Assumptions, *, size: int = 60, last: int | None = None, most_reviews: float | None = None
) -> pd.DataFrame:
    """Total cost over a grid of pairs of steps up to last, dense where few orders are flagged: one row a decline line,
    one column a review line; missing where the decline line would be the lower one or there would be more reviews than
    most_reviews. Index and columns are steps."""
    constant, review, decline = pair_parts(cube, prices)
    last = len(review) - 1 if last is None else min(last, len(review) - 1)
    steps = np.unique((np.linspace(0, 1, size) ** 2 * last).astype(int))
    costs = constant + review[steps][None, :] + decline[steps][:, None]
    possible = (steps[:, None] <= steps[None, :]) & (steps[:, None] >= _first_within(cube, most_reviews)[steps])
    return pd.DataFrame(
        np.where(possible, costs, np.nan), index=pd.Index(steps, name="decline"), columns=pd.Index(steps, name="review")
    )


_TRIED, _MAP_SIZE, _MAPPED = 10, 9, 0.03  # decline thresholds tried, side of a map, share of orders it goes to


def best_of_policy(policy: Applied) -> tuple[Applied, Applied]:
    """The policy with the cheapest pair of thresholds for all orders, and with the cheapest review threshold alone; all
    the rest of it kept.

    Where two steps say all of the policy every pair is looked at. Where a limit or segments are kept the days are
    worked for every review threshold at each of some ten decline thresholds, that of the pair without them among those.
    """
    alone = policy.with_policy(replace(policy.policy, decline=None))
    single = alone.at_step(int(alone.curve["total_cost"].argmin()))
    pair = best_pair(policy.cube, policy.prices)
    if policy.policy.is_by_steps:
        return alone.at_steps(pair), single
    flagged = running_sums(alone.cube)[:, :2].sum(axis=1)
    last = int(np.searchsorted(flagged, _MAPPED * alone.totals.orders))
    steps = np.unique(np.append((np.linspace(0, 1, _TRIED) ** 2 * last).astype(int), pair.decline_step))
    tried = [single]
    for step in steps[steps > 0]:
        declining = alone.with_policy(declining_from(alone, int(step)))
        tried.append(declining.at_step(int(declining.curve["total_cost"].argmin())))
    return min(tried, key=lambda one: one.figures["total_cost"]), single


def declining_from(policy: Applied, step: int) -> Policy:
    """The policy with its decline threshold at a step, and a review threshold that lets it."""
    threshold = threshold_at(policy.cube, step)
    review = policy.policy.review
    if threshold is not None and (review is None or review > threshold):
        review = threshold
    return replace(policy.policy, decline=threshold, review=review)


@dataclass(frozen=True)
class MapOfPairs:
    """costs: total cost in the period, one row a decline threshold, one column a review threshold; index and columns
    are the share of orders at or above them; missing where the decline threshold would be the lower one. here: the two
    shares of the policy itself."""

    costs: pd.DataFrame
    here: tuple[float, float]


def map_of_policy(policy: Applied, best: Applied) -> MapOfPairs:
    """What pairs of thresholds cost, all the rest of the policy kept."""
    flagged = running_sums(policy.cube)[:, :2].sum(axis=1) / policy.totals.orders
    steps = [step_of(policy.cube, at) for at in (policy.policy.review, policy.policy.decline, best.policy.review)]
    last = max(int((flagged <= _MAPPED).sum()) - 1, *steps, 1)
    costs = (
        _costs_of_pairs(policy, last)
        if not policy.policy.is_by_steps
        else cost_map(policy.cube, policy.prices, last=last)
    )
    inside = pd.DataFrame(costs.to_numpy(), flagged[costs.index.to_numpy()], flagged[costs.columns.to_numpy()])
    return MapOfPairs(inside, (float(flagged[steps[0]]), float(flagged[steps[1]])))


def _costs_of_pairs(policy: Applied, last: int) -> pd.DataFrame:
    steps = np.unique((np.linspace(0, 1, _MAP_SIZE) ** 2 * last).astype(int))
    rows = []
    for decline in steps:
        costs = policy.with_policy(declining_from(policy, int(decline))).curve["total_cost"].to_numpy()[steps]
        rows.append(np.where(steps >= decline, costs, np.nan))
    return pd.DataFrame(rows, index=pd.Index(steps, name="decline"), columns=pd.Index(steps, name="review"))

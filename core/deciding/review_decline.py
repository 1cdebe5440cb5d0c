"""Two cut-offs: orders at or above the lower one are reviewed, those at or above the higher one declined unseen.

The cost of a pair is a part that depends on the lower line alone and a part that depends on the higher one alone, so
the best pair of all is found in one pass over the steps.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.errors import PolicyError
from core.policy import Policy
from core.pricing.cube import Cube, running_sums, totals_of
from core.pricing.economics import coefficients, price

Floats = NDArray[np.float64]


def pair_parts(cube: Cube, prices: Assumptions, figure: str = "total_cost") -> tuple[float, Floats, Floats]:
    """constant, and what each step adds as the review line and as the decline line: the figure is their sum."""
    coefs, sums = coefficients(prices, totals_of(cube)), running_sums(cube)
    place = coefs.names.index(figure)
    reviewed, declined = coefs.reviewed[place], coefs.declined[place]
    return float(coefs.constant[place]), sums @ reviewed, sums @ (declined - reviewed)


def best_pair(cube: Cube, prices: Assumptions, most_reviews: float | None = None) -> Policy:
    """The cheapest pair; of equals the one that flags fewest, then the one that declines fewest.

    most_reviews: of the whole period; None is no limit. What is over it must be declined, or the line must rise.
    """
    _, review, decline = pair_parts(cube, prices)
    first = _first_within(cube, most_reviews)
    lowest = _lowest_within(decline, first)
    at = int((review + decline[lowest]).argmin())
    return Policy(at, int(lowest[at]))


def best_line(cube: Cube, prices: Assumptions, most_reviews: float | None = None) -> Policy:
    """The cheapest review line when nobody is declined unseen; of equals the one that flags fewest.

    most_reviews: of the whole period; None is no limit.
    """
    costs = pair_parts(cube, prices)[1]
    return Policy(int(np.where(_first_within(cube, most_reviews) == 0, costs, np.inf).argmin()))


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


def figures_of(cube: Cube, prices: Assumptions, policy: Policy) -> dict[str, float]:
    """Every figure of a policy, of the period as it is."""
    sums = running_sums(cube)
    figures = price(coefficients(prices, totals_of(cube)), sums[policy.review], sums[policy.decline])
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

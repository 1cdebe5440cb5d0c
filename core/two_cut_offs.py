"""Two cut-offs: orders at or above the lower one are reviewed, those at or above the higher one declined unseen.

The cost of a pair is a part that depends on the lower line alone and a part that depends on the higher one alone, so
the best pair of all is found in one pass over the steps.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.cube import Cube, running_sums, threshold_at, totals
from core.economics import coefficients, price

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """review, decline: rows of `running_sums`, decline <= review; 0 declines nobody. total_cost: $ of the period."""

    review: int
    decline: int
    total_cost: float


def pair_parts(cube: Cube, prices: Assumptions, figure: str = "total_cost") -> tuple[float, Floats, Floats]:
    """constant, and what each step adds as the review line and as the decline line: the figure is their sum."""
    coefs, sums = coefficients(prices, totals(cube)), running_sums(cube)
    place = coefs.names.index(figure)
    reviewed, declined = coefs.reviewed[place], coefs.declined[place]
    return float(coefs.constant[place]), sums @ reviewed, sums @ (declined - reviewed)


def best_pair(cube: Cube, prices: Assumptions) -> Pair:
    """The cheapest pair; of equals the one that flags fewest, then the one that declines fewest."""
    constant, review, decline = pair_parts(cube, prices)
    lowest = np.minimum.accumulate(decline)
    total = review + lowest
    at = int(total.argmin())
    return Pair(at, int(decline[: at + 1].argmin()), float(constant + total[at]))


def figures_of_pair(cube: Cube, prices: Assumptions, pair: Pair) -> dict[str, float]:
    """Every figure of a pair of lines, of the period as it is."""
    sums = running_sums(cube)
    figures = price(coefficients(prices, totals(cube)), sums[pair.review], sums[pair.decline])
    return {name: float(value) for name, value in figures.items()}


def cost_map(cube: Cube, prices: Assumptions, *, size: int = 60, last: int | None = None) -> pd.DataFrame:
    """Total cost over a grid of pairs of steps up to last, dense where few orders are flagged: one row a decline line,
    one column a review line; missing where the decline line would be the lower one. Index and columns are steps."""
    constant, review, decline = pair_parts(cube, prices)
    last = len(review) - 1 if last is None else last
    steps = np.unique((np.linspace(0, 1, size) ** 2 * last).astype(int))
    costs = constant + review[steps][None, :] + decline[steps][:, None]
    costs = np.where(steps[:, None] <= steps[None, :], costs, np.nan)
    return pd.DataFrame(costs, index=pd.Index(steps, name="decline"), columns=pd.Index(steps, name="review"))


def thresholds_of(cube: Cube, pair: Pair) -> tuple[float | None, float | None]:
    """The two cut-offs as scores; None flags, or declines, nobody."""
    return threshold_at(cube, pair.review), threshold_at(cube, pair.decline)

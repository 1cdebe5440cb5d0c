"""How sure: every figure over resampled days of the cube, and two policies compared on the same orders.

A replicate is a weight per day (block bootstrap: a day drawn twice counts twice), so it never touches the orders.
Every figure is linear in the sums of a day, so days are priced once and replicates are products with the weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.assumptions import Assumptions
from core.errors import PolicyError
from core.policy import Steps
from core.pricing.applied import Applied, Case
from core.pricing.cube import Cube, Totals, daily_totals, running_sums, totals_of
from core.pricing.economics import RATIOS, SHARES, coefficients, price
from core.pricing.policy_sums import DailySums, daily_at
from core.resampling import day_weights, ends

Floats = NDArray[np.float64]

FLAG_NOBODY = float("inf")
FEWEST_DAYS, FEWEST_FRAUDS = 7, 30  # fewer days, or deciding frauds: the interval itself is not to be trusted


@dataclass(frozen=True)
class Compared:
    """What B saves over A in the period, $. low, high: its interval, NaN on a single day. better: share of replicates
    in which B is better (0–1). fraud, legit: orders that change sides (expected numbers without labels). few: why the
    interval itself is shaky, a sentence, or ""."""

    change: float
    low: float
    high: float
    better: float
    fraud: float
    legit: float
    few: str

    @property
    def inside_noise(self) -> bool:
        """True where the interval holds 0, or there is none: the orders cannot tell the two apart."""
        return not (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Interval:
    """A threshold's or a figure's value with its interval."""

    value: float
    low: float
    high: float


def daily_figure(cube: Cube, prices: Assumptions, figure: str) -> Floats:
    """One linear figure on each day with each step as the review line: (days, steps + 1), as `price` gives it for the
    day alone."""
    names, constant, reviewed, _ = _daily_coefficients(cube, prices)
    place = names.index(figure)
    figures: Floats = constant[:, place, None] + _daily_sums(cube) @ reviewed[place]
    return figures


def daily_of(sums: DailySums, prices: Assumptions, figures: Sequence[str]) -> Floats:
    """Linear figures of a policy on each day: (days, figures)."""
    names, constant, reviewed, declined = _coefficients_of_days(sums.totals, prices)
    places = [names.index(figure) for figure in figures]
    constant, reviewed, declined = constant[:, places], reviewed[places].T, declined[places].T
    return np.asarray(constant + sums.stopped @ reviewed + sums.declined @ (declined - reviewed))


def _daily_coefficients(cube: Cube, prices: Assumptions) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    return _coefficients_of_days(daily_totals(cube), prices)


def _coefficients_of_days(
    totals: Sequence[Totals], prices: Assumptions
) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    """Names of all figures; their constants on each day, (days, figures); their coefficients of orders reviewed and
    declined, (figures, 4) each, the same on every day."""
    if totals[0].days is None:
        raise PolicyError(
            "Intervals need the time of each order: whole days are resampled. Map ordered_at, the time of the order, "
            "to a column."
        )
    coefs = [coefficients(prices, day) for day in totals]
    return coefs[0].names, np.array([one.constant for one in coefs]), coefs[0].reviewed, coefs[0].declined


def _daily_sums(cube: Cube) -> Floats:
    """`running_sums` of each day: (days, steps + 1, 4)."""
    flagged = np.cumsum(cube.cells.sum(axis=0)[:, :-1], axis=1)
    sums: Floats = np.concatenate([np.zeros((len(flagged), 1, flagged.shape[2])), flagged], axis=1)
    return sums


def bands(
    policy: Applied, figure: str, steps: NDArray[np.int64], *, level: float = 0.95, seed: int = 1
) -> tuple[Floats, Floats]:
    """Low and high ends of a figure with the threshold for all orders at these steps, the rest of the policy kept:
    (steps,) each; NaN where it has no value."""
    parts = RATIOS.get(figure, (figure,))
    daily = _daily_at_steps(policy, parts, steps)
    drawn = _ratio(*(day_weights(daily.shape[1], seed=seed) @ part for part in daily))
    return _ends(drawn, policy.curve[figure].to_numpy()[steps], daily.shape[1], level, figure)


def _daily_at_steps(policy: Applied, figures: Sequence[str], steps: NDArray[np.int64]) -> Floats:
    """Linear figures on each day at these steps: (figures, days, steps). Where two steps of a cube do not say it all
    the policy is applied at each of them."""
    if policy.policy.is_by_steps and policy.policy.decline is None:
        return np.array([daily_figure(policy.cube, policy.prices, figure)[:, steps] for figure in figures])
    daily = [daily_of(policy.at_step(int(step)).daily, policy.prices, figures) for step in steps]
    return np.moveaxis(np.array(daily), 0, 2).transpose(1, 0, 2)


def figure_intervals(
    policy: Applied, figures: Sequence[str], *, level: float = 0.95, seed: int = 1
) -> dict[str, Interval]:
    """Figures of a policy, each with its interval; NaN where one has no value."""
    return _intervals(policy.daily, policy.prices, figures, policy.figures, level, seed)


def intervals_and_change(
    cube: Cube, prices: Assumptions, figures: Sequence[str], a: Steps, b: Steps, *, level: float = 0.95, seed: int = 1
) -> tuple[dict[str, Interval], dict[str, Interval], tuple[float, float]]:
    """Figures at two pairs of steps with their intervals, and the interval of what B saves over A, $."""
    found, savings = [], []
    for steps in [a] if a == b else [a, b]:
        sums = daily_at(cube, steps)
        value = price(
            coefficients(prices, totals_of(cube)), *running_sums(cube)[[steps.review_step, steps.decline_step]]
        )
        found.append(_intervals(sums, prices, figures, value, level, seed))
        savings.append(daily_of(sums, prices, ["saving"])[:, 0])
    return found[0], found[-1], change_interval(savings[-1] - savings[0], level=level, seed=seed)


def _intervals(
    sums: DailySums, prices: Assumptions, figures: Sequence[str], value: Mapping[str, Any], level: float, seed: int
) -> dict[str, Interval]:
    linear = sorted({part for figure in figures for part in RATIOS.get(figure, (figure,))})
    daily = daily_of(sums, prices, linear)
    drawn = day_weights(len(daily), seed=seed) @ daily
    found = {}
    for figure in figures:
        replicates = _ratio(*(drawn[:, linear.index(part)] for part in RATIOS.get(figure, (figure,))))
        low, high = _ends(replicates[:, None], np.array([float(value[figure])]), len(daily), level, figure)
        found[figure] = Interval(float(value[figure]), float(low[0]), float(high[0]))
    return found


def _ratio(top: Floats, bottom: Floats | None = None) -> Floats:
    """A figure as it is, or one over another, NaN over nothing."""
    if bottom is None:
        return top
    ratio: Floats = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    return ratio


_STEPS_TRIED = 40  # of a policy that has to be applied at each


def cheapest_interval(policy: Applied, *, level: float = 0.95, seed: int = 1) -> tuple[NDArray[np.int64], Interval]:
    """The cheapest step of the threshold for all orders in each replicate, (replicates,), and the interval of that
    threshold, the rest of the policy kept; flag none counts as `FLAG_NOBODY`, above every score."""
    costs = policy.curve["total_cost"].to_numpy()
    best, steps = int(costs.argmin()), np.arange(len(costs))
    if not policy.policy.is_by_steps or policy.policy.decline is not None:
        spread = np.linspace(0, 1, _STEPS_TRIED) ** 2 * (len(costs) - 1)
        steps = np.unique(np.append(spread.astype(np.int64), best))
    daily = _daily_at_steps(policy, ["total_cost"], steps)[0]
    chosen = steps[(day_weights(len(daily), seed=seed) @ daily).argmin(axis=1)]
    thresholds = np.concatenate([[FLAG_NOBODY], policy.cube.thresholds])
    low, high = np.quantile(thresholds[chosen], [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    return chosen, Interval(float(thresholds[best]), float(low), float(high))


def compare(case: Case, *, level: float = 0.95, seed: int = 1) -> Compared:
    """Moving from the baseline to the policy on the same orders and the same resampled days; *approve everything*
    scores no order and saves nothing on any day."""
    change = daily_of(case.policy.daily, case.prices, ["saving"])[:, 0]
    if case.baseline is not None:
        change = change - daily_of(case.baseline.daily, case.baseline.prices, ["saving"])[:, 0]
    return compared(change, *case.changed, level=level, seed=seed)


def compared(change: Floats, legit: float, fraud: float, *, level: float = 0.95, seed: int = 1) -> Compared:
    """A change of $ on each day, (days,), with the legit orders and frauds that make it."""
    drawn = day_weights(len(change), seed=seed) @ change
    low, high = change_interval(change, level=level, seed=seed)
    better = float((drawn > 0).mean() + (drawn == 0).mean() / 2)
    return Compared(float(change.sum()), low, high, better, fraud, legit,
                    _few(len(change), fraud) if change.any() or len(change) == 1 else "")  # fmt: skip


def compare_steps(
    cube: Cube, prices: Assumptions, a: Steps | None, b: Steps, *, level: float = 0.95, seed: int = 1
) -> Compared:
    """The same for two pairs of steps of one cube; A None is *approve everything*."""
    change = daily_of(daily_at(cube, b), prices, ["saving"])[:, 0]
    if a is not None:
        change = change - daily_of(daily_at(cube, a), prices, ["saving"])[:, 0]
    legit, fraud = _changed(running_sums(cube)[:, :2], a or Steps(0), b).tolist()
    return compared(change, legit, fraud, level=level, seed=seed)


def change_interval(change: Floats, *, level: float = 0.95, seed: int = 1) -> tuple[float, float]:
    """The interval of a sum of $ over the days: (days,) of them; NaN on a single day."""
    drawn = day_weights(len(change), seed=seed) @ change
    low, high = _ends(drawn[:, None], np.array([change.sum()]), len(change), level, "saving")
    return float(low[0]), float(high[0])


def _changed(sums: Floats, a: Steps, b: Steps) -> Floats:
    """What the orders hold that the two treat differently: those between their review thresholds and those between
    their decline thresholds, an order in both counted once."""
    borders = [sorted(pair) for pair in ((a.review_step, b.review_step), (a.decline_step, b.decline_step))]
    both = (max(low for low, _ in borders), min(high for _, high in borders))
    found: Floats = sum((sums[high] - sums[low] for low, high in borders), np.zeros(sums.shape[1]))
    return found - (sums[both[1]] - sums[both[0]] if both[0] < both[1] else 0)


def _few(days: int, fraud: float) -> str:
    if days == 1:
        return "A single day cannot be resampled: there is no interval."
    if days < FEWEST_DAYS:
        return f"{days} days are too few to resample: the interval holds the truth less often than it says."
    if fraud < FEWEST_FRAUDS:
        return "With so few frauds to decide it the interval holds the truth less often than it says."
    return ""


_SIGNED = ("saving", "flac", "flac_sales")


def _ends(drawn: Floats, value: Floats, days: int, level: float, figure: str) -> tuple[Floats, Floats]:
    """`resampling.ends` of one figure: what cannot be negative, or a share above 1, is not stretched to be."""
    least, most = (-np.inf if figure in _SIGNED else 0.0), (1.0 if figure in SHARES else np.inf)
    return ends(drawn, value, days, level=level, least=least, most=most)

"""How sure: every figure over resampled days of the cube, and two policies compared on the same orders.

A replicate is a weight per day (block bootstrap: a day drawn twice counts twice), so it never touches the orders.
Every figure is linear in the sums of a day, so days are priced once and replicates are products with the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from core.assumptions import Assumptions
from core.errors import PolicyError
from core.policy import Policy
from core.pricing.cube import Cube, daily_totals, running_sums, totals_of
from core.pricing.economics import RATIOS, SHARES, coefficients, price

Floats = NDArray[np.float64]

REPLICATES = 1_000
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


def day_weights(days: int, replicates: int = REPLICATES, seed: int = 1) -> Floats:
    """How often each day counts in each replicate: (replicates, days), rows sum to days."""
    return _drawn(days, replicates, seed)


@lru_cache(maxsize=8)
def _drawn(days: int, replicates: int, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    drawn: Floats = random.multinomial(days, np.full(days, 1 / days), replicates).astype(np.float64)
    drawn.setflags(write=False)
    return drawn


def daily_figure(cube: Cube, prices: Assumptions, figure: str) -> Floats:
    """One linear figure on each day with each step as the review line: (days, steps + 1), as `price` gives it for the
    day alone."""
    names, constant, reviewed, _ = _daily_coefficients(cube, prices)
    place = names.index(figure)
    figures: Floats = constant[:, place, None] + _daily_sums(cube) @ reviewed[place]
    return figures


def daily_of(cube: Cube, prices: Assumptions, figure: str, policy: Policy) -> Floats:
    """One linear figure of a policy on each day: (days,)."""
    return _daily_of(cube, prices, [figure], [policy])[0, :, 0]


def _daily_of(cube: Cube, prices: Assumptions, figures: Sequence[str], policies: Sequence[Policy]) -> Floats:
    """Linear figures of policies on each day: (policies, days, figures)."""
    names, constant, reviewed, declined = _daily_coefficients(cube, prices)
    places = [names.index(figure) for figure in figures]
    constant, reviewed, declined = constant[:, places], reviewed[places].T, declined[places].T
    found = []
    for policy in policies:
        flagged, unseen = (cube.cells[:, :, :step].sum(axis=(0, 2)) for step in (policy.review, policy.decline))
        found.append(constant + flagged @ reviewed + unseen @ (declined - reviewed))
    return np.array(found)


def _daily_coefficients(cube: Cube, prices: Assumptions) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    """Names of all figures; their constants on each day, (days, figures); their coefficients of orders reviewed and
    declined, (figures, 4) each, the same on every day."""
    if cube.days is None:
        raise PolicyError(
            "Intervals need the time of each order: whole days are resampled. Map ordered_at, the time of the order, "
            "to a column."
        )
    coefs = [coefficients(prices, day) for day in daily_totals(cube)]
    return coefs[0].names, np.array([one.constant for one in coefs]), coefs[0].reviewed, coefs[0].declined


def _daily_sums(cube: Cube) -> Floats:
    """`running_sums` of each day: (days, steps + 1, 4)."""
    flagged = np.cumsum(cube.cells.sum(axis=0)[:, :-1], axis=1)
    sums: Floats = np.concatenate([np.zeros((len(flagged), 1, flagged.shape[2])), flagged], axis=1)
    return sums


def bands(
    cube: Cube, prices: Assumptions, figure: str, steps: NDArray[np.int64] | None = None, *, level: float = 0.95,
    seed: int = 1,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Low and high ends of a figure at these steps as the review line, None is all: (steps,) each; NaN where it has no
    value."""
    at = slice(None) if steps is None else steps
    drawn, value = _replicated(cube, prices, figure, seed, at), _at_hand(cube, prices, figure)[at]
    return _ends(drawn, value, _days(cube), level, figure)


def figure_intervals(
    cube: Cube, prices: Assumptions, figures: Sequence[str], policy: Policy, *, level: float = 0.95, seed: int = 1
) -> dict[str, Interval]:
    """Figures of a policy, each with its interval; NaN where one has no value."""
    return intervals_and_change(cube, prices, figures, policy, policy, level=level, seed=seed)[0]


def intervals_and_change(
    cube: Cube, prices: Assumptions, figures: Sequence[str], a: Policy, b: Policy, *, level: float = 0.95, seed: int = 1
) -> tuple[dict[str, Interval], dict[str, Interval], tuple[float, float]]:
    """Figures of two policies with their intervals, and the interval of what B saves over A, $."""
    linear = sorted({part for figure in figures for part in RATIOS.get(figure, (figure,))} | {"saving"})
    policies = [a] if a == b else [a, b]
    daily = _daily_of(cube, prices, linear, policies)
    found = [
        _intervals(cube, prices, figures, linear, one, policy, level, seed)
        for one, policy in zip(daily, policies, strict=True)
    ]
    change = (daily[-1] - daily[0])[:, linear.index("saving")]
    return found[0], found[-1], change_interval(change, level=level, seed=seed)


def _intervals(
    cube: Cube, prices: Assumptions, figures: Sequence[str], linear: list[str], daily: Floats, policy: Policy,
    level: float, seed: int,
) -> dict[str, Interval]:  # fmt: skip
    """daily: (days, linear) of the policy."""
    drawn = day_weights(len(daily), seed=seed) @ daily
    value = price(coefficients(prices, totals_of(cube)), *running_sums(cube)[[policy.review, policy.decline]])
    found = {}
    for figure in figures:
        replicates = _over(drawn[:, [linear.index(part) for part in RATIOS.get(figure, (figure,))]])
        low, high = _ends(replicates[:, None], value[figure][None], _days(cube), level, figure)
        found[figure] = Interval(float(value[figure]), float(low[0]), float(high[0]))
    return found


def _over(parts: Floats) -> Floats:
    """(n, 1): as it is; (n, 2): the first over the second, NaN over nothing. (n,)."""
    if parts.shape[1] == 1:
        return parts[:, 0]
    rates: Floats = np.divide(parts[:, 0], parts[:, 1], out=np.full(len(parts), np.nan), where=parts[:, 1] != 0)
    return rates


def cheapest_interval(
    cube: Cube, prices: Assumptions, *, level: float = 0.95, seed: int = 1
) -> tuple[Floats, Interval]:
    """The cheapest step of each replicate, (replicates,), and the interval of its threshold, no limit on reviews set;
    flag nobody counts as `FLAG_NOBODY`, above every score."""
    drawn = _replicated(cube, prices, "total_cost", seed)
    steps = drawn.argmin(axis=1)
    thresholds = np.concatenate([[FLAG_NOBODY], cube.thresholds])
    best = int(_at_hand(cube, prices, "total_cost").argmin())
    low, high = np.quantile(thresholds[steps], [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    return steps, Interval(float(thresholds[best]), float(low), float(high))


def compare(
    cube: Cube, prices: Assumptions, a: Policy | None, b: Policy, *, level: float = 0.95, seed: int = 1
) -> Compared:
    """Moving from policy A to policy B on the same orders and the same resampled days; A None is *approve everything*,
    which scores nobody and saves nothing on any day."""
    daily = _daily_of(cube, prices, ["saving"], [b] if a is None else [b, a])[:, :, 0]
    change = daily[0] if a is None else daily[0] - daily[1]
    drawn = day_weights(len(change), seed=seed) @ change
    low, high = change_interval(change, level=level, seed=seed)
    legit, fraud = _changed(running_sums(cube)[:, :2], a or Policy(0), b)
    better = float((drawn > 0).mean() + (drawn == 0).mean() / 2)
    return Compared(float(change.sum()), low, high, better, float(fraud), float(legit),
                    _few(len(change), float(fraud)) if change.any() or len(change) == 1 else "")  # fmt: skip


def change_interval(change: Floats, *, level: float = 0.95, seed: int = 1) -> tuple[float, float]:
    """The interval of a sum of $ over the days: (days,) of them; NaN on a single day."""
    drawn = day_weights(len(change), seed=seed) @ change
    low, high = _ends(drawn[:, None], np.array([change.sum()]), len(change), level, "saving")
    return float(low[0]), float(high[0])


def _changed(sums: Floats, a: Policy, b: Policy) -> Floats:
    """What the orders hold that the two policies treat differently: those between their review lines and those between
    their decline lines, an order in both counted once."""
    ends = [sorted(pair) for pair in ((a.review, b.review), (a.decline, b.decline))]
    both = (max(low for low, _ in ends), min(high for _, high in ends))
    found: Floats = sum((sums[high] - sums[low] for low, high in ends), np.zeros(sums.shape[1]))
    return found - (sums[both[1]] - sums[both[0]] if both[0] < both[1] else 0)


def _few(days: int, fraud: float) -> str:
    if days == 1:
        return "A single day cannot be resampled: there is no interval."
    if days < FEWEST_DAYS:
        return f"{days} days are too few to resample: the interval holds the truth less often than it says."
    if fraud < FEWEST_FRAUDS:
        return "With so few frauds to decide it the interval holds the truth less often than it says."
    return ""


def _replicated(
    cube: Cube, prices: Assumptions, figure: str, seed: int, at: slice | NDArray[np.int64] = slice(None)
) -> Floats:
    """A figure in every replicate with each of the steps as the review line: (replicates, steps)."""
    if figure in RATIOS:
        top, bottom = (_replicated(cube, prices, part, seed, at) for part in RATIOS[figure])
        ratio: Floats = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
        return ratio
    daily = daily_figure(cube, prices, figure)[:, at]
    return np.asarray(day_weights(len(daily), seed=seed) @ daily)


def _at_hand(cube: Cube, prices: Assumptions, figure: str) -> Floats:
    return price(coefficients(prices, totals_of(cube)), running_sums(cube))[figure]


_SIGNED = ("saving", "flac", "flac_sales")


def _days(cube: Cube) -> int:
    assert cube.days is not None
    return len(cube.days)


def _ends(drawn: Floats, value: Floats, days: int, level: float, figure: str) -> tuple[Floats, Floats]:
    """The percentile interval, stretched about the value as few days need it (Hesterberg 2015: percentile intervals
    of n days are as narrow as normal ones with n in the denominator; t and n − 1 are right). What cannot be negative,
    or a share above 1, is not stretched to be. NaN on a single day, which tells nothing of others."""
    if days == 1:
        return np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    tail = (1 - level) / 2
    stretch = t.ppf(1 - tail, days - 1) / norm.ppf(1 - tail) * np.sqrt(days / (days - 1))
    low, high = _quantiles(drawn, np.array([tail, 1 - tail]))
    low, high = value - stretch * (value - low), value + stretch * (high - value)
    least, most = (-np.inf if figure in _SIGNED else 0.0), (1.0 if figure in SHARES else np.inf)
    return np.maximum(low, least), np.minimum(high, most)


def _quantiles(drawn: Floats, shares: Floats) -> Floats:
    """np.quantile down each column, of the replicates in which a rate has a value; NaN where it never has one."""
    holes = np.isnan(drawn)
    if not holes.any():
        return np.asarray(np.quantile(drawn, shares, axis=0))
    ordered, last = np.sort(drawn, axis=0), np.maximum((~holes).sum(axis=0) - 1, 0)  # NaN sorts to the end
    places = shares[:, None] * last
    below = places.astype(np.int64)
    low, high = (np.take_along_axis(ordered, np.minimum(at, last), axis=0) for at in (below, below + 1))
    found: Floats = low + (places - below) * (high - low)
    return found

"""What must be true of the prices for a decision to stand: each over its range, two at a time, all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import FIELDS, Assumptions
from core.errors import AssumptionsError
from core.pricing.applied import Applied, Case
from core.pricing.economics import coefficients

Floats = NDArray[np.float64]

PLAUSIBLE: dict[str, tuple[float, float]] = {
    name: about["tried"] for name, about in FIELDS.items() if about["tried"] is not None
}
"""field → the range it is tried over, as its row of `Assumptions` says. Changeable."""
DRAWS = 1_000


@dataclass(frozen=True)
class Swing:
    """One price from the low end of its range to the high one, all others as they are.

    at_low, at_high: the decision's worth ($ of the period). step_low, step_high: the cheapest step there.
    break_even: the value at which the decision is worth nothing; NaN where none in the field's own range.
    """

    field: str
    low: float
    high: float
    at_low: float
    at_high: float
    step_low: int
    step_high: int
    break_even: float


def worth(case: Case) -> float:
    """What the policy saves over the baseline in the period, $; over approving everything where that is None."""
    return _worth_at(case, case.prices)


def tornado(case: Case, ranges: Mapping[str, tuple[float, float]] = PLAUSIBLE) -> list[Swing]:
    """Every price over its range, the one that moves the decision most first. What becomes of each order stays: it was
    decided on the prices believed."""
    swings = [_swing(case, name, ends) for name, ends in ranges.items()]
    return sorted(swings, key=lambda swing: -abs(swing.at_high - swing.at_low))


def _swing(case: Case, name: str, ends: tuple[float, float]) -> Swing:
    low, high = (with_price(case.prices, name, value) for value in ends)
    return Swing(
        name,
        *ends,
        at_low=_worth_at(case, low),
        at_high=_worth_at(case, high),
        step_low=int(_saving_at_every_step(case.policy, low).argmax()),
        step_high=int(_saving_at_every_step(case.policy, high).argmax()),
        break_even=_break_even(case, name),
    )


def _break_even(case: Case, name: str) -> float:
    low, high = float(FIELDS[name]["low"]), float(FIELDS[name]["high"])
    at_low, at_high = (_worth_at(case, with_price(case.prices, name, end)) for end in (low, high))
    if abs(at_high - at_low) < 1e-9:
        return float("nan")
    value = low - at_low / (at_high - at_low) * (high - low)
    return value if low < value < high else float("nan")  # at an end no price goes further


def two_way(
    case: Case,
    across: str,
    down: str,
    *,
    size: int = 21,
    ranges: Mapping[str, tuple[float, float]] = PLAUSIBLE,
) -> pd.DataFrame:
    """The decision's worth over a grid of two prices: one row a value of down, one column a value of across."""
    if across == down:
        raise AssumptionsError("Choose two different prices for the map.")
    columns, rows = (np.linspace(*ranges[name], size) for name in (across, down))
    table = [[_worth_at(case, _priced(case.prices, (down, across), np.array([d, a]))) for a in columns] for d in rows]
    return pd.DataFrame(table, index=pd.Index(rows, name=down), columns=pd.Index(columns, name=across))


def share_that_stands(
    case: Case, ranges: Mapping[str, tuple[float, float]] = PLAUSIBLE, *, draws: int = DRAWS, seed: int = 1
) -> tuple[float, Floats]:
    """Share of plausible prices (each drawn evenly from its range, independently) under which the policy is worth more
    than the baseline, 0–1; and its worth in each draw, (draws,)."""
    random = np.random.default_rng(seed)
    names = list(ranges)
    low, high = np.array([ranges[name] for name in names]).T
    drawn = random.uniform(low, high, (draws, len(names)))
    found = np.array([_worth_at(case, _priced(case.prices, names, row)) for row in drawn])
    return float((found > 0).mean()), found


def with_price(prices: Assumptions, name: str, value: float) -> Assumptions:
    """prices with one of them changed."""
    changed: dict[str, Any] = {name: float(value)}
    return replace(prices, **changed)


def _priced(prices: Assumptions, names: Sequence[str], values: Floats) -> Assumptions:
    changed: dict[str, Any] = dict(zip(names, map(float, values), strict=True))
    return replace(prices, **changed)


def _saving_at_every_step(policy: Applied, prices: Assumptions) -> Floats:
    coefs, sums = coefficients(prices, policy.totals), policy.curve_sums
    place = coefs.names.index("saving")
    reviewed, declined = coefs.reviewed[place], coefs.declined[place]
    saving: Floats = coefs.constant[place] + (sums.stopped - sums.declined) @ reviewed + sums.declined @ declined
    return saving


def _worth_at(case: Case, prices: Assumptions) -> float:
    return _saving_of(case.policy, prices) - (0.0 if case.baseline is None else _saving_of(case.baseline, prices))


def _saving_of(policy: Applied, prices: Assumptions) -> float:
    coefs, (stopped, declined) = coefficients(prices, policy.totals), policy.sums
    place = coefs.names.index("saving")
    parts = coefs.constant[place] + (stopped - declined) @ coefs.reviewed[place] + declined @ coefs.declined[place]
    return float(parts)

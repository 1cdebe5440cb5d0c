"""What must be true of the prices for a decision to stand: each over its range, two at a time, all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.assumptions import FIELDS, Assumptions
from core.errors import AssumptionsError
from core.policy import Policy
from core.pricing.cube import Cube, Totals, running_sums, totals_of
from core.pricing.economics import coefficients

Floats = NDArray[np.float64]

PLAUSIBLE: dict[str, tuple[float, float]] = {
    "review_cost": (6.0, 24.0),
    "reviewer_catch_rate": (0.7, 1.0),
    "reviewer_false_decline_rate": (0.0, 0.1),
    "abandonment_rate": (0.0, 0.2),
    "fraud_loss_rate": (0.15, 1.0),
    "chargeback_fee": (0.0, 40.0),
    "api_cost": (0.01, 0.2),
    "margin_rate": (0.05, 0.5),
    "insult_cost": (0.0, 50.0),
}
"""field → the range it is tried over: half to twice the interview's figure, or what the field reports. Changeable."""
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


def worth(cube: Cube, prices: Assumptions, line: Policy, baseline: Policy | None) -> float:
    """What the line saves over the baseline in the period, $; over approving everything where that is None."""
    return _worth_of(totals_of(cube), prices, _decision_sums(cube, line, baseline), baseline)


def tornado(
    cube: Cube,
    prices: Assumptions,
    line: Policy,
    baseline: Policy | None,
    ranges: Mapping[str, tuple[float, float]] = PLAUSIBLE,
) -> list[Swing]:
    """Every price over its range, the one that moves the decision most first."""
    totals, sums, decision = totals_of(cube), running_sums(cube), _decision_sums(cube, line, baseline)
    swings = [_swing(totals, sums, decision, prices, baseline, name, ends) for name, ends in ranges.items()]
    return sorted(swings, key=lambda swing: -abs(swing.at_high - swing.at_low))


def _swing(
    totals: Totals, sums: Floats, decision: Floats, prices: Assumptions, baseline: Policy | None, name: str,
    ends: tuple[float, float],
) -> Swing:  # fmt: skip
    low, high = (with_price(prices, name, value) for value in ends)
    return Swing(
        name,
        *ends,
        at_low=_worth_of(totals, low, decision, baseline),
        at_high=_worth_of(totals, high, decision, baseline),
        step_low=int(_saving(totals, sums, low).argmax()),
        step_high=int(_saving(totals, sums, high).argmax()),
        break_even=_break_even(totals, decision, prices, baseline, name),
    )


def _break_even(totals: Totals, sums: Floats, prices: Assumptions, baseline: Policy | None, name: str) -> float:
    low, high = float(FIELDS[name]["low"]), float(FIELDS[name]["high"])
    at_low, at_high = (_worth_of(totals, with_price(prices, name, end), sums, baseline) for end in (low, high))
    if abs(at_high - at_low) < 1e-9:
        return float("nan")
    value = low - at_low / (at_high - at_low) * (high - low)
    return value if low < value < high else float("nan")  # at an end nobody can go further


def two_way(
    cube: Cube, prices: Assumptions, line: Policy, baseline: Policy | None, across: str, down: str, *, size: int = 21,
    ranges: Mapping[str, tuple[float, float]] = PLAUSIBLE,
) -> pd.DataFrame:  # fmt: skip
    """The decision's worth over a grid of two prices: one row a value of down, one column a value of across."""
    if across == down:
        raise AssumptionsError("Choose two different prices for the map.")
    columns, rows = (np.linspace(*ranges[name], size) for name in (across, down))
    sums, totals = _decision_sums(cube, line, baseline), totals_of(cube)
    table = [
        [_worth_of(totals, _priced(prices, (down, across), np.array([d, a])), sums, baseline) for a in columns]
        for d in rows
    ]
    return pd.DataFrame(table, index=pd.Index(rows, name=down), columns=pd.Index(columns, name=across))


def share_that_stands(
    cube: Cube, prices: Assumptions, line: Policy, baseline: Policy | None,
    ranges: Mapping[str, tuple[float, float]] = PLAUSIBLE, *, draws: int = DRAWS, seed: int = 1,
) -> tuple[float, Floats]:  # fmt: skip
    """Share of plausible prices (each drawn evenly from its range, independently) under which the line is worth more
    than the baseline, 0–1; and its worth in each draw, (draws,)."""
    random = np.random.default_rng(seed)
    names = list(ranges)
    low, high = np.array([ranges[name] for name in names]).T
    drawn = random.uniform(low, high, (draws, len(names)))
    sums, totals = _decision_sums(cube, line, baseline), totals_of(cube)
    found = np.array([_worth_of(totals, _priced(prices, names, row), sums, baseline) for row in drawn])
    return float((found > 0).mean()), found


def with_price(prices: Assumptions, name: str, value: float) -> Assumptions:
    """prices with one of them changed."""
    changed: dict[str, Any] = {name: float(value)}
    return replace(prices, **changed)


def _priced(prices: Assumptions, names: Sequence[str], values: Floats) -> Assumptions:
    changed: dict[str, Any] = dict(zip(names, map(float, values), strict=True))
    return replace(prices, **changed)


def _saving(totals: Totals, sums: Floats, prices: Assumptions) -> Floats:
    coefs = coefficients(prices, totals)
    place = coefs.names.index("saving")
    saving: Floats = coefs.constant[place] + sums @ coefs.reviewed[place]
    return saving


def _decision_sums(cube: Cube, line: Policy, baseline: Policy | None) -> Floats:
    """The sums flagged and those declined, at line and at baseline: (2, 2, 4)."""
    other = Policy(0) if baseline is None else baseline
    return running_sums(cube)[[[line.review, line.decline], [other.review, other.decline]]]


def _worth_of(totals: Totals, prices: Assumptions, sums: Floats, baseline: Policy | None) -> float:
    coefs = coefficients(prices, totals)
    place = coefs.names.index("saving")
    reviewed, declined = coefs.reviewed[place], coefs.declined[place]
    line, other = coefs.constant[place] + sums[:, 0] @ reviewed + sums[:, 1] @ (declined - reviewed)
    return float(line - (0.0 if baseline is None else other))

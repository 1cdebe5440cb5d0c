"""A claim such as "2 % to 0.5 % false positives is worth +$45K a month at $12 a review", worked out in closed form and
on the loaded orders: what it fixes, and what would have to be true."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from math import isfinite, nan
from typing import Any

import pandas as pd

from core.assumptions import Assumptions
from core.deciding.confidence import Compared, compare_steps
from core.errors import AssumptionsError
from core.policy import Steps
from core.pricing.cube import Cube, totals_of
from core.pricing.curve import last_step_within, month_factor, price_curve


def _blank(default: float, label: str, kind: str, unit: str, low: float, high: float) -> Any:
    """A blank of the sentence; kind: of `assumptions.KINDS`."""
    return field(default=default, metadata={"label": label, "kind": kind, "unit": unit, "low": low, "high": high})


@dataclass(frozen=True)
class Claim:
    """The blanks of the sentence; AssumptionsError names one that is out of range. Defaults: design.md section 7."""

    fpr_from: float = _blank(0.02, "From FPR", "share", "share", 0, 1)
    fpr_to: float = _blank(0.005, "To FPR", "share", "share", 0, 1)
    detection_from: float = _blank(0.95, "Detection before", "share", "share", 0, 1)
    detection_to: float = _blank(0.93, "Detection after", "share", "share", 0, 1)
    review_cost: float = _blank(12.0, "Review cost", "dollars", "$", 0, 10_000)
    orders: float = _blank(300_000, "Orders a month", "count", "orders", 1, 1e10)
    fraud_rate: float = _blank(0.01, "Fraud rate", "share", "share", 0, 1)
    loss_per_fraud: float = _blank(153.0, "Loss per fraud shipped", "dollars", "$", 0, 1e6)
    claimed: float = _blank(45_000.0, "Claimed", "dollars", "$ a month", -1e9, 1e9)

    def __post_init__(self) -> None:
        for about in fields(self):
            value, low, high = getattr(self, about.name), about.metadata["low"], about.metadata["high"]
            if not (isfinite(value) and low <= value <= high):
                raise AssumptionsError(f"{about.metadata['label']} must be from {low:g} to {high:g}. Got: {value!r}.")


def claim_of_link(values: Mapping[str, str]) -> tuple[Claim, list[str]]:
    """The claim whose blanks a link states, by name and as plain numbers (shares 0–1); and a note for each ignored.

    >>> claim, notes = claim_of_link({"review_cost": "8", "fpr_to": "2", "volume": "1"})
    >>> claim.review_cost, claim.fpr_to, notes
    (8.0, 0.005, ['To FPR must be from 0 to 1. Got: 2.0.', "A claim has no blank 'volume'."])
    """
    claim, notes = Claim(), []
    for name, value in values.items():
        if name not in {about.name for about in fields(Claim)}:
            notes.append(f"A claim has no blank {name[:60]!r}.")
            continue
        blank: dict[str, Any] = {name: _number(value)}
        try:
            claim = replace(claim, **blank)
        except AssumptionsError as fault:
            notes.append(str(fault))
    return claim, notes


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return nan


@dataclass(frozen=True)
class Worked:
    """A claim in dollars a month. fewer_false_positives, fewer_caught: orders; review_saving: of reviews not done, on
    either; fraud_let_through: loss of fraud no longer caught; net = review_saving − fraud_let_through."""

    fewer_false_positives: float
    fewer_caught: float
    review_saving: float
    fraud_let_through: float

    @property
    def net(self) -> float:
        """$ a month; positive is a gain."""
        return self.review_saving - self.fraud_let_through


def work_out(claim: Claim) -> Worked:
    """The claim in closed form, perfect reviewers, scoring paid for either way.

    >>> round(work_out(Claim()).net, 6)
    45000.0
    """
    fraud = claim.orders * claim.fraud_rate
    fewer = (claim.fpr_from - claim.fpr_to) * (claim.orders - fraud)
    caught = (claim.detection_from - claim.detection_to) * fraud
    return Worked(fewer, caught, claim.review_cost * (fewer + caught), caught * claim.loss_per_fraud)


NEEDED = ("orders", "loss_per_fraud", "review_cost", "fraud_rate", "detection_to", "fpr_from")


def needed_for(claim: Claim, goal: float) -> dict[str, float]:
    """Each blank's value that alone would make the claim worth exactly goal dollars; NaN where none in range does.

    The net is linear in each of them, so two points give the line.
    """
    return {name: _solve(claim, name, goal) for name in NEEDED}


def _solve(claim: Claim, name: str, goal: float) -> float:
    about = next(f.metadata for f in fields(claim) if f.name == name)
    low, high = about["low"], about["high"]
    at_low, at_high = (work_out(replace(claim, **{name: end})).net for end in (low, high))
    if at_low == at_high:
        return nan
    value = low + (goal - at_low) / (at_high - at_low) * (high - low)
    return float(value) if low <= value <= high else nan


def break_even_drop(claim: Claim) -> float:
    """The drop in detection, as a share, at which the move is worth nothing; NaN where no drop there can be does it:
    a missed fraud costs no more than its review, or the reviews saved outweigh all the fraud there is."""
    dearer = claim.loss_per_fraud - claim.review_cost
    fraud = claim.orders * claim.fraud_rate
    if dearer <= 0 or fraud == 0:
        return nan
    drop = claim.review_cost * (claim.fpr_from - claim.fpr_to) * (claim.orders - fraud) / (fraud * dearer)
    return drop if 0 <= drop <= claim.detection_from else nan


@dataclass(frozen=True)
class OnOrders:
    """The move on the loaded orders, in dollars a month of 30 days (of the period where there are no times).

    before, after: figures of `price_curve` at the two lines, rates and month-scaled dollars. worked: as for a claim.
    insult: $ of buyers kept. compared: the saving with its interval, None where the orders carry no times.
    """

    before: dict[str, float]
    after: dict[str, float]
    worked: Worked
    insult: float
    compared: Compared | None

    @property
    def net(self) -> float:
        """$ gained, buyers kept included; positive is a gain."""
        return self.worked.net + self.insult


def on_orders(cube: Cube, prices: Assumptions, claim: Claim) -> OnOrders:
    """The lines whose FPR keeps within the claim's two, at these prices and the claim's review cost."""
    prices = replace(prices, review_cost=claim.review_cost)
    curve, totals = price_curve(cube, prices), totals_of(cube)
    steps = [last_step_within(curve, fpr) for fpr in (claim.fpr_from, claim.fpr_to)]
    factor = month_factor(totals) or 1.0
    before, after = (_month(curve, step, factor) for step in steps)
    worked = Worked(
        before["false_positives"] - after["false_positives"],
        before["caught"] - after["caught"],
        before["review_cost"] - after["review_cost"],
        after["fraud_loss"] - before["fraud_loss"],
    )
    compared = None if cube.days is None else _scaled(compare_steps(cube, prices, *map(Steps, steps)), factor)
    return OnOrders(before, after, worked, before["insult_cost"] - after["insult_cost"], compared)


def needed_on_orders(found: OnOrders, goal: float) -> dict[str, float]:
    """What alone would make the move worth goal dollars on the loaded orders: `volume` and `loss`, factors on the
    orders and on what a fraud costs, and `review_cost` in $; NaN where nothing positive does."""
    worked, gain = found.worked, found.net
    fewer = worked.fewer_false_positives + worked.fewer_caught
    costs = worked.fraud_let_through - found.insult
    solved = {
        "volume": goal / gain if gain else nan,
        "loss": (worked.review_saving + found.insult - goal) / worked.fraud_let_through
        if worked.fraud_let_through
        else nan,
        "review_cost": (goal + costs) / fewer if fewer else nan,
    }
    return {name: value if value > 0 else nan for name, value in solved.items()}


_SCALED = ("false_positives", "caught", "review_cost", "fraud_loss", "insult_cost", "total_cost", "saving")
_RATES = ("threshold", "false_positive_rate", "detection_rate", "precision", "review_rate")


def _month(curve: pd.DataFrame, step: int, factor: float) -> dict[str, float]:
    row = curve.iloc[step]
    return {name: factor * float(row[name]) for name in _SCALED} | {name: float(row[name]) for name in _RATES}


def _scaled(found: Compared, factor: float) -> Compared:
    """Dollars to a month; the orders that decide stay as many as there are."""
    return replace(found, change=factor * found.change, low=factor * found.low, high=factor * found.high)


def what_must_be_true(claim: Claim, words: Callable[[str, float], str]) -> list[str]:
    """One sentence a blank: what it alone would have to be for the claimed figure. words: name, value → text."""
    found = []
    for name, value in needed_for(claim, claim.claimed).items():
        label = next(f.metadata["label"] for f in fields(claim) if f.name == name)
        now = words(name, getattr(claim, name))
        if value != value:
            found.append(f"{label}: no value alone would do it (now {now})")
        else:
            found.append(f"{label}: {words(name, value)} (now {now})")
    return found

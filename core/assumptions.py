"""The prices: what a review, a call, a lost order and a shipped fraud cost. Every field says its unit and range."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from core.errors import AssumptionsError

CHOICES = {"flac_sales_basis": ("settled", "booked")}
OPTIONAL = ("reviews_per_day",)


KINDS = ("share", "dollars", "minutes", "count", "weight", "ratio", "choice")
"""What a price is: a share (0–1, shown in %), dollars, minutes, a count, a weight, one count over another, a choice."""


def _price(
    default: Any, label: str, kind: str, unit: str, low: float, high: float, group: str, text: str,
    *, step: float = 1.0, tried: tuple[float, float] | None = None,
) -> Any:  # fmt: skip
    """One row: everything the product knows of a price but what it does, which is a cell of `pricing/order_costs.py`.

    kind: of `KINDS`, decides how it is shown; unit: its words. low, high: the values allowed. step: of its input, as
    shown (a share in percentage points). tried: the range the decision is tested over, half to twice the interview's
    figure or what the field reports; None for one that is no dollar of an order.
    """
    about = {"label": label, "kind": kind, "unit": unit, "low": low, "high": high, "group": group, "help": text}
    return field(default=default, metadata=about | {"step": step, "tried": tried})


@dataclass(frozen=True)
class Assumptions:
    """The prices behind every figure in dollars; the defaults are the interview's.

    A value out of its range, or of the wrong kind, raises AssumptionsError naming field, value and range.

    >>> Assumptions(review_cost=10.0).review_cost
    10.0
    >>> Assumptions(review_cost=-1.0)
    Traceback (most recent call last):
        ...
    core.errors.AssumptionsError: review_cost must be from 0 to 10000 ($ a review). Got: -1.0.
    """

    review_cost: float = _price(
        12.0, "Review cost", "dollars", "$ a review", 0, 10_000, "Review", "What one manual review costs, all in.",
        tried=(6.0, 24.0),
    )  # fmt: skip
    reviewer_catch_rate: float = _price(
        1.0, "Reviewer catch rate", "share", "share", 0, 1, "Review", "Share of flagged fraud that a review stops.",
        tried=(0.7, 1.0),
    )  # fmt: skip
    reviewer_false_decline_rate: float = _price(
        0.0, "Wrongly declined", "share", "share", 0, 1, "Review",
        "Share of reviewed legit orders declined by mistake.",
        tried=(0.0, 0.1),
    )  # fmt: skip
    abandonment_rate: float = _price(
        0.0, "Abandonment", "share", "share", 0, 1, "Review", "Share of held legit orders whose buyer walks away.",
        tried=(0.0, 0.2),
    )  # fmt: skip
    review_minutes: float = _price(
        15.0, "Review time", "minutes", "minutes", 0, 600, "Review",
        "Minutes one review takes: hours and staff follow from it.",
    )  # fmt: skip
    reviews_per_day: float | None = _price(
        None, "Review capacity", "count", "reviews a day", 1, 10_000_000, "Review",
        "Reviews the team can do in a day. The cheapest threshold keeps within it. Empty: no limit.",
    )  # fmt: skip
    fraud_loss_rate: float = _price(
        0.30, "Fraud loss", "share", "share of amount", 0, 5, "Fraud",
        "Share of the order's amount lost when fraud ships. The interview's '30 % fraud loss baseline' is read as "
        "loss given fraud; its text leaves that open. 1.0: the merchant carries the full loss.",
        tried=(0.15, 1.0),
    )  # fmt: skip
    chargeback_fee: float = _price(
        0.0, "Chargeback fee", "dollars", "$ a fraud", 0, 10_000, "Fraud", "Fee for each fraud that ships.",
        tried=(0.0, 40.0),
    )  # fmt: skip
    api_cost: float = _price(
        0.05, "Scoring call", "dollars", "$ a call", 0, 100, "Scoring",
        "What one scoring call costs. Orders the pre-filter cleared make none.",
        step=0.05, tried=(0.01, 0.2),
    )  # fmt: skip
    margin_rate: float = _price(
        0.20, "Margin", "share", "share of amount", 0, 1, "Buyers", "Margin lost when a legit order is lost.",
        tried=(0.05, 0.5),
    )  # fmt: skip
    insult_cost: float = _price(
        0.0, "Insult cost", "dollars", "$ an order", 0, 100_000, "Buyers",
        "Later business lost for each legit order lost.",
        tried=(0.0, 50.0),
    )  # fmt: skip
    loss_aversion: float = _price(
        1.0, "Loss aversion", "weight", "weight", 0, 20, "Buyers",
        "Weight sellers put on a dollar of false-positive cost (2.25 in Tversky & Kahneman 1992). "
        "Moves perceived cost only, never cash.",
        step=0.25,
    )  # fmt: skip
    conversion_rate: float = _price(
        0.03, "Conversion", "ratio", "orders a session", 0.0001, 1, "FLAC",
        "Orders ÷ sessions. Used only where the data has no count of sessions.",
        step=0.01,
    )  # fmt: skip
    flac_sales_basis: str = _price(
        "settled", "FLAC sales basis", "choice", "", 0, 0, "FLAC",
        "settled: sales are legit orders shipped. booked: fraud that shipped counts as a sale too; with a fraud "
        "loss below 1 that rewards shipping fraud.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            _check(name, value)


FIELDS = {f.name: f.metadata for f in fields(Assumptions)}


def assumptions_from(values: Mapping[str, Any]) -> Assumptions:
    """Prices from a mapping (a TOML file, a link, `--set`): fields not named keep their default.

    Text is read as the field's kind; "none" empties an optional one. An unknown name raises AssumptionsError.

    >>> assumptions_from({"review_cost": "8.5"}).review_cost
    8.5
    >>> assumptions_from({"reviw_cost": 8})
    Traceback (most recent call last):
        ...
    core.errors.AssumptionsError: There is no assumption 'reviw_cost'. Known: abandonment_rate, api_cost, ...
    """
    unknown = sorted(set(values) - set(FIELDS))
    if unknown:
        known = ", ".join(sorted(FIELDS))
        raise AssumptionsError(f"There is no assumption {unknown[0]!r}. Known: {known}.")
    return Assumptions(**{name: _read(name, value) for name, value in values.items()})


def _read(name: str, value: Any) -> Any:
    if name in CHOICES or not isinstance(value, str):
        return float(value) if type(value) is int else value
    if name in OPTIONAL and value.strip().lower() in ("", "none"):
        return None
    try:
        return float(value)
    except ValueError:
        raise AssumptionsError(f"{name} must be a number ({FIELDS[name]['unit']}). Got: {value!r}.") from None


def _check(name: str, value: Any) -> None:
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise AssumptionsError(f"{name} must be one of {', '.join(CHOICES[name])}. Got: {value!r}.")
        return
    if value is None and name in OPTIONAL:
        return
    low, high, unit = FIELDS[name]["low"], FIELDS[name]["high"], FIELDS[name]["unit"]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not low <= value <= high:
        raise AssumptionsError(f"{name} must be from {low:g} to {high:g} ({unit}). Got: {value!r}.")


DEFAULTS = Assumptions()

PRESETS: dict[str, Assumptions] = {
    "Interview baseline": DEFAULTS,
    "Merchant carries the full loss": Assumptions(
        fraud_loss_rate=1.0,
        chargeback_fee=20.0,
        reviewer_catch_rate=0.9,
        reviewer_false_decline_rate=0.05,
        abandonment_rate=0.05,
    ),
}

"""Prices are checked where they are made, and the message names field, range and value."""

import pytest

from core.assumptions import CHOICES, DEFAULTS, FIELDS, KINDS, PRESETS, Assumptions, assumptions_from
from core.errors import AssumptionsError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("review_cost", -1.0),
        ("review_cost", float("nan")),
        ("review_cost", float("inf")),
        ("fraud_loss_rate", 5.1),
        ("reviewer_catch_rate", 1.01),
        ("review_cost", None),
        ("review_cost", True),
        ("review_cost", [1]),
        ("reviews_per_day", 0.0),
        ("conversion_rate", 0.0),
        ("flac_sales_basis", "hopeful"),
    ],
)
def test_a_value_out_of_range_is_named(name: str, value: object) -> None:
    with pytest.raises(AssumptionsError, match=rf"^{name} must be .*Got: "):
        Assumptions(**{name: value})


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(AssumptionsError, match="no assumption 'review_price'"):
        assumptions_from({"review_price": 3})


def test_text_is_read_as_the_fields_kind() -> None:
    prices = assumptions_from({"review_cost": "8", "reviews_per_day": "none", "flac_sales_basis": "booked"})
    assert prices == Assumptions(review_cost=8.0, flac_sales_basis="booked")
    with pytest.raises(AssumptionsError, match="must be a number"):
        assumptions_from({"review_cost": "twelve"})


def test_the_defaults_are_the_interviews_figures() -> None:
    assert (DEFAULTS.review_cost, DEFAULTS.api_cost, DEFAULTS.fraud_loss_rate) == (12.0, 0.05, 0.30)
    assert PRESETS["Interview baseline"] == DEFAULTS


def test_the_range_of_every_field_holds_its_default() -> None:
    for name, about in FIELDS.items():
        value = getattr(DEFAULTS, name)
        assert value is None or isinstance(value, str) or about["low"] <= value <= about["high"]


@pytest.mark.parametrize("name", FIELDS)
def test_a_row_says_what_kind_of_price_it_is(name: str) -> None:
    about = FIELDS[name]
    assert about["kind"] in KINDS, f"core/assumptions.py: the kind of {name} is one of {', '.join(KINDS)}"
    assert (about["kind"] == "choice") == (name in CHOICES)
    for kind, word in (("share", "share"), ("dollars", "$")):
        assert (about["kind"] == kind) == about["unit"].startswith(word), (
            f"core/assumptions.py: kind and unit of {name}"
        )
    assert about["step"] > 0


@pytest.mark.parametrize("name", FIELDS)
def test_shares_and_dollars_say_the_range_they_are_tried_over(name: str) -> None:
    """So that no price is left out of *What must be true* in silence."""
    about = FIELDS[name]
    needed = about["kind"] in ("share", "dollars")
    assert (about["tried"] is not None) == needed, f"core/assumptions.py: give {name} the range `tried=(low, high)`"
    if needed:
        low, high = about["tried"]
        assert about["low"] <= low < high <= about["high"], (
            f"core/assumptions.py: `tried` of {name} is out of its range"
        )

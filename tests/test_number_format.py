"""Numbers as people read them; the browser's twin is compared in tests/browser."""

import math

import pytest

from core.number_format import (
    FORMATS,
    NO_VALUE,
    count,
    dollars,
    dollars_fine,
    dollars_short,
    fixed,
    percent_short,
    points,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "$0"),
        (999.4, "$999"),
        (999.5, "$1.0K"),
        (54_180, "$54.2K"),
        (54_250, "$54.3K"),  # an exact tie goes away from zero, as in the browser
        (999_949, "$999.9K"),
        (999_950, "$1.00M"),
        (-45_000, "−$45.0K"),
        (-0.2, "$0"),
    ],
)
def test_dollars_in_short(value: float, text: str) -> None:
    assert dollars_short(value) == text


def test_ties_go_away_from_zero() -> None:
    assert [fixed(x, 0) for x in (0.5, 1.5, 2.5, -2.5)] == ["1", "2", "3", "−3"]


def test_signs() -> None:
    assert dollars_short(45_000, plus="+") == "+$45.0K"
    assert dollars(0.2, plus="+") == "$0"
    assert points(0.015) == "+1.50\u00a0pp"
    assert dollars_fine(-0.00004, plus="+") == "$0.0000"


def test_small_shares_keep_a_digit() -> None:
    assert percent_short(0.0004) == "0.04\u00a0%"


def test_no_value_is_a_dash_in_every_format() -> None:
    assert {words(math.nan) for words in FORMATS.values()} == {NO_VALUE}


def test_expected_counts_are_rounded() -> None:
    assert count(1234.5) == "1,235"

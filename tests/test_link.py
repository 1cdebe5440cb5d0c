"""A link reproduces a view; what it cannot mean is ignored with a note, never a fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assumptions import Assumptions
from core.showing.link import View, link_values, parse_link
from tests.test_curve import prices

CUTS = st.one_of(st.floats(0, 1), st.just("none"))


@given(CUTS, st.one_of(st.floats(0, 1), st.just("approve")), prices())
def test_a_link_gives_back_its_view(line: float | str, baseline: float | str, prices: Assumptions) -> None:
    view = View(line, baseline, "score", prices)
    assert parse_link(link_values(view)) == (view, [])


@given(CUTS, CUTS, st.one_of(st.floats(-1e9, 1e9), st.just("none")))
def test_second_cut_offs_and_the_line_by_saving_travel_too(
    decline: float | str, other: float | str, saving: float | str
) -> None:
    view = View(0.1, 0.2, "saving", decline=decline, baseline_decline=other, saving=saving)
    assert parse_link(link_values(view)) == (view, [])


def test_optional_prices_and_choices_travel_too() -> None:
    view = View(prices=Assumptions(reviews_per_day=40.0, flac_sales_basis="booked"))
    assert link_values(view) == {"reviews_per_day": "40", "flac_sales_basis": "booked"}
    assert parse_link({"reviews_per_day": "none"}) == (View(), [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("line", "NaN"),
        ("line", "1e9"),
        ("line", "<script>alert(1)</script>"),
        ("baseline", "inf"),
        ("decline", "approve"),
        ("baseline_decline", "-0.1"),
        ("saving", "inf"),
        ("axis", "sideways"),
        ("review_cost", "twelve"),
        ("review_cost", "-1"),
        ("review_cost", "9" * 100_000),
        ("flac_sales_basis", "hopeful"),
        ("__proto__", "x"),
        ("x" * 100_000, "y"),
    ],
)
def test_a_bad_value_is_ignored_with_one_note(name: str, value: str) -> None:
    view, notes = parse_link({name: value})
    assert view == View()
    assert len(notes) == 1
    assert len(notes[0]) < 400

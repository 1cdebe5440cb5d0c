"""A link reproduces a view; what it cannot mean is ignored with a note, never a fault."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assumptions import Assumptions
from core.policy import Policy
from core.showing.link import View, link_values, parse_link, rest_of
from tests.test_curve import prices

CUTS = st.one_of(st.floats(0, 1), st.just("none"))


@given(CUTS, st.one_of(st.floats(0, 1), st.just("approve")), prices())
def test_a_link_gives_back_its_view(line: float | str, baseline: float | str, prices: Assumptions) -> None:
    view = View(line, baseline, "score", prices)
    assert parse_link(link_values(view)) == (view, [])


NAMES = st.text(max_size=20)
RESTS = st.builds(
    lambda own, segment, rest, limit, rules, ranked: rest_of(
        Policy(
            segment=segment or ("kind" if own else ""), review_in=tuple(own.items()), rest=rest, reviews_per_day=limit,
            rules=rules, ranked_by=ranked,
        )
    ),
    st.dictionaries(NAMES, st.one_of(st.none(), st.floats(0, 1)), max_size=4),
    NAMES,
    st.sampled_from(["ship", "decline", "wait"]),
    st.one_of(st.none(), st.floats(0, 1e6)),
    st.one_of(st.none(), st.lists(NAMES, max_size=3).map(tuple)),
    st.sampled_from(["score", "saving"]),
)  # fmt: skip


@settings(deadline=None)
@given(CUTS, CUTS, RESTS, RESTS)
def test_both_policies_travel_whole(decline: float | str, other: float | str, policy: Policy, baseline: Policy) -> None:
    view = View(0.1, 0.2, "score", decline=decline, baseline_decline=other, policy=policy, baseline_policy=baseline)
    assert parse_link(link_values(view)) == (view, [])


def test_a_link_of_the_axis_of_expected_saving_ranks_by_it() -> None:
    view, notes = parse_link({"axis": "saving", "saving": "-2.5", "review_cost": "8"})
    assert notes == []
    assert (view.policy.ranked_by, view.line, view.axis, view.prices.review_cost) == ("saving", -2.5, "score", 8.0)
    assert parse_link({"axis": "saving"})[0].line == 0.0
    assert parse_link({"line": "-3", "policy": '{"ranked_by": "saving"}'})[0].line == -3.0  # dollars, in any order


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no policy"),
        ("[1]", "is no policy"),
        ('{"review": 0.1}', "is no policy"),
        ('{"reviews": 3}', "A policy has no 'reviews'"),
        ('{"rest": "burn"}', "can ship, decline, wait"),
        ('{"rest": "' + "x" * 5_000 + '"}', "is longer than 4,000 characters"),
        ('{"segment": "kind", "decline_in": {"a": -1e10}}', "must be no lower than the review threshold"),
    ],
)
def test_a_policy_that_says_nothing_is_ignored_with_one_note(text: str, words: str) -> None:
    view, notes = parse_link({"policy": text})
    assert view == View()
    assert len(notes) == 1
    assert words in notes[0]


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

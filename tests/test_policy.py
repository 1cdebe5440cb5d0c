"""The policy: what it says, what it refuses, and how it is written as plain values and as a file."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import PolicyError
from core.policy import Policy, Steps, is_flagged, policy_from, policy_values, treatment
from core.policy_file import policy_as_toml, policy_of_toml
from core.showing.policy_words import policy_in_words

THRESHOLDS = st.one_of(st.none(), st.floats(0, 1))
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy, with anything in its names."""
    review = draw(THRESHOLDS)
    own = draw(st.dictionaries(NAMES.filter(bool), st.floats(0, 0.5), max_size=3))
    away = {name: draw(st.floats(0.5, 1)) for name in own if draw(st.booleans())}
    return Policy(
        review=review,
        decline=None if review is None else draw(st.one_of(st.none(), st.floats(max(review, 0.5), 1))),
        ranked_by=draw(st.sampled_from(["score", "saving"])),
        segment=draw(NAMES) or ("kind" if own else ""),
        review_in=tuple(own.items()),
        decline_in=tuple(away.items()),
        reviews_per_day=draw(st.one_of(st.none(), st.floats(0, 1e6))),
        rest=draw(st.sampled_from(["ship", "decline", "wait"])),
        rules=draw(st.one_of(st.none(), st.lists(NAMES, max_size=3).map(tuple))),
    )


@settings(deadline=None)
@given(policies())
def test_a_policy_comes_back_from_its_values_and_from_its_file(policy: Policy) -> None:
    assert policy_from(policy_values(policy)) == policy
    assert policy_of_toml(policy_as_toml(policy)) == policy


def test_equal_policies_are_equal_whatever_the_order_of_their_segments() -> None:
    one = Policy(0.1, segment="kind", review_in=(("b", 0.2), ("a", 0.3)))
    two = Policy(0.1, segment="kind", review_in=(("a", 0.3), ("b", 0.2)))
    assert one == two
    assert hash(one) == hash(two)


def test_a_segment_without_a_threshold_of_its_own_takes_the_one_for_all() -> None:
    policy = Policy(0.1, 0.8, segment="kind", review_in=(("a", 0.3),), decline_in=(("b", 0.9),))
    assert policy.thresholds_of("a") == (0.3, 0.8)
    assert policy.thresholds_of("b") == (0.1, 0.9)
    assert policy.thresholds_of("") == (0.1, 0.8)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"review": 0.9, "decline": 0.1}, "no lower than the review threshold. Got: 0.1 and 0.9"),
        ({"decline": 0.1}, "Got: 0.1 and none"),
        ({"review": 0.1, "decline": 0.5, "segment": "kind", "review_in": {"a": 0.7}}, r"\(kind a\)"),
        ({"review_in": {"a": 0.7}}, "need a segment"),
        ({"rest": "hope"}, "can ship, decline, wait. Got: 'hope'"),
        ({"ranked_by": "luck"}, "ranked by score or saving. Got: 'luck'"),
        ({"reviews_per_day": -1}, "fewer than no reviews a day. Got: -1"),
        ({"review": "high"}, "review must be a number, or .none.. Got: .high."),
        ({"review": True}, "review must be a number"),
        ({"review": float("nan")}, "review must be a number"),
        ({"review_in": 3}, "must be a table of segment = threshold. Got: 3"),
        ({"segment": "kind", "review_in": {"a": "x"}}, "review_in.a must be a number"),
        ({"rules": "all"}, "rules must be a list of names. Got: 'all'"),
        ({"rules": [1]}, "rules must be a list of names"),
        ({"reviews": 3}, "A policy has no 'reviews'. It has: decline"),
    ],
)
def test_what_a_policy_cannot_mean_is_one_clear_line(values: dict, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        policy_from(values)


def test_a_file_that_is_no_policy_is_named() -> None:
    with pytest.raises(PolicyError, match=r"p.toml cannot be read as TOML"):
        policy_of_toml("review = = 1", "p.toml")
    with pytest.raises(PolicyError, match=r"p.toml: A policy has no 'threshold'"):
        policy_of_toml("threshold = 0.1", "p.toml")


def test_thresholds_may_be_one_an_order() -> None:
    scores = np.array([0.2, 0.2, np.nan, 0.9])
    assert is_flagged(scores, np.array([0.2, 0.3, 0.0, np.inf])).tolist() == [True, False, False, False]
    assert treatment(scores, np.array([0.1, 0.1, 0.1, 0.1]), np.array([0.2, 0.5, 0.5, 0.5])).tolist() == [2, 1, 0, 2]


def test_steps_never_decline_more_than_they_stop() -> None:
    with pytest.raises(PolicyError, match="rows 3 and 2"):
        Steps(2, 3)


def test_words_say_all_of_a_policy() -> None:
    policy = Policy(
        0.1, 0.9, segment="kind", review_in=(("toys", 0.2), ("books", 0.3)), decline_in=(("toys", 0.95),),
        reviews_per_day=1.0, rest="wait", rules=("a",),
    )  # fmt: skip
    assert policy_in_words(policy, ("a", "b")) == (
        "Review from a score of 0.1000 (all others), decline without review from 0.9000, by kind: books from 0.3000, "
        "toys from 0.2000, decline by kind: toys from 0.9500, at most 1 review a day: the rest wait for the next day, "
        "rules off: b."
    )
    by_saving = policy_in_words(Policy(0.0, ranked_by="saving"))
    assert by_saving == "Review from an expected saving of $0.00."
    assert policy_in_words(Policy()) == "Review none."

"""The sentence under the drag: which parts it has, and what it promises."""

import pytest

from core.number_format import FORMATS
from core.showing.sentences import sentences


def test_a_change_has_words_for_more_less_and_the_same() -> None:
    parts = [part for sentence in sentences(" a month").values() for part in sentence]
    assert all(sum(kind in part for kind in ("text", "figure", "change")) == 1 for part in parts)
    for part in parts:
        if "change" in part and "signed" not in part:
            assert {"more", "less", "same"} <= set(part)
            assert "{}" in part["more"] and "{}" in part["less"] and "{}" not in part["same"]
        assert part.get("format", "count") in FORMATS


def test_unknown_outcomes_make_the_sentence_an_expected_one() -> None:
    assert "expected" in sentences(" a month", expected=True)["pinned"][-1]["text"]
    assert sentences(" a month")["pinned"][-1]["text"] == " a month."


@pytest.mark.parametrize(("approves", "words"), [(True, "Against approving everything"), (False, "Moving from ")])
def test_the_fixed_baseline_is_named(approves: bool, words: str) -> None:
    assert words in sentences("", approves=approves, kept=True)["fixed"][0]["text"]

"""Columns that give the outcome away: numbers and texts, either way round, and those too few to tell."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.leaks import LEAK_AUC, Leak, not_told_yet, suspected_leak

FRAUD = np.repeat([0.0, 1.0], [80, 20])


@pytest.mark.parametrize("values", [FRAUD * 3, -FRAUD, np.where(FRAUD == 1, "yes", "no"), FRAUD == 1])
def test_a_column_that_is_the_outcome_is_suspected_either_way_round(values: np.ndarray) -> None:
    assert suspected_leak("refund", values, FRAUD) == Leak("refund", 1.0)


@pytest.mark.parametrize(("wrong", "suspected"), [(0, True), (1, True), (3, True), (4, False), (40, False)])
def test_the_bound_is_an_auc_of_98_percent(wrong: int, suspected: bool) -> None:
    values = FRAUD.copy()
    values[:wrong] = 1  # so many legit orders look like fraud: the AUC is 1 − wrong ÷ 160
    found = suspected_leak("chargeback", values, FRAUD)
    assert (roc_auc_score(FRAUD, values) > LEAK_AUC) == suspected
    assert (found is not None) == suspected
    if found is not None:
        assert found.auc == pytest.approx(1 - wrong / 160)


def test_a_text_is_ranked_by_its_share_of_fraud() -> None:
    """Of "late" half is fraud, of "early" none: 10 legit orders tie with all fraud, so the AUC is 1 − 10 ÷ 2 ÷ 80."""
    texts = np.repeat(["early", "late"], [70, 30]).astype(object)
    assert suspected_leak("answer", texts, FRAUD) is None
    shares = np.where(texts == "late", 20 / 30, 0.0)
    assert roc_auc_score(FRAUD, shares) == pytest.approx(1 - 10 / 2 / 80)


@pytest.mark.parametrize(("legit", "fraud"), [(4, 96), (96, 4), (10, 9), (0, 100), (100, 0)])
def test_few_orders_of_a_kind_tell_nothing(legit: int, fraud: int) -> None:
    outcome = np.repeat([0.0, 1.0], [legit, fraud])
    assert suspected_leak("refund", outcome, outcome) is None


def test_texts_with_few_orders_each_tell_nothing() -> None:
    ids = np.array([f"o{place}" for place in range(100)])
    assert suspected_leak("note", ids, FRAUD) is None
    many = np.repeat([0.0, 1.0], [8_000, 2_000])
    kinds = np.array([f"k{place % 256}-{fraud:.0f}" for place, fraud in enumerate(many)])
    assert suspected_leak("note", kinds, many) is None


def test_the_note_names_the_column_and_what_to_do() -> None:
    assert Leak("refund", 0.9912).note == (
        "Suspected leak: refund alone has an AUC of 0.991. If it is only known after the outcome, leave it out "
        "(--ignore refund)."
    )


def test_what_was_told_of_a_column_is_not_told_again_whatever_its_auc_was() -> None:
    notes = [Leak("refund", 0.99).note, Leak("refund_2", 1.0).note, "Column x is left out."]
    assert not_told_yet(notes, ["refund"]) == notes[1:]
    assert not_told_yet(notes, []) == notes

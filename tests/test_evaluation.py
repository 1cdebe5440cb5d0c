"""The measures against scikit-learn, ties and weights included, and against loops over every threshold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from core import ranking
from core.ranking import Ranked, auc, detection_name
from core.scoring.evaluation import evaluate, reliability
from tests.tables import learnable_orders


def slow_detection(scores: np.ndarray, fraud: np.ndarray, most: float) -> float:
    """The best detection of any threshold whose FPR keeps within the bound."""
    best = 0.0
    for threshold in set(scores):
        flagged = scores >= threshold
        if (flagged & (fraud == 0)).sum() <= most * (fraud == 0).sum():
            best = max(best, (flagged & (fraud == 1)).sum() / (fraud == 1).sum())
    return best


def detection(scores: np.ndarray, fraud: np.ndarray, most: float) -> float:
    ranked = Ranked(scores, fraud, np.zeros(len(scores), int), 1)
    return float(ranked.measures(np.ones((1, 1)), (most,))[detection_name(most)][0])


rows = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.1, 0.3, 0.5, 0.9, 1.0]), st.booleans(), st.integers(1, 3)),
    min_size=2,
    max_size=60,
).filter(lambda rows: len({fraud for _, fraud, _ in rows}) == 2)


@given(rows)
def test_equals_scikit_learn_with_ties_and_weights(rows: list[tuple[float, bool, int]]) -> None:
    scores, fraud, weights = (np.array(column, float) for column in zip(*rows, strict=True))
    each_its_own_block = Ranked(scores, fraud, np.arange(len(rows)), len(rows))
    measured = {name: value[0] for name, value in each_its_own_block.measures(weights[:, None], ()).items()}
    assert measured["auc"] == pytest.approx(roc_auc_score(fraud, scores, sample_weight=weights))
    expected = average_precision_score(fraud, scores, sample_weight=weights)
    assert measured["average_precision"] == pytest.approx(expected)
    assert measured["brier"] == pytest.approx(brier_score_loss(fraud, scores, sample_weight=weights))


@given(rows, st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=3))
def test_a_draw_of_blocks_equals_the_orders_written_out_that_often(
    rows: list[tuple[float, bool, int]], draws: list[list[int]]
) -> None:
    scores, fraud, _ = (np.array(column, float) for column in zip(*rows, strict=True))
    block = np.arange(len(rows)) % 4
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "_MARKS_AT_ONCE", 2)  # several parts, even of seven scores
        measured = Ranked(scores, fraud, block, 4).measures(np.array(draws, float).T, (0.1, 0.5))
    for turn, draw in enumerate(draws):
        written = np.repeat(np.arange(len(rows)), np.array(draw)[block])
        alone = Ranked(scores[written], fraud[written], np.zeros(len(written), int), 1).measures(
            np.ones((1, 1)), (0.1, 0.5)
        )
        for name, values in measured.items():
            assert values[turn] == pytest.approx(alone[name][0], nan_ok=True), name


@given(rows, st.sampled_from([0.0, 0.005, 0.02, 0.1, 0.5, 1.0]))
def test_detection_equals_trying_every_threshold(rows: list[tuple[float, bool, int]], most: float) -> None:
    scores, fraud, _ = (np.array(column, float) for column in zip(*rows, strict=True))
    assert detection(scores, fraud, most) == slow_detection(scores, fraud, most)


def test_detection_by_hand() -> None:
    """Two legit orders tie at 0.8 with a fraud: at 40 % FPR they are flagged together, below it none is."""
    scores = np.array([0.9, 0.8, 0.8, 0.8, 0.1, 0.1, 0.1, 0.1])
    fraud = np.array([1.0, 1, 0, 0, 0, 0, 0, 1])
    assert [detection(scores, fraud, most) for most in (0.0, 0.39, 0.4, 1.0)] == [1 / 3, 1 / 3, 2 / 3, 1.0]


def test_one_kind_of_order_has_no_auc() -> None:
    assert math.isnan(auc(np.array([0.1, 0.2]), np.zeros(2)))


def scored() -> pd.DataFrame:
    orders = learnable_orders(rows=3_000)
    score = 1 / (1 + np.exp(4 - orders["amount"] / 100))
    return orders.assign(score=score.mask(orders["amount"] < 40))


def test_in_the_system_an_order_never_scored_ranks_below_every_scored_one() -> None:
    orders = scored()
    table = evaluate(orders, replicates=20).set_index(["who", "measure"])["value"]
    filled = orders["score"].fillna(-1)
    assert table["system", "auc"] == pytest.approx(roc_auc_score(orders["is_fraud"], filled))
    only = orders[orders["score"].notna()]
    assert table["model", "auc"] == pytest.approx(roc_auc_score(only["is_fraud"], only["score"]))
    assert ("system", "brier") not in table.index


def test_intervals_hold_the_value_and_are_seeded() -> None:
    table = evaluate(scored(), replicates=100)
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    assert evaluate(scored(), replicates=100).equals(table)
    assert not evaluate(scored(), replicates=100, seed=2).equals(table)


def test_the_interval_of_a_share_is_as_wide_as_theory_has_it() -> None:
    """Brier of scores all 0 is the share of fraud: days of 100 orders, so about binomial."""
    random = np.random.default_rng(2)
    fraud = (random.random(20_000) < 0.1).astype(float)
    times = np.datetime64("2026-03-01", "us") + np.repeat(np.arange(200), 100).astype("timedelta64[D]")
    orders = pd.DataFrame({"score": 0.0, "is_fraud": fraud, "ordered_at": times})
    row = evaluate(orders, replicates=4000).set_index(["who", "measure"]).loc[("model", "brier")]
    assert row["high"] - row["low"] == pytest.approx(2 * 1.96 * math.sqrt(0.1 * 0.9 / 20_000), rel=0.2)


def test_nothing_to_measure_gives_missing_values_not_a_fault() -> None:
    orders = scored().assign(is_fraud=0.0)
    table = evaluate(orders, replicates=5).set_index(["who", "measure"])
    assert math.isnan(table.loc[("model", "auc"), "value"])
    assert math.isnan(table.loc[("system", "auc"), "low"])
    unknown = scored().assign(is_fraud=np.nan)
    assert evaluate(unknown, replicates=5)["value"].isna().all()
    assert reliability(unknown).empty


def test_orders_without_times_are_drawn_in_blocks_of_the_file() -> None:
    table = evaluate(scored().drop(columns="ordered_at"), replicates=20)
    assert table["low"].notna().all()


def test_a_single_day_has_no_intervals() -> None:
    orders = scored().assign(ordered_at=pd.Timestamp("2026-05-01 10:00"))
    table = evaluate(orders, replicates=20)
    assert table["value"].notna().all()
    assert table["low"].isna().all()


def test_reliability_adds_up() -> None:
    orders = scored()
    known = orders[orders["score"].notna()]
    table = reliability(orders)
    assert len(table) == 10
    assert table["orders"].sum() == len(known)
    assert (table["orders"] * table["fraud_rate"]).sum() == pytest.approx(known["is_fraud"].sum())
    assert table["mean_score"].is_monotonic_increasing
    assert ((table["low"] <= table["fraud_rate"]) & (table["fraud_rate"] <= table["high"])).all()

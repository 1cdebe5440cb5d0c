"""The ways from checked orders to scores: which is proposed, what each gives, and what it says of itself."""

import numpy as np
import pandas as pd
import pytest

from core.building.pipeline import build
from core.building.score_sources import INSIDE, OURS, TRAIN, score_with, train_on, use_scores, ways_on
from core.building.store import DataSet
from core.columns import ROLES
from core.pricing.cube import build_cube, totals_of
from core.scoring.correction import FEWEST_FRAUDS, calibration_gap, fit_correction
from core.scoring.shift import STRONG_PSI, feature_shift, psi
from tests.tables import learnable_orders


def silent(text: str, share: float) -> None:
    assert 0 <= share <= 1
    assert text


@pytest.fixture(scope="module")
def known() -> DataSet:
    """A model of learnable orders, as the sample's is of the sample."""
    return build(learnable_orders())


def scored(rows: int = 20_000, stretch: float = 1.0) -> pd.DataFrame:
    """Orders whose score is the truth to the power of stretch: 1 = calibrated."""
    random = np.random.default_rng(4)
    truth = random.beta(1, 12, rows)
    times = np.datetime64("2026-03-01", "us") + np.sort(random.integers(0, 30 * 86_400, rows)).astype("timedelta64[s]")
    return pd.DataFrame({
        "order_id": np.arange(rows).astype(str), "ordered_at": times, "amount": 10.0,
        "is_fraud": (random.random(rows) < truth).astype(float), "score": truth**stretch,
    })  # fmt: skip


def test_the_first_way_is_the_one_that_fits() -> None:
    orders = learnable_orders()
    assert [way.key for way in ways_on(orders) if not way.hindrance] == [TRAIN, OURS]
    assert ways_on(orders.assign(score=0.5))[0].key == INSIDE
    assert ways_on(orders.drop(columns="is_fraud"))[0].key == OURS
    bare = ways_on(orders[["order_id", "amount"]])
    assert all(way.hindrance for way in bare)
    few = orders.assign(is_fraud=np.where(np.arange(len(orders)) < 3, 1.0, 0.0))
    assert "50 known frauds" in next(way.hindrance for way in ways_on(few) if way.key == TRAIN)


def test_scores_inside_are_used_as_they_are() -> None:
    orders = scored()
    data = use_scores(orders)
    assert data.orders["score"].equals(orders["score"])
    assert set(data.tables) == {"evaluation", "reliability"}
    assert use_scores(orders.drop(columns="is_fraud")).tables == {}


def test_without_labels_figures_are_expected_ones() -> None:
    orders = scored().drop(columns="is_fraud")
    told = totals_of(build_cube(use_scores(orders).orders))
    assert told.labelled == 0
    assert told.n1 == pytest.approx(orders["score"].sum())


def test_a_correction_learns_on_the_earlier_half_and_is_judged_on_the_later() -> None:
    orders = scored(stretch=0.5)
    correction = fit_correction(orders)
    assert correction is not None
    assert (correction.learnt, correction.tested) == (10_000, 10_000)
    assert correction.helps
    later = orders.iloc[10_000:]
    fraud, score = later["is_fraud"].to_numpy(), later["score"].to_numpy()
    after = correction.apply(score)
    assert correction.brier == (
        pytest.approx(np.mean((score - fraud) ** 2)),
        pytest.approx(np.mean((after - fraud) ** 2)),
    )
    assert correction.gap[1] == pytest.approx(calibration_gap(after, fraud))
    early = orders.assign(is_fraud=np.where(np.arange(20_000) < 10_000, orders["is_fraud"], 1 - orders["is_fraud"]))
    same = fit_correction(early)
    assert same is not None
    assert np.array_equal(same.shares, correction.shares)  # the later half taught it nothing
    assert not same.helps


def test_a_correction_keeps_every_order_in_its_place_and_every_score_a_share() -> None:
    orders = scored(stretch=0.5)
    correction = fit_correction(orders)
    assert correction is not None
    ranked = np.sort(np.unique(orders["score"].to_numpy()))
    corrected = correction.apply(ranked)
    assert (np.diff(corrected) > 0).all()
    assert (corrected >= 0).all()
    assert (corrected <= 1).all()
    assert np.isnan(correction.apply(np.array([np.nan]))).all()
    assert any("isotonic" in note for note in use_scores(orders, correction).notes)


def test_too_few_frauds_in_either_half_offer_no_correction() -> None:
    orders = scored(2_000)
    first = np.flatnonzero(orders["is_fraud"])[: FEWEST_FRAUDS - 1]
    assert fit_correction(orders.assign(is_fraud=np.isin(np.arange(2_000), first).astype(float))) is None
    assert fit_correction(orders.drop(columns="is_fraud")) is None


def test_calibration_gap_by_hand() -> None:
    """Twenty bins of two orders, all scored 0.25, one of each two fraud: each bin is 0.25 off."""
    assert calibration_gap(np.full(40, 0.25), np.tile([0.0, 1.0], 20)) == pytest.approx(0.25)


def test_our_model_scores_other_orders_and_warns(known: DataSet) -> None:
    assert known.model is not None
    assert known.features is not None
    orders = learnable_orders(seed=9).drop(columns="is_fraud")
    orders["amount"] *= 40
    data = score_with(orders, known.model, known.features, silent)
    assert len(data.orders) == len(orders)
    assert data.orders["score"].between(0, 1).all()
    assert "has not learnt from these orders" in data.notes[0]
    shift = data.tables["shift"].set_index("feature")
    assert shift.loc["amount", "psi"] > STRONG_PSI
    assert any("amount (" in note for note in data.notes)
    assert "evaluation" not in data.tables


def test_a_feature_that_is_not_there_counts_as_missing_and_is_named(known: DataSet) -> None:
    assert known.model is not None
    assert known.features is not None
    own = [name for name in learnable_orders() if name not in ROLES]
    feature = next(name for name in known.model.features if name in own)
    data = score_with(learnable_orders(seed=9).drop(columns=feature), known.model, known.features, silent)
    row = data.tables["shift"].set_index("feature").loc[feature]
    assert (row["missing_new"], bool(np.isnan(row["psi"]))) == (1.0, True)
    assert any(feature in note and "not there" in note for note in data.notes)
    assert {"evaluation", "shift"} <= set(data.tables)  # these have labels: it is measured


def test_training_splits_by_time_else_by_the_files_order() -> None:
    orders = learnable_orders()
    by_time = train_on(orders, silent)
    assert by_time.orders["ordered_at"].min() >= orders["ordered_at"].iloc[int(len(orders) * 0.8)]
    by_place = train_on(orders.drop(columns=["ordered_at", "signed_up_at"], errors="ignore"), silent)
    assert by_place.orders["order_id"].tolist() == orders["order_id"].iloc[int(len(orders) * 0.8) :].tolist()
    assert "in the order of the file" in by_place.notes[0]
    row = by_time.tables["evaluation"].set_index(["who", "measure"]).loc[("model", "auc")]
    assert row["low"] <= row["value"] <= row["high"]


def test_training_can_be_cancelled_between_trees() -> None:
    class Cancelled(Exception):
        pass

    said: list[float] = []

    def cancel(text: str, share: float) -> None:
        said.append(share)
        if text == "Training the model" and len(said) > 6:
            raise Cancelled

    with pytest.raises(Cancelled):
        train_on(learnable_orders(), cancel)
    assert said == sorted(said)


def test_psi_by_hand() -> None:
    """Half and half against three quarters and one: (0.25)·ln(1.5) + (−0.25)·ln(0.5) = 0.2747."""
    old, new = pd.Series(["a", "b"] * 50).astype("category"), pd.Series(["a"] * 75 + ["b"] * 25).astype("category")
    assert psi(old, new) == pytest.approx(0.25 * np.log(1.5) - 0.25 * np.log(0.5), rel=1e-3)


def test_psi_of_numbers_counts_missing_as_a_bin_of_its_own() -> None:
    same = pd.Series(np.arange(1000.0))
    assert psi(same, same) == 0
    assert psi(same, same.mask(same < 500)) > 1
    assert psi(same, same + 5000) > 5


def test_shift_lists_every_feature_of_the_model(known: DataSet) -> None:
    assert known.model is not None
    assert known.features is not None
    table = feature_shift(known.model, known.features, known.features)
    assert sorted(table["feature"]) == sorted(known.model.features)
    assert table["psi"].abs().max() == pytest.approx(0, abs=1e-9)

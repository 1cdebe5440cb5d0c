"""From orders to a scored data set: split by time, label delay respected, nothing learnt from what is evaluated."""

import numpy as np
import pandas as pd
import pytest

from core.building.pipeline import build, keep_scores, score_orders
from core.building.store import DataSet
from core.columns import CLEARED_BY
from core.errors import ModelError
from core.leaks import Leak
from core.scoring.rules import Rule
from tests.tables import learnable_orders

RULES = (Rule("small", (("amount", "<=", 30.0),)),)
FROM = pd.Timestamp("2026-04-18")


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return learnable_orders()


@pytest.fixture(scope="module")
def built(orders: pd.DataFrame) -> DataSet:
    return build(orders, evaluate_from=FROM, label_delay_days=5, rules=RULES)


def test_only_later_orders_are_evaluated(orders: pd.DataFrame, built: DataSet) -> None:
    assert built.orders["ordered_at"].min() >= FROM
    assert len(built.orders) == (orders["ordered_at"] >= FROM).sum()


def test_nothing_is_learnt_from_orders_whose_label_could_not_be_known(built: DataSet) -> None:
    learnt = built.model.about["learnt"]
    assert pd.Timestamp(learnt["to"]) < FROM - pd.Timedelta(days=5)


def test_outcomes_of_the_evaluated_orders_change_no_score(orders: pd.DataFrame, built: DataSet) -> None:
    """They may feed batch risk once they are known: with a delay as long as the period, none does."""
    later = orders["ordered_at"] >= FROM
    flipped = orders.assign(is_fraud=orders["is_fraud"].mask(later, 1 - orders["is_fraud"]))
    one, other = (build(o, evaluate_from=FROM, label_delay_days=20, rules=RULES) for o in (orders, flipped))
    pd.testing.assert_series_equal(one.orders["score"], other.orders["score"])


def test_cleared_orders_have_no_score_and_say_which_rule(built: DataSet) -> None:
    cleared = built.orders[CLEARED_BY] == "small"
    assert (cleared == (built.orders["amount"] <= 30)).all()
    assert (built.orders["score"].isna() == cleared).all()


def test_the_measured_tables_are_there(built: DataSet) -> None:
    assert {"evaluation", "reliability", "rules", "order_time_gap"} == set(built.tables)
    auc = built.tables["evaluation"].set_index(["who", "measure"])["value"]["model", "auc"]
    assert 0.6 < auc < 1.0
    assert built.model.about["figures"][0]["value"] == auc


def test_without_a_date_the_last_share_is_evaluated(orders: pd.DataFrame) -> None:
    built = build(orders, evaluate_share=0.25, label_delay_days=1, rules=())
    assert len(built.orders) == pytest.approx(0.25 * len(orders), abs=2)


def test_without_times_the_order_of_the_file_counts(orders: pd.DataFrame) -> None:
    built = build(orders.drop(columns="ordered_at"), rules=())
    assert built.orders["order_id"].tolist() == orders["order_id"].tolist()[4_800:]
    assert "from" not in built.model.about["learnt"]


def test_a_column_that_tells_the_label_is_named(orders: pd.DataFrame) -> None:
    built = build(orders.assign(chargeback_code=orders["is_fraud"] * 3), rules=())
    assert any(note.startswith("Suspected leak: chargeback_code alone has an AUC of 1.000") for note in built.notes)


def test_a_text_that_tells_the_label_is_named_as_check_names_it(orders: pd.DataFrame) -> None:
    answer = orders["is_fraud"].map({1.0: "refused", 0.0: "paid"}).astype("str")
    answer[(orders["is_fraud"] == 0) & (orders.index % 3 == 0)] = None
    built = build(orders.assign(bank_answer=answer), rules=())
    assert [note for note in built.notes if "leak" in note] == [Leak("bank_answer", 1.0).note]


def test_orders_without_an_outcome_are_scored_too(orders: pd.DataFrame) -> None:
    later = orders["ordered_at"] >= FROM
    built = build(orders.assign(is_fraud=orders["is_fraud"].mask(later)), evaluate_from=FROM, rules=())
    assert built.orders["score"].notna().all()
    assert built.tables["evaluation"]["value"].isna().all()


@pytest.mark.parametrize("labels", [None, np.nan])
def test_no_outcomes_at_all_are_refused_with_a_remedy(orders: pd.DataFrame, labels: float | None) -> None:
    bare = orders.drop(columns="is_fraud") if labels is None else orders.assign(is_fraud=labels)
    with pytest.raises(ModelError, match=r"no outcomes to learn from.*--map is_fraud=COLUMN"):
        build(bare)


def test_a_split_that_leaves_nothing_is_refused(orders: pd.DataFrame) -> None:
    with pytest.raises(ModelError, match="leaves 0 to learn from"):
        build(orders, evaluate_from=pd.Timestamp("2026-03-02"), label_delay_days=30)
    with pytest.raises(ModelError, match="0 to evaluate"):
        build(orders, evaluate_from=pd.Timestamp("2027-01-01"))


def test_a_rule_that_is_not_safe_on_the_past_is_dropped(orders: pd.DataFrame) -> None:
    built = build(orders, rules=(Rule("dear", (("amount", ">=", 100.0),)),))
    assert built.model.rules == ()
    assert any("'dear' is not used" in note for note in built.notes)


def test_scores_of_the_file_are_kept(orders: pd.DataFrame) -> None:
    scored = orders.assign(score=orders["amount"] / orders["amount"].max())
    kept = keep_scores(scored)
    assert kept.model is None
    assert kept.orders["score"].equals(scored["score"])
    assert set(kept.tables) == {"evaluation", "reliability"}
    assert keep_scores(scored.drop(columns="is_fraud")).tables == {}


def test_a_model_scores_orders_it_has_not_seen_as_it_scored_them_before(orders: pd.DataFrame, built: DataSet) -> None:
    again, _ = score_orders(orders, built.model)
    later = again[again["ordered_at"] >= FROM].reset_index(drop=True)
    pd.testing.assert_series_equal(later["score"], built.orders["score"])

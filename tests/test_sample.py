"""The sample marketplace is measured after the fact: nothing is typed in, and no column gives the label away."""

import numpy as np
import pandas as pd
import pytest

from core.building.pipeline import build
from core.building.store import DataSet
from core.columns import AMOUNT, IS_FRAUD, LABELLED_AT, ORDER_ID, ORDERED_AT, SESSIONS, SIGNED_UP_AT
from core.ranking import auc
from core.sources.sample import ATTACK_WEEK, DECISION_MONTH, LABEL_DELAY_DAYS, Sample, make_sample


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample()


@pytest.fixture(scope="module")
def built(sample: Sample) -> DataSet:
    return build(sample.orders, evaluate_from=DECISION_MONTH, label_delay_days=LABEL_DELAY_DAYS)


@pytest.fixture(scope="module")
def month(sample: Sample) -> pd.DataFrame:
    return sample.orders[sample.orders[ORDERED_AT] >= DECISION_MONTH]


def measured(built: DataSet, who: str, measure: str) -> float:
    table = built.tables["evaluation"].set_index(["who", "measure"])["value"]
    return float(table[who, measure])


def test_the_decision_month_has_the_interviews_size(month: pd.DataFrame) -> None:
    assert (month[IS_FRAUD] == 0).sum() >= 250_000
    assert month[IS_FRAUD].mean() == pytest.approx(0.01, abs=0.003)
    assert month[ORDERED_AT].dt.floor("D").nunique() == 30


def test_the_online_tree_is_near_the_interviews_auc_out_of_time(built: DataSet) -> None:
    assert measured(built, "model", "auc") == pytest.approx(0.85, abs=0.02)


def test_the_pre_filter_clears_most_orders_and_leaks_little_fraud(built: DataSet) -> None:
    everything = built.tables["rules"].iloc[-1]
    assert everything["reach"] == pytest.approx(0.70, abs=0.05)
    assert everything["leaked_share"] < 0.05
    assert (built.orders["score"].isna()).mean() == pytest.approx(everything["reach"])


def test_every_rule_of_the_pre_filter_earns_its_place(built: DataSet) -> None:
    rules = built.tables["rules"].iloc[:-1]
    assert len(rules) == 3
    assert (rules["unique_reach"] > 0).all()


def test_the_system_is_better_than_its_model(built: DataSet) -> None:
    assert measured(built, "system", "auc") > measured(built, "model", "auc") + 0.05


def test_the_attack_week_is_beyond_the_drift_alarm_and_the_weeks_before_are_not(built: DataSet) -> None:
    table = built.tables["order_time_gap"]
    attack = table[table["day"] >= ATTACK_WEEK]
    before = table[(table["day"] >= DECISION_MONTH) & (table["day"] < ATTACK_WEEK)]
    assert attack["alarm"].any()
    assert attack["shift_sd"].mean() < -1.5
    assert not before["alarm"].any()


def test_scores_mean_what_they_say_within_reason(built: DataSet) -> None:
    """Calibrated before the attack week: the top bins run a little low, never by half."""
    table = built.tables["reliability"]
    assert table["mean_score"].iloc[-1] == pytest.approx(table["fraud_rate"].iloc[-1], rel=0.5)


def test_labels_arrive_late(sample: Sample) -> None:
    orders = sample.orders
    delay = (orders[LABELLED_AT] - orders[ORDERED_AT]).dt.total_seconds() / 86_400
    assert delay[orders[IS_FRAUD] == 1].median() == pytest.approx(5, abs=1)
    assert delay.max() <= LABEL_DELAY_DAYS
    assert (orders[SIGNED_UP_AT] <= orders[ORDERED_AT]).all()


def test_no_column_gives_the_label_away(sample: Sample, month: pd.DataFrame) -> None:
    """Not the number in an id, nor the cents of an amount, nor the second within a minute."""
    fraud = month[IS_FRAUD].to_numpy()
    tells = {name: month[name].str[1:].astype(float) for name in month if name.endswith("_id")}
    tells["cents"] = (month[AMOUNT] * 100).round() % 100
    tells["second"] = month[ORDERED_AT].dt.second.astype(float)
    tells["microsecond"] = month[ORDERED_AT].dt.microsecond.astype(float)
    tells["row"] = pd.Series(np.arange(len(month)) % 97, month.index).astype(float)
    for name, values in tells.items():
        if name != ORDER_ID:  # order ids run with time, and the last week has an attack
            assert abs(auc(values.to_numpy(float), fraud) - 0.5) < 0.08, name


def test_no_single_feature_decides(built: DataSet) -> None:
    assert not [note for note in built.notes if "leak" in note]


def test_sessions_convert_at_about_three_per_cent(sample: Sample) -> None:
    assert len(sample.sessions) == 91
    assert len(sample.orders) / sample.sessions[SESSIONS].sum() == pytest.approx(0.03, abs=0.003)


def test_the_same_seed_gives_the_same_orders(sample: Sample) -> None:
    again = make_sample()
    pd.testing.assert_frame_equal(again.orders, sample.orders)
    assert not make_sample(21).orders[AMOUNT].equals(sample.orders[AMOUNT])

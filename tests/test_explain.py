"""Explanations against the line: sums that hold, reasons that are true of the order, changes that clear it."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.building.pipeline import build, keep_scores
from core.building.store import DataSet
from core.errors import ModelError
from core.explaining.clearing import Clearing
from core.explaining.explain import (
    NEAR,
    Explained,
    explain_data,
    explain_rows,
    group_of,
    grouped,
    log_odds_of,
    parts_against,
    reference_at,
    share_of,
    similar_orders,
    top_reasons,
    waterfall,
)
from core.explaining.reasons import ReasonWords
from core.scoring.model import Model, score_features
from tests.tables import learnable_orders

THRESHOLD = 0.12


@pytest.fixture(scope="module")
def data() -> DataSet:
    orders = learnable_orders()
    random = np.random.default_rng(3)
    shop = np.where(random.random(len(orders)) < 0.3, "<b>new</b>", "old")
    visits = np.where(random.random(len(orders)) < 0.1, np.nan, random.integers(0, 9, len(orders)))
    return build(orders.assign(shop=shop, visits=visits), rules=())


@pytest.fixture(scope="module")
def model(data: DataSet) -> Model:
    assert data.model is not None
    return data.model


@pytest.fixture(scope="module")
def explained(data: DataSet) -> Explained:
    return explain_data(data)


@pytest.fixture(scope="module")
def words(data: DataSet, model: Model) -> ReasonWords:
    assert data.features is not None
    return ReasonWords(model, data.features, data.orders)


def test_parts_and_base_add_up_to_the_score_people_see(data: DataSet, explained: Explained) -> None:
    scores = data.orders["score"].to_numpy()[explained.places]
    assert np.abs(share_of(explained.log_odds) - scores).max() < 1e-9


@pytest.mark.parametrize("threshold", [0.02, THRESHOLD, 0.4])
def test_against_the_line_parts_lead_from_the_threshold_to_the_score(explained: Explained, threshold: float) -> None:
    line = reference_at(explained, threshold)
    assert line.rest == 0
    assert explained.base + line.parts.sum() == pytest.approx(log_odds_of(threshold), abs=1e-9)
    for at in (0, 17, 400):
        parts = parts_against(explained, at, line)
        assert log_odds_of(threshold) + parts["part"].sum() == pytest.approx(explained.log_odds[at], abs=1e-9)
        assert parts["part"].abs().is_monotonic_decreasing


def test_the_line_is_made_of_the_orders_nearest_to_it_on_either_side(explained: Explained) -> None:
    """Slow twin: the two means by sorting, their weights by solving for the threshold."""
    line, odds = reference_at(explained, THRESHOLD), explained.log_odds
    goal = log_odds_of(THRESHOLD)
    order = np.argsort(odds, kind="stable")
    below = [place for place in order if odds[place] < goal][-NEAR:]
    above = [place for place in order if odds[place] >= goal][:NEAR]
    low, high = odds[below].mean(), odds[above].mean()
    share = (goal - low) / (high - low)
    expected = (1 - share) * explained.values[below].mean(axis=0) + share * explained.values[above].mean(axis=0)
    assert line.parts == pytest.approx(expected)


@pytest.mark.parametrize("threshold", [None, 1.0, 0.0])
def test_a_line_with_no_order_beyond_it_says_how_far_off_it_is(explained: Explained, threshold: float | None) -> None:
    line = reference_at(explained, threshold)
    at = 5
    parts = parts_against(explained, at, line)
    assert line.log_odds - line.rest + parts["part"].sum() == pytest.approx(explained.log_odds[at], abs=1e-9)
    assert line.rest != 0


@pytest.mark.parametrize("probability", [True, False])
@pytest.mark.parametrize("most", [2, 8])
def test_a_waterfall_goes_from_start_to_score_without_a_gap(explained: Explained, probability: bool, most: int) -> None:
    line = reference_at(explained, THRESHOLD)
    steps = waterfall(parts_against(explained, 3, line), line.log_odds, most, probability=probability)
    start, end = line.log_odds, explained.log_odds[3]
    if probability:
        start, end = share_of(start), share_of(end)
    assert steps["begin"].iloc[0] == pytest.approx(start)
    assert steps["end"].iloc[-1] == pytest.approx(end)
    assert steps["begin"].iloc[1:].to_numpy() == pytest.approx(steps["end"].iloc[:-1].to_numpy())
    assert steps["part"].sum() == pytest.approx(end - start)


def test_top_reasons_are_the_largest_parts_above_nothing(explained: Explained) -> None:
    line = reference_at(explained, THRESHOLD)
    at = np.arange(0, 600, 7)
    for place, row in zip(at, top_reasons(explained, at, line), strict=True):
        parts = explained.values[place] - line.parts
        best = [i for i in sorted(range(len(parts)), key=lambda i: -parts[i])[:3] if parts[i] > 0]
        assert [i for i in row if i >= 0] == best


def test_groups_add_up_to_the_same(explained: Explained) -> None:
    parts = parts_against(explained, 3, None)
    assert grouped(parts)["part"].sum() == pytest.approx(parts["part"].sum())
    told = {
        name: group_of(name) for name in ("order_time_gap", "ip_risk", "known_shipping", "amount_to_account", "zip")
    }
    assert list(told.values()) == ["time", "device and network", "address", "account", "other columns"]


def test_similar_orders_are_the_nearest_resolved_ones(explained: Explained) -> None:
    resolved = np.arange(len(explained.places)) % 3 == 0
    found = similar_orders(explained, 9, resolved)
    distance = [
        (float(np.sum((explained.values[i] - explained.values[9]) ** 2)), i)
        for i in range(len(explained.places))
        if resolved[i] and i != 9
    ]
    assert found.tolist() == [i for _, i in sorted(distance)[:5]]
    assert similar_orders(explained, 9, np.zeros(len(explained.places), bool)).size == 0


def test_scores_of_a_file_and_orders_never_scored_have_no_reasons(explained: Explained) -> None:
    with pytest.raises(ModelError, match="came with the file"):
        explain_data(keep_scores(learnable_orders().assign(score=0.5)))
    some = Explained(explained.features, np.array([0, 5]), explained.rows[:2], explained.values[:2], explained.base)
    with pytest.raises(ModelError, match="never scored"):
        some.at(3)
    assert some.at(5) == 1


def test_a_clearing_change_really_clears_and_is_the_smallest_of_one_feature(
    data: DataSet, model: Model, explained: Explained
) -> None:
    """Re-scored by LightGBM itself; against every observed value of every feature, one at a time."""
    assert data.features is not None
    clearing = Clearing(model, explained.rows)
    scores = share_of(explained.log_odds)
    flagged = np.flatnonzero(scores >= THRESHOLD)[:: max(1, int((scores >= THRESHOLD).sum()) // 12)]
    found = 0
    for at in flagged:
        one, two = clearing.cheapest(explained.rows[at], THRESHOLD)
        for change in (one, two):
            if change is None:
                continue
            found += 1
            row = data.features.iloc[[explained.places[at]]].copy()
            for name, after in zip(change.features, change.after, strict=True):
                row[name] = (
                    pd.Categorical([model.categories[name][int(after)]], model.categories[name])
                    if name in model.categories
                    else np.float32(after)
                )
                assert after in explained.rows[:, explained.features.index(name)]
            rescored = float(score_features(model, row)[0])
            assert rescored < THRESHOLD
            assert rescored == pytest.approx(change.score, abs=1e-6)
        if one is not None and two is not None:
            assert two.distance < one.distance
        assert (one.distance if one else np.inf) == pytest.approx(slow_smallest(model, explained, at), abs=1e-12)
    assert found > 5


def slow_smallest(model: Model, explained: Explained, at: int) -> float:
    """Every observed value of every feature tried."""
    best = np.inf
    for place, name in enumerate(explained.features):
        observed = np.sort(explained.rows[:, place][~np.isnan(explained.rows[:, place])])
        now = explained.rows[at, place]
        if np.isnan(now) and name not in model.categories:
            continue
        values = np.unique(observed)
        values = values[values != now]
        trial = np.repeat(explained.rows[at][None, :], len(values), axis=0)
        trial[:, place] = values
        clears = values[share_of(explain_rows(model, trial).log_odds) < THRESHOLD]
        if clears.size == 0:
            continue
        rank = np.searchsorted(observed, clears, side="left") / len(observed)
        start = np.searchsorted(observed, now, side="left") / len(observed)
        near = 1 / len(values) if name in model.categories else np.abs(rank - start).min()
        best = min(best, float(near))
    return best


def test_nothing_clears_where_nobody_is_flagged(model: Model, explained: Explained) -> None:
    assert Clearing(model, explained.rows).cheapest(explained.rows[0], None) == (None, None)


def test_sentences_state_the_orders_own_value(data: DataSet, explained: Explained, words: ReasonWords) -> None:
    assert data.features is not None
    for at in range(0, 300, 11):
        own = data.features.iloc[explained.places[at]]
        for place, name in enumerate(explained.features):
            said, value = words.sentence(name, explained.rows[at, place]), own[name]
            if pd.isna(value):
                assert said.endswith("is not known")
            elif name == "amount":
                assert said.startswith(f"amount of ${value:,.2f}: ")
            elif name == "shop":
                assert said.startswith(f"shop is {value}: as in ")
            elif name == "visits":
                assert said.startswith(f"visits is {value:.0f}: ")


def test_how_unusual_a_value_is_equals_counting(data: DataSet, explained: Explained, words: ReasonWords) -> None:
    assert data.features is not None
    legit = data.features[(data.orders["is_fraud"] == 0).to_numpy()]["amount"].to_numpy(float)
    for value in explained.rows[::97, explained.features.index("amount")]:
        below, above = words.shares("amount", value)
        assert below == pytest.approx((legit < value).mean())
        assert above == pytest.approx((legit > value).mean())
        said = words.sentence("amount", value)
        share = max(below, above)
        if share >= 0.5 and share < 0.999:
            assert float(re.findall(r"than ([\d.]+)", said)[0]) == pytest.approx(100 * share, abs=0.06)


@pytest.mark.parametrize(
    ("feature", "value", "says"),
    [
        ("order_time_gap", 41, "placed 41 s after the previous order or sign-up"),
        ("device_orders_1h", 1, "1 earlier order of the same device in the hour before"),
        ("ip_accounts_24h", 3, "3 accounts of the same network in the 24 hours before"),
        ("known_device", 0, "the account never used this device before"),
        ("device_risk", 0.125, "12.5\u00a0% fraud among the device's known outcomes"),
        ("account_age_days", 0.5, "account 12.0 hours old"),
        ("zip <b>", 7.25, "zip <b> is 7.25"),
    ],
)
def test_features_of_ours_in_words(words: ReasonWords, feature: str, value: float, says: str) -> None:
    assert words.value(feature, value) == says


@settings(max_examples=50)
@given(st.floats(1e-9, 1 - 1e-9))
def test_log_odds_and_back(score: float) -> None:
    assert share_of(log_odds_of(score)) == pytest.approx(score)

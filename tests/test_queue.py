"""The queue: worked out by hand, ordered by the stated figure, allocated without inventing a dollar."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assumptions import Assumptions
from core.building.pipeline import build, keep_scores
from core.explaining.explain import explain_data, reference_at
from core.policy import treatment
from core.pricing.order_costs import expected_saving
from core.reviewing.decisions import decide
from core.reviewing.queue import (
    ORDERINGS,
    SAVING,
    codes_of,
    covered,
    needed_for,
    reason_codes,
    review_queue,
    shares_of_saving,
)
from tests.scored import scored_orders
from tests.strategies import order_tables
from tests.tables import learnable_orders


def queue_at(
    orders: pd.DataFrame, threshold: float | None, prices: Assumptions, ordering: str = SAVING,
    decline: float | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The queue with these thresholds on the score."""
    return review_queue(orders, treatment(orders["score"].to_numpy(), threshold, decline), prices, ordering)


def orders() -> pd.DataFrame:
    return pd.DataFrame({
        "order_id": ["a", "b", "c", "d"], "amount": [100.0, 1000.0, 50.0, 10.0],
        "score": [0.5, 0.2, 0.9, np.nan], "is_fraud": [1.0, 0.0, np.nan, 0.0],
        "ordered_at": pd.to_datetime(["2026-03-04", "2026-03-01", "2026-03-02", "2026-03-03"]),
    })  # fmt: skip


def test_by_hand() -> None:
    """b: 0.2·(0.3·1000 + 10) = 62 lost if it ships; 90 % caught, $12, and 0.8·0.1·(0.2·1000 + 5) = 16.4 of insult:
    55.8 − 12 − 16.4 = 27.4. a: 0.5·40 = 20, 18 − 12 − 0.5·0.1·25 = 4.75. c: 0.9·25 = 22.5, 20.25 − 12 − 0.15 = 8.1."""
    prices = Assumptions(chargeback_fee=10, reviewer_catch_rate=0.9, abandonment_rate=0.1, insult_cost=5)
    queue = queue_at(orders(), 0.2, prices)
    assert queue["order_id"].tolist() == ["b", "c", "a"]
    assert queue["expected_loss_usd"].tolist() == pytest.approx([62, 22.5, 20])
    assert queue["expected_saving_usd"].tolist() == pytest.approx([27.4, 8.1, 4.75])
    assert queue["saving_a_minute_usd"].tolist() == pytest.approx([27.4 / 15, 8.1 / 15, 4.75 / 15])
    assert queue["place"].tolist() == [1, 2, 0]


def test_other_orderings_and_an_empty_queue() -> None:
    told = {name: queue_at(orders(), 0.2, Assumptions(), name)["order_id"].tolist() for name in ORDERINGS}
    assert told["score"] == ["c", "a", "b"]
    assert told["amount"] == ["b", "a", "c"]
    assert told["ordered_at"] == ["b", "c", "a"]
    assert queue_at(orders(), None, Assumptions()).empty
    assert queue_at(orders().drop(columns=["ordered_at", "is_fraud"]), 0.2, Assumptions(), "ordered_at").shape[0] == 3


@settings(max_examples=60, deadline=None)
@given(order_tables(), st.sampled_from(ORDERINGS[:3]), st.floats(0, 1))
def test_the_queue_is_in_the_order_of_its_figure_and_holds_the_flagged_orders_only(
    table: pd.DataFrame, ordering: str, threshold: float
) -> None:
    table = table.assign(order_id=np.arange(len(table)).astype(str))
    queue = queue_at(table, threshold, Assumptions(), ordering)
    figures = queue[ordering].tolist()
    assert figures == sorted(figures, reverse=True)
    flagged = [place for place, score in enumerate(table["score"]) if score >= threshold]
    slow = sorted(flagged, key=lambda place: -figure(table, place, ordering))
    assert queue["place"].tolist() == slow


def figure(table: pd.DataFrame, place: int, ordering: str) -> float:
    """The slow twin of one figure."""
    score, amount = table["score"].iloc[place], table["amount"].iloc[place]
    return {"score": score, "amount": amount, SAVING: score * (0.3 * amount) - 12}[ordering]


def test_no_minutes_no_dollars_a_minute() -> None:
    assert queue_at(orders(), 0.2, Assumptions(review_minutes=0))["saving_a_minute_usd"].isna().all()


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=30))
def test_the_first_orders_that_cover_a_share_do(values: list[float]) -> None:
    saving = np.array(sorted(values, reverse=True))
    first = needed_for(saving, 0.8)
    if (saving > 0.001).any():
        assert covered(saving, first) >= 0.8 * (1 - 1e-9)
        assert first == 1 or covered(saving, first - 1) < 0.8
    assert 1 <= first <= len(saving)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=10), st.floats(0, 1e6))
def test_an_allocation_gives_away_what_there_is_and_no_more(parts: list[float], worth: float) -> None:
    shares = shares_of_saving(np.array(parts), worth)
    assert (shares >= 0).all()
    if max(parts) > 1e-6:
        assert shares.sum() == pytest.approx(worth)


def test_whoever_is_declined_is_not_in_the_queue() -> None:
    table = orders()
    whole = queue_at(table, 0.2, Assumptions())
    highest = whole["score"].max()
    queue = queue_at(table, 0.2, Assumptions(), decline=highest)
    assert set(whole["order_id"]) - set(queue["order_id"]) == set(table[table["score"] >= highest]["order_id"])


def test_a_review_that_costs_more_than_it_saves_is_negative() -> None:
    assert expected_saving(np.array([0.01]), np.array([10.0]), Assumptions())[0] == pytest.approx(-11.97)


def test_reason_codes_go_out_with_the_decisions() -> None:
    data = build(learnable_orders())
    explained = explain_data(data)
    line = reference_at(explained, 0.12)
    treatments = treatment(data.orders["score"].to_numpy(float), 0.12)
    codes = reason_codes(treatments, explained, line)
    flagged = np.flatnonzero(data.orders["score"] >= 0.12)
    assert list(codes) == flagged.tolist()
    table = decide(data.orders, treatments, Assumptions(), codes)
    assert (table["reasons"] != "").sum() == len(flagged)
    first = table["reasons"].iloc[flagged[0]].split("; ")[0]
    parts = explained.values[explained.at(int(flagged[0]))] - line.parts
    assert first == explained.features[int(np.argmax(parts))]


def test_reason_codes_of_a_scored_file_are_called_a_surrogates() -> None:
    scored = keep_scores(scored_orders(1500))
    treatments = treatment(scored.orders["score"].to_numpy(float), 0.1)
    codes = codes_of(scored, treatments, 0.1)
    assert codes is not None
    assert list(codes) == np.flatnonzero(treatments).tolist()
    assert all(words.startswith("surrogate: ") for words in codes.values())


def test_scores_no_surrogate_can_follow_go_out_without_codes() -> None:
    chance = np.random.default_rng(1).uniform(0.01, 0.99, 1500)
    scored = keep_scores(scored_orders(1500).assign(score=chance))
    treatments = treatment(chance, 0.5)
    assert codes_of(scored, treatments, 0.5) is None
    assert set(decide(scored.orders, treatments, Assumptions(), None)["reasons"]) == {""}


def test_codes_of_a_model_are_its_own() -> None:
    data = build(learnable_orders())
    treatments = treatment(data.orders["score"].to_numpy(float), 0.12)
    explained = explain_data(data)
    assert codes_of(data, treatments, 0.12) == reason_codes(treatments, explained, reference_at(explained, 0.12))

"""What arguments mean: thresholds named by what they reach, prices, reading, times, sessions."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.assumptions import Assumptions
from core.command_line.options import (
    evaluate_share_in,
    named_decline_threshold,
    named_threshold,
    prices_in,
    reading_in,
    sessions_in,
    time_in,
)
from core.errors import AssumptionsError, OrdersError, PolicyError
from core.pricing.cube import Cube, build_cube
from core.reading.reading import Reading
from tests.slow import sums_at
from tests.strategies import KNOWN_LABELS, order_tables

PRICES = Assumptions()
READING = {
    "map": [],
    "ignore": [],
    "time_format": None,
    "fraud_is": [],
    "legit_is": [],
    "guess": False,
    "mapping": None,
    **dict.fromkeys(("numbers", "score_scale", "duplicates", "encoding", "delimiter", "header_row", "part")),
}


def no_cube() -> Cube:
    raise AssertionError("no cube is needed")


@pytest.mark.parametrize(
    ("text", "threshold"), [("0.0919", 0.0919), ("0", 0.0), ("1", 1.0), ("none", None), ("NULL", None)]
)
def test_a_number_or_none_needs_no_cube(text: str, threshold: float | None) -> None:
    assert named_threshold(text, no_cube, PRICES) == threshold


@pytest.mark.parametrize(
    ("text", "threshold"),
    [
        ("fpr=0", 0.9),
        ("fpr=0.34", 0.5),
        ("FPR = 0.67", 0.2),
        ("fpr=1", 0.1),
        ("detection=0", None),
        ("detection=0.3", 0.9),
        ("detection=0.5", 0.5),
        ("cheapest", 0.5),
    ],
)
def test_six_orders_by_hand(six_orders: pd.DataFrame, text: str, threshold: float | None) -> None:
    """Of three legit orders 0, 1, 2, 3 are flagged at 0.9, 0.5, 0.2, 0.1; of three frauds 1 and then 2."""
    assert named_threshold(text, lambda: build_cube(six_orders), PRICES) == threshold


@settings(deadline=None)
@given(orders=order_tables(labels=KNOWN_LABELS), share=st.sampled_from([0.0, 0.01, 0.25, 0.5, 1.0]))
def test_names_are_the_same_as_counting_at_every_score(orders: pd.DataFrame, share: float) -> None:
    scores = [None, *sorted(orders["score"].dropna().unique(), reverse=True)]
    legit, fraud = (np.array([sums_at(orders, score)[kind] for score in scores]) for kind in (0, 1))
    assume((orders["is_fraud"] == 0).any() and (orders["is_fraud"] == 1).any())
    within = np.flatnonzero(legit / (orders["is_fraud"] == 0).sum() <= share)[-1]
    assert named_threshold(f"fpr={share}", lambda: build_cube(orders), PRICES) == scores[within]
    reached = np.flatnonzero(fraud / (orders["is_fraud"] == 1).sum() >= share)
    if len(reached):
        assert named_threshold(f"detection={share}", lambda: build_cube(orders), PRICES) == scores[reached[0]]
    else:
        with pytest.raises(PolicyError, match="No threshold detects"):
            named_threshold(f"detection={share}", lambda: build_cube(orders), PRICES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.5", "A threshold is a number from 0 to 1, none, cheapest, fpr=SHARE or detection=SHARE. Got: '1.5'"),
        ("nan", "Got: 'nan'"),
        ("frp=0.1", "Got: 'frp=0.1'"),
        ("cheapest=1", "Got: 'cheapest=1'"),
        ("fpr=2%", "Expected a share from 0 to 1, such as fpr=0.005. Got: 'fpr=2%'"),
        ("detection=-1", "Expected a share from 0 to 1"),
        ("detection=0.9", "flagging every scored order detects 66.67.%. Lower detection"),
    ],
)
def test_what_names_no_threshold_is_said(six_orders: pd.DataFrame, text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        named_threshold(text, lambda: build_cube(six_orders), PRICES)


@pytest.mark.parametrize(
    ("fraud", "text", "words"), [(1.0, "fpr=0.1", "needs legit orders"), (0.0, "detection=0.1", "needs fraud")]
)
def test_a_rate_over_nothing_reaches_nothing(six_orders: pd.DataFrame, fraud: float, text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        named_threshold(text, lambda: build_cube(six_orders.assign(is_fraud=fraud)), PRICES)


@pytest.mark.parametrize(
    ("text", "decline"), [(None, None), ("none", None), ("0.5", 0.5), ("0.9", 0.9), ("fpr=0", 0.9), ("fpr=0.34", 0.5)]
)
def test_orders_are_declined_from_the_threshold_on_or_above(
    six_orders: pd.DataFrame, text: str | None, decline: float | None
) -> None:
    assert named_decline_threshold(text, 0.5, lambda: build_cube(six_orders), PRICES) == decline


@pytest.mark.parametrize(
    ("text", "review", "words"),
    [
        ("0.2", 0.5, "no lower than the threshold of --at. Got: 0.2 and 0.5"),
        ("fpr=1", 0.5, r"Got: fpr=1 \(0.1\) and 0.5"),
        ("0.2", None, "Got: 0.2 and none"),
        ("cheapest", 0.5, "--decline-at is a number from 0 to 1, none or fpr=SHARE. Got: 'cheapest'"),
        ("detection=1", 0.5, "Got: 'detection=1'"),
        ("high", 0.5, "Got: 'high'"),
    ],
)
def test_a_decline_threshold_that_cannot_be_is_said(
    six_orders: pd.DataFrame, text: str, review: float | None, words: str
) -> None:
    with pytest.raises(PolicyError, match=words):
        named_decline_threshold(text, review, lambda: build_cube(six_orders), PRICES)


def test_single_prices_win_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text("review_cost = 1\napi_cost = 0.0\n")
    assert prices_in(Namespace(assumptions=None, set=[])) == Assumptions()
    both = prices_in(Namespace(assumptions=file, set=["review_cost=20"]))
    assert both == Assumptions(review_cost=20, api_cost=0.0)
    file.write_bytes(b"review_cost = \xff")
    with pytest.raises(AssumptionsError, match="cannot be read as TOML"):
        prices_in(Namespace(assumptions=file, set=[]))


def test_options_win_over_a_saved_mapping_and_leave_the_arguments_alone(tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_text('{"roles": {"amount": "price", "score": "risk"}, "numbers": "1.234,50"}')
    args = Namespace(**READING | {"mapping": file, "map": ["score=chance"], "fraud_is": ["Yes "], "legit_is": ["no"]})
    before = vars(args).copy()
    reading = reading_in(args, guess=True)
    assert dict(reading.roles) == {"amount": "price", "score": "chance"}
    assert (reading.numbers, dict(reading.labels)) == ("1.234,50", {"yes": 1, "no": 0})
    assert (reading.guess, reading_in(args).guess) == (True, False)
    assert vars(args) == before
    assert reading_in(Namespace(**READING)) == Reading()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"map": ["price"]}, "Expected --map ROLE=COLUMN. Got: 'price'"),
        ({"mapping": Path("none.json")}, "none.json cannot be read as a mapping"),
    ],
)
def test_a_reading_that_cannot_be_is_said(changes: dict, words: str) -> None:
    with pytest.raises(OrdersError, match=words):
        reading_in(Namespace(**READING | changes))


def test_times_are_utc_without_a_zone() -> None:
    assert time_in(None) is None
    assert time_in("2026-03-01") == pd.Timestamp("2026-03-01")
    assert time_in("2026-03-01T05:00-03:00") == pd.Timestamp("2026-03-01T08:00")
    with pytest.raises(OrdersError, match=r"Expected a time such as 2026-03-01\. Got: 'yesterdaze'"):
        time_in("yesterdaze")


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2])
def test_some_orders_are_learned_from_and_some_evaluated_on(share: float) -> None:
    assert evaluate_share_in(Namespace(evaluate_share=0.2)) == 0.2
    with pytest.raises(OrdersError, match=f"between 0 and 1. Got: {share}"):
        evaluate_share_in(Namespace(evaluate_share=share))


def test_sessions_are_visits_by_day(tmp_path: Path) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("day,sessions\n2026-03-01,20\n2026-03-02,300\n")
    visits = sessions_in(file)
    assert visits is not None
    assert visits.to_dict() == {pd.Timestamp("2026-03-01"): 20.0, pd.Timestamp("2026-03-02"): 300.0}
    assert sessions_in(None) is None
    file.write_text("date,visits\n2026-03-01,20\n")
    with pytest.raises(OrdersError, match=r"visits.csv cannot be read as sessions \(columns day, sessions\)"):
        sessions_in(file)

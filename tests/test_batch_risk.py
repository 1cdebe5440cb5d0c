"""Batch risk by hand and against the slow twin: no order ever sees its own or a later hour's outcome."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scoring.batch_risk import hourly_risk, known_name, risk_name
from tests.tables import ENTITIES, slow_risk, small_orders


def orders_at(*rows: tuple[str, float, str]) -> pd.DataFrame:
    times, labels, devices = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "ordered_at": np.array(times, "datetime64[us]"),
            "is_fraud": np.array(labels, float),
            "device_id": pd.array(devices, "str"),
        }
    )


def test_by_hand() -> None:
    """Known at once: the fraud of 10:20 counts from 11:00 on, so not for 10:50, but for 11:00.

    At 11:00 two outcomes are known, one of them fraud (overall 1/2); device d has 2, one fraud: (1 + 5/2) / (2 + 5).
    """
    orders = orders_at(
        ("2026-03-01T10:20", 1, "d"),
        ("2026-03-01T10:50", 0, "d"),
        ("2026-03-01T11:00", 0, "d"),
        ("2026-03-01T11:30", 0, "e"),
    )
    risk = hourly_risk(orders, label_delay_days=0)
    assert risk["device_outcomes"].tolist() == [0, 0, 2, 0]
    assert risk["device_risk"].round(6).tolist()[2] == pytest.approx(3.5 / 7)
    assert risk["device_risk"].isna().tolist() == [True, True, False, True]


def test_labels_are_used_only_once_they_are_known_and_for_28_days() -> None:
    """Known 2 days after 1 March 10:30, so from 3 March 11:00 until 31 March 11:00."""
    times = ["2026-03-01T10:30", "2026-03-03T10:59", "2026-03-03T11:00", "2026-03-31T10:59", "2026-03-31T11:00"]
    orders = orders_at(*((time, 1.0 if place == 0 else np.nan, "d") for place, time in enumerate(times)))
    assert hourly_risk(orders, label_delay_days=2)["device_outcomes"].tolist() == [0, 0, 1, 1, 0]


def test_a_stated_time_of_the_label_wins_over_the_delay() -> None:
    orders = orders_at(("2026-03-01T10:30", 1, "d"), ("2026-03-05T00:00", 0, "d"))
    late = orders.assign(labelled_at=np.array(["2026-03-06", "2026-03-06"], "datetime64[us]"))
    assert hourly_risk(orders, label_delay_days=1)["device_outcomes"].tolist() == [0, 1]
    assert hourly_risk(late, label_delay_days=1)["device_outcomes"].tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("stated", [True, False])
def test_equals_the_slow_twin(seed: int, stated: bool) -> None:
    orders = small_orders(seed)
    if not stated:
        orders = orders.drop(columns="labelled_at")
    risk = hourly_risk(orders, label_delay_days=3)
    for column in ENTITIES.values():
        slow = [slow_risk(orders, place, column, 3) for place in range(len(orders))]
        assert risk[risk_name(column)].tolist() == pytest.approx([r for r, _ in slow], abs=1e-6, nan_ok=True)
        assert risk[known_name(column)].tolist() == [n for _, n in slow]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.integers(0, 58))
def test_what_comes_later_changes_nothing_earlier(seed: int, place: int) -> None:
    """Flip every outcome of the order's own hour and after, and drop all later orders: its risk stands."""
    orders = small_orders(seed)
    hour = orders["ordered_at"].iloc[place].floor("h")
    later = orders["ordered_at"] >= hour
    flipped = orders.assign(is_fraud=orders["is_fraud"].mask(later, 1 - orders["is_fraud"]))
    before = hourly_risk(orders, label_delay_days=0).iloc[: place + 1]
    assert hourly_risk(flipped, label_delay_days=0)[~later].equals(hourly_risk(orders, label_delay_days=0)[~later])
    cut = hourly_risk(orders.iloc[: place + 1], label_delay_days=0)
    assert cut.iloc[place].equals(before.iloc[place])
    assert hourly_risk(flipped, label_delay_days=0).iloc[place].equals(before.iloc[place])


def test_orders_without_times_or_labels_have_no_risk() -> None:
    orders = small_orders(1)
    assert hourly_risk(orders.drop(columns="ordered_at"), label_delay_days=1).shape == (60, 0)
    assert hourly_risk(orders.drop(columns="is_fraud"), label_delay_days=1).shape == (60, 0)

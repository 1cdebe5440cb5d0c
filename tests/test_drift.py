"""Shifts of the order-time gap by hand: when a day warns, and when the third in a row is an alarm."""

import numpy as np
import pandas as pd

from core.scoring.drift import gap_by_day, shifts

START = pd.Timestamp("2026-03-01")


def daily(*means: float) -> pd.DataFrame:
    return pd.DataFrame({"day": pd.date_range(START, periods=len(means)), "mean_log_gap": means})


def test_three_warnings_on_one_side_are_an_alarm_two_are_not() -> None:
    """Reference: eight days of 9 and 11, mean 10, sd 1.069; so 11.8 is 1.68 sd off, 11.5 only 1.40."""
    table = shifts(daily(*[9, 11] * 4, 11.8, 11.8, 11.5, 11.8, 11.8, 11.8, 8.2, 11.8), START + pd.Timedelta(days=8))
    assert table["warning"].tolist() == [False] * 8 + [True, True, False, True, True, True, True, True]
    assert table["alarm"].tolist() == [False] * 13 + [True, False, False]
    assert round(float(table["shift_sd"].iloc[8]), 2) == 1.68


def test_fewer_than_seven_days_or_no_spread_are_no_reference() -> None:
    assert shifts(daily(*[9, 11] * 3), START + pd.Timedelta(days=6)).empty
    assert shifts(daily(*[10.0] * 20), START + pd.Timedelta(days=10)).empty


def test_the_mean_is_of_the_log_of_gaps_up_to_seven_days_from_the_eighth_day_on() -> None:
    times = START + pd.to_timedelta(np.arange(20), unit="D")
    orders = pd.DataFrame({"ordered_at": times})
    features = pd.DataFrame({"order_time_gap": [100.0, 1e9] * 10})
    table = gap_by_day(orders, features, learnt_until=START + pd.Timedelta(days=17))
    assert table["day"].min() == START + pd.Timedelta(days=7)
    assert table["mean_log_gap"].tolist()[:2] == [np.log1p(7 * 86_400.0), np.log1p(100.0)]


def test_orders_without_a_gap_have_no_drift() -> None:
    assert gap_by_day(pd.DataFrame({"ordered_at": [START]}), pd.DataFrame(), learnt_until=START).empty

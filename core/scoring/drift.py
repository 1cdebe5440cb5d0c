"""Has the order-time gap moved? Its daily mean against the days the model learnt from."""

import numpy as np
import pandas as pd

from core.columns import DAY, ORDERED_AT
from core.scoring.feature_rows import GAP

WARNING_SD = 1.5
LONGEST_GAP_S = 7 * 86_400.0
ALARM_DAYS = 3  # days in a row on the same side: one alone would cry wolf 4 days a month at 1.5 sd


def gap_by_day(orders: pd.DataFrame, features: pd.DataFrame, *, learnt_until: pd.Timestamp) -> pd.DataFrame:
    """The mean log order-time gap of each day, and how far it lies from the days before learnt_until.

    One row a day from the eighth on (before, accounts seem to have no past); gaps above 7 days count as 7 days.
    Columns: day; mean_log_gap (natural log of seconds + 1: the gap is right-skewed); shift_sd, distance from
    the reference mean in standard deviations of *daily means*; warning, |shift| > 1.5; alarm, the third warning in a
    row on one side. Empty where the orders have no gap, or fewer than 7 reference days.
    """
    if GAP not in features or ORDERED_AT not in orders:
        return pd.DataFrame(columns=[DAY, "mean_log_gap", "shift_sd", "warning", "alarm"])
    day = orders[ORDERED_AT].dt.floor("D")
    log_gap = features[GAP].astype(float).clip(0, LONGEST_GAP_S).map(np.log1p)
    means = log_gap.groupby(day).mean().rename_axis(DAY).rename("mean_log_gap").reset_index()
    began = means[DAY].min() + pd.Timedelta(seconds=LONGEST_GAP_S)
    return shifts(means[means[DAY] >= began].reset_index(drop=True), learnt_until)


def shifts(daily: pd.DataFrame, learnt_until: pd.Timestamp) -> pd.DataFrame:
    """daily (day, mean_log_gap) with shift_sd, warning and alarm."""
    reference = daily.loc[daily[DAY] < learnt_until.floor("D"), "mean_log_gap"]
    if len(reference) < 7 or not reference.std() > 0:
        return pd.DataFrame(columns=[*daily.columns, "shift_sd", "warning", "alarm"])
    shift = (daily["mean_log_gap"] - reference.mean()) / reference.std()
    side = np.sign(shift).where(shift.abs() > WARNING_SD, 0).astype(int)
    run = side.groupby((side != side.shift()).cumsum()).cumcount() + 1
    return daily.assign(shift_sd=shift, warning=side != 0, alarm=(side != 0) & (run >= ALARM_DAYS))

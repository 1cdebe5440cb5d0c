"""What stands in small print beside figures: which orders they are of, and what to be careful about."""

import pandas as pd

from core.number_format import SPACE, count, counted, dollars_fine, dollars_short, fixed, percent_short
from core.pricing.applied import Applied
from core.pricing.cube import Cube, totals_of
from core.pricing.curve import cheapest_step, month_factor
from core.scoring.calibration import slope_of_bins

GOOD_SLOPES = (0.7, 1.4)  # of calibration: beyond them it is said


def expected_caption(cube: Cube) -> str:
    """That every figure is an expected one, where orders without an outcome count with their score; else ""."""
    totals = totals_of(cube)
    if not is_expected(cube):
        return ""
    missing = totals.orders - totals.labelled - totals.unknown
    return (
        f"{count(missing)} of {count(totals.orders)} orders have no known outcome and count with their score: "
        "every figure is an expected one, and intervals leave out the chance in how those orders turn out."
    )


def is_expected(cube: Cube) -> bool:
    """Whether some orders have no known outcome and count with their score."""
    totals = totals_of(cube)
    return totals.labelled + totals.unknown < totals.orders


def period_caption(cube: Cube, kept: str = "") -> str:
    """Which orders the dollars come from, and what was done to make them a month.

    kept: "99,812 of 100,000 rows" where rows of the file were rejected.
    """
    totals = totals_of(cube)
    cleared = totals.orders - totals.scored
    scored = f"{percent_short(cleared / totals.orders)} of them never scored" if cleared else "all of them scored"
    known = "" if totals.labelled == totals.orders else f", {count(totals.labelled)} with a known outcome"
    whole = f" ({kept} of the file)" if kept else ""
    orders = f"{count(totals.orders)} orders{whole}, {scored}{known}"
    if cube.days is None:
        return f"Dollars of the file as it is: {orders}. Without order times nothing is scaled to a month."
    first, last = (day.item().strftime(f"%d{SPACE}%b{SPACE}%Y").lstrip("0") for day in (cube.days[0], cube.days[-1]))
    scale = fixed(month_factor(totals) or 1.0, 2)
    scaled = "" if len(cube.days) == 30 else f", scaled × {scale}"
    days = f"{first} to {last} ({counted(len(cube.days), 'day')})"
    return f"Dollars and counts of orders a month of 30 days{scaled}, measured on {orders}, {days}."


def flac_caption(policy: Applied) -> str:
    """Where FLAC is best, and what that line costs over the cheapest: the two disagree, and both are shown."""
    totals, curve = policy.totals, policy.curve
    if curve["flac"].isna().all():
        return ""
    cheapest, best = (cheapest_step(curve, days=None, objective=name) for name in ("total_cost", "flac"))
    if best == cheapest:
        return "FLAC is best on the cheapest line too."
    dearer = (curve["total_cost"][best] - curve["total_cost"][cheapest]) * (month_factor(totals) or 1.0)
    period = " a month" if totals.days else ""
    at = "when nobody is flagged" if best == 0 else f"at {percent_short(curve['false_positive_rate'][best])} FPR"
    return (
        f"FLAC is best {at} ({dollars_fine(curve['flac'][best])} a session), which costs "
        f"{dollars_short(dearer)}{period} more than the cheapest line: FLAC counts neither reviews nor scoring calls."
    )


def calibration_caption(reliability: pd.DataFrame | None) -> str:
    """That scores do not mean what they say, where their calibration slope is badly off; "" where it is not, or where
    nothing is known. reliability: of `evaluation.reliability`."""
    slope = None if reliability is None else slope_of_bins(reliability)
    if slope is None or GOOD_SLOPES[0] <= slope <= GOOD_SLOPES[1]:
        return ""
    how = "too extreme" if slope < 1 else "too timid"
    return (
        f"The scores are {how}: their calibration slope is {fixed(slope, 2)} where 1 is right. Counts at a threshold "
        "stand; whatever is expected of an order without an outcome is off. See Model."
    )

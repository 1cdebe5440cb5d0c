"""What the browser needs to follow a drag on its own: sums, coefficients, labels. It multiplies and formats.

No formula lives there: a figure is constant + n0·c0 + n1·c1 + a0·c2 + a1·c3, a rate is one figure over another.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.deciding.review_decline import best_pair
from core.number_format import SPACE, count, counted, dollars_fine, dollars_short, fixed, percent_short
from core.policy import Policy
from core.pricing.counting import MEASURES
from core.pricing.cube import Cube, running_sums, step_of, totals_of
from core.pricing.curve import Limits, cheapest_step, last_step_within, month_factor, price_curve, requirement_step
from core.pricing.economics import RATIOS, approve_everything, coefficients
from core.scoring.calibration import slope_of_bins
from core.showing.link import APPROVE_ALL, BY_SAVING, NOBODY, UNSET, View

REQUIRED_DETECTION = 0.95
GOOD_SLOPES = (0.7, 1.4)  # of calibration: beyond them it is said
OPENING_LINE, OPENING_BASELINE = 0.005, 0.02  # FPR of the claim: "2 % → 0.5 %"

TILES = (
    ("false_positive_rate", "False positive rate", "percent", "points", "low", "False positives ÷ all legit orders"),
    ("review_cost", "Review cost", "dollars_short", "dollars_short", "low", "Flagged orders × cost of a review"),
    ("fraud_loss", "Fraud loss", "dollars_short", "dollars_short", "low", "What fraud that ships costs"),
    ("saving", "Saving", "dollars_short", "dollars_short", "high", "Cost of approving everything − total cost"),
    ("flac", "FLAC", "dollars_fine", "dollars_fine", "high", "(sales − fraud loss + reinstated) ÷ sessions"),
)
LAYERS = (
    ("api_cost", "Scoring calls", "gray"),
    ("review_cost", "Review", "blue"),
    ("insult_cost", "Insult", "violet"),
    ("fraud_loss", "Fraud loss", "red"),
)
DETAILS = (
    ("total_cost", "Total cost", "dollars_short"),
    ("perceived_cost", "Perceived cost", "dollars_short"),
    ("insult_cost", "Insult cost", "dollars_short"),
    ("api_cost", "Scoring calls", "dollars_short"),
    ("detection_rate", "Detection", "percent"),
    ("value_detection_rate", "Detection by value", "percent"),
    ("precision", "Precision", "percent"),
    ("review_hours", "Review hours", "count"),
    ("capacity_used", "Capacity used", "percent"),
    ("declined", "Declined unseen", "count"),
)
AXES: dict[str, dict[str, str | None]] = {
    "fpr": {
        "figure": "false_positive_rate", "label": "False positive rate", "short": "FPR", "scale": "root",
        "format": "percent",
    },
    "review": {
        "figure": "review_rate", "label": "Review rate", "short": "Review rate", "scale": "root", "format": "percent",
    },
    "score": {"figure": None, "label": "Score", "short": "score", "scale": "log", "format": "score"},
    BY_SAVING: {
        "figure": None, "label": "Expected saving of a review", "short": "saving", "scale": "asinh",
        "format": "dollars_cents",
    },
}  # fmt: skip
_STOPPED = {"label": "Share of orders at or above the review line", "short": "Reviewed or declined"}
MATRIX = (
    ("fraud", "flagged", "Caught", "caught", "caught_value", "caught_cost"),
    ("fraud", "shipped", "Missed", "missed", "missed_value", "missed_cost"),
    ("legit", "flagged", "False positives", "false_positives", "false_positive_value", "false_positive_cost"),
    ("legit", "shipped", "Shipped", "true_negatives", "true_negative_value", None),
)


def live_view(
    cube: Cube,
    prices: Assumptions,
    *,
    line: Policy,
    baseline: Policy | None,
    axis: str,
    revision: int,
    captions: list[str],
    two: bool = False,
    by_score: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """The payload of the drag component: plain values, and one frame of sums (`steps_table`).

    line, baseline: where they stand; baseline None is *approve everything*. two: whether the decline cut-off can be
    dragged too. by_score: for a cube of `amount_aware`, figures of the best line by score, which then are what None
    means. Dollars and counts are scaled to a month of 30 days where the orders carry times. revision: raised when the
    server, not the reader, moved line or baseline.
    """
    totals = totals_of(cube)
    factor = month_factor(totals) or 1.0
    coefs = coefficients(prices, totals)
    parts = factor * np.column_stack([coefs.constant, coefs.reviewed, coefs.declined])
    start = approve_everything(coefs) if by_score is None else by_score
    button = "Baseline: approve everything" if by_score is None else "Baseline: best line by score"
    details = DETAILS if two else [row for row in DETAILS if row[0] != "declined"]
    period = " a month" if totals.days else ""
    view: dict[str, Any] = {
        "revision": revision,
        "steps": steps_table(cube),
        "rows": {name: _plain(row) for name, row in zip(coefs.names, parts.tolist(), strict=True)},
        "ratios": {name: list(pair) for name, pair in RATIOS.items()},
        "fixed": {name: _number(value * (1 if name in RATIOS else factor)) for name, value in start.items()},
        "fixed_button": button,
        "tiles": [dict(zip(("figure", "label", "format", "change", "better", "help"), t, strict=True)) for t in TILES],
        "layers": [dict(zip(("figure", "label", "color"), layer, strict=True)) for layer in LAYERS],
        "total": {"figure": "total_cost", "label": "Total cost"},
        "details": [dict(zip(("figure", "label", "format"), detail, strict=True)) for detail in details],
        "matrix": [
            dict(zip(("row", "column", "label", "count", "value", "cost"), cell, strict=True)) for cell in MATRIX
        ],
        "axes": AXES | ({"review": {**AXES["review"], **_STOPPED}} if two else {}),
        "axis": axis,
        "two": two,
        "line": line.review,
        "decline": line.decline,
        "baseline": None if baseline is None else baseline.review,
        "baseline_decline": 0 if baseline is None else baseline.decline,
        "cheapest": _cheapest(cube, prices, two),
        "required": requirement_step(price_curve(cube, prices), REQUIRED_DETECTION),
        "required_label": f"{REQUIRED_DETECTION:.0%} detection",
        "sentences": sentences(period, expected=_expected(cube), by_saving=by_score is not None),
        "captions": captions,
        "period": period,
        "pinnable": by_score is None,  # another page knows no baseline by saving
    }
    return view | {"digest": _digest(view)}


def policies_of_view(cube: Cube, view: View) -> tuple[Policy, Policy | None]:
    """Where line and baseline stand, their decline cut-offs with them; baseline None is *approve everything*.

    What the reader has not chosen opens at the claim's 0.5 % against 2 % false positive rate. A decline cut-off below
    its review threshold takes that one's place too: from there on all are declined.
    """
    line = _opening(cube, view, OPENING_LINE) if view.line == UNSET else _step(cube, view.line)
    policy = _with_decline(cube, line, view.decline)
    if view.baseline == APPROVE_ALL:
        return policy, None
    other = _opening(cube, view, OPENING_BASELINE) if view.baseline == UNSET else _step(cube, view.baseline)
    return policy, _with_decline(cube, other, view.baseline_decline)


def _with_decline(cube: Cube, line: int, decline: float | str) -> Policy:
    step = _step(cube, decline)
    return Policy(max(line, step), step)


def expected_caption(cube: Cube) -> str:
    """That every figure is an expected one, where orders without an outcome count with their score; else ""."""
    totals = totals_of(cube)
    if not _expected(cube):
        return ""
    missing = totals.orders - totals.labelled - totals.unknown
    return (
        f"{count(missing)} of {count(totals.orders)} orders have no known outcome and count with their score: "
        "every figure is an expected one, and intervals leave out the chance in how those orders turn out."
    )


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


def steps_table(cube: Cube) -> pd.DataFrame:
    """One row a step, *flag nobody* first (its threshold is missing): threshold, n0, n1, a0, a1 of orders flagged."""
    sums = pd.DataFrame(running_sums(cube), columns=list(MEASURES))
    return sums.assign(threshold=np.concatenate([[np.nan], cube.thresholds]))


def flac_caption(cube: Cube, prices: Assumptions) -> str:
    """Where FLAC is best, and what that line costs over the cheapest: the two disagree, and both are shown."""
    totals = totals_of(cube)
    curve = price_curve(cube, prices)
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


def sentences(period: str, *, expected: bool = False, by_saving: bool = False) -> dict[str, list[dict[str, str]]]:
    """The argument as parts to fill: text, a figure at the line or at the baseline, or a change with a wording
    for more, less and same (`{}` is the size of the change). by_saving: the fixed baseline is the best line by score.
    """
    end = [{"text": ": "}, {"change": "saving", "format": "dollars_short", "signed": "+"}, {"text": f"{period}."}]
    if expected:
        end[-1] = {"text": f"{period}, expected: some outcomes are not known yet."}
    moved = [
        {"figure": "false_positive_rate", "at": "baseline", "format": "percent_short"},
        {"text": " to "},
        {"figure": "false_positive_rate", "at": "line", "format": "percent_short"},
    ]
    changes = [
        _change("review_cost", "adds {} of reviews", "saves {} of reviews", "needs the same reviews"),
        {"text": ", "},
        _change("fraud_loss", "lets {} more fraud through", "stops {} more fraud", "lets the same fraud through"),
        _change("insult_cost", ", costs {} more in lost buyers", ", keeps {} of buyers", ""),
    ]
    scoring = _change("api_cost", ", pays {} for scoring", ", saves {} of scoring", "")
    what = (
        "the best single line by score, reviewing by expected saving" if by_saving else "approving everything, a line"
    )
    return {
        "pinned": [{"text": "Moving from "}, *moved, {"text": " FPR "}, *changes, *end],
        "fixed": [{"text": f"Against {what} at "}, moved[2], {"text": " FPR "}, *changes, scoring, *end],
        "same": [{"text": "The line stands on the baseline: drag it to see what a change is worth."}],
    }


def _change(figure: str, more: str, less: str, same: str) -> dict[str, str]:
    return {"change": figure, "format": "dollars_short", "more": more, "less": less, "same": same}


def _cheapest(cube: Cube, prices: Assumptions, two: bool) -> dict[str, int]:
    """Where the cheapest policy within the team's capacity stands."""
    days = totals_of(cube).days
    most = prices.reviews_per_day if days else None
    if two:
        pair = best_pair(cube, prices, None if most is None else most * (days or 1))
        return {"line": pair.review, "decline": pair.decline}
    step = cheapest_step(price_curve(cube, prices), Limits(max_reviews_per_day=most), days=days)
    return {"line": step, "decline": 0}


def _opening(cube: Cube, view: View, false_positive_rate: float) -> int:
    return last_step_within(price_curve(cube, view.prices), false_positive_rate)


def _step(cube: Cube, threshold: float | str) -> int:
    return step_of(cube, None if threshold == NOBODY else float(threshold))


def _expected(cube: Cube) -> bool:
    totals = totals_of(cube)
    return totals.labelled + totals.unknown < totals.orders


def _digest(view: dict[str, Any]) -> str:
    """Equal for equal payloads: the browser need not draw the same thing again."""
    plain = {name: value for name, value in view.items() if name != "steps"}
    told = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    told.update(view["steps"].to_numpy().tobytes())
    return told.hexdigest()


def _plain(row: list[float]) -> list[float | None]:
    return [_number(value) for value in row]


def _number(value: float) -> float | None:
    """JSON has no NaN: a figure without a value is null."""
    return None if np.isnan(value) else float(value)

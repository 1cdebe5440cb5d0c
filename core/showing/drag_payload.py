"""What the browser needs to follow a drag on its own: sums, coefficients, labels. It multiplies and formats.

No formula lives there: a figure is constant + n0·c0 + n1·c1 + a0·c2 + a1·c3, a rate is one figure over another.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.deciding.review_decline import best_pair
from core.policy import BY_SAVING
from core.pricing.applied import Applied, Case
from core.pricing.counting import MEASURES
from core.pricing.curve import cheapest_step, month_factor, requirement_step
from core.pricing.economics import RATIOS, approve_everything
from core.showing.captions import is_expected
from core.showing.figure_words import FIGURES
from core.showing.sentences import sentences

REQUIRED_DETECTION = 0.95

TILES = ("false_positive_rate", "review_cost", "fraud_loss", "saving", "flac")
LAYERS = (("api_cost", "gray"), ("review_cost", "blue"), ("insult_cost", "violet"), ("fraud_loss", "red"))
_LAYER_WORDS = {"review_cost": "Review", "insult_cost": "Insult"}
DETAILS = (
    *("total_cost", "perceived_cost", "insult_cost", "api_cost", "detection_rate", "value_detection_rate"),
    *("precision", "review_hours", "capacity_used", "declined"),
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


@dataclass(frozen=True)
class Drag:
    """What a drag is of. axis: of `AXES`. two: whether the decline threshold can be dragged too, only where two steps
    of the cube say all of the policy. captions: small print under the chart."""

    axis: str = "fpr"
    two: bool = False
    captions: tuple[str, ...] = ()


def drag_payload(case: Case, drag: Drag) -> dict[str, Any]:
    """The payload of the drag component: plain values, and one frame of sums (`steps_table`).

    What is dragged is the threshold for all orders; the rest of the policy (a limit, segments, another decline
    threshold) is kept, and its sums at each step come with it. The baseline can be a step too, or figures that stay.
    Dollars and counts are scaled to a month of 30 days where the orders carry times.
    """
    policy, baseline = case.policy, case.baseline
    factor = month_factor(policy.totals) or 1.0
    coefs = policy.coefficients
    parts = factor * np.column_stack([coefs.constant, coefs.reviewed, coefs.declined])
    by_steps = policy.policy.is_by_steps
    stands = baseline is not None and _on_the_same_steps(policy, baseline)
    two = drag.two and by_steps
    period = " a month" if policy.totals.days else ""
    axis = BY_SAVING if drag.axis == "score" and policy.policy.ranked_by == BY_SAVING else drag.axis
    payload: dict[str, Any] = {
        "steps": steps_table(policy),
        "kept": not by_steps,
        "rows": {name: _nulled(row) for name, row in zip(coefs.names, parts.tolist(), strict=True)},
        "ratios": {name: list(pair) for name, pair in RATIOS.items()},
        "fixed": {
            name: _number(value * (1 if name in RATIOS else factor))
            for name, value in (approve_everything(coefs) if stands else case.baseline_figures).items()
        },
        "approves": baseline is None or stands,
        "fixed_button": "Baseline: approve everything",
        "tiles": [_tile(name) for name in TILES],
        "layers": [
            {"figure": name, "label": _LAYER_WORDS.get(name, FIGURES[name].label), "color": color}
            for name, color in LAYERS
        ],
        "total": {"figure": "total_cost", "label": FIGURES["total_cost"].label},
        "details": [
            {"figure": name, "label": FIGURES[name].label, "format": FIGURES[name].format}
            for name in DETAILS
            if name != "declined" or two or case.policy.figures["declined"]
        ],
        "matrix": [
            dict(zip(("row", "column", "label", "count", "value", "cost"), cell, strict=True)) for cell in MATRIX
        ],
        "axes": AXES | ({"review": {**AXES["review"], **_STOPPED}} if two else {}),
        "axis": axis,
        "two": two,
        "line": policy.steps.review_step,
        "decline": policy.steps.decline_step if by_steps else 0,
        "baseline": baseline.steps.review_step if stands and baseline is not None else None,
        "baseline_decline": baseline.steps.decline_step if stands and baseline is not None else 0,
        "cheapest": _cheapest(policy, two),
        "required": requirement_step(policy.curve, REQUIRED_DETECTION),
        "required_label": f"{REQUIRED_DETECTION:.0%} detection",
        "sentences": sentences(
            period, expected=is_expected(policy.by_score), approves=baseline is None, kept=not stands
        ),
        "captions": list(drag.captions),
        "period": period,
    }
    return payload | {"digest": _digest(payload)}


def _on_the_same_steps(policy: Applied, baseline: Applied) -> bool:
    """Whether the baseline is two steps of the very cube that is dragged."""
    here, there = policy.policy, baseline.policy
    same = (here.ranked_by, here.rules) == (there.ranked_by, there.rules)
    return same and here.is_by_steps and there.is_by_steps


def steps_table(policy: Applied) -> pd.DataFrame:
    """One row a step, *flag none* first (its threshold is missing): threshold; n0, n1, a0, a1 of the orders stopped.

    Where the rest of the policy is kept, also d_n0, d_n1, d_a0, d_a1 of those declined, and fpr and review, the share
    of legit orders and of all at or above their threshold, which never fall and so can be axes.
    """
    sums = policy.curve_sums
    table = pd.DataFrame(sums.stopped, columns=list(MEASURES))
    table = table.assign(threshold=np.concatenate([[np.nan], policy.cube.thresholds]))
    if policy.policy.is_by_steps:
        return table
    declined = pd.DataFrame(sums.declined, columns=[f"d_{name}" for name in MEASURES])
    legit, orders = policy.totals.n0 or np.nan, policy.totals.orders or np.nan
    return table.join(declined).assign(fpr=sums.flagged[:, 0] / legit, review=sums.flagged[:, :2].sum(axis=1) / orders)


def _tile(name: str) -> dict[str, str]:
    row = FIGURES[name]
    return {"figure": name, "label": row.label, "format": row.format, "change": row.change, "better": row.better,
            "help": row.help}  # fmt: skip


def _cheapest(policy: Applied, two: bool) -> dict[str, int]:
    """Where the cheapest policy stands: the best pair of thresholds, or the best threshold with the rest kept."""
    if two:
        pair = best_pair(policy.cube, policy.prices)
        return {"line": pair.review_step, "decline": pair.decline_step}
    decline = policy.steps.decline_step if policy.policy.is_by_steps else 0
    return {"line": cheapest_step(policy.curve, days=policy.totals.days), "decline": decline}


def _digest(payload: dict[str, Any]) -> str:
    """Equal for equal payloads: the browser need not draw the same thing again."""
    values = {name: value for name, value in payload.items() if name != "steps"}
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode())
    digest.update(payload["steps"].to_numpy().tobytes())
    return digest.hexdigest()


def _nulled(row: list[float]) -> list[float | None]:
    return [_number(value) for value in row]


def _number(value: float) -> float | None:
    """JSON has no NaN: a figure without a value is null."""
    return None if np.isnan(value) else float(value)

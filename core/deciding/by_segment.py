"""A line for each kind of order: what own thresholds gain, where there is too little fraud to tell, and what one line
for all costs the legit buyers of each."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.deciding.confidence import FEWEST_FRAUDS, intervals_and_change
from core.policy import Steps
from core.pricing.cube import NOT_KNOWN, Cube, build_cube, running_sums, threshold_at, totals_of
from core.pricing.economics import coefficients, price
from core.pricing.segment_values import segment_values


def segmented(
    orders: pd.DataFrame,
    column: str,
    thresholds: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    features: pd.DataFrame | None = None,
) -> Cube:
    """The cube by the kinds of a column (`segment_columns`); steps as given."""
    segments = segment_values(orders, features, column)
    return build_cube(orders.assign(**{"cutline segment": segments}), thresholds=thresholds, segment="cutline segment")


def slice_of(cube: Cube, segment: str) -> Cube:
    """One segment as a cube of its own; visits are not split, so FLAC takes the conversion rate."""
    place = cube.segments.index(segment)
    one = slice(place, place + 1)
    return replace(cube, segments=(segment,), cells=cube.cells[one], gaps=cube.gaps[one], sessions=None)


def by_segment(cube: Cube, prices: Assumptions, line: int) -> pd.DataFrame:
    """Each segment under one line for all, and under its own cheapest one.

    Columns: segment; orders; fraud; and at the line fpr and detection (0–1), fpr_ratio (over the FPR of all segments),
    false_positives and their false_positive_value ($), insult_cost and saving ($ of the period); own_threshold
    (missing: flag nobody); own_saving; gain, own_saving − saving; few, whether fraud is too little to tell. fpr,
    detection, saving, own_saving and gain have the ends of their 95 % intervals in …_low and …_high (missing without
    times). Numbers from the lowest, other segments from the largest.
    """
    table = pd.DataFrame([_segment(name, slice_of(cube, name), prices, line) for name in cube.segments])
    legit, false = table["legit"].sum(), table["false_positives"].sum()
    ratio = table["fpr"] / (false / legit) if false else table["fpr"] * np.nan
    table = table.assign(fpr_ratio=ratio)
    if all(_NUMBERS.match(name) or name == NOT_KNOWN for name in table["segment"]):
        return table.sort_values("segment", key=lambda names: names.map(_low_end), ignore_index=True)
    return table.sort_values("orders", ascending=False, ignore_index=True)


_NUMBERS = re.compile(r"(-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)(?: to \S+)?$")


def _low_end(name: str) -> float:
    found = _NUMBERS.match(name)
    return float(found[1].replace(",", "")) if found else np.inf


_WITH_ENDS = {"fpr": "false_positive_rate", "detection": "detection_rate", "saving": "saving"}


def _segment(name: str, one: Cube, prices: Assumptions, line: int) -> dict[str, Any]:
    totals = totals_of(one)
    figures = price(coefficients(prices, totals), running_sums(one))
    own = int(figures["total_cost"].argmin())
    at_line = {column: float(figures[column][line]) for column in _AT_LINE}
    values = {column: float(figures[figure][line]) for column, figure in _WITH_ENDS.items()}
    values |= {"own_saving": float(figures["saving"][own]), "gain": float(figures["saving"][own]) - values["saving"]}
    ends = _ends_of(one, prices, line, own) if one.days is not None else {}
    low, high = ({f"{column}_{end}": ends.get(column, _UNKNOWN)[place] for column in values}
                 for place, end in enumerate(("low", "high")))  # fmt: skip
    return values | low | high | at_line | {
        "segment": name, "orders": totals.orders, "legit": totals.n0, "fraud": totals.n1,
        "own_threshold": np.nan if own == 0 else threshold_at(one, own), "few": totals.n1 < FEWEST_FRAUDS,
    }  # fmt: skip


_AT_LINE = ("false_positives", "false_positive_value", "insult_cost")
_UNKNOWN = (np.nan, np.nan)


def _ends_of(one: Cube, prices: Assumptions, line: int, own: int) -> dict[str, tuple[float, float]]:
    """The ends of each interval of a segment."""
    at_line, at_own, gain = intervals_and_change(one, prices, list(_WITH_ENDS.values()), Steps(line), Steps(own))
    found = {column: (at_line[figure].low, at_line[figure].high) for column, figure in _WITH_ENDS.items()}
    return found | {"own_saving": (at_own["saving"].low, at_own["saving"].high), "gain": gain}

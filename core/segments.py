"""A line for each kind of order: what own thresholds gain, where there is too little fraud to tell, and what one line
for all costs the legit buyers of each."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.assumptions import Assumptions
from core.columns import SCORE
from core.cube import Cube, build_cube, running_sums, threshold_at, totals
from core.economics import coefficients, price
from core.uncertainty import FEWEST_FRAUDS, figure_interval

MOST_SEGMENTS = 12
REST = "all others"


def segment_columns(orders: pd.DataFrame) -> list[str]:
    """Columns that split the orders into 2 to 255 kinds: texts, and the account's first order where it is known."""
    texts = orders.select_dtypes(exclude=["number", "datetime"])
    return [str(name) for name in texts if name not in ("order_id", SCORE) and 2 <= texts[name].nunique() <= 255]


def segmented(orders: pd.DataFrame, column: str, thresholds: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Cube:
    """The cube by the largest kinds of a column, the smaller ones together; steps as given."""
    kinds = orders[column].astype(object).where(orders[column].notna(), "not known").astype(str)
    largest = kinds.value_counts().index[: MOST_SEGMENTS - 1]
    if kinds.nunique() > MOST_SEGMENTS:
        kinds = kinds.where(kinds.isin(largest), REST)
    return build_cube(orders.assign(**{"cutline segment": kinds}), thresholds=thresholds, segment="cutline segment")


def slice_of(cube: Cube, segment: str) -> Cube:
    """One segment as a cube of its own; visits are not split, so FLAC takes the conversion rate."""
    place = cube.segments.index(segment)
    one = slice(place, place + 1)
    return replace(cube, segments=(segment,), cells=cube.cells[one], gaps=cube.gaps[one], sessions=None)


def by_segment(cube: Cube, prices: Assumptions, line: int) -> pd.DataFrame:
    """Each segment under one line for all, and under its own cheapest one.

    Columns: segment; orders; fraud; fpr and detection (0–1) at the line; insulted, legit orders flagged; saving, low,
    high ($ of the period at the line, with its 95 % interval, missing without times); own_threshold (missing: flag
    nobody); own_saving; gain, own_saving − saving; few, whether fraud is too little to tell. Largest segment first.
    """
    rows = []
    for name in cube.segments:
        one = slice_of(cube, name)
        everything, sums = totals(one), running_sums(one)
        figures = price(coefficients(prices, everything), sums)
        own = int(figures["total_cost"].argmin())
        sure = None if cube.days is None else figure_interval(one, prices, "saving", line)
        rows.append({
            "segment": name, "orders": everything.orders, "fraud": everything.n1,
            "fpr": float(figures["false_positive_rate"][line]), "detection": float(figures["detection_rate"][line]),
            "insulted": float(figures["false_positives"][line]), "saving": float(figures["saving"][line]),
            "low": np.nan if sure is None else sure.low, "high": np.nan if sure is None else sure.high,
            "own_threshold": np.nan if own == 0 else threshold_at(one, own),
            "own_saving": float(figures["saving"][own]),
            "gain": float(figures["saving"][own] - figures["saving"][line]),
            "few": everything.n1 < FEWEST_FRAUDS,
        })  # fmt: skip
    return pd.DataFrame(rows).sort_values("orders", ascending=False, ignore_index=True)

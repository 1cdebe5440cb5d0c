"""All flagged orders together: which reasons flag most of them, most dollars, most false positives; and how that
changes as the threshold moves."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import AMOUNT
from core.explaining.explain import Explained, Reference, group_of, share_of, top_reasons
from core.pricing.order_costs import fraud_or_score

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS = 24  # thresholds of the mix


def flagged_reasons(explained: Explained, orders: pd.DataFrame, flagged: Ints, line: Reference) -> pd.DataFrame:
    """Each feature that is the first reason of a flagged order, the commonest first.

    flagged: places among the explained orders. Columns: feature; orders; amount_usd; false_positives (legit ones
    among them; an order without an outcome counts as 1 − score); mean_part (log-odds, over all flagged orders).
    """
    first = top_reasons(explained, flagged, line, 1)[:, 0]
    rows = orders.iloc[explained.places[flagged]]
    amounts, legit = rows[AMOUNT].to_numpy(np.float64), 1 - fraud_or_score(rows)
    kept = first >= 0
    size = len(explained.features)
    counts = np.bincount(first[kept], minlength=size)
    table = pd.DataFrame({
        "feature": explained.features,
        "orders": counts,
        "amount_usd": np.bincount(first[kept], amounts[kept], minlength=size),
        "false_positives": np.bincount(first[kept], legit[kept], minlength=size),
        "mean_part": (explained.values[flagged] - line.parts).mean(axis=0) if len(flagged) else np.zeros(size),
    })  # fmt: skip
    table = table[table["orders"] > 0]
    return table.sort_values(["orders", "amount_usd"], ascending=False, ignore_index=True)


def mix_by_threshold(explained: Explained) -> pd.DataFrame:
    """How the first reasons of flagged orders are shared between groups of features, at thresholds from strict to lax.

    A reason is here the group whose parts raise an order most over an average one: so it does not change with the
    line, only who is flagged does. Columns: threshold; flagged (orders); group; share (0–1 of them).
    """
    groups = [group_of(name) for name in explained.features]
    names = list(dict.fromkeys(groups))
    sums = np.column_stack([
        explained.values[:, [group == name for group in groups]].sum(axis=1) for name in names
    ])  # fmt: skip
    odds = explained.log_odds
    order = np.argsort(-odds, kind="stable")
    first = np.argmax(sums, axis=1)[order]
    running = np.cumsum(first[:, None] == np.arange(len(names)), axis=0)
    ends = np.unique(np.geomspace(min(50, len(order)), max(len(order) // 2, 1), _STEPS).astype(int))
    rows = [
        (float(share_of(odds[order[end - 1]])), int(end), name, float(running[end - 1, place] / end))
        for end in ends
        if end
        for place, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["threshold", "flagged", "group", "share"])


def beeswarm(
    explained: Explained, flagged: Ints, line: Reference, *, features: int = 10, most: int = 800
) -> pd.DataFrame:
    """Points of the features that move flagged orders most: every k-th flagged order, at most so many.

    Columns: feature, part (log-odds against the line), rank (0–1 of its value among the points of its feature, missing
    where the value is), jitter (−1 to 1: how many points lie about here).
    """
    some = flagged[:: max(1, -(-len(flagged) // most))]
    parts = explained.values[some] - line.parts
    if len(some) == 0:
        return pd.DataFrame(columns=["feature", "part", "rank", "jitter"])
    chosen = np.argsort(-np.abs(parts).mean(axis=0), kind="stable")[:features]
    tables = [
        pd.DataFrame({
            "feature": explained.features[place],
            "part": parts[:, place],
            "rank": pd.Series(explained.rows[some, place]).rank(pct=True).to_numpy(),
            "jitter": _jitter(parts[:, place]),
        })
        for place in chosen
    ]  # fmt: skip
    return (
        pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["feature", "part", "rank", "jitter"])
    )


def _jitter(parts: Floats) -> Floats:
    """Points of one bin fan out evenly around the middle, as far as the bin is full."""
    edges = np.linspace(parts.min(), parts.max() + 1e-9, 41)
    bins = np.searchsorted(edges, parts, side="right")
    spread = np.zeros(len(parts))
    fullest = np.bincount(bins).max()
    for number in np.unique(bins):
        here = np.flatnonzero(bins == number)
        spread[here] = np.linspace(-1, 1, len(here)) * len(here) / fullest if len(here) > 1 else 0.0
    return spread

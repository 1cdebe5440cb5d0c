"""How well scores tell fraud from legit orders, with intervals: the model alone, and the system it is part of."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import IS_FRAUD, ORDERED_AT, SCORE
from core.ranking import Ranked
from core.resampling import REPLICATES, day_weights, ends, wilson

Floats = NDArray[np.float64]

FPR_POINTS = (0.005, 0.01, 0.02)
_BLOCKS = 30  # of the file's order, where there are no times

MODEL, SYSTEM = "model", "system"


def evaluate(orders: pd.DataFrame, *, seed: int = 1, replicates: int = REPLICATES) -> pd.DataFrame:
    """Measures of the model alone (labelled orders that were scored) and of the system (all labelled orders).

    orders: score (missing = never scored), is_fraud (missing = left out), ordered_at where known. In the system an
    order never scored ranks below every scored one; Brier is of the model alone, since such an order has no score.
    Columns: who; measure (auc, average_precision, brier, detection at 0.5, 1 and 2 % FPR); value; low, high: 95 %
    interval over resampled days (`resampling.ends`), or over 30 blocks of the file's order where there are no times;
    a value that cannot be is missing.
    """
    known = orders[orders[IS_FRAUD].notna()]
    scored = known[known[SCORE].notna()]
    model = _measures(scored, MODEL, seed, replicates)
    all_scored = len(scored) == len(known)
    system = model.assign(who=SYSTEM) if all_scored else _measures(known, SYSTEM, seed, replicates)
    return pd.concat([model, system[system["measure"] != "brier"]], ignore_index=True)


def reliability(orders: pd.DataFrame, *, bins: int = 10) -> pd.DataFrame:
    """Do orders scored at 5 % turn out 5 % fraud? One row per bin of equally many scored and labelled orders.

    Columns: orders, mean_score (0–1), fraud_rate (0–1), low, high (95 % Wilson interval of the rate; Wilson 1927).
    """
    known = orders[orders[IS_FRAUD].notna() & orders[SCORE].notna()]
    if known.empty:
        return pd.DataFrame(columns=["orders", "mean_score", "fraud_rate", "low", "high"])
    part = pd.qcut(known[SCORE].rank(method="first"), min(bins, len(known)), labels=False)
    table = known.groupby(part).agg(orders=(SCORE, "size"), mean_score=(SCORE, "mean"), fraud_rate=(IS_FRAUD, "mean"))
    low, high = wilson(table["fraud_rate"].to_numpy(), table["orders"].to_numpy(float))
    return table.assign(low=low, high=high).reset_index(drop=True)


def _measures(known: pd.DataFrame, who: str, seed: int, replicates: int) -> pd.DataFrame:
    """Each measure, and its spread over resampled days: a day drawn twice counts twice."""
    block, blocks = _blocks(known)
    ranked = Ranked(known[SCORE].fillna(-1.0).to_numpy(float), known[IS_FRAUD].to_numpy(float), block, blocks)
    drawn = day_weights(blocks, replicates, seed)
    measured = ranked.measures(np.concatenate([np.ones((1, blocks)), drawn]).T, FPR_POINTS)
    values = np.column_stack(list(measured.values()))
    low, high = ends(values[1:], values[0], blocks, least=0.0, most=1.0)
    return pd.DataFrame({"who": who, "measure": list(measured), "value": values[0], "low": low, "high": high})


def _blocks(known: pd.DataFrame) -> tuple[NDArray[np.int64], int]:
    if known.empty:
        return np.zeros(0, np.int64), 1
    if ORDERED_AT in known:
        codes, days = pd.factorize(known[ORDERED_AT].dt.floor("D"))
        return codes, len(days)
    return np.arange(len(known)) * _BLOCKS // len(known), _BLOCKS

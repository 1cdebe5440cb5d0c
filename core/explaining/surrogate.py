"""Reasons for scores that came with a file: a surrogate learns the score from the other columns, and is explained.

Past only: the orders are cut into blocks by time, and each block is explained by a surrogate that learnt from the
orders before it alone. What it misses is a part of its own, so an order's parts still add up to its given score.
"""

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import spearmanr

from core.columns import ORDERED_AT, SCORE
from core.errors import ModelError
from core.explaining.explain import UNEXPLAINED, Explained, Fidelity
from core.explaining.treeshap import Explainer
from core.number_format import count, fixed, percent_short
from core.scoring.calibration import Calibration
from core.scoring.feature_rows import FEATURES
from core.scoring.features import build_features
from core.scoring.model import Model, model_rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_R2 = 0.5
"""Below it more of the score's variation is left over than explained: the largest reason would be "something else"."""
BLOCKS = 5
FEWEST_ORDERS = 200
MOST_LEARNT = (
    50_000  # earlier orders it learns from, evenly taken; on the sample 25,000 to 62,000 differ by 0.006 in R²
)
_RETELLS = 0.98  # rank agreement with the score from which a column is the score under another name
_FEWEST_OF_A_KIND = 20
_TINY = 1e-12  # as `log_odds_of`
_TREES = 200
_PARAMETERS = {
    "objective": "regression",
    "learning_rate": 0.1,
    "num_leaves": 16,
    "max_depth": 6,  # so that tables of explanations stay small
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "seed": 1,
    "verbosity": -1,
}  # LightGBM's own defaults for the rest: nothing here is tuned to a data set


@dataclass(frozen=True)
class Surrogates:
    """What answers why for scores that came with a file.

    explained: every scored order; its last feature is `UNEXPLAINED`. features: aligned with the orders of the data
    set, that last one included. models: one a block but the first, each learnt from the blocks before it; their scores
    are the surrogate's. explainers: of those. of: (explained orders,) which of them explains each.
    """

    explained: Explained
    features: pd.DataFrame
    models: tuple[Model, ...]
    explainers: tuple[Explainer, ...]
    of: Ints


def explain_scores(orders: pd.DataFrame, *, label_delay_days: float = 7.0) -> Surrogates:
    """Surrogates of the score of these orders; ModelError where they would not be faithful enough to be reasons.

    orders: in time order, with a score. Learnt from are `build_features` of the file's other columns: never the score,
    a column that retells it, nor an outcome other than those known before the order (the hourly batch risk).
    """
    places = np.flatnonzero(orders[SCORE].notna().to_numpy())
    if len(places) < FEWEST_ORDERS:
        raise ModelError(
            f"No reasons: a surrogate of the score needs {count(FEWEST_ORDERS)} scored orders to learn from, "
            f"and the file has {count(len(places))}. Load a longer period."
        )
    starts = _blocks(orders.iloc[places])
    scores = orders[SCORE].to_numpy(np.float64)[places]
    features, notes = _features_of(orders, places[: starts[1]], label_delay_days)
    target = _log_odds(scores, starts[1])
    about = Model("", tuple(features.columns), _texts(features), Calibration(), (), label_delay_days, {})
    rows = model_rows(about, features)[places]
    categorical = [place for place, name in enumerate(about.features) if name in about.categories]
    models = tuple(_learnt(about, rows[:end], target[:end], categorical) for end in starts[1:-1])
    explainers = tuple(Explainer(model.text) for model in models)
    blocks = np.searchsorted(starts, np.arange(len(places)), side="right") - 1
    of = np.maximum(blocks - 1, 0)
    values, bases = _parts(rows, of, explainers)
    fidelity = _fidelity(target, values.sum(axis=1) + bases, blocks == 0, notes)
    _refuse_unfaithful(fidelity)
    base = float(bases[-1])
    left = target - base - values.sum(axis=1)
    explained = Explained(
        (*about.features, UNEXPLAINED), places, np.column_stack([rows, left]), np.column_stack([values, left]), base,
        fidelity,
    )  # fmt: skip
    column = np.full(len(orders), np.nan)
    column[places] = left
    return Surrogates(explained, features.assign(**{UNEXPLAINED: column}), models, explainers, of)


def fidelity_in_words(fidelity: Fidelity) -> str:
    """What a reader must know of every reason, in two sentences."""
    left_out = f" {' '.join(fidelity.notes)}" if fidelity.notes else ""
    return (
        "The scores came with the file, so the reasons are a surrogate's: a model that learnt the score from the other "
        f"columns. On {count(fidelity.orders)} later orders it had not seen it gives {percent_short(fidelity.r2)} of "
        f"the score's variation (in log-odds) and ranks them with an agreement of {fixed(fidelity.rank_agreement, 2)} "
        f"(1 is the same order).{left_out}"
    )


def _blocks(orders: pd.DataFrame) -> Ints:
    """Where each block starts, and the end: fifths of the orders, orders of one instant never parted."""
    starts = np.linspace(0, len(orders), BLOCKS + 1).astype(np.int64)
    if ORDERED_AT in orders:
        times = orders[ORDERED_AT].to_numpy()
        starts[1:-1] = np.searchsorted(times, times[starts[1:-1]], side="left")
    starts = np.unique(starts)
    if len(starts) < 3 or starts[1] < _FEWEST_OF_A_KIND:
        raise ModelError(
            "No reasons: nearly all scored orders carry one time, so no surrogate can learn from earlier ones. "
            "Map the time of the order (--map ordered_at=COLUMN), or leave it out (--ignore COLUMN)."
        )
    return starts


def _features_of(orders: pd.DataFrame, first: Ints, label_delay_days: float) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Features without those that retell the score; categories coded by first appearance, which later orders cannot
    change. first: rows of the first block, in which a column is judged."""
    features, _ = build_features(orders, label_delay_days=label_delay_days)
    ours = {feature.name for feature in FEATURES}
    scores = orders[SCORE].to_numpy(np.float64)[first]
    retell = [
        str(name) for name in features if name not in ours and _retells(features[name].iloc[first], scores)
    ]  # fmt: skip
    kept = features.drop(columns=retell)
    if kept.shape[1] == 0:
        raise ModelError("No reasons: the file has no other column a surrogate could learn the score from.")
    texts = {str(name): _by_first_appearance(kept[name]) for name in kept.select_dtypes("category")}
    notes = tuple(f"It was not given {name}, which is the score under another name." for name in retell)
    return kept.assign(**texts), notes


def _retells(column: "pd.Series[float]", scores: Floats) -> bool:
    """True of a copy of the score, a rising or falling transform of it, or bands of it."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        values = column.to_numpy(np.float64, na_value=np.nan)
        there = ~np.isnan(values)
        if len(np.unique(values[there])) > _FEWEST_OF_A_KIND:
            return bool(abs(_rank_agreement(values[there], scores[there])) >= _RETELLS)
    bands = pd.Series(scores).groupby(column.to_numpy()).agg(["min", "max", "size"]).sort_values("min")
    bands = bands[bands["size"] > 0]
    apart = (bands["min"].to_numpy()[1:] >= bands["max"].to_numpy()[:-1]).all()
    return bool(len(bands) > 1 and bands["size"].min() >= _FEWEST_OF_A_KIND and apart)


def _by_first_appearance(column: "pd.Series[Any]") -> "pd.Series[Any]":
    texts = column.astype(object).where(column.notna(), None).map(str, na_action="ignore")
    return texts.astype(pd.CategoricalDtype(list(texts.dropna().unique())))


def _texts(features: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    chosen = features.select_dtypes("category")
    return {str(name): tuple(chosen[name].cat.categories) for name in chosen}


def _log_odds(scores: Floats, first: int) -> Floats:
    """Of the scores; 0 and 1, which have none, count as half the smallest distance from them in the first block."""
    near = np.concatenate([scores[:first], 1 - scores[:first]])
    least = near[near > _TINY].min(initial=1.0) / 2
    kept = np.where(scores <= _TINY, least, np.where(scores >= 1 - _TINY, 1 - least, scores))
    odds: Floats = logit(kept)
    return odds


def _learnt(about: Model, rows: Floats, target: Floats, categorical: list[int]) -> Model:
    """A surrogate of these orders; an even sample of them where they are many."""
    some = np.linspace(0, len(rows) - 1, min(len(rows), MOST_LEARNT)).astype(np.int64)
    data = lightgbm.Dataset(rows[some], target[some], categorical_feature=categorical)
    text = lightgbm.train(_PARAMETERS, data, _TREES).model_to_string()
    return Model(text, about.features, about.categories, Calibration(), (), about.label_delay_days, {})


def _parts(rows: Floats, of: Ints, explainers: tuple[Explainer, ...]) -> tuple[Floats, Floats]:
    """Each order's parts by its own surrogate, and that one's base."""
    values, bases = np.empty(rows.shape), np.empty(len(rows))
    for number, explainer in enumerate(explainers):
        mine = of == number
        values[mine], bases[mine] = explainer.explain(rows[mine])
    return values, bases


def _fidelity(target: Floats, said: Floats, learnt_here: NDArray[np.bool_], notes: tuple[str, ...]) -> Fidelity:
    """R² (1 − squared misses ÷ squared distances from the mean) and Spearman's rank agreement, on later orders."""
    given, told = target[~learnt_here], said[~learnt_here]
    spread = float(np.square(given - given.mean()).sum())
    r2 = 1 - float(np.square(given - told).sum()) / spread if spread > 0 else 0.0  # one score for all: no variation
    return Fidelity(r2, _rank_agreement(given, told), len(given), learnt_here, notes)


def _rank_agreement(one: "NDArray[np.floating]", other: "NDArray[np.floating]") -> float:
    """Spearman's; 0 where one of the two never varies."""
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(spearmanr(one, other).statistic)


def _refuse_unfaithful(fidelity: Fidelity) -> None:
    if fidelity.r2 < LEAST_R2:
        found = "none" if fidelity.r2 <= 0 else percent_short(fidelity.r2)
        raise ModelError(
            f"No reasons: from the file's other columns a surrogate gives {found} of the score's variation on "
            f"{count(fidelity.orders)} later orders, and at least {percent_short(LEAST_R2)} is needed. "
            "Bring the columns the score was made from, or let a model score these orders (train one, or --model)."
        )

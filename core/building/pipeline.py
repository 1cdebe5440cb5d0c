"""Orders in, a scored data set out: features, pre-filter, model, scores and what was measured of them.

Decisions are only ever evaluated on the later period, which the model has not seen.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.building.store import DataSet
from core.columns import CLEARED_BY, IS_FRAUD, ORDERED_AT, ROLES, SCORE
from core.errors import ModelError
from core.leaks import suspected_leak
from core.scoring.drift import gap_by_day
from core.scoring.evaluation import evaluate, reliability
from core.scoring.features import build_features
from core.scoring.model import Model, score_features, train_model
from core.scoring.rules import RULES, Rule, cleared_by, rule_report, rules_that_hold

Progress = Callable[[str, float], None]


def build(
    orders: pd.DataFrame,
    *,
    learn_from: pd.Timestamp | None = None,
    evaluate_from: pd.Timestamp | None = None,
    evaluate_share: float = 0.2,
    label_delay_days: float = 7.0,
    rules: tuple[Rule, ...] = RULES,
    seed: int = 1,
    progress: Progress = lambda text, share: None,
) -> DataSet:
    """Train on the earlier orders, score and evaluate the later ones.

    orders: in time order (the file's order where there are no times). Evaluated are the orders from evaluate_from on,
    else the last evaluate_share of them; learnt from are those before it, less label_delay_days, so that every label
    could have been known. Raises ModelError where there are no labels, or too few to learn from.
    """
    if IS_FRAUD not in orders or orders[IS_FRAUD].notna().sum() == 0:
        raise ModelError(
            "The orders have no outcomes to learn from. Map them (--map is_fraud=COLUMN), "
            "or bring scores of your own (--map score=COLUMN)."
        )
    progress("Features from the past", 0.0)
    features, notes = build_features(orders, label_delay_days=label_delay_days)
    learn, later = _periods(orders, learn_from, evaluate_from, evaluate_share, label_delay_days)
    notes += _suspected_leaks(features[learn], orders.loc[learn, IS_FRAUD])
    progress("Pre-filter", 0.4)
    kept, dropped = rules_that_hold(features[learn], orders.loc[learn, IS_FRAUD], rules)
    learn = learn & (cleared_by(features, kept) == "") & orders[IS_FRAUD].notna().to_numpy()
    progress("Training the model", 0.5)
    labels = orders.loc[learn, IS_FRAUD]
    model, unfitted = train_model(
        features[learn],
        labels,
        kept,
        label_delay_days=label_delay_days,
        seed=seed,
        progress=lambda share: progress("Training the model", 0.5 + 0.3 * share),
    )
    progress("Scoring and evaluating", 0.8)
    scored = score_with_features(orders[later], features[later], model)
    tables = _tables(scored, features, orders, later, model, int(np.flatnonzero(learn)[-1]))
    about = dict(model.about) | {"learnt": _period(orders[learn]), "evaluated": _period(orders[later])}
    about |= {"figures": _figures(tables["evaluation"]), "roles": [name for name in ROLES if name in orders]}
    kept_features = features.loc[later, list(model.features)].reset_index(drop=True)
    return DataSet(
        name="",
        orders=scored.reset_index(drop=True),
        features=kept_features,
        model=replace(model, about=about),
        sessions=None,
        tables=tables,
        notes=(*notes, *dropped, *unfitted),
    )


def keep_scores(orders: pd.DataFrame) -> DataSet:
    """A data set of orders that bring their own scores: no model, no pre-filter, all of them evaluated."""
    labelled = IS_FRAUD in orders and orders[IS_FRAUD].notna().any()
    tables = {"evaluation": evaluate(orders), "reliability": reliability(orders)} if labelled else {}
    return DataSet("", orders.assign(**{CLEARED_BY: ""}), None, None, None, tables, ())


def score_orders(orders: pd.DataFrame, model: Model) -> tuple[pd.DataFrame, list[str]]:
    """Orders with score and cleared_by by a model made earlier, and notes on columns it cannot use."""
    features, notes = build_features(orders, label_delay_days=model.label_delay_days)
    return score_with_features(orders, features, model), notes


def score_with_features(orders: pd.DataFrame, features: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Orders with score and cleared_by, from features built before."""
    cleared = cleared_by(features, model.rules)
    scores = np.full(len(orders), np.nan)
    passed = cleared == ""
    if passed.any():
        scores[passed] = score_features(model, features[passed])
    return orders.assign(**{SCORE: scores, CLEARED_BY: cleared})


def _periods(
    orders: pd.DataFrame,
    learn_from: pd.Timestamp | None,
    evaluate_from: pd.Timestamp | None,
    evaluate_share: float,
    label_delay_days: float,
) -> "tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], np.ndarray[tuple[int], np.dtype[np.bool_]]]":
    """Which orders are learnt from, and which evaluated; between them those whose labels came too late."""
    place, split = np.arange(len(orders)), int(len(orders) * (1 - evaluate_share))
    if ORDERED_AT not in orders:
        return place < split, place >= split
    times = orders[ORDERED_AT]
    start = times.iloc[split] if evaluate_from is None else evaluate_from
    later = (times >= start).to_numpy()
    learn = (times < start - pd.Timedelta(days=label_delay_days)).to_numpy()
    if learn_from is not None:
        learn = learn & (times >= learn_from).to_numpy()
    if not later.any() or not learn.any():
        raise ModelError(
            f"The orders lie from {times.iloc[0]} to {times.iloc[-1]}. Evaluating from {start} with labels known "
            f"after {label_delay_days:g} days leaves {learn.sum():,} to learn from and {later.sum():,} to evaluate. "
            "Choose another --evaluate-from, or a shorter --label-delay-days."
        )
    return learn, later


def _suspected_leaks(features: pd.DataFrame, labels: "pd.Series[float]") -> list[str]:
    """Features that give the outcome away all by themselves (`core.leaks`), numbers and categories."""
    known = labels.notna().to_numpy()
    fraud: Any = labels.to_numpy(np.float64)[known]
    found = [suspected_leak(str(name), _plain(features[name])[known], fraud) for name in features]
    return [leak.note for leak in found if leak is not None]


def _plain(feature: "pd.Series[Any]") -> NDArray[Any]:
    """Missing numbers below all others, missing texts as a text of their own."""
    if isinstance(feature.dtype, pd.CategoricalDtype):
        return np.append(feature.cat.categories.astype(object), "")[feature.cat.codes]  # -1, missing, is the last
    return feature.fillna(-np.inf).to_numpy(np.float64)


def _tables(
    scored: pd.DataFrame,
    features: pd.DataFrame,
    orders: pd.DataFrame,
    later: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    model: Model,
    last_learnt: int,
) -> dict[str, pd.DataFrame]:
    learnt_until = orders[ORDERED_AT].iloc[last_learnt] if ORDERED_AT in orders else pd.Timestamp(0)
    return {
        "evaluation": evaluate(scored),
        "reliability": reliability(scored),
        "rules": rule_report(features[later], orders[later], model.rules),
        "order_time_gap": gap_by_day(orders, features, learnt_until=learnt_until),
    }


def _period(orders: pd.DataFrame) -> dict[str, object]:
    period: dict[str, object] = {"orders": len(orders), "frauds": int((orders[IS_FRAUD] == 1).sum())}
    if ORDERED_AT in orders:
        period |= {"from": str(orders[ORDERED_AT].iloc[0]), "to": str(orders[ORDERED_AT].iloc[-1])}
    return period


def _figures(evaluation: pd.DataFrame) -> list[dict[Any, Any]]:
    return [dict(row) for row in evaluation.astype(object).where(evaluation.notna(), None).to_dict("records")]

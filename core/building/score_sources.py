"""The three ways from checked orders to scores: those of the file, our model's, or those of a model trained on them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.building.pipeline import Progress, build, keep_scores, score_with_features
from core.building.store import DataSet
from core.columns import ACCOUNT_ID, AMOUNT, IS_FRAUD, ORDERED_AT, ROLES, SCORE
from core.errors import ModelError
from core.number_format import count
from core.scoring.correction import Correction
from core.scoring.evaluation import evaluate, reliability
from core.scoring.features import build_features
from core.scoring.model import FEWEST_FRAUDS, Model
from core.scoring.shift import STRONG_PSI, feature_shift

INSIDE, OURS, TRAIN = "inside", "ours", "train"
_TITLES = {
    INSIDE: "Use the scores inside",
    OURS: "Score them with the sample's model",
    TRAIN: "Train a model on these orders",
}


@dataclass(frozen=True)
class Way:
    """One way on. why: what speaks for it; hindrance: what makes it impossible, or "" where nothing does."""

    key: str
    title: str
    why: str
    hindrance: str = ""


def ways_on(orders: pd.DataFrame) -> list[Way]:
    """The three ways, the one to choose first; each says why, or why not."""
    frauds = int((orders[IS_FRAUD] == 1).sum()) if IS_FRAUD in orders else 0
    features = [name for name in orders if name not in ROLES]
    scored = SCORE in orders and orders[SCORE].notna().any()
    inside = Way(
        INSIDE,
        _TITLES[INSIDE],
        "The file has a score: it is used as it is, and checked against the outcomes where they are known.",
        "" if scored else "No column is the score.",
    )
    enough = frauds >= FEWEST_FRAUDS
    train = Way(
        TRAIN,
        _TITLES[TRAIN],
        f"{count(frauds)} known frauds and {count(len(features))} columns besides the roles: a model learns from "
        "the earlier orders and is tested on the later ones.",
        "" if enough else f"It takes {FEWEST_FRAUDS} known frauds to learn from; {count(frauds)} are known.",
    )
    ours = Way(
        OURS,
        _TITLES[OURS],
        "It learnt from the sample marketplace. On other orders its scores are a first guess, not a measurement.",
        "" if {ACCOUNT_ID, ORDERED_AT, AMOUNT} <= set(orders) else "It needs the account and the time of each order.",
    )
    ways = [inside, train, ours]
    return sorted(ways, key=lambda way: bool(way.hindrance))


def use_scores(orders: pd.DataFrame, correction: Correction | None = None) -> DataSet:
    """Way (a): the scores of the file, corrected where the user wants it."""
    if correction is None:
        return keep_scores(orders)
    corrected = correction.apply(orders[SCORE].to_numpy(np.float64))
    note = (
        f"The scores are corrected (isotonic, learnt on the first {count(correction.learnt)} known outcomes): on the "
        f"{count(correction.tested)} after them the mean gap to the share of fraud goes from {correction.gap[0]:.2%} "
        f"to {correction.gap[1]:.2%}, the Brier score from {correction.brier[0]:.4f} to {correction.brier[1]:.4f}."
    )
    kept = keep_scores(orders.assign(**{SCORE: corrected}))
    return replace(kept, notes=(*kept.notes, note))


def score_with(orders: pd.DataFrame, model: Model, known: pd.DataFrame, progress: Progress) -> DataSet:
    """Way (b): our model's scores. known: features of the orders it was tested on, to compare these with.

    Features the orders cannot give count as missing; the notes say how many, and which columns lie elsewhere.
    """
    progress("Features from the past", 0.1)
    features, notes = build_features(orders, label_delay_days=model.label_delay_days)
    progress("Comparing with the orders the model knows", 0.6)
    shift = feature_shift(model, known, features)
    there = [name for name in model.features if name in features]
    if not there:
        raise ModelError("The orders give none of the features of the model. Map the roles, or train a model on them.")
    progress("Scoring", 0.8)
    scored = score_with_features(orders, _with_missing(features, model, known), model)
    labelled = IS_FRAUD in scored and scored[IS_FRAUD].notna().any()
    tables = {"evaluation": evaluate(scored), "reliability": reliability(scored)} if labelled else {}
    kept = _with_missing(features, model, known)[list(model.features)].reset_index(drop=True)
    tables["shift"] = shift
    return DataSet("", scored, kept, model, None, tables, (*_warnings(shift), *notes))


def train_on(orders: pd.DataFrame, progress: Progress, *, label_delay_days: float = 7.0) -> DataSet:
    """Way (c): a model of their own, split by time (else by the file's order), tested on the last fifth."""
    built = build(orders, label_delay_days=label_delay_days, progress=progress)
    if ORDERED_AT in orders:
        return built
    note = "The file has no times: the model is tested on its last fifth, in the order of the file."
    return replace(built, notes=(note, *built.notes))


def _with_missing(features: pd.DataFrame, model: Model, known: pd.DataFrame) -> pd.DataFrame:
    absent = {name: np.nan for name in model.features if name not in features and name not in model.categories}
    texts = {
        name: pd.Categorical.from_codes(np.full(len(features), -1), pd.Index(model.categories[name]))
        for name in model.categories
        if name not in features
    }
    return features.assign(**absent, **texts)


def _warnings(shift: pd.DataFrame) -> list[str]:
    absent = shift.loc[shift["psi"].isna(), "feature"].tolist()
    strong = shift[shift["psi"] > STRONG_PSI]
    notes = ["Scored by the sample's model, which has not learnt from these orders: a first guess, not a measurement."]
    if absent:
        notes.append(
            f"{len(absent)} of the {len(shift)} features of the model are not there and count as missing: "
            f"{_some(absent)}."
        )
    if len(strong):
        worst = [f"{row['feature']} ({row['psi']:.2f})" for _, row in strong.iterrows()]
        notes.append(
            f"{len(strong)} features lie elsewhere than in the orders the model knows (PSI above {STRONG_PSI}): "
            f"{_some(worst)}."
        )
    return notes


def _some(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")

"""The online tree model: trained, calibrated, turned into texts and back, applied."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import ModelError
from core.scoring.calibration import Calibration, fit_calibration
from core.scoring.feature_rows import FEATURES
from core.scoring.rules import OPERATORS, Rule

FORMAT = 1
MAX_TREES, MAX_LEAVES = 200, 16
FEWEST_FRAUDS = 50
SLICES = (0.8, 0.9)  # of the learning period, by time: trees, early stopping, calibration
_PARAMETERS = {
    "objective": "binary",
    "metric": ["binary_logloss"],
    "learning_rate": 0.03,
    "num_leaves": MAX_LEAVES,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbosity": -1,
}  # LightGBM's own defaults for the rest: nothing here is tuned to a data set

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """An online model and all that is needed to apply it to orders it has not seen.

    features: in the order the trees want them. categories: the texts of each categorical feature, in the order of
    their codes. rules: the pre-filter it was trained behind. about: sizes, periods and figures as plain values.
    """

    text: str
    features: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    calibration: Calibration
    rules: tuple[Rule, ...]
    label_delay_days: float
    about: Mapping[str, Any]

    def booster(self) -> lightgbm.Booster:
        """LightGBM's own object, made anew."""
        return lightgbm.Booster(model_str=self.text)


def train_model(
    features: pd.DataFrame,
    labels: "pd.Series[float]",
    rules: tuple[Rule, ...],
    *,
    label_delay_days: float,
    seed: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[Model, list[str]]:
    """A calibrated model of orders in time order, all labelled, none of them cleared by the rules; and notes.

    The first 80 % grow trees and the next 10 % tell how many; that many are then grown on both, and the last 10 %
    calibrate them. progress: told the share done (0–1) after every tree. Raises ModelError where there is too little
    fraud to learn from.
    """
    first, second = (int(share * len(labels)) for share in SLICES)
    _check_enough(labels, first, second)
    texts = features.select_dtypes("category")
    categories = {str(name): tuple(map(str, texts[name].cat.categories)) for name in texts}
    table = features.set_axis(_plain_names(features.shape[1]), axis=1)
    parameters = _PARAMETERS | {"seed": seed}
    trees = _best_size(
        table[:first], labels[:first], table[first:second], labels[first:second], parameters, _told(progress, 0.0)
    )
    past = lightgbm.Dataset(table[:second], labels[:second])
    booster = lightgbm.train(parameters, past, trees, callbacks=[_told(progress, 0.5)])
    text = booster.model_to_string()
    margins = booster.predict(table[second:], raw_score=True)
    calibration, note = fit_calibration(_floats(margins), _floats(labels[second:]))
    about = {"trees": trees, "leaves": MAX_LEAVES, "kilobytes": round(len(text) / 1024, 1)}
    about |= {"learnt_orders": len(labels), "learnt_frauds": int(labels.sum()), "seed": seed}
    about |= {"lightgbm": lightgbm.__version__}
    model = Model(text, tuple(features.columns), categories, calibration, rules, label_delay_days, about)
    return model, [note] if note else []


def _best_size(
    past: pd.DataFrame,
    past_labels: "pd.Series[float]",
    next_: pd.DataFrame,
    next_labels: "pd.Series[float]",
    parameters: dict[str, Any],
    told: Callable[[Any], None],
) -> int:
    """How many trees, learnt from the past, tell the orders after it best."""
    train = lightgbm.Dataset(past, past_labels, free_raw_data=False)
    stop = lightgbm.Dataset(next_, next_labels, reference=train)
    early = lightgbm.early_stopping(25, first_metric_only=True, verbose=False)
    return int(lightgbm.train(parameters, train, MAX_TREES, valid_sets=[stop], callbacks=[early, told]).best_iteration)


def _told(progress: Callable[[float], None], done: float) -> Callable[[Any], None]:
    """Says after every tree how far the training is: a progress that raises ends it there."""
    return lambda state: progress(done + 0.5 * (state.iteration + 1) / MAX_TREES)


def score_features(model: Model, features: pd.DataFrame) -> Floats:
    """Calibrated probability of fraud (0–1) of each order.

    features: at least those the model was trained on; others are ignored, a text it never saw counts as missing.
    Raises ModelError naming the ones that are not there.
    """
    return model.calibration.scores(margins(model, features))


def margins(model: Model, features: pd.DataFrame) -> Floats:
    """What the trees say, in log-odds, before calibration."""
    return np.asarray(model.booster().predict(model_input(model, features), raw_score=True, num_threads=2))


def model_input(model: Model, features: pd.DataFrame) -> pd.DataFrame:
    """The model's features in its order, with its category codes, under the plain names its trees know."""
    missing = [name for name in model.features if name not in features]
    if missing:
        raise ModelError(
            f"The orders lack {len(missing)} of the {len(model.features)} features of the model: "
            f"{', '.join(missing[:5])}. "
            "Map the roles they come from, or build a model on these orders."
        )
    table = features[list(model.features)]
    coded = {name: _coded(table[name], texts) for name, texts in model.categories.items()}
    return table.assign(**coded).set_axis(_plain_names(table.shape[1]), axis=1)


def model_rows(model: Model, features: pd.DataFrame) -> Floats:
    """The model's features as plain numbers: (orders, features), NaN where missing, categories as their codes."""
    table = model_input(model, features)
    rows = np.empty(table.shape)
    for place, name in enumerate(table):
        column = table[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy()
            rows[:, place] = np.where(codes < 0, np.nan, codes)
        else:
            rows[:, place] = column.to_numpy(np.float64, na_value=np.nan)
    return rows


def model_texts(model: Model) -> tuple[str, str]:
    """LightGBM's text and the metadata as JSON: all of the model, no pickle."""
    metadata = {
        "format": FORMAT,
        "sha256": _digest(model.text),
        "features": list(model.features),
        "categories": {name: list(texts) for name, texts in model.categories.items()},
        "calibration": asdict(model.calibration),
        "rules": [{"name": rule.name, "conditions": [list(c) for c in rule.conditions]} for rule in model.rules],
        "label_delay_days": model.label_delay_days,
        "about": dict(model.about),
    }
    return model.text, json.dumps(metadata, indent=1)


def model_from_texts(text: str, metadata: str) -> Model:
    """A model from its texts. The digest is checked first: a truncated text ends LightGBM with the whole process."""
    try:
        known = json.loads(metadata)
        if known["format"] != FORMAT:
            raise ModelError(
                f"The model is of format {known['format']!r}; this version reads {FORMAT}. Build it again."
            )
        if known["sha256"] != _digest(text):
            raise ModelError("The model's text does not match its digest: it is truncated or edited. Build it again.")
        model = Model(
            text=text,
            features=tuple(known["features"]),
            categories={name: tuple(texts) for name, texts in known["categories"].items()},
            calibration=Calibration(**known["calibration"]),
            rules=tuple(_rule(**rule) for rule in known["rules"]),
            label_delay_days=float(known["label_delay_days"]),
            about=known["about"],
        )
        slope, offset = float(model.calibration.slope), float(model.calibration.offset)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ModelError(
            f"The model's metadata is damaged ({type(fault).__name__}: {fault}). Build it again."
        ) from fault
    if not (np.isfinite(slope) and np.isfinite(offset) and slope > 0):
        raise ModelError(f"The model's calibration slope must be above 0. Got: {slope}. Build it again.")
    unknown = {feature for rule in model.rules for feature, _, _ in rule.conditions} - {f.name for f in FEATURES}
    if unknown:
        raise ModelError(f"The model's pre-filter uses features that do not exist: {', '.join(sorted(unknown))}.")
    if _plain_names(len(model.features)) != _names_in(text):
        raise ModelError("The model's metadata names another number of features than its trees use. Build it again.")
    return model


def _coded(values: "pd.Series[Any]", texts: tuple[str, ...]) -> "pd.Categorical[Any]":
    """The model's own codes; a text it never saw is missing."""
    codes = pd.Index(texts).get_indexer(pd.Index(values.astype(object)))
    return pd.Categorical.from_codes(codes, pd.Index(texts))


def _check_enough(labels: "pd.Series[float]", first: int, second: int) -> None:
    frauds = int(labels.sum())
    if frauds < FEWEST_FRAUDS:
        raise ModelError(
            f"A model needs at least {FEWEST_FRAUDS} known frauds to learn from. "
            f"Found {frauds} in the learning period. Load a longer past, or bring scores (--map score=COLUMN)."
        )
    for words, part in (("first 80 %", labels[:first]), ("next 10 %", labels[first:second])):
        if part.nunique() < 2:
            raise ModelError(
                f"The {words} of the learning period have only one kind of outcome ({len(part):,} orders). "
                "Load a longer past, or bring scores of your own (--map score=COLUMN)."
            )


def _rule(name: str, conditions: list[list[Any]]) -> Rule:
    parts = tuple((str(feature), str(operator), float(value)) for feature, operator, value in conditions)
    for _, operator, _ in parts:
        if operator not in OPERATORS:
            raise ValueError(f"no operator {operator!r}")
    return Rule(name, parts)


def _plain_names(count: int) -> list[str]:
    """LightGBM refuses some characters in names; a file's headers may hold any."""
    return [f"f{place}" for place in range(count)]


def _names_in(text: str) -> list[str]:
    line = next((line for line in text.splitlines() if line.startswith("feature_names=")), "")
    return line.removeprefix("feature_names=").split()


def _floats(values: Any) -> Floats:
    return np.asarray(values, np.float64)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

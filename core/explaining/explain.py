"""Why orders have their scores, against the line: exact parts in log-odds of the score people see.

The score is slope · margin + offset in log-odds (Platt), so SHAP values of the margin times the slope are SHAP values
of the score, and offset joins the base: an order's parts and the base add up to the log-odds of its score.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from core.building.store import DataSet
from core.columns import ENTITIES, ROLE_OF, SCORE, Group
from core.errors import ModelError
from core.explaining.treeshap import Explainer
from core.scoring.feature_rows import feature_named
from core.scoring.model import Model, model_rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = 200  # orders on each side of the line that stand for it
OTHER: Group = "other columns"
UNEXPLAINED: Group = "not explained by the columns"
"""The last part of a surrogate's explanation: the score's log-odds less what the surrogate says."""


@dataclass(frozen=True)
class Fidelity:
    """How faithful a surrogate is, on orders later than those it learnt from.

    r2: share of the variation of the given score's log-odds that it gives, at most 1. rank_agreement: Spearman's, −1
    to 1. orders: measured on. learnt_here: (explained orders,) True where it learnt from the order itself, having no
    earlier ones; those are not measured on. notes: columns it was not given, and why.
    """

    r2: float
    rank_agreement: float
    orders: int
    learnt_here: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explained:
    """The scored orders of a data set. places: (n,) their rows in it, ascending. rows: (n, features) as the model saw
    them. values: (n, features) parts of each score in log-odds; values and base add up to log_odds, (n,). fidelity:
    of the surrogate that explains scores which came with the file; None where the model itself is explained."""

    features: tuple[str, ...]
    places: Ints
    rows: Floats
    values: Floats
    base: float
    fidelity: Fidelity | None = None

    @property
    def log_odds(self) -> Floats:
        """Of each order's score."""
        total: Floats = self.values.sum(axis=1) + self.base
        return total

    def has(self, place: int) -> bool:
        """Whether an order of the data set was scored, and so is explained."""
        found = int(np.searchsorted(self.places, place))
        return found < len(self.places) and bool(self.places[found] == place)

    def at(self, place: int) -> int:
        """Where an order of the data set is among the explained ones; ModelError where it was never scored."""
        found = int(np.searchsorted(self.places, place))
        if found == len(self.places) or self.places[found] != place:
            told = "was never" if self.fidelity else "was cleared by the pre-filter and never"
            raise ModelError(f"This order {told} scored: no model has an opinion on it.")
        return found


@dataclass(frozen=True)
class Reference:
    """What orders at the threshold look like. parts: (features,) mean parts of those near it, weighted so that base
    and parts meet the threshold's log-odds. rest: what is left between them, 0 where orders lie on both sides."""

    log_odds: float
    parts: Floats
    rest: float


def explain_data(data: DataSet) -> Explained:
    """Every scored order explained; ModelError where the scores came with the file."""
    if data.model is None or data.features is None:
        raise ModelError("The scores came with the file: there is no model to ask why. Train one on these orders.")
    places = np.flatnonzero(data.orders[SCORE].notna().to_numpy())
    return explain_rows(data.model, model_rows(data.model, data.features.iloc[places]), places)


def explain_rows(
    model: Model, rows: Floats, places: Ints | None = None, explainer: Explainer | None = None
) -> Explained:
    """Rows as the model takes them, explained. places: 0, 1, … unless told."""
    values, base = (explainer or Explainer(model.text)).explain(rows)
    slope, offset = model.calibration.slope, model.calibration.offset
    places = np.arange(len(rows)) if places is None else places
    return Explained(model.features, places, rows, slope * values, slope * base + offset)


def reference_at(explained: Explained, threshold: float | None) -> Reference:
    """The orders nearest to a threshold on either side of it, as what an order is compared with.

    None flags nobody: the line is then above every order.
    """
    odds = explained.log_odds
    goal = log_odds_of(1.0 if threshold is None else threshold)
    order = np.argsort(odds, kind="stable")
    split = int(np.searchsorted(odds[order], goal, side="left")) if threshold is not None else len(order)
    below, above = order[max(split - NEAR, 0) : split], order[split : split + NEAR]
    sides = [side for side in (below, above) if side.size]
    if not sides:
        return Reference(goal, np.zeros(len(explained.features)), goal - explained.base)
    means = [float(odds[side].mean()) for side in sides]
    parts = [explained.values[side].mean(axis=0) for side in sides]
    if len(sides) == 1 or means[0] == means[1]:
        return Reference(goal, parts[0], goal - means[0])
    share = (goal - means[0]) / (means[1] - means[0])
    return Reference(goal, (1 - share) * parts[0] + share * parts[1], 0.0)


def log_odds_of(score: float) -> float:
    """
    >>> log_odds_of(0.5)
    0.0
    """
    return float(logit(min(max(score, 1e-12), 1 - 1e-12)))


def share_of(log_odds: "float | Floats") -> "float | Floats":
    """The score of log-odds.

    >>> share_of(0.0)
    0.5
    """
    share: Floats = expit(np.asarray(log_odds, np.float64))
    return float(share) if np.ndim(log_odds) == 0 else share


def parts_against(explained: Explained, at: int, line: Reference | None) -> pd.DataFrame:
    """The parts of one order, largest first: against the line, or against an average order where line is None.

    Columns: feature; value (as the model saw it); part (log-odds). The parts add up to the order's log-odds less
    where they start: the line's less its rest, or the base.
    """
    parts = explained.values[at] - (0 if line is None else line.parts)
    table = pd.DataFrame({"feature": explained.features, "value": explained.rows[at], "part": parts})
    return table.iloc[np.argsort(-np.abs(parts), kind="stable")].reset_index(drop=True)


def waterfall(parts: pd.DataFrame, start: float, most: int = 8, *, probability: bool = False) -> pd.DataFrame:
    """The largest parts one after the other from start, the others as one, in log-odds or probability.

    Columns: feature ("" = all others), value, part, begin, end. In probability a part is what it adds where it stands
    in the row: another order of the same parts would give others, and the sum is exact in either.
    """
    shown = parts.head(most)
    if len(parts) > most:
        rest = pd.DataFrame({"feature": [""], "value": [np.nan], "part": [parts["part"].iloc[most:].sum()]})
        shown = pd.concat([shown, rest], ignore_index=True)
    ends = start + shown["part"].cumsum().to_numpy()
    begins = np.concatenate([[start], ends[:-1]])
    if probability:
        begins, ends = np.asarray(share_of(begins)), np.asarray(share_of(ends))
    return shown.assign(begin=begins, end=ends, part=ends - begins)


def top_reasons(explained: Explained, at: Ints, line: Reference | None, most: int = 3) -> Ints:
    """The features that raise each order most: (orders, most), −1 where fewer raise it."""
    parts = explained.values[at] - (0 if line is None else line.parts)
    most = min(most, parts.shape[1])
    first = np.argpartition(-parts, most - 1, axis=1)[:, :most]
    raised = np.take_along_axis(parts, first, axis=1)
    order = np.argsort(-raised, axis=1, kind="stable")
    first, raised = np.take_along_axis(first, order, axis=1), np.take_along_axis(raised, order, axis=1)
    return np.where(raised > 0, first, -1)


def group_of(feature: str) -> Group:
    """What a feature is about; features of one group say much the same, so their parts are best read together.

    >>> group_of("device_orders_1h"), group_of("amount"), group_of("browser")
    ('device and network', 'amount', 'other columns')
    """
    if feature == UNEXPLAINED:
        return UNEXPLAINED
    if (ours := feature_named(feature)) is not None:
        return ours.group
    if feature in ROLE_OF:
        return ROLE_OF[feature].group
    for role in (ROLE_OF[entity] for entity in ENTITIES):
        if feature.startswith((f"{role.short}_", f"{role.group}_")):  # of the file: an account_type, an ip_country
            return role.group
    return OTHER


def grouped(parts: pd.DataFrame) -> pd.DataFrame:
    """Parts added up by group, largest first: the sum is the same."""
    names = parts["feature"].map(group_of)
    table = parts.groupby(names)["part"].sum()
    table = table.iloc[np.argsort(-table.abs().to_numpy(), kind="stable")]
    return pd.DataFrame({"feature": table.index, "value": np.nan, "part": table.to_numpy()})


def similar_orders(explained: Explained, at: int, resolved: NDArray[np.bool_], most: int = 5) -> Ints:
    """The resolved orders whose parts are most like this one's (Euclidean), nearest first; itself left out.

    resolved: (n,), True where the outcome is known.
    """
    distance = np.square(explained.values - explained.values[at]).sum(axis=1)
    distance[~resolved] = np.inf
    distance[at] = np.inf
    first: Ints = np.argsort(distance, kind="stable")[:most]
    kept: Ints = first[np.isfinite(distance[first])]
    return kept

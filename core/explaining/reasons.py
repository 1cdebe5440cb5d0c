"""Reasons in words: what a feature says of an order, and how unusual that is among legit orders."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import IS_FRAUD
from core.explaining.explain import UNEXPLAINED
from core.number_format import fixed, percent_short
from core.scoring.feature_rows import feature_named
from core.scoring.model import Model

_ORDINARY = 0.5  # an order at neither end of the legit ones is told by how many have the same value


class ReasonWords:
    """Sentences on features, with how legit orders of the same data set compare."""

    def __init__(self, model: Model, features: pd.DataFrame, orders: pd.DataFrame) -> None:
        """features, orders: of one data set, aligned. Its legit orders are compared with, all where none is known."""
        legit = (orders[IS_FRAUD] == 0).to_numpy() if IS_FRAUD in orders else np.zeros(len(orders), bool)
        self._who = "legit orders" if legit.any() else "orders"
        self._of = legit if legit.any() else np.ones(len(orders), bool)
        self._features, self._categories = features, model.categories
        self._sorted: dict[str, NDArray[np.float64]] = {}

    def sentence(self, feature: str, value: float) -> str:
        """One feature of one order. value: as the model saw it: NaN missing, a category as its code."""
        if np.isnan(value):
            return f"{self.name(feature)} is not known"
        said = self.value(feature, value)
        return f"{said}: {self._unusual(feature, value)}"

    def name(self, feature: str) -> str:
        """What a feature is called."""
        ours = feature_named(feature)
        return feature if ours is None else ours.words

    def value(self, feature: str, value: float) -> str:
        """The feature with its value, in words."""
        if feature in self._categories:
            texts = self._categories[feature]
            return f"{feature} is {texts[int(value)]}" if 0 <= int(value) < len(texts) else f"{feature} is a new one"
        if (ours := feature_named(feature)) is not None:
            return ours.say(value)
        if feature == UNEXPLAINED:
            return f"{'+' if value >= 0 else '−'}{fixed(abs(value), 2)} in log-odds {UNEXPLAINED}"
        return f"{feature} is {_number(value)}"

    def shares(self, feature: str, value: float) -> tuple[float, float]:
        """Shares of the compared orders whose value lies below, and above, this one; missing ones in neither."""
        known = self._known(feature)
        if len(known) == 0:
            return 0.0, 0.0
        below = np.searchsorted(known, value, side="left") / len(known)
        above = 1 - np.searchsorted(known, value, side="right") / len(known)
        return float(below), float(above)

    def _unusual(self, feature: str, value: float) -> str:
        below, above = self.shares(feature, value)
        ours = feature_named(feature)
        more, less = ("higher", "lower") if ours is None else (ours.more, ours.less)
        if not self._is_switch(feature, value) and max(below, above) >= _ORDINARY:
            word, share = (more, below) if below >= above else (less, above)
            return f"{word} than {'all' if share == 1 else _share(share) + ' of'} {self._who}"
        same = 1 - below - above
        return f"as in {_share(same)} of {self._who}" if same > 0 else f"as in none of the {self._who}"

    def _is_switch(self, feature: str, value: float) -> bool:
        """True of a category, and of yes or no: neither is more or less of anything."""
        ours = feature_named(feature)
        switch = value in (0, 1) and bool(np.isin(self._known(feature), (0, 1)).all())
        return feature in self._categories or (switch and not (ours is not None and ours.counts))

    def _known(self, feature: str) -> NDArray[np.float64]:
        if feature not in self._sorted:
            column = self._features[feature][self._of]
            if isinstance(column.dtype, pd.CategoricalDtype):
                texts = pd.Index(self._categories[feature])
                values = texts.get_indexer(pd.Index(column.astype(object))).astype(float)
                values = values[values >= 0]
            else:
                values = column.to_numpy(np.float64, na_value=np.nan)
            self._sorted[feature] = np.sort(values[~np.isnan(values)])
        return self._sorted[feature]


def _share(share: float) -> str:
    """Never 100 % of anything but all of them.

    >>> _share(0.99996), _share(0.5)
    ('over 99.9\\xa0%', '50.0\\xa0%')
    """
    return "over 99.9\u00a0%" if 0.9995 <= share < 1 else percent_short(share)


def _number(value: float) -> str:
    return fixed(value, 0) if value == int(value) and abs(value) < 1e9 else f"{value:.6g}"

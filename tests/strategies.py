"""Random order tables for the laws."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from core.assumptions import CHOICES, DEFAULTS, FIELDS, Assumptions

SCORES = st.one_of(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), st.floats(0, 1, width=16), st.none())
AMOUNTS = st.integers(0, 900_000).map(lambda cents: cents / 100)
LABELS = st.sampled_from([0.0, 0.0, 1.0, None])
KNOWN_LABELS = st.sampled_from([0.0, 0.0, 1.0])


@st.composite
def order_tables(draw: st.DrawFn, *, labels: st.SearchStrategy[float | None] = LABELS, most: int = 40) -> pd.DataFrame:
    """1 to `most` orders over at most five days: score and label may be missing, ties are common."""
    rows = draw(st.lists(st.tuples(SCORES, labels, AMOUNTS, st.integers(0, 5 * 86_400 - 1)), min_size=1, max_size=most))
    score, label, amount, second = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "score": np.array(score, float),
            "is_fraud": np.array(label, float),
            "amount": np.array(amount),
            "ordered_at": np.datetime64("2026-03-01", "us") + np.array(second).astype("timedelta64[s]"),
        }
    )


def every_price_moved() -> st.SearchStrategy[Assumptions]:
    """Prices with every field off its default, anywhere in its range; a new field is among them by itself."""
    return st.builds(Assumptions, **{name: _moved(name) for name in FIELDS})


def _moved(name: str) -> st.SearchStrategy[Any]:
    default = getattr(DEFAULTS, name)
    if name in CHOICES:
        return st.sampled_from([value for value in CHOICES[name] if value != default])
    return st.floats(FIELDS[name]["low"], FIELDS[name]["high"]).filter(lambda value: value != default)

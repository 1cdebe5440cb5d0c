"""Tables the tests share. Numbers show their origin: 1, 20, 300, 4000."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from core.columns import AMOUNT, IS_FRAUD, ORDER_ID, ORDERED_AT, SCORE

settings.register_profile("any machine", deadline=None)  # how long a law takes is no part of it
settings.load_profile("any machine")


@pytest.fixture
def six_orders() -> pd.DataFrame:
    """Six orders over two days, every sum worked out by hand in the tests that use it."""
    return pd.DataFrame(
        {
            ORDER_ID: list("abcdef"),
            ORDERED_AT: np.array(["2026-03-01", "2026-03-01T12", *["2026-03-02"] * 4], "datetime64[us]"),
            AMOUNT: [100.0, 20.0, 3000.0, 40.0, 500.0, 6.0],
            IS_FRAUD: [1.0, 0.0, 1.0, 0.0, 0.0, 1.0],
            SCORE: [0.9, 0.5, 0.5, 0.2, 0.1, None],
        }
    )

"""Files that bring their own scores, made so that why is known."""

import numpy as np
import pandas as pd
from scipy.special import expit


def scored_orders(rows: int = 4000, *, noise: float = 0.3, seed: int = 1) -> pd.DataFrame:
    """Log-odds of the score: −4, +2 where clicks are above 30, +1 where the shop is new, and noise the columns lack.

    A third of the orders have over 30 clicks, a quarter a new shop; clicks are missing in every 50th order.
    """
    random = np.random.default_rng(seed)
    clicks = random.integers(1, 46, rows).astype(float)
    shop = np.where(random.random(rows) < 0.25, "new", random.choice(["old", "own"], rows))
    odds = -4 + 2 * (clicks > 30) + (shop == "new") + random.normal(0, noise, rows)
    score = expit(odds)
    clicks[::50] = np.nan
    minutes = np.sort(random.integers(0, 30 * 1440, rows))
    return pd.DataFrame({
        "order_id": [f"o{place}" for place in range(rows)],
        "ordered_at": np.datetime64("2026-03-01", "us") + minutes.astype("timedelta64[m]"),
        "amount": random.integers(5, 300, rows).astype(float),
        "is_fraud": (random.random(rows) < score).astype(float),
        "score": score,
        "clicks": clicks,
        "shop": pd.array(shop, "str"),
    })  # fmt: skip

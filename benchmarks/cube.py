"""The cube of 5 M scored orders against sklearn's roc_curve on the same arrays, and against a mask a threshold.

python -m benchmarks.cube
"""

import numpy as np
import pandas as pd
from sklearn.metrics import roc_curve

from benchmarks.timing import report, seconds
from core.assumptions import Assumptions
from core.pricing.cube import build_cube, running_sums, step_of, totals_of
from core.pricing.economics import coefficients, price

ORDERS, DAYS, THRESHOLDS = 5_000_000, 30, 1_000


def made_up_orders() -> pd.DataFrame:
    """5 M scored and labelled orders over 30 days, oldest first as loaded, 1 % fraud, seeded."""
    random = np.random.default_rng(1)
    fraud = (random.random(ORDERS) < 0.01).astype(float)
    scores = 1 / (1 + np.exp(4 - 1.5 * fraud - random.normal(size=ORDERS)))
    amounts = random.lognormal(4, 1, ORDERS).round(2)
    times = np.datetime64("2026-05-01", "us") + np.sort(random.integers(0, DAYS * 86_400_000_000, ORDERS))
    return pd.DataFrame({"score": scores, "is_fraud": fraud, "amount": amounts, "ordered_at": times})


def figures_by_mask(orders: pd.DataFrame, threshold: float) -> list[float]:
    """The four sums at one threshold by one pass over the orders."""
    score, fraud, amount = (orders[name].to_numpy() for name in ("score", "is_fraud", "amount"))
    flagged = score >= threshold
    caught = fraud[flagged] == 1
    dollars = amount[flagged]
    return [
        float(np.sum(~caught)),
        float(np.sum(caught)),
        float(dollars[~caught].sum()),
        float(dollars[caught].sum()),
    ]


def main() -> None:
    orders = made_up_orders()
    score, fraud = orders["score"].to_numpy(), orders["is_fraud"].to_numpy()
    plain = orders.drop(columns="ordered_at")
    peer = seconds(lambda: roc_curve(fraud, score), 3)
    report("cube of 5 M orders (score, label, amount)", seconds(lambda: build_cube(plain)), "roc_curve", peer)
    report("the same cube by day (30 days)", seconds(lambda: build_cube(orders)), "roc_curve", peer)

    cube, prices = build_cube(orders), Assumptions()
    chosen = np.quantile(cube.thresholds, np.linspace(0, 1, THRESHOLDS), method="nearest")
    rows = [step_of(cube, threshold) for threshold in chosen]

    def by_cube() -> object:
        return price(coefficients(prices, totals_of(cube)), running_sums(cube)[rows])

    some = range(0, THRESHOLDS, THRESHOLDS // 10)
    masked = seconds(lambda: [figures_by_mask(orders, chosen[i]) for i in some], 1) * THRESHOLDS / len(some)
    report(f"every figure at {THRESHOLDS:,} thresholds from the cube", seconds(by_cube), "a mask a threshold", masked)
    same = [running_sums(cube)[rows[i]] for i in some], [figures_by_mask(orders, chosen[i]) for i in some]
    print(f"sums equal to the masks: {np.allclose(*same)}")


if __name__ == "__main__":
    main()

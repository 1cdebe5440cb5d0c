"""Small order tables with everything in them, and their slow twins: plain loops over the earlier rows."""

import math
from typing import Any

import numpy as np
import pandas as pd

HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)
WINDOWS = {"1h": HOUR, "24h": DAY, "7d": 7 * DAY}
ENTITIES = {"account": "account_id", "device": "device_id", "ip": "ip_address", "shipping": "shipping_address"}


def small_orders(seed: int, rows: int = 60) -> pd.DataFrame:
    """Few accounts, devices and addresses over 45 days, many at one instant, some ids and labels missing."""
    random = np.random.default_rng(seed)
    minutes = np.sort(random.choice(np.concatenate([random.integers(0, 45 * 1440, 30), [7, 7, 90, 90]]), rows))
    times = np.datetime64("2026-03-01", "us") + minutes.astype("timedelta64[m]")

    def pick(names: "list[str] | str") -> pd.array:  # type: ignore[valid-type]
        shares = [*[0.9 / len(names)] * len(names), 0.1]
        return pd.array(random.choice([*names, None], rows, p=shares), "str")

    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(rows)],
            "ordered_at": times,
            "amount": random.integers(0, 300, rows).astype(float),
            "is_fraud": random.choice([0.0, 1.0, np.nan], rows, p=[0.6, 0.3, 0.1]),
            "account_id": pick("abcd"),
            "device_id": pick("xyz"),
            "ip_address": pick("pq"),
            "shipping_address": pick("stu"),
            "billing_address": pick("stu"),
            "signed_up_at": times - random.integers(1, 90, rows).astype("timedelta64[D]"),
            "labelled_at": times + random.integers(0, 20 * 1440, rows).astype("timedelta64[m]"),
            "category": pick(["toys", "books"]),
        }
    )


def slow_risk(orders: pd.DataFrame, place: int, column: str, delay_days: float) -> tuple[float, float]:
    """Share of fraud and number of outcomes, from labels known before the full hour before the order."""
    order, hour = orders.iloc[place], orders["ordered_at"].iloc[place].floor("h")
    known = orders["ordered_at"] + pd.Timedelta(days=delay_days)
    if "labelled_at" in orders:
        known = orders["labelled_at"].fillna(known)
    usable = known.dt.floor("h") + HOUR
    seen = orders[orders["is_fraud"].notna() & (usable <= hour) & (usable + 28 * DAY > hour)]
    own = seen[seen[column] == order[column]]
    if not len(own):
        return math.nan, 0.0
    return (own["is_fraud"].sum() + 5 * seen["is_fraud"].mean()) / (len(own) + 5), float(len(own))


def slow_features(orders: pd.DataFrame, place: int) -> dict[str, float]:
    """Every history feature of one order, from the rows before its instant only."""
    order = orders.iloc[place]
    earlier = orders[orders["ordered_at"] < order["ordered_at"]]
    at: dict[str, Any] = {"amount": order["amount"], "hour": order["ordered_at"].hour}
    at["weekend"] = float(order["ordered_at"].day_of_week >= 5)
    at["account_age_days"] = (order["ordered_at"] - order["signed_up_at"]) / DAY
    both = isinstance(order["shipping_address"], str) and isinstance(order["billing_address"], str)
    at["address_mismatch"] = float(order["shipping_address"] != order["billing_address"]) if both else math.nan
    for word, column in ENTITIES.items():
        known = isinstance(order[column], str)
        same = earlier[earlier[column] == order[column]]
        for name, window in WINDOWS.items():
            recent = same[same["ordered_at"] >= order["ordered_at"] - window]
            at[f"{word}_orders_{name}"] = len(recent) if known else math.nan
            if word != "account":
                at[f"{word}_accounts_{name}"] = recent["account_id"].nunique() if known else math.nan
        if word != "account":
            there = known and isinstance(order["account_id"], str)
            used = (same["account_id"] == order["account_id"]).any() if there else False
            at[f"known_{word}"] = float(used) if there else math.nan
    return at | _account_history(order, earlier) | _category_history(order, earlier)


def _account_history(order: pd.Series, earlier: pd.DataFrame) -> dict[str, float]:
    since_sign_up = (order["ordered_at"] - order["signed_up_at"]).total_seconds()
    if not isinstance(order["account_id"], str):
        return {"order_time_gap": since_sign_up, "first_order": math.nan, "amount_to_account": math.nan}
    own = earlier[earlier["account_id"] == order["account_id"]]
    if not len(own):
        return {"order_time_gap": since_sign_up, "first_order": 1.0, "amount_to_account": math.nan}
    gap = (order["ordered_at"] - own["ordered_at"].max()).total_seconds()
    mean = own["amount"].mean()
    return {
        "order_time_gap": gap,
        "first_order": 0.0,
        "amount_to_account": order["amount"] / mean if mean else math.nan,
    }


def _category_history(order: pd.Series, earlier: pd.DataFrame) -> dict[str, float]:
    recent = earlier[earlier["ordered_at"] >= order["ordered_at"] - 7 * DAY]
    same = recent[recent["category"] == order["category"]] if isinstance(order["category"], str) else recent[:0]
    mean = same["amount"].mean() if len(same) else 0.0
    return {"amount_to_category": order["amount"] / mean if mean else math.nan}


def learnable_orders(seed: int = 1, rows: int = 6_000) -> pd.DataFrame:
    """Orders over 60 days in which dear orders on strange devices are often fraud; enough to train on."""
    random = np.random.default_rng(seed)
    seconds = np.sort(random.integers(0, 60 * 86_400, rows))
    amount = random.lognormal(4, 0.8, rows).round(2)
    strange = random.random(rows) < 0.3
    chance = (amount > 30) / (1 + np.exp(5 - 2.5 * strange - amount / 120))  # small orders are safe
    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(rows)],
            "ordered_at": np.datetime64("2026-03-01", "us") + seconds.astype("timedelta64[s]"),
            "amount": amount,
            "is_fraud": (random.random(rows) < chance).astype(float),
            "account_id": pd.array([f"a{i}" for i in random.integers(0, 900, rows)], "str"),
            "device {type}": pd.array(np.where(strange, "new", "own"), "str"),
        }
    )


def month(seed: int, days: int = 30, orders: int = 3000, fraud: float = 0.05) -> pd.DataFrame:
    """Scored and labelled orders at random times from 1 March on, fraud the likelier the higher the score."""
    random = np.random.default_rng(seed)
    is_fraud = (random.random(orders) < fraud).astype(float)
    score = np.round(1 / (1 + np.exp(3 - 2.5 * is_fraud - random.normal(size=orders))), 2)
    times = np.datetime64("2026-03-01", "us") + random.integers(0, days * 86_400, orders).astype("timedelta64[s]")
    table = {"score": score, "is_fraud": is_fraud, "amount": random.lognormal(4, 0.5, orders), "ordered_at": times}
    return pd.DataFrame(table).sort_values("ordered_at", ignore_index=True)

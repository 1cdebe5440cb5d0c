"""Batch risk: how often an account, a device or an address turned out fraudulent, refreshed every hour.

The figure an order sees was computed at the full hour before it, from labels that had become known before that
hour. So the online model reads a small table that is at most an hour old, and no order ever sees its own outcome.
"""

import duckdb
import pandas as pd

from core.columns import ENTITIES, IS_FRAUD, LABELLED_AT, ORDERED_AT, ROLE_OF

WINDOW_DAYS = 28
PRIOR_ORDERS = 5  # an entity's share counts as much as the overall one at this many orders


def risk_name(entity: str) -> str:
    """Name of an entity's risk: `account_risk`, `device_risk`, `ip_risk`, `shipping_risk`."""
    return f"{ROLE_OF[entity].short}_risk"


def known_name(entity: str) -> str:
    """Name of the number of orders behind an entity's risk."""
    return f"{ROLE_OF[entity].short}_outcomes"


def hourly_risk(orders: pd.DataFrame, *, label_delay_days: float) -> pd.DataFrame:
    """Batch risk of each order's account, device and addresses as of the full hour before it.

    orders: ordered_at, is_fraud and some of account_id, device_id, ip_address, shipping_address; labelled_at where a
    file has it, else a label is known label_delay_days after the order. Returns two columns an entity, aligned with
    orders: NAME_risk, the share of fraud (0–1) among its orders whose label became known in the 28 days before the
    hour, drawn towards the share of all orders as if 5 more had been seen; missing where none are known. And
    NAME_outcomes, how many that were. Empty where the orders have no times or no labels.
    """
    entities = [name for name in ENTITIES if name in orders]
    if ORDERED_AT not in orders or IS_FRAUD not in orders or not entities:
        return pd.DataFrame(index=orders.index)
    with duckdb.connect() as connection:
        connection.register("orders", _keyed(orders, label_delay_days))
        _make_labels(connection)
        parts = [_entity_risk(connection, entity) for entity in entities]
    return pd.concat(parts, axis=1).set_axis(orders.index)


def _keyed(orders: pd.DataFrame, label_delay_days: float) -> pd.DataFrame:
    """The columns needed, with the hour from which a label may be used: the first full hour after it was known."""
    table = orders[[name for name in (ORDERED_AT, IS_FRAUD, *ENTITIES) if name in orders]].reset_index(drop=True)
    known = orders[ORDERED_AT] + pd.Timedelta(days=label_delay_days)
    if LABELLED_AT in orders:
        known = orders[LABELLED_AT].fillna(known)
    known = known.where(known > orders[ORDERED_AT], orders[ORDERED_AT])
    usable = known.dt.floor("h") + pd.Timedelta(hours=1)
    return table.assign(place=range(len(table)), usable=usable.to_numpy())


def _make_labels(connection: duckdb.DuckDBPyConnection) -> None:
    """Known labels, and the overall share of fraud at each hour."""
    connection.execute(f"CREATE TABLE labels AS SELECT * FROM orders WHERE NOT isnan({IS_FRAUD})")
    connection.execute(f"CREATE TABLE overall AS {_running('1', 'labels')}")


def _running(key: str, source: str) -> str:
    """Known orders and frauds of each key in the window, at each hour where they change: labels come and go."""
    return f"""
        SELECT key, hour, sum(n) OVER w AS n, sum(fraud) OVER w AS fraud FROM (
            SELECT key, hour, sum(n) AS n, sum(fraud) AS fraud FROM (
                SELECT {key} AS key, usable AS hour, 1 AS n, {IS_FRAUD} AS fraud FROM {source}
                UNION ALL
                SELECT {key}, usable + INTERVAL {WINDOW_DAYS} DAY, -1, -{IS_FRAUD} FROM {source}
            ) GROUP BY key, hour
        ) WINDOW w AS (PARTITION BY key ORDER BY hour)"""


def _entity_risk(connection: duckdb.DuckDBPyConnection, entity: str) -> pd.DataFrame:
    known = connection.execute(f"""
        WITH known AS ({_running(entity, f"(SELECT * FROM labels WHERE {entity} IS NOT NULL)")})
        SELECT o.place, coalesce(k.n, 0) AS n, k.fraud AS fraud, a.fraud / a.n AS overall
        FROM (SELECT place, {entity} AS key, date_trunc('hour', {ORDERED_AT}) AS hour FROM orders) o
        ASOF LEFT JOIN known k ON o.key = k.key AND k.hour <= o.hour
        ASOF LEFT JOIN (SELECT * FROM overall WHERE n > 0) a ON a.hour <= o.hour
        ORDER BY o.place""").df()
    risk = (known["fraud"] + PRIOR_ORDERS * known["overall"]) / (known["n"] + PRIOR_ORDERS)
    risk = risk.where(known["n"] > 0).astype("float32")
    return pd.DataFrame({risk_name(entity): risk, known_name(entity): known["n"].astype("float32")})


def risk_seen(ordered_at: pd.Timestamp) -> tuple[pd.Timestamp, float]:
    """The hour whose batch risk an order saw, and how old that was, in minutes.

    >>> risk_seen(pd.Timestamp("2026-05-01 10:41:00"))
    (Timestamp('2026-05-01 10:00:00'), 41.0)
    """
    hour = ordered_at.floor("h")
    return hour, (ordered_at - hour).total_seconds() / 60

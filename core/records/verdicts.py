"""What reviewers decided on orders: recorded in a database, kept over restarts, measured once outcomes are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from core.columns import IS_FRAUD, ORDER_ID
from core.errors import ReviewError
from core.resampling import wilson

DEFAULT_URL = "sqlite:///data/reviews.db"
RELEASED, DECLINED, ESCALATED = "released", "declined", "escalated"
VERDICTS = (RELEASED, DECLINED, ESCALATED)
MAX_NOTE, MAX_ID = 2_000, 500
_BUSY_MS = 5_000

_METADATA = MetaData()
_REVIEWS = Table(
    "reviews",
    _METADATA,
    Column("orders", String(64), primary_key=True),
    Column("order_id", String(MAX_ID), primary_key=True),
    Column("verdict", String(16), nullable=False),
    Column("note", String(MAX_NOTE), nullable=False),
    Column("decided_at", DateTime, nullable=False),
    Column("version", Integer, nullable=False),
)


@dataclass(frozen=True)
class Review:
    """A recorded verdict. version: 1 at first, one more with each change."""

    order_id: str
    verdict: str
    note: str
    decided_at: datetime
    version: int


class Database:
    """Some tables in one database; what they keep is on the disk when a method that writes returns."""

    _tables: MetaData

    def __init__(self, url: str = DEFAULT_URL) -> None:
        """url: any that SQLAlchemy understands. ReviewError where it cannot be opened."""
        try:
            self._engine = engine_of(url)
            self._tables.create_all(self._engine)
        except (SQLAlchemyError, ImportError, OSError) as fault:
            raise ReviewError(said_of("opened", fault)) from fault

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()


class Reviews(Database):
    """The reviews of any number of order sets, in one database."""

    _tables = _METADATA

    def record(
        self, orders: str, order_id: str, verdict: str, note: str, *, at: datetime, known_version: int = 0
    ) -> Review:
        """Write a verdict; when this returns, it is on the disk.

        orders: `order_set` of the data. known_version: of the review seen while deciding, 0 where there was none.
        ReviewError where somebody decided in the meantime, and where the database cannot be written.
        """
        if verdict not in VERDICTS:
            raise ReviewError(f"A verdict is one of {', '.join(VERDICTS)}. Got: {verdict!r}.")
        if len(note) > MAX_NOTE or len(order_id) > MAX_ID:
            raise ReviewError(f"A note has at most {MAX_NOTE:,} characters, an order id {MAX_ID}. Shorten it.")
        review = Review(order_id, verdict, note, at, known_version + 1)
        values = {"verdict": verdict, "note": note, "decided_at": at, "version": review.version}
        here = (_REVIEWS.c.orders == orders) & (_REVIEWS.c.order_id == order_id)
        try:
            with self._engine.begin() as connection:
                if known_version == 0:
                    connection.execute(insert(_REVIEWS).values(orders=orders, order_id=order_id, **values))
                    return review
                same = here & (_REVIEWS.c.version == known_version)
                if connection.execute(update(_REVIEWS).where(same).values(**values)).rowcount == 1:
                    return review
        except IntegrityError as fault:
            raise ReviewError(_MEANWHILE) from fault
        except SQLAlchemyError as fault:
            raise ReviewError(said_of("written", fault)) from fault
        raise ReviewError(_MEANWHILE)

    def all_of(self, orders: str) -> dict[str, Review]:
        """order_id → review, of one order set."""
        columns = [_REVIEWS.c[name] for name in Review.__dataclass_fields__]
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(select(*columns).where(_REVIEWS.c.orders == orders)).all()
        except SQLAlchemyError as fault:
            raise ReviewError(said_of("read", fault)) from fault
        return {row.order_id: Review(*row) for row in rows}


def order_set(orders: pd.DataFrame) -> str:
    """A name for a set of orders: the same ids in any order give the same one, so reviews are found again."""
    hashes = pd.util.hash_pandas_object(orders[ORDER_ID], index=False).to_numpy(np.uint64)
    return f"{int(hashes.sum(dtype=np.uint64)):016x}-{int(np.bitwise_xor.reduce(hashes)):016x}-{len(hashes)}"


def measured_catch_rate(reviews: Sequence[Review], orders: pd.DataFrame) -> dict[str, Any]:
    """How well reviewers tell: of the fraud they decided on, the share declined; and of the legit, the share declined.

    Escalated orders are not decided. Returns fraud, caught, catch_rate with low and high (95 %, Wilson 1927), legit,
    wrongly_declined, false_decline_rate; rates are missing (NaN) over nothing.
    """
    decided = {review.order_id: review.verdict for review in reviews if review.verdict != ESCALATED}
    labels = orders[IS_FRAUD] if IS_FRAUD in orders else pd.Series(np.nan, orders.index)
    verdicts = orders[ORDER_ID].map(decided)
    fraud, legit = verdicts[(labels == 1) & verdicts.notna()], verdicts[(labels == 0) & verdicts.notna()]
    caught, wrong = int((fraud == DECLINED).sum()), int((legit == DECLINED).sum())
    rate = caught / len(fraud) if len(fraud) else float("nan")
    low, high = wilson(np.array([rate]), np.array([float(max(len(fraud), 1))]))
    return {
        "fraud": len(fraud),
        "caught": caught,
        "catch_rate": rate,
        "low": float(low[0]),
        "high": float(high[0]),
        "legit": len(legit),
        "wrongly_declined": wrong,
        "false_decline_rate": wrong / len(legit) if len(legit) else float("nan"),
    }


_MEANWHILE = "Somebody else decided on this order in the meantime. Nothing was overwritten: look at it again."


def engine_of(url: str) -> Engine:
    """A database by its URL; SQLite with a write-ahead log, immediate transactions and patience."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare(connection: Any, _: object) -> None:
    """One writer at a time, who waits for the other; a commit is on the disk (the defaults lose most of a rush)."""
    connection.isolation_level = None  # no BEGIN of the driver's own: ours is immediate
    for setting in ("journal_mode = WAL", f"busy_timeout = {_BUSY_MS}", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}")


def said_of(what: str, fault: Exception) -> str:
    """A fault of the database as one clear line."""
    reason = str(getattr(fault, "orig", None) or fault).splitlines()[0][:200]
    if isinstance(fault, ArgumentError | NoSuchModuleError | ImportError):
        reason = "its URL is not one SQLAlchemy understands, or its driver is not installed"
    return f"The database cannot be {what}: {reason}. See CUTLINE_DATABASE in the README."

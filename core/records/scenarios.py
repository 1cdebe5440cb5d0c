"""Scenarios: a line, a baseline and prices under a name, kept with who, when and why; nothing is overwritten unseen.

A scenario is the plain values of a link, so a link reproduces one without the database.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, Text, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from core.errors import ReviewError
from core.records.verdicts import Database, said_of
from core.showing.link import View, link_values, parse_link

MAX_NAME, MAX_WHO, MAX_WHY = 120, 120, 1_000
MOST_ENTRIES = 200  # of the log, shown at once
_ORDERS = "orders"  # beside the values of the link: the name of the data set
SAVED, CHANGED, DELETED = "saved", "changed", "deleted"

_METADATA = MetaData()
_SCENARIOS = Table(
    "scenarios",
    _METADATA,
    Column("name", String(MAX_NAME), primary_key=True),
    Column("link", Text, nullable=False),
    Column("who", String(MAX_WHO), nullable=False),
    Column("why", String(MAX_WHY), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("version", Integer, nullable=False),
)
_LOG = Table(
    "scenario_log",
    _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("name", String(MAX_NAME), nullable=False),
    Column("what", String(16), nullable=False),
    Column("link", Text, nullable=False),
    Column("who", String(MAX_WHO), nullable=False),
    Column("why", String(MAX_WHY), nullable=False),
    Column("at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Scenario:
    """A saved view. version: one more each time its name is saved, changed or deleted, so never the same twice.
    orders: the name of the data set it was saved on.
    """

    name: str
    view: View
    who: str
    why: str
    at: datetime
    version: int
    orders: str


@dataclass(frozen=True)
class Entry:
    """One line of the audit log. what: saved, changed or deleted; orders: the data set it was done on."""

    name: str
    what: str
    link: Mapping[str, str]
    who: str
    why: str
    at: datetime
    orders: str


class Scenarios(Database):
    """All scenarios of one database."""

    _tables = _METADATA

    def save(
        self, name: str, view: View, *, who: str, why: str, at: datetime, known_version: int = 0, orders: str = ""
    ) -> Scenario:
        """Keep a view; when this returns, it is on the disk, and so is the line of the log.

        known_version: of the scenario of that name when it was looked at, 0 where there was none. ReviewError where
        somebody saved in the meantime, and where the database cannot be written.
        """
        name = name.strip()
        _check(name, who, why)
        link = json.dumps(link_values(view) | {_ORDERS: orders})
        told = {"link": link, "who": who, "why": why, "at": at}
        try:
            with self._engine.begin() as connection:
                version = known_version + 1
                if known_version == 0:
                    before = select(func.count()).select_from(_LOG).where(_LOG.c.name == name)
                    version += int(connection.execute(before).scalar_one())
                    connection.execute(insert(_SCENARIOS).values(name=name, version=version, **told))
                else:
                    here = (_SCENARIOS.c.name == name) & (_SCENARIOS.c.version == known_version)
                    if connection.execute(update(_SCENARIOS).where(here).values(version=version, **told)).rowcount != 1:
                        raise ReviewError(_MEANWHILE.format(name=name))
                what = CHANGED if known_version else SAVED
                connection.execute(insert(_LOG).values(name=name, what=what, **told))
        except IntegrityError as fault:
            raise ReviewError(_MEANWHILE.format(name=name)) from fault
        except SQLAlchemyError as fault:
            raise ReviewError(said_of("written", fault)) from fault
        return Scenario(name, view, who, why, at, version, orders)

    def remove(self, name: str, *, who: str, why: str, at: datetime, known_version: int) -> None:
        """Delete a scenario; the log keeps what it was. ReviewError where somebody changed it in the meantime."""
        _check(name, who, why)
        try:
            with self._engine.begin() as connection:
                here = (_SCENARIOS.c.name == name) & (_SCENARIOS.c.version == known_version)
                found = connection.execute(select(_SCENARIOS.c.link).where(here)).first()
                if found is None:
                    raise ReviewError(_MEANWHILE.format(name=name))
                connection.execute(delete(_SCENARIOS).where(here))
                connection.execute(
                    insert(_LOG).values(name=name, what=DELETED, link=found.link, who=who, why=why, at=at)
                )
        except SQLAlchemyError as fault:
            raise ReviewError(said_of("written", fault)) from fault

    def all(self) -> list[Scenario]:
        """Every scenario, the latest first."""
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(select(_SCENARIOS).order_by(_SCENARIOS.c.at.desc(), _SCENARIOS.c.name)).all()
        except SQLAlchemyError as fault:
            raise ReviewError(said_of("read", fault)) from fault
        found = []
        for row in rows:
            link, orders = _told(row.link)
            found.append(Scenario(row.name, parse_link(link)[0], row.who, row.why, row.at, row.version, orders))
        return found

    def log(self, most: int = MOST_ENTRIES) -> list[Entry]:
        """What was done, the latest first."""
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(select(_LOG).order_by(_LOG.c.number.desc()).limit(most)).all()
        except SQLAlchemyError as fault:
            raise ReviewError(said_of("read", fault)) from fault
        found = []
        for row in rows:
            link, orders = _told(row.link)
            found.append(Entry(row.name, row.what, link, row.who, row.why, row.at, orders))
        return found


def _told(kept: str) -> tuple[dict[str, str], str]:
    """The values of a link, and the name of the data set kept beside them."""
    link: dict[str, str] = json.loads(kept)
    orders = link.pop(_ORDERS, "")
    return link, orders


def _check(name: str, who: str, why: str) -> None:
    """A log that does not say who and why is none."""
    for label, text, most in (("a name", name, MAX_NAME), ("who", who, MAX_WHO), ("a reason", why, MAX_WHY)):
        if not 0 < len(text.strip()) <= most:
            got = f"{len(text):,} characters" if text.strip() else "nothing"
            raise ReviewError(f"A scenario needs {label} of 1 to {most:,} characters. Got: {got}. Nothing was changed.")


_MEANWHILE = "Somebody else saved or removed {name!r} in the meantime. Nothing was overwritten: look at it again."

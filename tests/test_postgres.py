"""Verdicts and scenarios of a team, on a real PostgreSQL server. Skipped, with the reason, where none is installed."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.assumptions import Assumptions
from core.errors import ReviewError
from core.records.scenarios import DELETED, SAVED, Scenarios
from core.records.verdicts import DECLINED, RELEASED, Reviews
from core.showing.link import View

NOON = datetime(2026, 5, 1, 12)
VIEW = View(line=0.1, prices=Assumptions(review_cost=8.0))


def programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return None if found is None else Path(found).parent


def as_user(command: list[str], folder: Path) -> None:
    """Run as the user of the folder: the server refuses to be root."""
    owner = folder.stat()
    subprocess.run(command, check=True, capture_output=True, user=owner.st_uid, group=owner.st_gid, cwd=folder)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server of its own, on a socket in a folder of its own."""
    where = programs()
    if where is None:
        pytest.skip("no PostgreSQL: install it to run these")
    with TemporaryDirectory(prefix="cutline-pg-") as name:
        folder = Path(name)
        if os.getuid() == 0:
            try:
                user = pwd.getpwnam("postgres")
            except KeyError:
                pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        as_user([str(where / "initdb"), "-D", str(data), "-A", "trust", "-U", "cutline", "-E", "UTF8"], folder)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        control = [str(where / "pg_ctl"), "-D", str(data), "-w"]
        as_user([*control, "-l", str(folder / "log"), "-o", options, "start"], folder)
        try:
            yield f"postgresql+psycopg://cutline@/postgres?host={folder}"
        finally:
            as_user([*control, "-m", "immediate", "stop"], folder)


def test_verdicts_are_there_again_and_a_second_writer_is_told(url: str) -> None:
    with closing(Reviews(url)) as first:
        first.record("set", "<b>'; DROP", DECLINED, "naïve — 🙂", at=NOON)
    with closing(Reviews(url)) as again:
        found = again.all_of("set")["<b>'; DROP"]
        assert (found.verdict, found.note, found.decided_at, found.version) == (DECLINED, "naïve — 🙂", NOON, 1)
        with pytest.raises(ReviewError, match="Somebody else decided"):
            again.record("set", "<b>'; DROP", RELEASED, "", at=NOON)
        assert again.record("set", "<b>'; DROP", RELEASED, "", at=NOON, known_version=1).version == 2


def test_twenty_writers_lose_nothing(url: str) -> None:
    with closing(Reviews(url)) as reviews, closing(Scenarios(url)) as scenarios:

        def write(writer: int) -> None:
            for turn in range(10):
                reviews.record("rush", f"{writer}-{turn}", RELEASED, "", at=NOON)
                scenarios.save(f"rush {writer}-{turn}", VIEW, who=str(writer), why="cheaper", at=NOON)

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(write, range(20)))
        assert len(reviews.all_of("rush")) == 200
        assert len([one for one in scenarios.all() if one.name.startswith("rush")]) == 200


def test_two_people_saving_one_scenario_at_once_lose_nothing(url: str) -> None:
    with closing(Scenarios(url)) as scenarios:

        def save(who: int) -> str:
            try:
                scenarios.save("ours", VIEW, who=str(who), why="cheaper", at=NOON)
            except ReviewError as fault:
                return str(fault)
            return "saved"

        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(save, range(8)))
        assert said.count("saved") == 1
        assert all("Somebody else saved" in words for words in said if words != "saved")
        (one,) = [one for one in scenarios.all() if one.name == "ours"]
        scenarios.remove("ours", who="Ada", why="done", at=NOON, known_version=one.version)
        assert [entry.what for entry in scenarios.log() if entry.name == "ours"] == [DELETED, SAVED]


def test_a_server_that_is_gone_is_one_clear_line() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(ReviewError, match="The database cannot be opened") as said:
        Reviews("postgresql+psycopg://cutline@/postgres?host=/nowhere")
    assert "\n" not in str(said.value)

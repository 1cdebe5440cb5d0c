"""Verdicts: on the disk once said so, never silently overwritten, and a measured catch rate from them."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.errors import ReviewError
from core.records import verdicts as reviews_module
from core.records.verdicts import DECLINED, ESCALATED, RELEASED, Reviews, measured_catch_rate, order_set

NOON = datetime(2026, 5, 1, 12)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/deep/reviews.db"


def test_a_verdict_is_there_again_after_a_restart(url: str) -> None:
    Reviews(url).record("set", "<b>'; DROP", DECLINED, "looks like the raid", at=NOON)
    found = Reviews(url).all_of("set")["<b>'; DROP"]
    assert (found.verdict, found.note, found.decided_at, found.version) == (DECLINED, "looks like the raid", NOON, 1)
    assert Reviews(url).all_of("other") == {}


def test_a_second_writer_is_told_and_nothing_is_overwritten(url: str) -> None:
    one, two = Reviews(url), Reviews(url)
    one.record("set", "a", DECLINED, "", at=NOON)
    with pytest.raises(ReviewError, match="Somebody else decided"):
        two.record("set", "a", RELEASED, "", at=NOON)
    two.record("set", "a", RELEASED, "seen it", at=NOON, known_version=1)
    with pytest.raises(ReviewError, match="Somebody else decided"):
        one.record("set", "a", ESCALATED, "", at=NOON, known_version=1)
    assert one.all_of("set")["a"].verdict == RELEASED
    assert one.all_of("set")["a"].version == 2


KILLED = """
import os, signal, sys
from datetime import datetime
from core.records.verdicts import Reviews
reviews = Reviews(sys.argv[1])
for n in range(1000):
    reviews.record("set", f"o{n}", "declined", "", at=datetime(2026, 5, 1))
    print(n, flush=True)
    if n == 40:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_acknowledged_survives_a_killed_process(url: str) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, url], capture_output=True, text=True, check=False)
    acknowledged = run.stdout.split()
    assert run.returncode == -9
    assert len(acknowledged) == 41
    assert set(Reviews(url).all_of("set")) == {f"o{n}" for n in acknowledged}


def test_twenty_writers_at_once_lose_nothing(url: str) -> None:
    reviews = Reviews(url)

    def write(writer: int) -> None:
        for turn in range(10):
            reviews.record("set", f"{writer}-{turn}", RELEASED, "", at=NOON)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    assert len(reviews.all_of("set")) == 200


@pytest.mark.parametrize("url", ["nonsense", "nodialect://x/y", "sqlite:////proc/none/reviews.db"])
def test_a_database_that_cannot_be_opened_is_one_clear_line(url: str) -> None:
    with pytest.raises(ReviewError, match=r"cannot be opened: .* See CUTLINE_DATABASE") as said:
        Reviews(url)
    assert "\n" not in str(said.value)


def test_a_database_that_is_damaged_or_locked_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "damaged.db").write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    with pytest.raises(ReviewError, match="not a database"):
        Reviews(f"sqlite:///{tmp_path}/damaged.db")
    monkeypatch.setattr(reviews_module, "_BUSY_MS", 100)
    reviews = Reviews(f"sqlite:///{tmp_path}/reviews.db")
    with sqlite3.connect(tmp_path / "reviews.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ReviewError, match="cannot be written: database is locked"):
            reviews.record("set", "a", DECLINED, "", at=NOON)
    assert reviews.record("set", "a", DECLINED, "", at=NOON).version == 1


def test_verdicts_and_lengths_have_limits(url: str) -> None:
    with pytest.raises(ReviewError, match="A verdict is one of"):
        Reviews(url).record("set", "a", "maybe", "", at=NOON)
    with pytest.raises(ReviewError, match="2,000 characters"):
        Reviews(url).record("set", "a", DECLINED, "x" * 2001, at=NOON)


def test_a_set_of_orders_is_known_again_in_any_order_and_apart_from_others() -> None:
    orders = pd.DataFrame({"order_id": [f"o{n}" for n in range(100)]})
    assert order_set(orders) == order_set(orders.sample(frac=1, random_state=1))
    assert order_set(orders) != order_set(orders.iloc[1:])
    assert order_set(orders.iloc[[0, 0]]) != order_set(orders.iloc[[1, 1]])


def test_the_measured_catch_rate_by_hand(url: str) -> None:
    """Of four frauds decided three were declined; of two legit orders one; one was escalated, one is not known."""
    verdicts = dict(zip("abcdefgh", [DECLINED] * 3 + [RELEASED] * 2 + [DECLINED, ESCALATED, DECLINED], strict=True))
    labels = [1, 1, 1, 1, 0, 0, 1, np.nan]
    reviews = Reviews(url)
    for name, verdict in verdicts.items():
        reviews.record("set", name, verdict, "", at=NOON)
    orders = pd.DataFrame({"order_id": list("abcdefgh"), "is_fraud": labels})
    told = measured_catch_rate(list(reviews.all_of("set").values()), orders)
    assert (told["fraud"], told["caught"], told["catch_rate"]) == (4, 3, 0.75)
    assert (told["legit"], told["wrongly_declined"], told["false_decline_rate"]) == (2, 1, 0.5)
    assert told["low"] < 0.75 < told["high"]
    assert np.isnan(measured_catch_rate([], orders)["catch_rate"])
    assert measured_catch_rate([], orders.drop(columns="is_fraud"))["fraud"] == 0

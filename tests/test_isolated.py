"""The child process: bombs and lies end in it, with one clear line, and the one who asked goes on."""

import io
import json
import os
import signal
import subprocess
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import ChoiceNeeded, OrdersError
from core.reading import isolated as apart
from core.reading.decoding.memory_file import MemoryFile, in_memory
from core.reading.intake import Intake
from core.reading.isolated import take_in_apart
from core.reading.reading import Reading
from core.sources.orders import load_orders, orders_table
from tests.intakes import NOW

READING = Reading(detect=True, guess=True)


def children() -> list[int]:
    """Processes of the reading that are ours and live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"core.reading.child" in command:
            found.append(int(stat.parent.name))
    return found


def taken_apart(content: bytes, name: str = "orders.csv", reading: Reading = READING) -> Intake:
    return take_in_apart([(in_memory(content), name)], reading, now=NOW)


def test_the_child_answers_as_the_reading_itself_does() -> None:
    intake = taken_apart(b"order_id,amount\na,1\nb,x\n")
    assert (intake.report.accepted, intake.report.rejected) == (1, 1)
    assert orders_table(intake)["order_id"].tolist() == ["a"]
    assert 0 < intake.peak_mb < 512


def test_a_question_comes_back_as_one() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "amount\n1\n")
        archive.writestr("b.csv", "amount\n1\n")
    with pytest.raises(ChoiceNeeded) as asked:
        taken_apart(out.getvalue(), "two.zip")
    assert list(asked.value.choices) == ["a.csv", "b.csv"]


def workbook_bomb() -> bytes:
    """One cell in the last row and column: readers that keep a dense table ask for 17 billion cells."""
    book = openpyxl.Workbook()
    book.active["A1"] = "amount"
    book.active["XFD1048576"] = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet_with_a_lie() -> bytes:
    """A footer that names other places and sizes than there are."""
    out = io.BytesIO()
    pq.write_table(pa.table({"amount": [float(n) for n in range(1000)]}), out)
    content = bytearray(out.getvalue())
    for place in range(len(content) - 200, len(content) - 12, 3):
        content[place] ^= 0x5A
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (workbook_bomb(), "orders.xlsx"),
        (parquet_with_a_lie(), "orders.parquet"),
        (b"amount,note\n1," + b"x" * 200_000_000, "orders.csv"),
        (b"1" * 200_000_000, "orders.csv"),
        (os.urandom(200_000), "orders.csv"),
    ],
    ids=["workbook bomb", "parquet lies", "200 MB field", "200 MB without a line end", "noise"],
)
def test_a_file_made_to_break_its_reader_gets_one_line(content: bytes, name: str) -> None:
    with pytest.raises(OrdersError) as refused:
        taken_apart(content, name)
    assert "\n" not in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert len(str(refused.value)) < 400
    assert taken_apart(b"amount\n1\n").report.accepted == 1


def test_a_killed_child_is_said_and_the_next_one_works() -> None:
    def kill(text: str, share: float) -> None:
        for child in children():
            os.kill(child, signal.SIGKILL)
            time.sleep(0.2)

    content = b"amount\n" + b"1\n" * 3_000_000
    with pytest.raises(OrdersError, match="took more memory than there is"):
        take_in_apart([(in_memory(content), "orders.csv")], READING, now=NOW, progress=kill)
    assert taken_apart(b"amount\n1\n").report.accepted == 1


def test_a_progress_that_raises_ends_the_child() -> None:
    class Cancelled(Exception):
        pass

    def cancel(text: str, share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        take_in_apart([(in_memory(b"amount\n1\n" * 10), "orders.csv")], READING, now=NOW, progress=cancel)
    assert children() == []


def test_the_same_file_twice_at_once(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,amount\n" + "".join(f"o{n},1\n" for n in range(20_000)))
    with ThreadPoolExecutor(2) as pool:
        tables = list(pool.map(load_orders, [path, path]))
    assert len(tables[0]) == 20_000
    assert tables[0].equals(tables[1])


def test_nothing_of_an_upload_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = {path for path in Path.cwd().rglob("*") if ".git" not in path.parts and ".venv" not in path.parts}
    taken_apart(b"amount,note\n1,secret-of-the-shop\nx,2\n")
    assert list(tmp_path.iterdir()) == []
    after = {path for path in Path.cwd().rglob("*") if ".git" not in path.parts and ".venv" not in path.parts}
    assert not [path for path in after - before if "__pycache__" not in path.parts]


def test_memory_is_let_go() -> None:
    taken_apart(b"amount\n1\n")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        taken_apart(b"amount\n1\n")
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
    with MemoryFile() as file:
        descriptor = file.descriptor
    with pytest.raises(OSError):
        os.fstat(descriptor)


def test_readers_see_no_file_but_their_own(tmp_path: Path) -> None:
    """A name that is a pattern, and a text that would read another file, read nothing."""
    (tmp_path / "user_other.csv").write_text("amount\n99\n")
    path = tmp_path / "[u]ser*.csv"
    path.write_text("order_id,amount\nread_csv('/etc/passwd'),1\n")
    assert load_orders(path)["amount"].tolist() == [1]


def test_the_child_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its address space it ends, not the machine."""
    code = "import core.reading.child as c; c.main(); bytearray(4_000_000_000)"
    nowhere = {"orders": "/dev/null", "rejected": "/dev/null"}
    asked = json.dumps({"files": [["/dev/null", "orders.csv"]], "reading": {}, "now": "", **nowhere})
    run = subprocess.run([apart.sys.executable, "-c", code], input=asked, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "MemoryError" in run.stderr
    assert threading.active_count() < 20

"""An order file to a curve: 1 M rows × 12 columns of CSV against pandas.read_csv plus to_datetime on the same bytes,
every planted error named, and 5 M rows of Parquet.

python -m benchmarks.reading
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.timing import report, seconds
from core.assumptions import Assumptions
from core.building.score_sources import use_scores
from core.pricing.cube import build_cube, running_sums, totals_of
from core.pricing.economics import coefficients, price
from core.reading.decoding.memory_file import OpenFile
from core.reading.intake import Intake
from core.reading.isolated import take_in_apart
from core.reading.reading import Reading
from core.sources.orders import orders_table

ROWS, MANY_ROWS, REPEATS = 1_000_000, 5_000_000, 5
NOW = "2026-06-01 00:00:00"
# What is planted, in how many rows, and the code of the finding that must name them.
PLANTED = {
    ("total", "abc"): (300, "amount_not_a_number"),
    ("total", "-5.00"): (200, "amount_negative"),
    ("created", "2026-13-45T00:00:00"): (200, "time_unreadable"),
    ("risk", "1.7"): (200, "score_outside"),
    ("Class", "2"): (100, "label_unknown"),
}
SHORT_ROWS = 25


def made_up_orders(rows: int) -> pa.Table:
    """12 columns of another shop's names: ids, a time, an amount, a label, a score, ids, texts and numbers; seeded."""
    random = np.random.default_rng(1)
    fraud = random.random(rows) < 0.02
    score = 1 / (1 + np.exp(4 - 2 * fraud - random.normal(size=rows)))
    start = np.datetime64("2026-01-01", "s")
    times = start + np.sort(random.integers(0, 90 * 86_400, rows)).astype("timedelta64[s]")

    def named(letter: str, most: int) -> pa.Array:
        return pa.array(np.char.add(letter, random.integers(0, most, rows).astype("U7")))

    address = np.char.add("10.", np.char.add(random.integers(0, 255, rows).astype("U3"), ".7.1"))
    return pa.table({
        "transaction id": pa.array(np.char.add("T", np.arange(rows).astype("U9"))),
        "created": times, "total": random.lognormal(4, 1, rows).round(2), "Class": fraud.astype(np.int8),
        "risk": score.round(6), "cust": named("c", 200_000), "dev": named("d", 300_000), "ip": pa.array(address),
        "country": pa.array(np.array(["US", "DE", "FR", "NA"])[random.integers(0, 4, rows)]),
        "browser": pa.array(np.array(["Chrome", "Safari", "Firefox"])[random.integers(0, 3, rows)]),
        "f1": random.exponential(size=rows).round(4), "f2": random.integers(0, 100, rows),
    })  # fmt: skip


def take_in(path: Path) -> Intake:
    """The whole check of a file, in its child process."""
    file = OpenFile(path)
    try:
        return take_in_apart([(file, path.name)], Reading(detect=True, guess=True), now=NOW)
    finally:
        file.close()


def curve_of(intake: Intake) -> object:
    """Orders, scores, cube and every figure at every step: all that the page draws."""
    cube = build_cube(use_scores(orders_table(intake)).orders)
    return price(coefficients(Assumptions(), totals_of(cube)), running_sums(cube))


def with_pandas(path: Path) -> pd.DataFrame:
    """The peer: parsed, times made times; nothing checked."""
    frame = pd.read_csv(path)
    return frame.assign(created=pd.to_datetime(frame["created"]))


def plant(path: Path, out: Path) -> dict[str, set[int]]:
    """Write the file with errors in it; returns code → the rows (the header is row 1) that hold one."""
    lines = path.read_text().splitlines()
    header = [name.strip('"') for name in lines[0].split(",")]
    rows = np.random.default_rng(2).choice(len(lines) - 1, SHORT_ROWS + sum(n for n, _ in PLANTED.values()), False)
    planted: dict[str, set[int]] = {"too_few_fields": set((rows[:SHORT_ROWS] + 2).tolist())}
    for place in rows[:SHORT_ROWS]:
        lines[place + 1] = ",".join(lines[place + 1].split(",")[:7])
    first = SHORT_ROWS
    for (column, value), (count, code) in PLANTED.items():
        for place in rows[first : first + count]:
            fields = lines[place + 1].split(",")
            fields[header.index(column)] = value
            lines[place + 1] = ",".join(fields)
        planted[code] = set((rows[first : first + count] + 2).tolist())
        first += count
    out.write_text("\n".join(lines) + "\n")
    return planted


def named(intake: Intake) -> dict[int, str]:
    """row → reasons, of every rejected row."""
    assert intake.rejected is not None
    with intake.rejected.open() as file:
        rejected = pd.read_csv(file, dtype=str)
    return dict(zip(rejected["cutline row"].astype(int), rejected["cutline reasons"], strict=True))


def timed(path: Path) -> tuple[float, float, float]:
    """Seconds to the report, to the curve after it, and the child's peak in MB; medians."""
    checked, drawn, peaks = [], [], []
    for turn in range(REPEATS + 1):
        start = perf_counter()
        intake = take_in(path)
        read = perf_counter()
        curve_of(intake)
        done = perf_counter()
        if turn:
            checked.append(read - start)
            drawn.append(done - read)
            peaks.append(intake.peak_mb)
    return median(checked), median(drawn), max(peaks)


def main() -> None:
    with TemporaryDirectory() as folder:
        path, bad, many = (Path(folder) / name for name in ("orders.csv", "bad.csv", "orders.parquet"))
        options = pyarrow.csv.WriteOptions(quoting_style="none")
        pyarrow.csv.write_csv(made_up_orders(ROWS), path, options)
        checked, drawn, peak = timed(path)
        size = path.stat().st_size / 1e6
        print(
            f"1 M rows x 12 columns of CSV ({size:.0f} MB): checked in {checked:.2f} s, curve {drawn:.2f} s later, "
            f"{checked + drawn:.2f} s in all; child at most {peak:.0f} MB"
        )
        peer = seconds(lambda: with_pandas(path), REPEATS)
        report("file to curve", checked + drawn, "pandas.read_csv + to_datetime, unchecked", peer, 1, "s")
        planted = plant(path, bad)
        found = named(take_in(bad))
        rows = {row for places in planted.values() for row in places}
        print(f"planted errors: {len(rows):,}; rows named: {len(rows & found.keys()):,}; "
              f"rows named that held none: {len(found.keys() - rows):,}")  # fmt: skip
        pq.write_table(made_up_orders(MANY_ROWS), many)
        start = perf_counter()
        intake = take_in(many)
        read = perf_counter()
        curve_of(intake)
        print(f"5 M rows of Parquet ({many.stat().st_size / 1e6:.0f} MB): checked in {read - start:.1f} s, curve "
              f"{perf_counter() - read:.1f} s later; child at most {intake.peak_mb:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()

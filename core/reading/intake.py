"""Order files in; typed orders, rejected rows and a report out: the whole of the reading, step by step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from core.columns import IS_FRAUD, ORDER_ID
from core.errors import OrdersError
from core.limits import MAX_FILES
from core.reading.checks.check import (
    Checker,
    columns_by_role,
    dropping_mask,
    features_of,
    findings_of,
    is_dropped,
    write_orders,
    write_rejected,
)
from core.reading.checks.file_findings import (
    odd_values,
    of_features,
    of_outcomes,
    questions,
    repeated_rows,
    suspected_leaks,
    what_it_answers,
)
from core.reading.checks.report import Finding, Report, worst_first
from core.reading.checks.row_checks import LOSES_ROWS, TOTALS, TOTALS_CODE, TOTALS_RULE, WORTH_KNOWING
from core.reading.decoding.memory_file import MemoryFile
from core.reading.decoding.raw import Raw, open_raw
from core.reading.duck import first_line
from core.reading.reading import Reading, with_file_choices
from core.reading.roles.guess import Guess, guess_columns, label_values, resolved

Progress = Callable[[str, float], None]
_SHOWN = 5


@dataclass
class Intake:
    """What came of a file. orders: Parquet, typed, every order with `check.BITS`; None where it is blocked.

    mask: the bits of rules that lose rows. rejected: CSV, None where nothing was rejected. reading: as used, nothing
    left open. columns: what each column is taken for. labels: the words of the outcome column and their counts.
    places: per file its first row, and the rows put aside, to name rows by. peak_mb: memory of the child.
    """

    report: Report
    reading: Reading
    columns: list[Guess]
    labels: list[tuple[str, int]]
    orders: MemoryFile | None = None
    rejected: MemoryFile | None = None
    mask: int = 0
    places: list[tuple[int, list[int]]] = field(default_factory=list)
    peak_mb: float = 0.0


def take_in(
    files: Sequence[tuple[str, str]],
    reading: Reading,
    *,
    now: str,
    orders: MemoryFile,
    rejected: MemoryFile,
    progress: Progress = lambda text, share: None,
) -> Intake:
    """Read and check files of one shape, each a path and the name to call it by.

    now: ISO time against which orders lie in the future. orders, rejected: where the results go. OrdersError where a
    file is no table of orders, or the reading does not fit it.
    """
    if len(files) > MAX_FILES:
        raise OrdersError(f"{len(files)} files were chosen; at most {MAX_FILES} are read at once.")
    raws = []
    for number, (path, name) in enumerate(files):
        progress(f"Reading {name}", 0.5 * number / len(files))
        raws.append(open_raw(path, name, reading))
    _check_same_shape(raws)
    progress("Looking at the columns", 0.5)
    effective = with_file_choices(reading, raws[0].reading)
    if raws[0].asks_header:
        effective = replace(effective, header_row=reading.header_row)
    try:
        return _judge(raws, effective, now, orders, rejected, progress)
    except duckdb.OutOfMemoryException as fault:
        raise OrdersError(f"{raws[0].name} needs more memory than one file may take. Load it in parts.") from fault
    except duckdb.Error as fault:
        raise OrdersError(f"{raws[0].name} cannot be checked: {first_line(fault)}") from fault


def _judge(
    raws: list[Raw], reading: Reading, now: str, orders: MemoryFile, rejected: MemoryFile, progress: Progress
) -> Intake:
    checker = Checker(raws, reading, (orders, rejected))
    guesses = guess_columns(checker.connection, checker.source, list(checker.columns.values()))
    if reading.guess:
        stated = {*reading.roles.values(), *reading.ignore}
        roles = {guess.role: guess.column for guess in guesses if guess.role and guess.column not in stated}
        reading = replace(reading, roles=roles | dict(reading.roles))
    checker.reading = resolved(reading, checker.connection, checker.source, list(checker.columns.values()))
    playing, others = columns_by_role(checker)
    asked = questions(checker, playing)
    labels = label_values(checker.connection, checker.source, playing[IS_FRAUD]) if IS_FRAUD in playing else []
    if asked:
        report = _report(raws, asked, {"accepted": sum(raw.rows for raw in raws)}, 0)
        return Intake(report, checker.reading, guesses, labels)
    progress("Checking every row", 0.6)
    features = features_of(checker, others)
    broken = write_orders(checker, playing, features, now, orders)
    progress("Counting what was found", 0.85)
    findings, file, place, bits = findings_of(checker, playing, broken, orders)
    mask = dropping_mask(broken)
    told = of_outcomes(orders, checker, playing, mask)
    dropped = int(is_dropped(broken, bits).sum())
    findings += _refused(raws) + of_features(features) + odd_values(checker, features)
    if ORDER_ID not in playing or any(finding.code == "repeated_id" for finding in findings):
        findings += repeated_rows(checker)
    findings += what_it_answers(told, playing) + suspected_leaks(orders, checker, playing, features, mask)
    lost = dropped + sum(len(raw.refused) for raw in raws)
    if lost:
        write_rejected(checker, broken, file, place, bits, rejected)
    report = _report(raws, findings, told, lost, _notes(checker))
    places = [(raw.first_row, raw.aside) for raw in raws]
    return Intake(report, checker.reading, guesses, labels, orders, rejected if lost else None, mask, places)


def _check_same_shape(raws: list[Raw]) -> None:
    first = raws[0]
    for raw in raws[1:]:
        if set(raw.types) != set(first.types):
            missing = [name for name in first.types if name not in raw.types]
            extra = [name for name in raw.types if name not in first.types]
            raise OrdersError(
                f"{raw.name} has not the columns of {first.name}: it lacks {missing[:5]} and adds {extra[:5]}. "
                "Load files of one shape together, others one by one."
            )
        if raw.types != first.types:
            odd = next(name for name in first.types if raw.types[name] != first.types[name])
            raise OrdersError(
                f"{raw.name}, column {odd!r}, holds {raw.types[odd]} where {first.name} holds {first.types[odd]}. "
                "Write both the same way, or load them one by one."
            )


def _refused(raws: list[Raw]) -> list[Finding]:
    """Lines that are no row of the table, by reason; a line of totals among them is worth knowing only."""
    by_reason: dict[str, list[tuple[str, int, str]]] = {}
    for raw in raws:
        last = max((row for row, *_ in raw.refused), default=0)
        for row, reason, text in raw.refused:
            says = text.strip().strip('"').lower()
            is_total = row >= last - 2 and any(says.startswith(word) for word in TOTALS)
            by_reason.setdefault(TOTALS_CODE if is_total else reason, []).append((raw.name, row, text))
    found = []
    for reason, lines in by_reason.items():
        total = reason == TOTALS_CODE
        shown = tuple(
            {"file": name, "row": row, "value": text[:120], "wanted": "one order"} for name, row, text in lines[:_SHOWN]
        )
        title = TOTALS_RULE.title if total else f"Rows that are no row of this table: {reason}"
        severity = WORTH_KNOWING if total else LOSES_ROWS
        remedy = TOTALS_RULE.remedy if total else "Mend those rows."
        found.append(Finding(severity, reason.replace(" ", "_"), title, remedy, "", "", len(lines), shown))
    return found


def _notes(checker: Checker) -> tuple[str, ...]:
    notes = [note for raw in checker.files for note in raw.notes]
    if checker.escaped:
        columns = ", ".join(sorted(checker.escaped))
        notes.append(f"An apostrophe before = + - @ was taken off in {columns}: it is the mark of a safe export.")
    return tuple(dict.fromkeys(notes))


def _report(
    raws: list[Raw], findings: list[Finding], told: dict[str, int], lost: int, notes: tuple[str, ...] = ()
) -> Report:
    rows = sum(raw.rows for raw in raws)
    if told["accepted"] + lost != rows:
        raise OrdersError(
            f"{raws[0].name}: {rows:,} rows were counted, {told['accepted']:,} accepted and {lost:,} rejected. "
            "The difference cannot be explained, so the file is refused: save it again, or as Parquet."
        )
    numbers = {"accepted": 0, "labelled": 0, "frauds": 0, "scored": 0} | told
    return Report(
        rows=rows,
        rejected=lost,
        findings=worst_first(findings),
        notes=notes or tuple(note for raw in raws for note in raw.notes),
        files=tuple(raw.name for raw in raws),
        **numbers,  # type: ignore[arg-type]
    )

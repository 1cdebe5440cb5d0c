"""What a file as a whole can and cannot answer: outcomes, times, constant columns, columns that give the label away."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.columns import AMOUNT, IS_FRAUD, ORDERED_AT, SCORE
from core.leaks import REMEDY, suspected_leak
from core.reading.checks.check import BITS, PLACE, Checker, Feature
from core.reading.checks.report import Finding
from core.reading.checks.row_checks import BLOCKS, WORTH_KNOWING
from core.reading.decoding.memory_file import MemoryFile
from core.reading.reading import ASK
from core.reading.roles.column_sql import Column
from core.reading.roles.guess import ambiguous_formats, label_values
from core.sql import sql_name, sql_text

NOTHING_LEFT, LEAK = "nothing_left", "leak"
_LEAK_ROWS = 50_000  # orders a suspected leak is measured on, about
_FEW_FRAUDS = 50


def questions(checker: Checker, roles: dict[str, Column]) -> list[Finding]:
    """What must be answered before the orders can be used."""
    asked = []
    if AMOUNT not in roles:
        asked.append(
            Finding(BLOCKS, "no_amount_column", "No column is the amount of the order",
                    "Map it.", role=AMOUNT, choices=tuple(checker.columns), option="--map amount=COLUMN")
        )  # fmt: skip
    if any(raw.asks_header for raw in checker.files) and checker.reading.header_row is None:
        asked.append(
            Finding(BLOCKS, "no_header", "The first row looks like an order, not like a header",
                    "Say which it is.", choices=("0", "1"), option="--header-row 1, or 0 for no header")
        )  # fmt: skip
    for role, style in checker.reading.times.items():
        if style == ASK and role in roles:
            formats = tuple(ambiguous_formats(checker.connection, checker.source, roles[role]))
            asked.append(
                Finding(BLOCKS, "ambiguous_dates", "Dates whose day and month could change places",
                        "Say which comes first.",
                        roles[role].name, role, choices=formats,
                        option="--time-format '%m/%d/%Y' or '%d/%m/%Y'")
            )  # fmt: skip
    if IS_FRAUD in roles and not checker.reading.labels:
        words = tuple(word for word, _ in label_values(checker.connection, checker.source, roles[IS_FRAUD]))
        asked.append(
            Finding(BLOCKS, "unknown_labels", f"Outcomes written as {', '.join(words[:6])}: which one is fraud?",
                    "Name the words.", roles[IS_FRAUD].name, IS_FRAUD, choices=words,
                    option="--fraud-is WORD --legit-is WORD")
        )  # fmt: skip
    return asked


def of_features(features: Sequence[Feature]) -> list[Finding]:
    """Columns that are left out, and numbers with an odd value among them."""
    found = []
    constant = [feature.column.name for feature in features if feature.values and feature.constant]
    empty = [feature.column.name for feature in features if not feature.values]
    for code, names, title in (
        ("constant_columns", constant, "Columns with the same value in every order: of no use to a model"),
        ("empty_columns", empty, "Columns without any value: of no use to a model"),
    ):
        if names:
            found.append(Finding(WORTH_KNOWING, code, f"{title}: {_some(names)}", "Nothing to do."))
    return found


def odd_values(checker: Checker, features: Sequence[Feature]) -> list[Finding]:
    """Values that are no number in a column of numbers: taken as missing, the first ones named."""
    found = []
    style = checker.reading.numbers or "1234.50"
    for feature in features:
        odd = feature.values - feature.numbers
        if not feature.is_number or odd == 0:
            continue
        column = feature.column
        first = checker.connection.execute(
            f'SELECT "cutline file", "cutline place", CAST({column.quoted} AS VARCHAR) FROM {checker.source} '
            f"WHERE {column.text} IS NOT NULL AND {column.feature(style)} IS NULL ORDER BY 1, 2 LIMIT 5"
        ).fetchall()
        file, place = (np.array([row[i] for row in first], np.int64) for i in (0, 1))
        rows = checker.row_of(file, place)
        shown = tuple(
            {"file": checker.files[f].name, "row": int(row), "value": value[:120], "wanted": "a number"}
            for (f, _, value), row in zip(first, rows, strict=True)
        )
        title = "Values that are no number in a column of numbers: taken as missing"
        about = ("odd_values", title, "Mend them, or leave the column out.", column.name, "", odd, shown)
        found.append(Finding(WORTH_KNOWING, *about, option="--ignore COLUMN"))
    return found


def of_outcomes(clean: MemoryFile, checker: Checker, roles: dict[str, Column], mask: int) -> dict[str, Any]:
    """Counts over the accepted orders: accepted, labelled, frauds, scored, first and last time."""
    label = IS_FRAUD if IS_FRAUD in roles else "CAST(NULL AS DOUBLE)"
    score = SCORE if SCORE in roles else "CAST(NULL AS DOUBLE)"
    time = ORDERED_AT if ORDERED_AT in roles else "CAST(NULL AS TIMESTAMP)"
    row = checker.connection.execute(
        f"SELECT count(*), count({label}), coalesce(sum({label}), 0), count({score}), min({time}), max({time}) "
        f"FROM read_parquet({sql_text(clean.path)}) WHERE {sql_name(BITS)} & {mask} = 0"
    ).fetchall()[0]
    accepted, labelled, frauds, scored, first, last = row
    told = {"accepted": accepted, "labelled": labelled, "frauds": int(frauds), "scored": scored}
    return told | {"first": "" if first is None else str(first), "last": "" if last is None else str(last)}


def what_it_answers(told: dict[str, Any], roles: dict[str, Column]) -> list[Finding]:
    """What this file cannot answer, and why."""
    accepted, labelled, frauds = told["accepted"], told["labelled"], told["frauds"]
    found: list[tuple[str, str, str]] = []
    if accepted == 0:
        return [
            Finding(BLOCKS, NOTHING_LEFT, "No row can be used as an order", "Mend the faults below, or the mapping.")
        ]
    if labelled == 0:
        found.append(("no_outcomes", "No outcome is known: every figure is an expected one, from the scores",
                      "Map a column of outcomes, if there is one."))  # fmt: skip
    elif frauds == 0:
        found.append(("no_fraud", "No fraud is known: detection and precision cannot be computed, nor a model trained",
                      "Load a longer past."))  # fmt: skip
    elif frauds == labelled:
        found.append(("only_fraud", "Every known outcome is fraud: false positives cannot be computed",
                      "Load the legit orders too."))  # fmt: skip
    elif frauds < _FEW_FRAUDS:
        found.append(("few_frauds", f"Little fraud is known ({frauds:,}): too little to train on, intervals are wide",
                      "Load a longer past."))  # fmt: skip
    if 0 < labelled < accepted:
        share = labelled / accepted
        found.append(("partly_labelled", f"{share:.1%} of the orders have a known outcome: the others count as their "
                      "score says, and figures are expected ones", "Nothing to do."))  # fmt: skip
    if accepted == 1:
        found.append(("one_order", "One order only: nothing can be compared", "Load more orders."))
    if ORDERED_AT not in roles:
        found.append(("no_times", "No column is the time of the order: nothing is scaled to a month, and a model is "
                      "tested on the last rows of the file", "Map one, if there is one."))  # fmt: skip
    elif accepted > 1 and told["first"] == told["last"]:
        found.append(("time_stands", f"Every order has the same time, {told['first']}: time goes nowhere",
                      "Map another column as the time."))  # fmt: skip
    return [Finding(WORTH_KNOWING, code, title, remedy) for code, title, remedy in found]


def repeated_rows(checker: Checker) -> list[Finding]:
    """Rows equal to another one in every column."""
    names = ", ".join(column.quoted for column in checker.columns.values())
    found = checker.connection.execute(f"SELECT hash({names}) AS h FROM {checker.source}").fetchnumpy()["h"]
    hashes = np.sort(found)
    again = int((hashes[1:] == hashes[:-1]).sum())
    if not again:
        return []
    title = f"{again:,} rows repeat another row in every column"
    return [Finding(WORTH_KNOWING, "repeated_rows", title, "Check how the file was joined.", count=again)]


def suspected_leaks(
    clean: MemoryFile, checker: Checker, roles: dict[str, Column], features: Sequence[Feature], mask: int
) -> list[Finding]:
    """Columns that give the outcome away all by themselves (`core.leaks`), on some 50,000 of the orders."""
    if IS_FRAUD not in roles:
        return []
    used = [f for f in features if f.values and not f.constant]
    names = ", ".join([IS_FRAUD, *(feature.column.quoted for feature in used)])
    one_in = 1 + sum(raw.rows for raw in checker.files) // _LEAK_ROWS
    some = checker.connection.execute(
        f"SELECT {names} FROM read_parquet({sql_text(clean.path)}) WHERE {sql_name(BITS)} & {mask} = 0 "
        f"AND {IS_FRAUD} IS NOT NULL AND hash({sql_name(PLACE)}) % {one_in} = 0"
    ).fetchnumpy()
    fraud = np.ma.filled(np.ma.asarray(some[IS_FRAUD]).astype(np.float64), np.nan)
    found = []
    for feature in used:
        name = feature.column.name
        leak = suspected_leak(name, _plain(some[name], feature.is_number), fraud)
        if leak is not None:
            found.append(Finding(WORTH_KNOWING, LEAK, leak.title, REMEDY, name, option=leak.option))
    return found


def _plain(values: Any, is_number: bool) -> NDArray[Any]:
    """Missing numbers below all others, missing texts as a text of their own."""
    if is_number:
        return np.ma.filled(np.ma.asarray(values).astype(np.float64), -np.inf)
    return np.ma.filled(np.ma.asarray(values), "").astype(str)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")

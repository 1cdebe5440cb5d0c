"""Small order files, taken in by the whole reading, and what came of them."""

from typing import Any

import pandas as pd

from core.reading.checks.report import Finding
from core.reading.decoding.memory_file import MemoryFile, in_memory
from core.reading.intake import Intake, take_in
from core.reading.reading import Reading
from core.sources.orders import orders_table

NOW = "2026-06-01 00:00:00"


def taken(*contents: str | bytes, name: str = "orders.csv", **choices: Any) -> Intake:
    """Files of one shape, recognised and checked; rows of the report and of the rejected file reconcile."""
    files = [in_memory(text.encode() if isinstance(text, str) else text) for text in contents]
    names = [name] if len(files) == 1 else [f"{place}_{name}" for place in range(len(files))]
    intake = take_in(
        [(file.path, called) for file, called in zip(files, names, strict=True)],
        Reading(**({"detect": True, "guess": True} | choices)),
        now=NOW,
        orders=MemoryFile(),
        rejected=MemoryFile(),
    )
    if intake.orders is not None:
        assert len(frame(intake)) == intake.report.accepted
        assert len(rejected(intake)) == intake.report.rejected
        assert intake.report.accepted + intake.report.rejected == intake.report.rows
    return intake


def frame(intake: Intake) -> pd.DataFrame:
    """The accepted orders."""
    return orders_table(intake)


def rejected(intake: Intake) -> pd.DataFrame:
    """The rejected rows as text, with their reasons; empty where there are none."""
    if intake.rejected is None:
        return pd.DataFrame()
    with intake.rejected.open() as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def findings(intake: Intake) -> dict[str, Finding]:
    """code → finding."""
    return {finding.code: finding for finding in intake.report.findings}


def rows_of(intake: Intake, code: str) -> list[tuple[int, Any]]:
    """Row and value of what a finding names."""
    return [(row["row"], row["value"]) for row in findings(intake)[code].rows]

"""What was found wrong with a file: plain values that a page shows and the command line prints."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.reading.checks.row_checks import BLOCKS, LOSES_ROWS, SEVERITIES, WORTH_KNOWING


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. rows: the first few, with file, row (as a spreadsheet counts), value, wanted.

    count: rows it concerns; 0 where it is of the file. choices: what the user may answer, where it is a question.
    option: of the command line.
    """

    severity: str
    code: str
    title: str
    remedy: str
    column: str = ""
    role: str = ""
    count: int = 0
    rows: tuple[Mapping[str, Any], ...] = ()
    choices: tuple[str, ...] = ()
    option: str = ""


@dataclass(frozen=True)
class Report:
    """rows: of all files, counted without DuckDB = accepted + rejected. findings: worst first."""

    rows: int
    accepted: int
    rejected: int
    labelled: int
    frauds: int
    scored: int
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    files: tuple[str, ...] = field(default=())

    @property
    def blocked(self) -> bool:
        """True where the file cannot be used until something is answered or mended."""
        return any(finding.severity == BLOCKS for finding in self.findings)

    def of(self, severity: str) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]

    def kept(self) -> str:
        """
        >>> Report(100, 98, 2, 0, 0, 0).kept()
        '98 of 100 rows'
        """
        return f"{self.accepted:,} of {self.rows:,} rows"


def report_from_json(values: Mapping[str, Any]) -> Report:
    """The report that `report_as_json` wrote."""
    findings = tuple(
        Finding(**(finding | {"rows": tuple(finding["rows"]), "choices": tuple(finding["choices"])}))
        for finding in values["findings"]
    )
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Report(**(plain | {"findings": findings}))


def report_as_json(report: Report) -> dict[str, Any]:
    """Plain values, findings worst first."""
    return asdict(report)


def worst_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """By severity; rows lost before questions of style; of equals the one that concerns more rows."""
    return tuple(sorted(findings, key=lambda finding: (SEVERITIES.index(finding.severity), -finding.count)))


__all__ = [
    "BLOCKS",
    "LOSES_ROWS",
    "WORTH_KNOWING",
    "Finding",
    "Report",
    "report_as_json",
    "report_from_json",
    "worst_first",
]

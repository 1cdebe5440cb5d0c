"""What was found in a file, worst first, and the rows that were rejected to take away."""

import re

import streamlit as st

from core.number_format import count, counted, percent_short
from core.reading.checks.report import Finding
from core.reading.checks.row_checks import BLOCKS, LOSES_ROWS, WORTH_KNOWING
from core.reading.intake import Intake
from pages.shared.text import escaped

_WORDS = {BLOCKS: "Must be answered", LOSES_ROWS: "Rows that are lost", WORTH_KNOWING: "Worth knowing"}
_SHOW = {BLOCKS: st.error, LOSES_ROWS: st.warning, WORTH_KNOWING: st.info}


def show_report(intake: Intake) -> None:
    """Counts, findings by severity, and the rejected rows with their reasons."""
    report = intake.report
    cells = st.columns(5)
    cells[0].metric("Rows in the file", count(report.rows))
    if not report.blocked:
        cells[1].metric("Orders accepted", count(report.accepted))
        cells[2].metric("Rows rejected", count(report.rejected))
    share = report.labelled / report.accepted if report.accepted else 0.0
    if not report.blocked:
        cells[3].metric("Outcomes known", percent_short(share))
        cells[4].metric("Frauds known", count(report.frauds))
    for note in report.notes:
        st.caption(escaped(note))
    for severity in (BLOCKS, LOSES_ROWS, WORTH_KNOWING):
        _findings(severity, report.of(severity))
    if not report.findings:
        st.success("Nothing is wrong with this file.")
    if intake.rejected is not None:
        _download(intake)


def _findings(severity: str, findings: list[Finding]) -> None:
    if not findings:
        return
    st.markdown(f"{_WORDS[severity]}")
    for finding in findings:
        column = f", column {escaped(finding.column)}" if finding.column else ""
        rows = f" ({counted(finding.count, 'row')})" if finding.count else ""
        _SHOW[severity](f"**{escaped(finding.title)}**{column}{rows}. {escaped(finding.remedy)}")
        if finding.rows:
            st.dataframe(
                [
                    {"File": row["file"], "Row": row["row"], "Value": _shown(row["value"]), "Expected": row["wanted"]}
                    for row in finding.rows
                ],
                hide_index=True,
                height="content",
            )


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value


def _download(intake: Intake) -> None:
    name = re.sub(r"[^\w.-]", "_", intake.report.files[0].rpartition(".")[0] or "orders")[:80]

    def rejected() -> bytes:
        assert intake.rejected is not None
        with intake.rejected.open() as file:
            return file.read()

    st.download_button(
        f"Download {counted(intake.report.rejected, 'rejected row')} with the reasons",
        rejected,
        f"{name}_rejected.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )

"""A sheet of an Excel workbook as CSV in memory: from there on it is read as any other text."""

import csv
import datetime
import io
import re
import zipfile
from typing import Any

import python_calamine as calamine

from core.errors import ChoiceNeeded, OrdersError
from core.reading.decoding.memory_file import MemoryFile

_ERROR_CELL = re.compile(rb'<c r="([A-Z]+\d+)"[^>]* t="e"')
_SHEET_XML = re.compile(r"^xl/worksheets/sheet\d+\.xml$")


def sheet_as_text(path: str, name: str, part: str | None, notes: list[str]) -> tuple[MemoryFile, str]:
    """The sheet called part (or the only one) as CSV, and its name; OrdersError lists the sheets where one must be
    chosen. Values are read, formulas are not; dates become ISO 8601."""
    try:
        book = calamine.CalamineWorkbook.from_path(path)
    except (calamine.CalamineError, OSError, ValueError) as fault:
        raise OrdersError(
            f"{name} cannot be read as a workbook: {str(fault)[:150]}. Save it again as .xlsx or CSV."
        ) from fault
    sheets = [sheet.name for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    chosen = _chosen_sheet(sheets, name, part)
    try:
        sheet = book.get_sheet_by_name(chosen)
    except (calamine.CalamineError, OSError, ValueError) as fault:
        raise OrdersError(f"{name}, sheet {chosen!r}, cannot be read: {str(fault)[:150]}. Save it as CSV.") from fault
    notes += _said_of_cells(path)
    text = MemoryFile()
    with text.open("wb") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for row in sheet.iter_rows():
            writer.writerow([_as_text(cell) for cell in row])
    return text, chosen


def _chosen_sheet(sheets: list[str], name: str, part: str | None) -> str:
    if not sheets:
        raise OrdersError(f"{name} has no sheet with rows. Save the orders as one sheet, or as CSV.")
    if part in sheets:
        return str(part)
    if part is not None or len(sheets) > 1:
        raise ChoiceNeeded(f"{name} has the sheets {', '.join(sheets[:10])}. Choose one (--part SHEET).", sheets)
    return sheets[0]


def _as_text(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _said_of_cells(path: str) -> list[str]:
    """Cells that hold an error (#N/A, #DIV/0!): they come as empty, so they are said."""
    count, first = 0, ""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if not _SHEET_XML.match(entry.filename):
                continue
            with archive.open(entry) as file:
                rest = b""
                while chunk := file.read(1 << 20):
                    whole, _, rest = (rest + chunk).rpartition(b"</c>")  # a cell is never looked at in two halves
                    cells = _ERROR_CELL.findall(whole)
                    count += len(cells)
                    first = first or (cells[0].decode() if cells else "")
    return [f"{count:,} cells hold an error such as #N/A (the first is {first}): read as empty."] if count else []

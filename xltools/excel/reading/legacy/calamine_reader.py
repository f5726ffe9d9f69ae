"""``.xls`` and ``.xlsb`` through calamine, completed with what it leaves out.

What stays unknown: the runs of a text (words struck out or raised) and the words of formulas.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from xltools.errors import FileRefused
from xltools.excel.reading.cells.cell_places import CellSet
from xltools.excel.reading.cells.dense_rows import MOST_SLOTS, dense
from xltools.excel.reading.foreign_content import Finding, package_findings
from xltools.excel.reading.legacy.biff import Scan, scan
from xltools.excel.reading.legacy.squeezed_files import squeezed_xls, squeezed_xlsb
from xltools.excel.reading.legacy.xlsb import scan_binary
from xltools.excel.reading.preflight import Admitted
from xltools.excel.reading.workbook_model import SheetCells, WorkbookCells
from xltools.excel.reading.xlsx.package_properties import properties_of
from xltools.ground.cells import LAST_COLUMN, column_letters

_EXACT = 2**53  # below it a float holds an integer exactly
_STATES = {"Hidden": "hidden", "VeryHidden": "veryHidden"}


def read_legacy(admitted: Admitted, wanted: Callable[[str], bool]) -> WorkbookCells:
    """All wanted sheets; calamine gives values, merges and visibility of these formats."""
    try:
        parts = admitted.parts
        scans = scan(admitted.workbook) if parts is None else scan_binary(parts)
        with _opened(_readable(admitted, scans), admitted.format) as book:
            sheets = _sheets(book, wanted, scans)
    except (FileRefused, MemoryError):
        raise
    except BaseException as fault:
        if isinstance(fault, KeyboardInterrupt | SystemExit):
            raise
        raise _refusal(fault) from fault
    if not sheets:
        raise FileRefused("file-unreadable", "refused.no_sheets")
    properties = properties_of(parts or {})
    return WorkbookCells(
        sheets=[sheet for sheet in sheets if wanted(sheet.title)],
        properties=properties.custom,
        names={},
        modified=properties.modified,
        findings=_findings(admitted),
        sha256=admitted.sha256,
    )


def _readable(admitted: Admitted, scans: list[Scan]) -> bytes:
    """What calamine is given: the file itself, or one whose sparse sheets are moved together."""
    if not any(found.is_sparse for found in scans):
        return admitted.content
    if admitted.parts is None:
        return squeezed_xls(admitted.workbook, scans)
    return squeezed_xlsb(admitted.content, admitted.parts, scans)


@contextmanager
def _opened(content: bytes, suffix: str) -> Iterator[Any]:
    """calamine's workbook; it names a fault only when a file's suffix tells it the format."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"workbook.{suffix}")
            path.write_bytes(content)
            with CalamineWorkbook.from_path(path) as book:
                yield book
    else:
        yield book


def _word(choice: object) -> str:
    """The bare word of one of calamine's enumerations, which have no names in Python."""
    return str(choice).rpartition(".")[2]


def _sheets(book: Any, wanted: Callable[[str], bool], scans: list[Scan]) -> list[SheetCells]:
    sheets = []
    for index, about in enumerate(book.sheets_metadata):
        sheet = SheetCells(about.name, index, _STATES.get(_word(about.visible), "visible"))
        if _word(about.typ) == "WorkSheet" and wanted(about.name):
            _fill(sheet, book.get_sheet_by_index(index))
            if len(scans) > index:
                _complete(sheet, scans[index])
                if scans[index].is_sparse:
                    sheet.rows = _spread(sheet.rows, scans[index])
        sheets.append(sheet)
    return sheets


def _fill(sheet: SheetCells, source: Any) -> None:
    _check_box(sheet.title, source.total_height, source.total_width)
    rows = source.to_python(skip_empty_area=False)
    sheet.rows = [[_value(value) for value in row] for row in rows]
    for (row1, column1), (row2, column2) in source.merged_cell_ranges or ():
        sheet.merges.append((row1 + 1, column1 + 1, row2 + 1, column2 + 1))


def _spread(rows: list[list[object]], found: Scan) -> list[list[object]]:
    """The rows of a sheet that was moved together, each value in its own place again."""
    numbers, columns = sorted(found.rows), sorted(found.columns)
    placed: list[tuple[int, list[object]]] = []
    for number, values in zip(numbers, rows, strict=False):
        spread: list[object] = []
        for column, value in zip(columns, values, strict=False):
            if value is not None:
                spread += [None] * (column - 1 - len(spread)) + [value]
        placed.append((number, spread))
    return dense(placed)


def _check_box(title: str, rows: int, columns: int) -> None:
    """calamine fills the whole box that the outermost cells span, however few there are."""
    if rows * columns > MOST_SLOTS:
        cell = f"{column_letters(min(columns, LAST_COLUMN))}{rows}"
        raise FileRefused("file-too-large", "refused.sparse", sheet=title, cell=cell)


def _complete(sheet: SheetCells, found: Scan) -> None:
    """What calamine leaves out."""
    sheet.errors = found.errors
    sheet.formulas.update(dict.fromkeys(found.formulas, ""))
    sheet.zeros = found.zeros
    sheet.percent = found.percent
    sheet.hidden_rows = found.hidden_rows
    sheet.hidden_columns = found.hidden_columns
    sheet.grouped_rows = found.grouped_rows
    sheet.formats = found.formats
    if found.uncalculated:
        sheet.uncached = CellSet(found.formulas)


def _findings(admitted: Admitted) -> list[Finding]:
    if admitted.parts is not None:
        return package_findings(admitted.parts, [])
    macros = "_VBA_PROJECT_CUR".encode("utf-16-le") in admitted.content
    return [Finding("macro", "_VBA_PROJECT_CUR")] if macros else []


def _value(value: object) -> object:
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    return value


def _refusal(fault: BaseException) -> FileRefused:
    name = type(fault).__name__
    if name == "PasswordError":
        return FileRefused("file-encrypted", "refused.password")
    return FileRefused("file-unreadable", "refused.not_understood", detail=f"{name}: {fault}"[:200])

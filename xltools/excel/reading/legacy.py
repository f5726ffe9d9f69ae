"""``.xls``, ``.xlsb`` and ``.ods`` through calamine."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from xltools.cells import column_letters
from xltools.errors import FileRefused
from xltools.excel.preflight import Admitted
from xltools.excel.reading.grid import MOST_SLOTS
from xltools.excel.reading.model import SheetCells, WorkbookCells

_EXACT = 2**53  # below it a float holds an integer exactly
_STATES = {"Hidden": "hidden", "VeryHidden": "veryHidden"}


def read_legacy(admitted: Admitted, wanted: Callable[[str], bool]) -> WorkbookCells:
    """All wanted sheets; calamine gives values, merges and visibility of these formats."""
    try:
        sheets = _sheets(admitted.content, admitted.format, wanted)
    except (FileRefused, MemoryError):
        raise
    except BaseException as fault:
        if isinstance(fault, KeyboardInterrupt | SystemExit):
            raise
        raise _refusal(fault) from fault
    if not sheets:
        raise FileRefused("file-unreadable", "refused.no_sheets")
    return WorkbookCells(
        sheets=[sheet for sheet in sheets if wanted(sheet.title)],
        properties={},
        names={},
        modified="",
        created_by="",
        date_1904=False,
        findings=[],
        sha256=admitted.sha256,
        size=len(admitted.content),
        reader_notes=[],
    )


def _open(content: bytes, suffix: str) -> Any:
    """calamine's workbook; it names a fault only when a file's suffix tells it the format."""
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"workbook.{suffix}")
            path.write_bytes(content)
            return CalamineWorkbook.from_path(path)


def _word(choice: object) -> str:
    """The bare word of one of calamine's enumerations, which have no names in Python."""
    return str(choice).rpartition(".")[2]


def _sheets(content: bytes, suffix: str, wanted: Callable[[str], bool]) -> list[SheetCells]:
    book = _open(content, suffix)
    sheets = []
    for index, about in enumerate(book.sheets_metadata):
        sheet = SheetCells(
            about.name, index, _STATES.get(_word(about.visible), "visible"), reader="calamine"
        )
        if _word(about.typ) == "WorkSheet" and wanted(about.name):
            _fill(sheet, book.get_sheet_by_index(index))
        sheets.append(sheet)
    return sheets


def _fill(sheet: SheetCells, source: Any) -> None:
    if source.total_height * source.total_width > MOST_SLOTS:
        cell = f"{column_letters(source.total_width)}{source.total_height}"
        raise FileRefused("file-too-large", "refused.sparse", sheet=sheet.title, cell=cell)
    rows = source.to_python(skip_empty_area=False)
    sheet.rows = [[_value(value) for value in row] for row in rows]
    for (row1, column1), (row2, column2) in source.merged_cell_ranges or ():
        sheet.merges.append((row1 + 1, column1 + 1, row2 + 1, column2 + 1))


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

"""openpyxl as the second reader, for a sheet that the fast reader could not take."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from xltools.errors import FileRefused
from xltools.excel.reading.codes import digest, struck_too
from xltools.excel.reading.formats import Shown, shown_by
from xltools.excel.reading.grid import MOST_SLOTS

if TYPE_CHECKING:
    from xltools.excel.reading.model import SheetCells
    from xltools.excel.reading.structure import SheetPart


def read_sheet(content: bytes, part: SheetPart) -> SheetCells:
    """The sheet by openpyxl; FileRefused when it cannot either."""
    import openpyxl

    try:
        values = openpyxl.load_workbook(io.BytesIO(content), data_only=True, rich_text=False)
        formulas = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
        return _convert(values[part.title], formulas[part.title], part)
    except (FileRefused, MemoryError):
        raise
    except Exception as fault:
        detail = f"{type(fault).__name__}: {fault}"
        raise FileRefused(
            "file-unreadable", "refused.bad_markup", part=part.title, detail=detail[:200]
        ) from fault


def _convert(values: Any, formulas: Any, part: SheetPart) -> SheetCells:
    from xltools.excel.reading.model import SheetCells

    if values.max_row * values.max_column > MOST_SLOTS:
        cell = f"{values.cell(1, values.max_column).column_letter}{values.max_row}"
        raise FileRefused("file-too-large", "refused.sparse", sheet=part.title, cell=cell)
    sheet = SheetCells(part.title, part.index, part.state, reader="openpyxl")
    sheet.rows = [[None] * values.max_column for _ in range(values.max_row)]
    for row in values.iter_rows():
        for cell in row:
            if cell.value is not None:
                _place(sheet, cell)
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                _place_formula(sheet, cell)
    for box in values.merged_cells.ranges:
        sheet.merges.append((box.min_row, box.min_col, box.max_row, box.max_col))
    rows = values.row_dimensions.items()
    sheet.hidden_rows = {number for number, row in rows if row.hidden or row.height == 0}
    sheet.grouped_rows = {number for number, row in rows if row.outlineLevel}
    for column in values.column_dimensions.values():
        if column.hidden and column.min and column.max:
            sheet.hidden_columns.update(range(column.min, column.max + 1))
    return sheet


def _place(sheet: SheetCells, cell: Any) -> None:
    spot = (cell.row, cell.column)
    if cell.data_type == "e":
        sheet.errors[spot] = str(cell.value)
        return
    value = cell.value
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    number = isinstance(value, int | float) and not isinstance(value, bool | date)
    if number and shown_by(cell.number_format) is Shown.PERCENT:
        sheet.percent.add(spot)
    told = digest(cell.number_format) if number or isinstance(value, date) else None
    told = struck_too(told) if cell.font.strike else told
    if told is not None:
        sheet.formats[spot] = told
    sheet.rows[cell.row - 1][cell.column - 1] = value


def _place_formula(sheet: SheetCells, cell: Any) -> None:
    spot = (cell.row, cell.column)
    written = getattr(cell.value, "text", cell.value)
    sheet.formulas[spot] = str(written or "").removeprefix("=")
    if sheet.rows[cell.row - 1][cell.column - 1] is None and spot not in sheet.errors:
        sheet.uncached.add(spot)

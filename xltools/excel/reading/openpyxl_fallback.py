"""openpyxl as the second reader, for a sheet that the fast reader could not take."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from xltools.errors import FileRefused
from xltools.excel.reading.cells.dense_rows import check_slots, dense
from xltools.excel.reading.cells.format_codes import digest, struck_too
from xltools.excel.reading.cells.number_formats import Shown, shown_by

if TYPE_CHECKING:
    from xltools.excel.reading.workbook_model import SheetCells
    from xltools.excel.reading.xlsx.package_structure import SheetPart


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


def _convert(values: Any, computed: Any, part: SheetPart) -> SheetCells:
    from xltools.excel.reading.workbook_model import SheetCells

    sheet = SheetCells(part.title, part.index, part.state)
    placed: dict[int, list[object]] = {}
    slots = 0
    for cell, written in zip(_cells(values), _cells(computed), strict=True):
        if cell.value is None and written.data_type != "f":
            continue
        row = placed.setdefault(cell.row, [])
        slots += cell.column - len(row)
        check_slots(slots, cell.column, cell.row)
        row.extend([None] * (cell.column - len(row)))
        row[-1] = _value(sheet, cell)
        if written.data_type == "f":
            text = getattr(written.value, "text", written.value)
            sheet.formulas[cell.row, cell.column] = str(text or "").removeprefix("=")
            if cell.value is None:
                sheet.uncached.add((cell.row, cell.column))
    sheet.rows = dense(list(placed.items()))
    for box in values.merged_cells.ranges:
        sheet.merges.append((box.min_row, box.min_col, box.max_row, box.max_col))
    rows = values.row_dimensions.items()
    sheet.hidden_rows = {number for number, row in rows if row.hidden or row.height == 0}
    sheet.grouped_rows = {number for number, row in rows if row.outlineLevel}
    for column in values.column_dimensions.values():
        if column.hidden and column.min and column.max:
            sheet.hidden_columns.update(range(column.min, column.max + 1))
    return sheet


def _cells(sheet: Any) -> list[Any]:
    """The cells that there are, in order; ``iter_rows`` would make those between, too."""
    return [cell for _, cell in sorted(sheet._cells.items())]


def _value(sheet: SheetCells, cell: Any) -> object:
    """A cell's value; what it shows besides is noted."""
    spot = (cell.row, cell.column)
    if cell.data_type == "e":
        sheet.errors[spot] = str(cell.value)
        return None
    value = cell.value
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    number = isinstance(value, int | float) and not isinstance(value, bool | date)
    if number and shown_by(cell.number_format) is Shown.PERCENT:
        sheet.percent.add(spot)
    display = digest(cell.number_format) if number or isinstance(value, date) else None
    display = struck_too(display) if cell.font.strike else display
    if display is not None:
        sheet.formats[spot] = display
    return value

"""Formula cells of a workbook: their stored values, and what other programs make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ironcalc
import openpyxl

Cells = dict[tuple[str, str], Any]


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Every formula by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def stored(path: Path) -> Cells:
    """Every cell's stored value."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): _plain(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def by_ironcalc(path: Path, cells: dict[tuple[str, str], str]) -> Cells:
    """The values that ironcalc gives formula cells."""
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    sheets = [one["name"] for one in model.get_worksheets_properties()]
    found: Cells = {}
    for title, cell in cells:
        row, column = openpyxl.utils.cell.coordinate_to_tuple(cell)
        found[title, cell] = model.get_cell_value(sheets.index(title), row, column)
    return found


def differing(expected: Cells, found: Cells, cells: dict[tuple[str, str], str]) -> list[str]:
    """Formula cells whose two values are not the same, in words."""
    return [
        f"{title}!{cell}: {expected.get((title, cell))!r} became {found.get((title, cell))!r}"
        f" by {formula}"
        for (title, cell), formula in cells.items()
        if not _same(expected.get((title, cell)), found.get((title, cell)))
    ]


def _plain(value: Any) -> Any:
    if hasattr(value, "toordinal"):
        from xltools.excel.serial import serial_number

        return serial_number(value)
    return value


def _same(one: Any, other: Any) -> bool:
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return bool(one == other)

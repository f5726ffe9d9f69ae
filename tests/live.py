"""Formula cells of a workbook: their stored values, and what other programs make of them."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
from openpyxl.formula.translate import Translator
from python_calamine import CalamineWorkbook

from xltools.excel.cell_text import escape
from xltools.excel.package.workbook_package import Package
from xltools.excel.writing.serial_values import serial_number
from xltools.ground.cells import CellRef, column_letters

Cells = dict[tuple[str, str], Any]


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Every formula by sheet and cell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that only programs with a window show
        book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def stored(path: Path) -> Cells:
    """Every cell's stored value."""
    book = CalamineWorkbook.from_path(str(path))
    return {
        (title, f"{column_letters(column)}{row}"): _plain(value)
        for title in book.sheet_names
        for row, values in enumerate(_rows(book, title), 1)
        for column, value in enumerate(values, 1)
        if value != ""
    }


def _rows(book: CalamineWorkbook, title: str) -> list[list[Any]]:
    return book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def spelled_out(path: Path, target: Path, first: int) -> Path:
    """A form with the formulas that names hold for rows in the cells from row ``first`` on."""
    held = {name: one.attr_text for name, one in openpyxl.load_workbook(path).defined_names.items()}

    def spelled(match: re.Match[str]) -> str:
        formula = Translator(f"={held[match[1]]}", "A1").translate_formula(f"A{first}")
        return f">{escape(formula[1:])}</f>"

    package = Package(path.read_bytes())
    for part in package.names:
        if part.startswith("xl/worksheets/sheet"):
            package.replace(part, re.sub(r">(row_\w+)</f>", spelled, package.text(part)))
    target.write_bytes(package.save())
    return target


def by_ironcalc(path: Path, cells: dict[tuple[str, str], str]) -> Cells:
    """The values that ironcalc gives formula cells."""
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    sheets = [one["name"] for one in model.get_worksheets_properties()]
    found: Cells = {}
    for title, cell in cells:
        at = CellRef.parse(cell)
        found[title, cell] = model.get_cell_value(sheets.index(title), at.row, at.column)
    return found


def differing(expected: Cells, found: Cells, cells: dict[tuple[str, str], str]) -> list[str]:
    """Formula cells whose two values are not the same, in words."""
    return [
        f"{title}!{cell}: {expected.get((title, cell))!r} became {found.get((title, cell))!r}"
        f" by {formula}"
        for (title, cell), formula in cells.items()
        if not _same(expected.get((title, cell)), found.get((title, cell)))
    ]


def lines(path: Path, title: str) -> list[list[Any]]:
    """A page's rows of stored values, trailing blanks cut."""
    found = []
    for row in _rows(CalamineWorkbook.from_path(str(path)), title):
        values = [None if value == "" else _plain(value) for value in row[1:]]
        while values and values[-1] is None:
            values.pop()
        found.append(values)
    return found


def line(path: Path, title: str, *starts: Any) -> list[Any]:
    """The first row of a page that begins with these values (None stands for any)."""
    for values in lines(path, title):
        pairs = zip(starts, values, strict=False)
        if len(values) >= len(starts) and all(a in (None, b) for a, b in pairs):
            return values
    raise AssertionError(f"{title}: no row {starts}")


def _plain(value: Any) -> Any:
    if hasattr(value, "toordinal"):
        return serial_number(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _same(one: Any, other: Any) -> bool:
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return bool(one == other)

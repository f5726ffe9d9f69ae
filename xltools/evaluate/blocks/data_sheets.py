"""Data sheets: the Excel tables that the pages' formulas read."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.figures.figure_grid import Column, Grid
from xltools.evaluate.figures.value_formats import HELPER, HELPER_HEADER, OF_UNITS
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.titles import table_headers
from xltools.excel.writing.row_xml import Column as BulkColumn
from xltools.excel.writing.row_xml import Formulas
from xltools.excel.writing.sheet_writer import Sheet, TableColumn
from xltools.excel.writing.workbook_writer import Book

_WIDTH = 76  # pixels


def write_grid(book: Book, model: Model, grid: Grid) -> None:
    """One grid as a sheet with a table."""
    sheet = book.sheet(grid.title)
    columns = sorted(grid.columns.values(), key=lambda column: column.number)
    _head(sheet, model, grid)
    headers = table_headers([column.label or column.name for column in columns])
    header_row, last = grid.first_row - 1, grid.first_row + grid.count - 1
    named = [
        TableColumn(
            header=header,
            header_style=HELPER_HEADER if _computed(column) else styles.TABLE_HEADER,
            style=column.style,
        )
        for header, column in zip(headers, columns, strict=True)
    ]
    sheet.table(header_row, 1, last, f"t_{grid.name}", named)
    cells: list[BulkColumn] = [_cells(column) for column in columns]
    sheet.bulk(grid.first_row, 1, cells, [column.style for column in columns], clip=True)
    _by_unit(sheet, grid, columns)
    for place, column in enumerate(columns, 1):
        sheet.view.column(place, place, column.width or _WIDTH)


def define_names(book: Book, grid: Grid) -> None:
    """A name for every column that some formula reads."""
    for name, column in sorted(grid.named.items()):
        book.define_name(name, "=" + column.address(""))


def _head(sheet: Sheet, model: Model, grid: Grid) -> None:
    sheet.view.row(1, 26)
    sheet.link(1, 1, cell_target(model.titles["overview"], "A1"), model.say("data.back"))
    sheet.text(1, 2, model.say("data.about"), styles.NOTE.but(size=9))
    sheet.view.row(grid.first_row - 1, 36)
    sheet.view.freeze(grid.first_row, 2)
    sheet.view.screen(tab=styles.GREY)
    _unprinted(sheet, grid)


def _unprinted(sheet: Sheet, grid: Grid) -> None:
    """Printing the whole workbook leaves a data sheet out: of an empty cell no program prints.

    (Microsoft's article 288968 on pages that count as blank; LibreOffice's "suppress output of
    empty pages".) Who wants it on paper clears the print area, and finds it one page wide.
    """
    behind = max(column.number for column in grid.columns.values()) + 2
    below = grid.first_row + grid.count + 1  # no text beside runs on into that cell
    sheet.view.page(wide=1, tall=0)
    sheet.view.repeat_rows(grid.first_row - 1, grid.first_row - 1)
    sheet.view.header_footer(left=grid.title, right="&P / &N")
    sheet.view.print_area(below, behind, below, behind)


def _computed(column: Column) -> bool:
    """Whether it is ours: a helper, or a formula other than the link to the source."""
    live = column.figure is not None or bool(column.formulas)
    return column.style == HELPER or (live and column.style != styles.BULK_LINK)


def _cells(column: Column) -> BulkColumn:
    if column.figure is None and not column.formulas:
        return column.values
    formulas = [column.formula_at(index) for index in range(column.grid.count)]
    return Formulas(formulas, ["" if value is None else value for value in column.values])


def _by_unit(sheet: Sheet, grid: Grid, columns: Sequence[Column]) -> None:
    """Percentages and returns among measures look like what they are."""
    if "unit" not in grid:
        return
    unit = grid["unit"].cell(grid.first_row, grid.title)
    for column in columns:
        if column.style != styles.BULK_NUMBER:
            continue
        for shown, number in OF_UNITS.items():
            sheet.emphasise(*column.area, f'{unit}="{shown}"', styles.Emphasis(number=number))

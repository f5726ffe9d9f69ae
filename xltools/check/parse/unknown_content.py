"""Keeps as text what a team typed beside the columns and sheets of the definition."""

from __future__ import annotations

from xltools.check.identify.label_forms import first_line
from xltools.check.locate.sheet_tables import Layout, Table
from xltools.check.parse.column_values import ParsedTable
from xltools.check.submission import Submission, UnknownSheet
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.ground.cells import column_letters
from xltools.kinds.typed_text import shown


def spare_columns(table: Table, rows: list[int]) -> dict[int, str]:
    """Columns beside the known ones that hold typed values in data rows, with their headers.

    A column without a header is named by its letters; one that only holds formulas was put there
    by the template or repeats what stands elsewhere.
    """
    cells = table.cells
    known = set(table.headers.places.values()) | table.headers.own
    spare: dict[int, str] = {}
    for column in range(1, cells.width + 1):
        if column in known:
            continue
        header = first_line(table.band.texts.get(column, ""))
        filled = [row for row in rows if _filled(cells.at(row, column))]
        typed = header or any((row, column) not in cells.formulas for row in filled)
        if typed and (filled or column in table.headers.unknown):
            spare[column] = header or column_letters(column)
    return spare


def _filled(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def keep_extra(parsed: ParsedTable) -> dict[str, list[str]]:
    """The texts of unknown columns by header; a header that repeats gets the column's letters."""
    cells = parsed.table.cells
    extra: dict[str, list[str]] = {}
    for column, header in spare_columns(parsed.table, parsed.rows).items():
        texts = [_text(cells, row, column) for row in parsed.rows]
        if any(texts):
            name = header if header not in extra else f"{header} ({column_letters(column)})"
            extra[name] = texts
    return extra


def keep_unknown(submission: Submission, layout: Layout, parsed_tables: list[ParsedTable]) -> None:
    """Keep whole unknown sheets, and rows of known sheets that are no data."""
    for cells in layout.unknown:
        rows = [(row, _texts(cells, row)) for row in range(1, len(cells.rows) + 1)]
        filled = [(row, texts) for row, texts in rows if any(texts)]
        if filled:
            submission.unknown.append(UnknownSheet(title=cells.title, rows=filled))
    for parsed in parsed_tables:
        cells = parsed.table.cells
        kept = [
            (row, _texts(cells, row))
            for row, reason in parsed.extent.ignored.items()
            if reason not in ("example", "header")
        ]
        if kept:
            submission.unknown.append(UnknownSheet(title=cells.title, rows=kept))


def _texts(cells: SheetCells, row: int) -> list[str]:
    texts = [_text(cells, row, column) for column in range(1, len(cells.rows[row - 1]) + 1)]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(cells: SheetCells, row: int, column: int) -> str:
    spot = row, column
    return cells.errors.get(spot) or shown(cells.at(row, column), spot in cells.percent).strip()

"""The sheets of a workbook as the team typed them, with what is wrong marked in place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from xltools.bundles import admit
from xltools.excel.reading.workbook_reader import SheetCells, read_admitted
from xltools.ground.cells import CellRef, column_letters
from xltools.issues import Issue, Severity
from xltools.kinds.typed_text import shown
from xltools.workers import Refusal, run

ROWS_A_PART = 200
_MOST_COLUMNS = 100
_LONGEST = 400  # characters of one cell
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)

Told = tuple[Issue, str]
"""An issue and its sentence."""


class SheetGrid(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet as texts: the columns that a person sees, rows that hold something by number."""

    title: str
    columns: tuple[int, ...]
    rows: dict[int, tuple[str, ...]]


class ShownCell(NamedTuple):
    """A cell, and what is wrong with it: the worst severity, and sentences."""

    place: str
    text: str
    severity: str = ""
    sentences: tuple[str, ...] = ()


class ShownRow(NamedTuple):
    """A row; ``gap`` says that blank ones were left out before it, ``head`` that it is a header."""

    number: int
    gap: bool
    head: bool
    cells: list[ShownCell]


class SheetTable(NamedTuple):
    """One part of a sheet, of how many."""

    letters: list[str]
    rows: list[ShownRow]
    part: int
    parts: int


def read_grids(path: str) -> list[SheetGrid] | Refusal:
    """All sheets of a workbook that people see, read by a guarded worker; or why not."""
    [outcome] = run(_grids, [path], workers=1)
    if outcome.refusal is not None:
        return outcome.refusal
    grids: list[SheetGrid] = outcome.result
    return grids


def table_of(
    grid: SheetGrid, issues: Iterable[Told], part: int = 1, *, header: int = 0
) -> SheetTable:
    """A part of a sheet, the first being 1; the nearest one where there is none of that number.

    ``header`` is the row that holds the labels of columns, 0 where that is not known.
    """
    marks = _marks(grid.title, issues)
    numbers = _numbers(grid, marks)
    parts = max(1, -(-len(numbers) // ROWS_A_PART))
    part = min(max(part, 1), parts)
    page = numbers[(part - 1) * ROWS_A_PART : part * ROWS_A_PART]
    rows = [
        ShownRow(number, number - last > 1, number == header, _row(grid, number, marks))
        for last, number in zip([0, *page], page, strict=False)
    ]
    return SheetTable([column_letters(one) for one in grid.columns], rows, part, parts)


def part_with(grid: SheetGrid, issues: Iterable[Told], cell: str) -> int:
    """Which part of a sheet shows a cell."""
    numbers = _numbers(grid, _marks(grid.title, issues))
    return bisect_left(numbers, CellRef.parse(cell).row) // ROWS_A_PART + 1


def _numbers(grid: SheetGrid, marks: Iterable[str]) -> list[int]:
    """The rows that hold something, or lack something."""
    return sorted({*grid.rows, *(CellRef.parse(cell).row for cell in marks)})


def _row(grid: SheetGrid, number: int, marks: Mapping[str, Sequence[Told]]) -> list[ShownCell]:
    texts = grid.rows.get(number, ("",) * len(grid.columns))
    return [
        _cell(f"{column_letters(column)}{number}", text, marks)
        for column, text in zip(grid.columns, texts, strict=True)
    ]


def _cell(place: str, text: str, marks: Mapping[str, Sequence[Told]]) -> ShownCell:
    found = marks.get(place, ())
    if not found:
        return ShownCell(place, text)
    worst = min((fault.severity for fault, _ in found), key=_WORST_FIRST.index)
    return ShownCell(place, text, worst, tuple(dict.fromkeys(said for _, said in found)))


def _marks(title: str, issues: Iterable[Told]) -> dict[str, list[Told]]:
    marks: dict[str, list[Told]] = {}
    for fault, said in issues:
        if fault.sheet == title and fault.cell:
            marks.setdefault(fault.cell, []).append((fault, said))
    return marks


def _grids(path: str) -> list[SheetGrid]:
    """In a worker: the sheets of a file, or of one in a bundle."""
    admitted, _ = admit(path)
    book = read_admitted(admitted)
    return [_grid(sheet) for sheet in book.sheets if sheet.state == "visible"]


def _grid(sheet: SheetCells) -> SheetGrid:
    every = (column for column in range(1, sheet.width + 1) if column not in sheet.hidden_columns)
    columns = tuple(islice(every, _MOST_COLUMNS))
    rows = {
        number: texts
        for number in range(1, len(sheet.rows) + 1)
        if number not in sheet.hidden_rows and any(sheet.rows[number - 1])
        if any(texts := tuple(_text(sheet, number, column) for column in columns))
    }
    return SheetGrid(title=sheet.title, columns=columns, rows=rows)


def _text(sheet: SheetCells, row: int, column: int) -> str:
    place = (row, column)
    value = sheet.errors.get(place) or sheet.at(row, column)
    text = shown(value, place in sheet.percent)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

"""What reading a workbook gives."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec

from xltools.errors import FileRefused
from xltools.excel.reading.cells.cell_places import CellMap, CellSet, Spot
from xltools.excel.reading.cells.dense_rows import MOST_SLOTS
from xltools.excel.reading.cells.surroundings import Box
from xltools.excel.reading.foreign_content import Finding
from xltools.ground.cells import column_letters
from xltools.kinds.display_format import Format

CellValue = str | int | float | bool | date | datetime | time | timedelta | None


class SheetCells(msgspec.Struct):
    """One sheet as read; places are (row, column) from 1, ``rows[row - 1][column - 1]``.

    Where few cells stand far apart, rows end with their last value and blank ones are empty.
    A formula that gave an empty text leaves its cell as good as empty, formula and all: forms are
    full of them. ``formats`` are those of cells that may show something else than they hold, but
    for percentages. ``zeros`` are formulas of an ``.xls`` whose 0 may stand for a text.
    """

    title: str
    index: int
    state: str = "visible"  # "visible" | "hidden" | "veryHidden"
    rows: list[list[object]] = msgspec.field(default_factory=list)
    errors: dict[Spot, str] = msgspec.field(default_factory=dict)
    formulas: CellMap[str] = msgspec.field(default_factory=CellMap)
    uncached: CellSet = msgspec.field(default_factory=CellSet)
    zeros: set[Spot] = msgspec.field(default_factory=set)
    percent: CellSet = msgspec.field(default_factory=CellSet)
    formats: CellMap[Format] = msgspec.field(default_factory=CellMap)
    merges: list[Box] = msgspec.field(default_factory=list)
    hidden_rows: set[int] = msgspec.field(default_factory=set)  # or of no height
    grouped_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)

    def at(self, row: int, column: int) -> object:
        """The value of a cell."""
        values = self.rows[row - 1] if row <= len(self.rows) else []
        return values[column - 1] if column <= len(values) else None

    @property
    def width(self) -> int:
        """The last column of the longest row."""
        return max(map(len, self.rows), default=0)

    def level(self, width: int) -> None:
        """Lengthen rows that end before that column; blank ones become one and the same."""
        short = sum(0 < len(row) < width for row in self.rows)
        if short * width > MOST_SLOTS:
            cell = f"{column_letters(width)}{len(self.rows)}"
            raise FileRefused("file-too-large", "refused.sparse", sheet=self.title, cell=cell)
        blank: list[object] = [None] * width
        for at, row in enumerate(self.rows):
            if len(row) < width:
                self.rows[at] = [*row, *blank[len(row) :]] if row else blank


class WorkbookCells(msgspec.Struct):
    """A whole workbook as read: its sheets, what it says of itself, and what is unusual in it."""

    sheets: list[SheetCells]
    properties: dict[str, str]
    names: dict[str, str]
    modified: str
    findings: list[Finding]
    sha256: str
    created: str = ""

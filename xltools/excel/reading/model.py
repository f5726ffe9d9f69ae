"""What reading a workbook gives."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec

from xltools.excel.reading.findings import Finding
from xltools.excel.reading.surroundings import Box
from xltools.excel.reading.values import Spot
from xltools.kinds.format import Format

CellValue = str | int | float | bool | date | datetime | time | timedelta | None


class ReaderNote(msgspec.Struct):
    """A sheet that the fast reader could not take, who read it instead, and why."""

    sheet: str
    reader: str
    reason: str


class SheetCells(msgspec.Struct):
    """One sheet as read; places are (row, column) from 1, ``rows[row - 1][column - 1]``.

    A formula that gave an empty text leaves its cell as good as empty, formula and all: forms are
    full of them. ``formats`` are those of cells that may show something else than they hold, but
    for percentages. ``zeros`` are formulas of an ``.xls`` whose 0 may stand for a text.
    """

    title: str
    index: int
    state: str = "visible"  # "visible" | "hidden" | "veryHidden"
    rows: list[list[object]] = msgspec.field(default_factory=list)
    errors: dict[Spot, str] = msgspec.field(default_factory=dict)
    formulas: dict[Spot, str] = msgspec.field(default_factory=dict)
    uncached: set[Spot] = msgspec.field(default_factory=set)
    zeros: set[Spot] = msgspec.field(default_factory=set)
    percent: set[Spot] = msgspec.field(default_factory=set)
    formats: dict[Spot, Format] = msgspec.field(default_factory=dict)
    merges: list[Box] = msgspec.field(default_factory=list)
    hidden_rows: set[int] = msgspec.field(default_factory=set)  # or of no height
    grouped_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)
    reader: str = "own"  # "own" | "calamine" | "openpyxl"


class WorkbookCells(msgspec.Struct):
    """A whole workbook as read: its sheets, what it says of itself, and what is unusual in it."""

    sheets: list[SheetCells]
    properties: dict[str, str]
    names: dict[str, str]
    modified: str
    created_by: str
    date_1904: bool
    findings: list[Finding]
    sha256: str
    size: int
    reader_notes: list[ReaderNote]
    created: str = ""

"""What one copy of a home-grown workbook shows, before anything is made of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from xltools.excel.reading.cells.surroundings import Box
from xltools.excel.reading.xlsx.declared_content import Highlight, Validation

Reason = Literal["empty", "cover", "list", "summary", "own", "chart"]
Place = tuple[str, Box]  # a sheet's title, and a range on it


class Dropdown(msgspec.Struct, frozen=True):
    """What a cell's dropdown offers.

    ``source`` is where the words stand, ``condition`` the formula under which they are offered,
    ``known`` is false where the words depend on the row. ``strict`` refuses other words.
    """

    words: tuple[str, ...]
    source: Place | None
    condition: str
    known: bool
    strict: bool


class ColumnSketch(msgspec.Struct):
    """One column of a table: its header's words from the top down, its cells, what they declare."""

    place: int
    pieces: tuple[str, ...]
    key: str = ""
    """What machines call it: a row of field names, or the name of its range."""
    note: str = ""
    """What a comment on its header says."""
    demand: str = ""
    """What a row above or below the header says of whether it is required."""
    values: list[object] = []
    """Of the rows that hold data, in their order."""
    percent: tuple[int, ...] = ()
    """Which of the values stand in cells that show percentages."""
    codes: tuple[str, ...] = ()
    """Number formats, the most frequent first; those that are General are left out."""
    formulas: tuple[tuple[int, str], ...] = ()
    computed: bool = False
    validations: tuple[Validation, ...] = ()
    dropdown: Dropdown | None = None
    hidden: bool = False
    locked: bool = False
    """Whether a protected sheet lets nobody type here, but elsewhere."""
    numbering: bool = False
    """Whether it only numbers the rows, prepared ones, too."""
    example: object = None


class TableSketch(msgspec.Struct):
    """One table: where its header stands, its columns, and what was left out below it."""

    title: str
    index: int
    hidden: bool
    top: int
    first: int
    """The first row below its header that may hold data."""
    columns: list[ColumnSketch]
    rows: list[int]
    highlights: tuple[Highlight, ...]
    others: list[str]
    """Other tables on the sheet, as ranges."""


class LeftOut(msgspec.Struct, frozen=True):
    """A sheet that is no table to fill in, and why."""

    title: str
    reason: Reason


class CopySketch(msgspec.Struct):
    """One workbook: its tables, the sheets left out, its defined names and Excel tables."""

    file: str
    tables: list[TableSketch]
    left_out: list[LeftOut]
    names: dict[str, Place]
    values_only: bool = False
    """Whether the file's format is one of which no checks, formats and comments are read."""

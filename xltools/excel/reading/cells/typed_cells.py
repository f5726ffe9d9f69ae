"""What one cell's text means, by its type and format; shared by both ways to read a sheet."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from xltools.excel.cell_text import escape
from xltools.excel.package.markup import decode_escapes
from xltools.excel.reading.cells.cell_places import CellMap, CellSet, Formulas, Spot
from xltools.excel.reading.cells.cell_styles import Styles
from xltools.excel.reading.cells.number_formats import Shown, from_serial
from xltools.excel.reading.cells.reader_cache import ReaderCache
from xltools.kinds.display_format import Format

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_LONGEST_INTEGER = 40  # digits; Excel itself keeps 15, other programs write more
IN_CELL = "picture"  # the type of a cell which shows a picture that the file holds
TRUTH: dict[str, object] = {"1": True, "true": True, "0": False, "false": False}

LOST = "#TEXT!"
"""Stands for a text that the file does not have."""

PICTURE = "#PICTURE!"
"""Stands for a picture in a cell."""


class Grid(msgspec.Struct):
    """A sheet's values, dense from A1, with what stands beside them by place."""

    rows: list[list[object]] = msgspec.field(default_factory=list)
    errors: dict[Spot, str] = msgspec.field(default_factory=dict)
    formulas: Formulas = msgspec.field(default_factory=Formulas)
    uncached: CellSet = msgspec.field(default_factory=CellSet)
    percent: CellSet = msgspec.field(default_factory=CellSet)
    formats: CellMap[Format] = msgspec.field(default_factory=CellMap)
    odd: list[tuple[str, Spot]] = msgspec.field(default_factory=list)


class Meaning(msgspec.Struct):
    """What a workbook's cells refer to: its strings in order, its formats, its calendar."""

    strings: list[str]
    styles: Styles
    date_1904: bool
    pictures: bool = False  # whether cells that name metadata may hold pictures
    cache: ReaderCache = msgspec.field(default_factory=ReaderCache)


class BadIndexError(Exception):
    """A cell refers to a string that the table does not have."""


def number(text: str) -> object:
    """An integer exactly, another number as a float, anything else as the text it is."""
    if text.isdecimal() and text.isascii() and len(text) <= _LONGEST_INTEGER:
        return int(text)
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return text or None
    if stripped.lstrip("+-").isdecimal() and len(stripped) <= _LONGEST_INTEGER:
        return int(stripped)
    value = float(stripped)
    return value if abs(value) != float("inf") else text


def shown_number(text: str, shown: Shown, date_1904: bool) -> tuple[object, bool]:
    """A number as its format shows it, and whether it lies in the calendar; else the number."""
    value = number(text)
    if not isinstance(value, int | float) or shown is Shown.PERCENT:
        return value, True
    moment = from_serial(value, shown, date_1904)
    return (value, value == 0) if moment is None else (moment, True)


def typed(grid: Grid, spot: Spot, kind: str, text: str) -> object:
    """The value of a cell with a type of its own; ``text`` without XML references."""
    if kind == IN_CELL:
        grid.errors[spot] = PICTURE if text == "#VALUE!" else text
        return None
    if kind == "e":
        grid.errors[spot] = text
        return None
    if kind == "b" and text.strip().lower() in TRUTH:
        return TRUTH[text.strip().lower()]
    if kind == "d":
        return _iso_date(grid, spot, text)
    return as_text(text)


def as_text(text: str) -> str:
    """A text as the cell holds it; a parser makes every line end a line feed."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return decode_escapes(text)


def string_at(meaning: Meaning, text: str) -> str:
    """The shared string of that index."""
    index = text.strip()
    if not (index.isascii() and index.isdecimal()):
        raise BadIndexError
    try:
        return meaning.strings[int(index[:18])]
    except IndexError:
        raise BadIndexError from None


def note_formula(grid: Grid, spot: Spot, written: str, cached: bool) -> None:
    """Keep the formula; without a cached value the program that saved it did not calculate."""
    grid.formulas[spot] = escape(written)
    if not cached:
        grid.uncached.add(spot)


def is_blank_result(kind: str, text: str) -> bool:
    """Whether a formula gave an empty text: the cell is as good as empty, formula and all."""
    return kind == "str" and not text


def note_lost(grid: Grid, spot: Spot) -> None:
    """The cell refers to a text that the file does not have; the others can be read."""
    grid.errors[spot] = LOST
    grid.odd.append(("text-lost", spot))


def _iso_date(grid: Grid, spot: Spot, text: str) -> object:
    try:
        moment = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        if text:
            grid.odd.append(("date-unreadable", spot))
        return text or None
    return moment if "T" in text and moment.time() != datetime.min.time() else moment.date()

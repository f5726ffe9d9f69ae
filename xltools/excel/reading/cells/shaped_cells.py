"""What rows of one shape have in common: how each of their values is read."""

from __future__ import annotations

from enum import Enum

import msgspec

from xltools.excel.reading.cells.number_formats import Shown
from xltools.kinds.display_format import Format


class Reading(Enum):
    """How the texts of a column's cells are read."""

    NUMBER = "number"
    PERCENT = "percent"
    TEXT = "text"
    TYPED = "typed"  # by the type that each cell states


class Form(msgspec.Struct):
    """What the cells of one column have in common."""

    index: int  # column from 0
    kind: str  # the type that they state
    reading: Reading
    known: dict[str, object] = {}  # values by text, as far as they were met
    shown: Shown | None = None  # what their format makes of a number
    display: Format | None = None  # what they show beside their value


class Shape(msgspec.Struct):
    """Everything of a row but its values and the words of its formulas."""

    forms: list[Form] = []
    # Column from 0; which value is its result, or -1; whether that is a text; whether the formula
    # is spelled out in its cell.
    formulas: list[tuple[int, int, bool, bool]] = []
    spelled: int = 0  # how many of them are
    width: int = 0
    reusable: bool = True  # no cell kept the number of its row

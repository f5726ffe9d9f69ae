"""How Excel checks the cells of a kind: its own input rule, and parts of live checks."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

LETTER = 'LEFT(CELL("format",{cell}))'
"""The first letter of what a spreadsheet calls a cell's number format: P is a percentage.

An error in programs that do not know it, such as Excel in a browser: no check may fail by that.
"""

NUMERIC = f"ISERROR(FIND({LETTER},bad_formats))"
"""Whether a number is shown as one: what is typed as 3/4 or 1:20 turns into a date or a time.

The workbook's name ``bad_formats`` holds the letters of dates, times and percentages.
"""

AMOUNT = (
    'IF(ISTEXT({cell}),AND(ISNUMBER(FIND(LEFT(TRIM({cell})),"-123456789")),'
    'ISNUMBER(VALUE(TRIM(SUBSTITUTE({cell},{unit},""))&"e0"))),FALSE)'
)
"""Whether a text is a number with its unit; before e0 there is no date, time or percentage."""


class CellRule(msgspec.Struct, frozen=True, kw_only=True):
    """Excel's own input check of a cell, free of any library.

    A value goes from ``minimum`` to ``maximum``. ``formula`` is the list's name or the custom
    expression, without ``=``; ``message`` the key of what Excel says when it refuses an entry.
    """

    validate: Literal["list", "decimal", "whole", "date", "custom"]
    message: str
    minimum: float | date | None = None
    maximum: float | date | None = None
    formula: str = ""

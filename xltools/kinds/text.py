"""Text as typed: trimmed, line breaks kept, long digit strings digit for digit."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal
from xltools.kinds.grammar.displayed_numbers import padded
from xltools.kinds.typed_text import ERROR_NUMBER, TRIMMED, shown

_NUMBERS = (int, float)
_TRUSTED = 10**15
"""A spreadsheet keeps fifteen digits of a number; the digits of a longer one are lost."""

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{2,3}")


class Text(Kind):
    """Whatever a person writes; also hidden row ids."""

    logged = False
    free = True
    reads_format = ("padded", "grain")
    # A number that long has lost digits, and so has 1.23E+17; the name of an error is no text.
    valid = (
        'IF(ISNUMBER({cell}),{cell}<1E15,AND(ISERROR(FIND("E+",{cell})*VALUE({cell})),'
        'ISERROR(FIND("|"&TRIM({cell})&"|",error_names)),'
        f"NOT({ERROR_NUMBER})))"
    )

    def __init__(self, name: str) -> None:
        self.name = name

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        values = column.values
        read: list[object] = [v.strip(TRIMMED) or None if type(v) is str else None for v in values]
        texts = "\n".join(v for v in values if type(v) is str)
        is_plain = "\r" not in texts and "E+" not in texts
        if is_plain and {str, type(None)}.issuperset(map(type, values)):
            return read, []
        suspects = [
            i
            for i, v in enumerate(values)
            if v is not None and (type(v) is not str or "\r" in v or "E+" in v)
        ]
        return read, suspects

    def read(self, cell: Cell) -> ReadValue:
        if isinstance(cell.raw, str):
            lines = cell.raw.replace("\r\n", "\n").replace("\r", "\n").strip(TRIMMED)
            if _SCIENTIFIC.fullmatch(lines):
                raise Refusal("kinds.scientific")
            return ReadValue(lines or None)
        text = shown(cell.raw, cell.percent)
        if isinstance(cell.raw, date | time | timedelta):
            if isinstance(cell.raw, date) and cell.format and cell.format.grain:
                text = cell.format.day(cell.raw)
            return ReadValue(text, "kinds.text_was_date")
        if isinstance(cell.raw, int | float) and abs(cell.raw) >= _TRUSTED:
            raise Refusal("kinds.digits_lost")
        if type(cell.raw) in _NUMBERS and cell.format and cell.format.padded:
            seen = padded(cell.raw, cell.format)  # type: ignore[arg-type]
            if seen != text:
                return ReadValue(seen, "kinds.shown_as", None, {"shown": seen})
        return ReadValue(text)

"""Numbers, bare or with the unit that their column or row has."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import ClassVar, Literal

from xltools.issues import Severity
from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal, unread
from xltools.kinds.excel_checks import AMOUNT, NUMERIC
from xltools.kinds.grammar.displayed_numbers import displayed
from xltools.kinds.grammar.typed_numbers import amount
from xltools.kinds.typed_text import digits, is_blank, narrow, typed

_MOST = 1e300
_NUMERIC = (float, int)
_FIRST_DAY = date(1899, 12, 30)
_SERIAL_ENDS = date(1980, 1, 1)


class Number(Kind):
    """A float in the unit of its row or column."""

    name = "number"
    dtype = "float64"
    align = "right"
    format = "General"
    valid = f"IF(ISNUMBER({{cell}}),{NUMERIC},FALSE)"
    readable = AMOUNT
    entry: ClassVar[Literal["decimal", "whole"]] = "decimal"
    bounds = (-1e15, 1e15)
    reads_format = ("amount",)

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        read: list[object] = [
            v if type(v) is float and -_MOST < v < _MOST else None for v in floats(column.values)
        ]
        return read, _with_percent(unread(column.values, read), column)

    def read(self, cell: Cell) -> ReadValue:
        if isinstance(cell.raw, str):
            text = typed(cell.raw)
            if is_blank(text):
                return ReadValue(None)
            number, note = amount(text, cell.unit)
            return ReadValue(as_float(number), note, Severity.WARNING if note else None)
        plain = numeric(cell.raw, "kinds.not_a_number")
        if not cell.percent:
            return displayed(plain, cell) if cell.format else ReadValue(plain)
        if "%" not in narrow(cell.unit):
            raise Refusal("kinds.number_percent", unit=cell.unit)
        return ReadValue(as_float(Decimal(repr(plain)).scaleb(2)), "kinds.read_as")

    def written(self, value: object) -> str:
        return digits(value) if isinstance(value, float) else str(value)


def floats(values: list[object]) -> list[object]:
    """A column with its whole numbers as floats: both are the same number to a spreadsheet."""
    if int not in set(map(type, values)):
        return values
    return [float(v) if type(v) is int and -_MOST < v < _MOST else v for v in values]


def as_float(number: Decimal) -> float:
    """A decimal as a float; Refusal for one that no spreadsheet can hold."""
    value = float(number)
    if not -_MOST < value < _MOST:
        raise Refusal("kinds.not_a_number")
    return value


def numeric(raw: object, refused: str) -> float:
    """A numeric cell's value; Refusal with the sentence ``refused`` for anything else."""
    if isinstance(raw, datetime | date):
        raise _was_date(raw)
    if isinstance(raw, time | timedelta):
        raise Refusal("kinds.number_is_time")
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Refusal(refused)
    if not (isinstance(raw, int) or isfinite(raw)) or not -_MOST < raw < _MOST:
        raise Refusal(refused)
    return float(raw)


def _was_date(raw: date) -> Refusal:
    """A small number in a date format shows as a day of long ago: it is the likely meaning."""
    day = raw.date() if isinstance(raw, datetime) else raw
    serial = (day - _FIRST_DAY).days
    # Spreadsheets count a 29 February 1900 that never was.
    serial -= day < date(1900, 3, 1)
    likely = str(serial) if serial > 0 and day < _SERIAL_ENDS else ""
    return Refusal("kinds.number_is_date", likely)


def _with_percent(suspects: list[int], column: Column) -> list[int]:
    """A number in a percent format is no plain number: which of the two is meant?"""
    percent = column.percent
    if not percent:
        return suspects
    formatted = [i for i, v in enumerate(column.values) if i in percent and type(v) in _NUMERIC]
    return sorted({*suspects, *formatted})

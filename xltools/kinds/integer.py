"""Whole numbers: counts of customers, scores, points."""

from __future__ import annotations

from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal
from xltools.kinds.excel_checks import NUMERIC
from xltools.kinds.number import Number

_NOISE = 1e-9
_MOST = 1e15


class Integer(Number):
    """A number without a fraction; what formulas leave behind the fifteenth digit is ignored."""

    name = "integer"
    valid = f"IF(ISNUMBER({{cell}}),AND({{cell}}=ROUND({{cell}},0),{NUMERIC}),FALSE)"
    readable = ""  # nor is every amount whole
    entry = "whole"
    bounds = (-999_999_999, 999_999_999)

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        read, suspects = super().quick(column)
        # After rounding, equal floats were whole; the others are for the slow pass.
        whole: list[object] = [
            int(v) if type(v) is float and -_MOST < v < _MOST and v == v // 1 else None
            for v in read
        ]
        if None not in whole:
            return whole, suspects
        broken = [i for i, v in enumerate(whole) if v is None and read[i] is not None]
        return whole, sorted({*suspects, *broken}) if broken else suspects

    def read(self, cell: Cell) -> ReadValue:
        reading = super().read(cell)
        value = reading.value
        if not isinstance(value, float):
            return reading
        nearest = round(value)
        if abs(value - nearest) > _NOISE * max(1.0, abs(value)):
            raise Refusal("kinds.not_whole")
        return reading._replace(value=nearest)

    def written(self, value: object) -> str:
        return str(value)

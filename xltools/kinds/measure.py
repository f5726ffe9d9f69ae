"""A number in the form of its row's unit: a percentage, a ratio, or so many of something."""

from __future__ import annotations

from datetime import time, timedelta

from xltools.ground.folding import fold
from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, unread
from xltools.kinds.excel_checks import AMOUNT, LETTER, NUMERIC
from xltools.kinds.grammar.displayed_numbers import displayed_percent
from xltools.kinds.number import Number, floats
from xltools.kinds.percent import MOST, Percent, says_percent
from xltools.kinds.ratio import NO_TIME, WRITTEN, Ratio
from xltools.kinds.typed_text import narrow

_MOST = 1e300
_RATIO = Ratio()
_PERCENT = Percent()
_NUMBER = Number()


class Measure(Kind):
    """Targets and actuals: each row's unit says how to read it; without one its own form does."""

    name = "measure"
    dtype = "float64"
    align = "right"
    valid = (
        f'IF(ISNUMBER({{cell}}),IF(IFERROR({LETTER}="P",FALSE),AND(ABS({{cell}})<={MOST},'
        'OR({unit}="",ISNUMBER(FIND("%",SUBSTITUTE({unit},"％","%"))))),'
        f'AND(OR(LEFT({{unit}},2)<>"1:",{NO_TIME}),{NUMERIC})),'
        f'IFERROR(AND(LEFT({{unit}}&"1",1)="1",{WRITTEN}),FALSE))'
    )
    readable = AMOUNT
    entered = 'OR(ISNUMBER({cell}),IFERROR(LEFT(SUBSTITUTE({cell},"：",":"),2)="1:",FALSE))'
    entry = "custom"
    reads_format = ("amount",)

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        values, setting, percent, units = column
        if units is None:
            return self.of(setting.unit).quick(column)
        # The few different units of a column are judged once each.
        kinds = {unit: self.of(unit or setting.unit) for unit in set(units)}
        plain = {unit for unit, kind in kinds.items() if kind is _NUMBER}
        share = {unit for unit, kind in kinds.items() if kind is _PERCENT}
        read: list[object] = [
            v
            if type(v) is float
            and -_MOST < v < _MOST
            and unit in (share if i in percent else plain)
            else None
            for i, (v, unit) in enumerate(zip(floats(values), units, strict=True))
        ]
        return read, unread(values, read)

    def read(self, cell: Cell) -> ReadValue:
        kind = self.of(cell.unit)
        if not cell.unit:
            kind = _by_form(cell)
        return kind.read(cell)

    def of(self, unit: str) -> Kind:
        """The kind in whose form a row of this unit is written."""
        if says_percent(unit):
            return _PERCENT
        return _RATIO if fold(unit).startswith("1:") else _NUMBER


def _by_form(cell: Cell) -> Kind:
    """How a value without a unit is to be read, judged by the cell itself."""
    if isinstance(cell.raw, time | timedelta):
        return _RATIO
    if isinstance(cell.raw, int | float):
        return _PERCENT if cell.percent or displayed_percent(cell.raw, cell) else _NUMBER
    if isinstance(cell.raw, str):
        text = narrow(cell.raw)
        if ":" in text:
            return _RATIO
        if "%" in text or "‰" in text or "分之" in text:
            return _PERCENT
    return _NUMBER

"""Exactly one person."""

from __future__ import annotations

from xltools.kinds.base import Cell, Reading, Refusal
from xltools.kinds.names import SEPARATOR
from xltools.kinds.people import People


class Person(People):
    """The one who answers for something: two names are refused."""

    name = "person"
    valid = "+".join(f'IFERROR(FIND("{sign}",{{cell}}),0)' for sign in "、/，,；;") + "=0"
    entry = "custom"

    def read(self, cell: Cell) -> Reading:
        reading = super().read(cell)
        if isinstance(reading.value, str) and SEPARATOR in reading.value:
            raise Refusal("kinds.one_person", reading.value.split(SEPARATOR)[0])
        return reading

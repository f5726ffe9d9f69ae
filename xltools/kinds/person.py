"""Exactly one person."""

from __future__ import annotations

from xltools.kinds.cell_reading import Cell, ReadValue, Refusal
from xltools.kinds.grammar.person_names import NAMED, SEPARATOR
from xltools.kinds.people import People


def _found(signs: str) -> str:
    """A formula that is above 0 where a cell holds one of the signs."""
    return "+".join(f'IFERROR(FIND("{sign}",{{cell}}),0)' for sign in signs)


_LINE_BREAK = "IFERROR(FIND(CHAR(10),{cell}),0)"


class Person(People):
    """Exactly one name: two are refused."""

    name = "person"
    entered = _found("、/，,；;") + "=0"
    # 张三和李四 and 张三 李四 are two, 王和平 and Zhang Wei are one.
    valid = (
        f'IF(ISTEXT({{cell}}),AND(TRIM({{cell}})>="A",{NAMED},{_found("、/，,；;")}+{_LINE_BREAK}=0,'
        f"OR(LEN({{cell}})<5,{_found('和与及')}=0),"
        f'OR(LEFT({{cell}})<="z",ISERROR(FIND(" ",TRIM({{cell}}))))),FALSE)'
    )
    entry = "custom"

    def read(self, cell: Cell) -> ReadValue:
        reading = super().read(cell)
        if isinstance(reading.value, str) and SEPARATOR in reading.value:
            raise Refusal("kinds.one_person", reading.value.split(SEPARATOR)[0])
        return reading

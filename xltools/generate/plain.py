"""What is plainly of its kind, what may be understood all the same: as a formula and in Python."""

from __future__ import annotations

import re
from datetime import date

from xltools.definition import ColumnDef
from xltools.expressions.numerals import NUMERALS
from xltools.kinds import KINDS, Setting

# A number in these is certainly wrong where it is not plainly right; elsewhere it can be meant.
_NUMBERS_REFUSED = ("integer", "span")
_NEVER_READ = ("person",)
_SOUGHT = re.compile(r'"\*?([^"*])\*?"')  # what a formula looks for inside a text
_PERCENTAGES = ("percent", "measure")


def may_be_read_formula(column: ColumnDef, cell: str) -> str:
    """TRUE for what is not plainly of its kind, but may be understood: 45家, 7月3日, 完成60%.

    "" where nothing is.
    """
    if column.kind in _NEVER_READ:
        return ""
    tests = [f'ISNUMBER(FIND(LEFT(TRIM({cell}),1),"{NUMERALS}"))']
    if column.kind in _PERCENTAGES:
        tests.append(f'ISNUMBER(FIND("%",{cell}))')
    readable = f"OR({','.join(tests)})" if len(tests) > 1 else tests[0]
    return f"AND(ISTEXT({cell}),{readable})" if column.kind in _NUMBERS_REFUSED else readable


def may_be_read(column: ColumnDef, value: object) -> bool:
    """The same for a value."""
    if column.kind in _NEVER_READ:
        return False
    if not isinstance(value, str):
        return column.kind not in _NUMBERS_REFUSED
    start = value.strip(" ")[:1]
    return start in NUMERALS or (column.kind in _PERCENTAGES and "%" in value)


def is_plain(column: ColumnDef, value: object, unit: str) -> bool:
    """Whether a value is of its column's kind without any interpretation."""
    kind = KINDS[column.kind].of(unit)
    if not kind.valid and not KINDS[column.kind].valid:
        return True
    if isinstance(value, str):
        if kind.dtype != "str":
            return kind.name == "ratio" and value.startswith("1:")
        return not any(sign in value for sign in _SOUGHT.findall(kind.valid))
    if isinstance(value, date):
        return kind.dtype != "float64"
    percent = (0,) if kind.name == "percent" else ()
    return not kind.parse([_as_read(value)], Setting(unit=unit), percent=percent).faults


def _as_read(value: object) -> object:
    """A value as a spreadsheet gives it back."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

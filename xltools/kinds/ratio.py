"""Ratios of the form 1:X, as the number X."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from xltools.issues import Severity
from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal, unread
from xltools.kinds.excel_checks import AMOUNT, NUMERIC
from xltools.kinds.grammar.typed_numbers import plain
from xltools.kinds.number import as_float, numeric
from xltools.kinds.typed_text import digits, is_blank, typed

_RATIO = re.compile(r"([^:比]+?) ?[:比] ?([^:比]+)")
_TIMES = re.compile(r"(.+?) ?倍|(.+?) ?[xX×]")
NO_TIME = "OR({cell}=0,ABS({cell})>=0.1)"
WRITTEN = 'AND(LEFT(SUBSTITUTE({cell},"：",":"),2)="1:",ISNUMBER(VALUE(MID({cell},3,20)&"e0")))'
_LEAST_TYPED = 0.1
_LONGEST_TYPED = len("0.00625")
_MOST = 1e9


class Ratio(Kind):
    """How much comes back for 1: ``1:7.7`` is 7.7."""

    name = "ratio"
    dtype = "float64"
    align = "right"
    format = '"1:"0.0'
    # What is typed as 1:6 becomes a time of day, far below any ratio that means something.
    valid = f"IF(ISNUMBER({{cell}}),AND({NO_TIME},{NUMERIC}),IFERROR({WRITTEN},FALSE))"
    readable = AMOUNT
    entered = (
        "IF(ISNUMBER({cell}),OR({cell}=0,ABS({cell})>=0.1),"
        'IFERROR(LEFT(SUBSTITUTE({cell},"：",":"),2)="1:",FALSE))'
    )
    entry = "custom"

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        # Small numbers may be times of day: 1:6 typed into a number format becomes 0.0458.
        read: list[object] = [
            v if type(v) is float and (_LEAST_TYPED <= v < _MOST or v == 0) else None
            for v in column.values
        ]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> ReadValue:
        if isinstance(cell.raw, str):
            return ReadValue(_from_text(typed(cell.raw)))
        if isinstance(cell.raw, time):
            since = datetime.combine(date.min, cell.raw.replace(tzinfo=None)) - datetime.min
            return ReadValue(_from_time(since), "kinds.ratio_was_time")
        if isinstance(cell.raw, timedelta):
            return ReadValue(_from_time(cell.raw), "kinds.ratio_was_time")
        number = numeric(cell.raw, "kinds.not_a_ratio")
        if 0 < number < _LEAST_TYPED and not cell.percent:
            many = _hidden_time(number)
            if many is not None:
                return ReadValue(many, "kinds.ratio_was_time", Severity.WARNING)
        return ReadValue(number)

    def written(self, value: object) -> str:
        return f"1:{digits(value)}" if isinstance(value, float) else f"1:{value}"


def _from_text(text: str) -> float | None:
    if is_blank(text):
        return None
    match = _RATIO.fullmatch(text)
    if match:
        return as_float(_divided(match[1].strip(), match[2].strip()))
    number = plain(text)
    if number is not None:
        return as_float(number)
    if text.endswith("%"):
        share = plain(text[:-1].rstrip())
        if share is not None:
            return as_float(share.scaleb(-2))
    raise Refusal("kinds.not_a_ratio", _times(text))


def _divided(left: str, right: str) -> Decimal:
    one, many = plain(left), plain(right)
    if one is None or many is None:
        raise Refusal("kinds.not_a_ratio")
    if one == 1:
        return many
    if many == 1:
        # 7.7:1 says the opposite of what most who type it mean.
        raise Refusal("kinds.ratio_reversed", f"1:{digits(one)}")
    if one <= 0:
        raise Refusal("kinds.not_a_ratio")
    return many / one


def _times(text: str) -> str:
    """``7.7倍`` most likely means 1:7.7."""
    match = _TIMES.fullmatch(text)
    number = plain(match[1] or match[2]) if match else None
    return "" if number is None else f"1:{digits(number)}"


def _from_time(since: timedelta) -> float:
    """The ratio of which a spreadsheet made a time: h:mm, or m:ss.0 when it had a fraction.

    1:75 becomes 2:15, as 2:15 does; only times from 1:01 to 1:59 have a single origin.
    """
    thousandths = round(since.total_seconds() * 1000)
    whole_minutes = thousandths % 60_000 == 0
    if whole_minutes:
        many = Decimal(thousandths - 3_600_000) / 60_000
    else:
        many = Decimal(thousandths - 60_000) / 1000
    if (whole_minutes or since < timedelta(hours=1)) and 0 <= many < 60:
        return float(many)
    raise Refusal("kinds.ratio_time_unclear", f"1:{digits(many)}" if many >= 60 else "")


def _hidden_time(number: float) -> float | None:
    """The ratio of which a spreadsheet made exactly this time of day, shown in a number format.

    Refused where somebody may have meant the number itself: 0.05 is 1:12, too.
    """
    minutes, seconds = number * 1440, number * 86_400
    if 60 < minutes < 120 and abs(minutes - round(minutes)) < 1e-6:
        many = Decimal(round(minutes) - 60)
    elif 60 < seconds < 120 and abs(seconds * 100 - round(seconds * 100)) < 1e-4:
        many = Decimal(round(seconds * 100)).scaleb(-2) - 60
    else:
        return None
    if len(digits(number)) <= _LONGEST_TYPED:
        raise Refusal("kinds.ratio_hidden_time", f"1:{digits(many)}")
    return float(many)

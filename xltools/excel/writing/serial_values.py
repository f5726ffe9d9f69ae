"""Dates and numbers as a workbook stores them."""

from __future__ import annotations

from datetime import date, datetime, time
from math import isfinite

_DAY_ZERO = date(1899, 12, 30).toordinal()
_FIRST_SAFE = 61  # before 1 March 1900 Excel counts a leap day that never was
_SECONDS = 86_400
_HUGE = 10**300
EXACT = 2**53  # beyond, a workbook cannot tell neighbouring whole numbers apart


def serial_number(value: date | datetime | time) -> float | None:
    """Excel's number for a date or time; None before 1900 and for zoned times, which it lacks."""
    if isinstance(value, time):
        return None if value.tzinfo else _day_part(value)
    if isinstance(value, datetime) and value.tzinfo:
        return None
    days = value.toordinal() - _DAY_ZERO
    if days < _FIRST_SAFE:
        days -= 1
    if days < 1:
        return None
    return days + _day_part(value.time()) if isinstance(value, datetime) else days


def missing(value: object) -> bool:
    """Whether a value stands for none: None, NaN, and what pandas has for them."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # pandas.NA compares to nothing, not even to itself
        return True


def cached(value: object) -> float | str | bool:
    """A formula's value as its cell holds it; "" where there is none yet."""
    if missing(value):
        return ""
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (date, time)):
        serial = serial_number(value)
        return value.isoformat() if serial is None else serial
    if callable(getattr(value, "item", None)):
        return cached(value.item())  # type: ignore[attr-defined]
    if isinstance(value, int):
        return int(value) if is_exact(value) else str(value)
    number = float(value)  # type: ignore[arg-type]
    return number if isfinite(number) else ""


def is_exact(number: int) -> bool:
    """Whether a workbook, which knows only floats, keeps all digits of a whole number."""
    return abs(number) <= EXACT or (abs(number) < _HUGE and int(float(number)) == number)


def _day_part(value: time) -> float:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return seconds / _SECONDS

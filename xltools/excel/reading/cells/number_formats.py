"""What a stored number means: its cell's number format, and serial numbers as dates and times."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache


class Shown(Enum):
    """What a number format makes of a number; plain numbers have none."""

    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    DURATION = "duration"
    PERCENT = "percent"


_BUILT_IN: dict[int, Shown] = {
    **dict.fromkeys((9, 10), Shown.PERCENT),
    **dict.fromkeys((14, 15, 16, 17), Shown.DATE),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), Shown.TIME),
    22: Shown.MOMENT,
    46: Shown.DURATION,
    # Chinese, Japanese and Korean Excel keep dates and times of their own here.
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), Shown.DATE),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), Shown.TIME),
}
_LITERALS = re.compile(r'"[^"]*"?|[\\!_*].')
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_WORDS = re.compile(r"general|g/[^\W\d_a-z]+|e[+-]|am/pm|a/p|上午/下午|am|pm", re.IGNORECASE)

_LAST_SERIAL = 2_958_466  # 9999-12-31 is the day before
_DAY_MS = 86_400_000
_DAYS = (Shown.DATE, Shown.MOMENT)
_FIRST_PLAIN = 61  # before 1 March 1900 Excel counts a 29 February that never was
_DAY_0_OF_1900 = date(1899, 12, 30).toordinal()
_DAY_0_OF_1904 = date(1904, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()


def built_in(number: int) -> Shown | None:
    """What a number format that every workbook has makes of a number."""
    return _BUILT_IN.get(number)


@lru_cache(4096)  # a pure function of short texts, bounded and safe in threads
def shown_by(code: str) -> Shown | None:
    """What a format code such as ``yyyy"年"m"月"`` makes of a number."""
    bare = _LITERALS.sub("", code)
    if _DURATION.search(bare):
        return Shown.DURATION
    bare = _WORDS.sub("", _BRACKETS.sub("", bare)).lower()
    clock = "h" in bare or "s" in bare
    calendar = any(letter in bare for letter in ("y", "d", "e", "g", "aaa"))
    calendar = calendar or ("m" in bare and not clock)
    if calendar:
        return Shown.MOMENT if clock else Shown.DATE
    if clock:
        return Shown.TIME
    return Shown.PERCENT if "%" in bare else None


def from_serial(
    serial: float, shown: Shown, date_1904: bool
) -> date | datetime | time | timedelta | None:
    """The date, time or span that a serial number shows as; None where Excel shows none either."""
    if type(serial) is int and shown in _DAYS:
        day = serial + (_DAY_0_OF_1904 if date_1904 else _DAY_0_OF_1900)
        if serial >= _FIRST_PLAIN and day <= _LAST_DAY:
            return date.fromordinal(day)
    if shown is Shown.DURATION:
        return _span(serial) if abs(serial) < _LAST_SERIAL else None
    if not 0 <= serial < _LAST_SERIAL:
        return None
    if serial < 1 and not date_1904:
        return None if shown is Shown.DATE else _clock(serial)
    if serial < 1 and shown is Shown.TIME:
        return _clock(serial)
    try:
        moment = _origin(serial, date_1904) + _span(serial)
    except OverflowError:
        return None
    return moment.date() if moment.time() == time.min else moment


def _origin(serial: float, date_1904: bool) -> datetime:
    if date_1904:
        return datetime(1904, 1, 1)
    return datetime(1899, 12, 31 if serial < _FIRST_PLAIN - 1 else 30)


def _span(serial: float) -> timedelta:
    return timedelta(milliseconds=round(serial * _DAY_MS))


def _clock(serial: float) -> time:
    milliseconds = min(round(serial * _DAY_MS), _DAY_MS - 1)
    return (datetime.min + timedelta(milliseconds=milliseconds)).time()

"""The grammar of typed days, and what was probably meant by texts that are none."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from xltools.kinds.cell_reading import Refusal
from xltools.kinds.grammar.typed_numbers import chinese

FIRST = date(1980, 1, 1)
LAST = date(2099, 12, 31)
"""Days outside are no plans of a sales desk but numbers in a date format."""

_SERIAL_ZERO = date(1899, 12, 30)
_LAST_SERIAL = (LAST - _SERIAL_ZERO).days
_FULL = re.compile(r"([0-9]{4}) ?([-./]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_WRITTEN = re.compile(r"(?:([0-9]{4}) ?年 ?)?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NAME = rf"((?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_DAY_FIRST = re.compile(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH_NAME}[ ,-]+([0-9]{{4}})", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"{_MONTH_NAME} ([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,]+([0-9]{{4}})", re.IGNORECASE
)
_TAIL = re.compile(
    r"[ T]?(?:\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9.]{2,9})?)?"
)
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_CHINESE_PART = re.compile(r"[一二三四五六七八九十]{1,3}(?=[月日号])")

_YEARLESS = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})")
_SHORT_YEAR = re.compile(r"([0-9]{2})([-./])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")
_MONTH_ONLY = re.compile(r"(?:[0-9]{4}(?:[-./]|年)|[0-9]{2}年)[0-9]{1,2}月?")
_TWO_DIGITS = re.compile(
    r"([0-9]{2})年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]?|([0-9]{2})([0-9]{2})([0-9]{2})"
)
_WITHIN = re.compile(
    r"[0-9]{4} ?([-./]) ?[0-9]{1,2} ?\1 ?[0-9]{1,2}(?![0-9])"
    r"|(?:[0-9]{4} ?年 ?)?[0-9]{1,2} ?月 ?[0-9]{1,2} ?[日号]"
)
_LONGEST = 200


def arabic(text: str) -> str:
    """Chinese numerals of years, months and days as digits: ``七月三日`` → ``7月3日``."""
    text = _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), text)
    return _CHINESE_PART.sub(lambda match: str(chinese(match[0]) or match[0]), text)


def day(text: str, year: int | None) -> date | None:
    """The day that a narrowed text plainly is; Refusal for a day that no calendar has."""
    for end in _ends(text):
        parts = _parts(text[:end])
        if parts is None:
            continue
        of_year, month, number = parts
        if of_year is None and year is None:
            raise Refusal("kinds.date_no_year")
        return existing(of_year or year or 0, month, number)
    return None


def existing(year: int, month: int, number: int) -> date:
    """The day of these numbers; Refusal suggests the month's last where there is none."""
    if 1 <= month <= 12 and 1 <= year <= 9999:
        last = calendar.monthrange(year, month)[1]
        if 1 <= number <= last:
            return within(date(year, month, number))
        if number <= 31:
            nearest = date(year, month, last if number else 1)
            raise Refusal("kinds.date_not_in_calendar", nearest.isoformat())
    raise Refusal("kinds.date_not_in_calendar")


def within(found: date) -> date:
    """The day itself, unless it is so far away that it was never meant."""
    if FIRST <= found <= LAST:
        return found
    raise Refusal("kinds.date_far")


def numbered(number: float) -> date | None:
    """The day of a number like 20230703; a serial number is refused with the day it may be."""
    if number != number // 1:
        raise Refusal("kinds.date_decimal")
    whole = int(number)
    match = _COMPACT.fullmatch(str(whole)) if 0 < whole < 10**8 else None
    if match:
        return existing(int(match[1]), int(match[2]), int(match[3]))
    short = short_year(f"{whole:06}") if 0 < whole < 10**6 and whole > _LAST_SERIAL else None
    if short:
        raise short
    if (FIRST - _SERIAL_ZERO).days <= whole <= _LAST_SERIAL:
        likely = _SERIAL_ZERO + timedelta(days=whole)
        raise Refusal("kinds.date_serial", likely.isoformat())
    return None


def short_year(text: str) -> Refusal | None:
    """The refusal of a day whose year has two digits (``24年7月3日``, ``240703``); else None."""
    match = _TWO_DIGITS.fullmatch(text)
    parts = [int(part) for part in match.groups() if part] if match else []
    likely = _likely(2000 + parts[0], parts[1], parts[2]) if parts else ""
    # 202406 is a month.
    if not likely or (match and match[4] and re.match("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])$", text)):
        return None
    return Refusal("kinds.short_year", likely)


def not_a_day(text: str, year: int | None) -> Refusal:
    """Why a text is no day, with the day that was probably meant."""
    short = short_year(text)
    if short:
        return short
    if _MONTH_ONLY.fullmatch(text):
        return Refusal("kinds.date_month")
    match = _YEARLESS.fullmatch(text)
    if match:
        return Refusal("kinds.date_unclear", _likely(year, int(match[1]), int(match[2])))
    match = _SHORT_YEAR.fullmatch(text)
    if match:
        likely = _likely(2000 + int(match[1]), int(match[3]), int(match[4]))
        return Refusal("kinds.date_unclear", likely)
    match = _YEAR_LAST.fullmatch(text)
    if match:
        one, two, of_year = int(match[1]), int(match[3]), int(match[4])
        readings = {_likely(of_year, one, two), _likely(of_year, two, one)} - {""}
        return Refusal("kinds.date_unclear", readings.pop() if len(readings) == 1 else "")
    found = [match[0] for match in _WITHIN.finditer(text[:_LONGEST])]
    if len(found) == 1:
        return Refusal("kinds.date_words", _read_within(found[0], year))
    return Refusal("kinds.date_several" if found else "kinds.not_a_date")


def _ends(text: str) -> list[int]:
    """Where the day itself may end: at the text's end, or before a weekday or a time of day."""
    if len(text) > _LONGEST:
        return []
    tails = [at for at in range(len(text) - 1, 5, -1) if _TAIL.fullmatch(text, at)]
    return [len(text), *tails]


def _parts(text: str) -> tuple[int | None, int, int] | None:
    """Year, month and day as numbers."""
    text = text.rstrip()
    match = _FULL.fullmatch(text)
    if match:
        return int(match[1]), int(match[3]), int(match[4])
    match = _COMPACT.fullmatch(text)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    match = _WRITTEN.fullmatch(arabic(text))
    if match:
        return int(match[1]) if match[1] else None, int(match[2]), int(match[3])
    match = _DAY_FIRST.fullmatch(text)
    if match:
        return int(match[3]), _month(match[2]), int(match[1])
    match = _MONTH_FIRST.fullmatch(text)
    if match:
        return int(match[3]), _month(match[1]), int(match[2])
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _likely(year: int | None, month: int, number: int) -> str:
    try:
        return date(year or 0, month, number).isoformat()
    except ValueError:
        return ""


def _read_within(text: str, year: int | None) -> str:
    try:
        found = day(text, year)
    except Refusal:
        return ""
    return found.isoformat() if found else ""

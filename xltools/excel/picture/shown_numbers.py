"""A number as its format shows it."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from xltools.excel.reading.cells.number_formats import Shown, from_serial, shown_by
from xltools.kinds.typed_text import shown

_SECTIONS = re.compile(r'((?:"[^"]*"?|\\.|[^;"\\])*)(?:;|$)', re.DOTALL)
_PIECES = re.compile(
    r'"(?P<words>[^"]*)"?|\\(?P<sign>.)|(?P<digits>[0#?][0#?,.]*)|_.|\*.|\[[^\]]*\]|(?P<bare>.)',
    re.DOTALL,
)
_CALENDAR = re.compile(r'y+|m+|d+|h+|s+|"[^"]*"?|\\.|.', re.IGNORECASE | re.DOTALL)


def shown_number(value: float, code: str) -> str:
    """What a cell of that format shows; a day's pieces in digits alone.

    >>> shown_number(1234.5, "#,##0"), shown_number(0.963, "0.0%"), shown_number(7.66, '"1:"0.0')
    ('1,235', '96.3%', '1:7.7')
    """
    if code in ("General", "@", ""):
        return shown(value)
    if shown_by(code) in (Shown.DATE, Shown.MOMENT):
        moment = from_serial(value, Shown.MOMENT, date_1904=False)
        return _calendar(moment, code) if isinstance(moment, date) else shown(value)
    sections = _sections(code)
    at = 0 if value > 0 or len(sections) == 1 else 1 if value < 0 else 2
    section = sections[at] if at < len(sections) else sections[0]
    # A section for negative numbers has its own sign, or none.
    return _filled(section, abs(value) if at == 1 and len(sections) > 1 else value)


@lru_cache(256)
def _sections(code: str) -> list[str]:
    found = [match[1] for match in _SECTIONS.finditer(code)]
    return found[:-1] if len(found) > 1 and not found[-1] and not code.endswith(";") else found


def _filled(section: str, value: float) -> str:
    """A section with the number in place of its digits."""
    number = Decimal(format(value, ".15g"))
    if "%" in re.sub(r'"[^"]*"?|\\.', "", section):
        number *= 100
    told = ""
    for piece in _PIECES.finditer(section):
        kind = piece.lastgroup
        if kind == "digits":
            told += _digits(piece["digits"], number)
        elif kind is not None:
            told += piece[kind]
    return f"-{told[1:]}" if told.startswith("--") else told


def _digits(pattern: str, number: Decimal) -> str:
    whole, _, behind = pattern.rstrip(",").partition(".")
    number = number.scaleb(-3 * (len(pattern) - len(pattern.rstrip(","))))
    most, least = len(behind), len(behind.rstrip("#?"))
    rounded = number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    text = format(rounded, ",f" if "," in whole else "f")
    if most > least:
        text = text[: len(text) - (most - least)] + text[len(text) - (most - least) :].rstrip("0")
    text = text.removesuffix(".")
    return text.removeprefix("-") if not rounded else text


def _calendar(moment: date, code: str) -> str:
    """Year, month, day and time in the order of the code."""
    clock = moment if isinstance(moment, datetime) else datetime(*moment.timetuple()[:3])
    pieces = [piece[0] for piece in _CALENDAR.finditer(code.partition(";")[0])]
    told, after_hour = "", False
    for piece in pieces:
        letter, width = piece[0].lower(), len(piece)
        if letter == "m":
            told += str(clock.minute if after_hour else clock.month).zfill(width)
        elif letter in "ydhs":
            value = {"y": clock.year, "d": clock.day, "h": clock.hour, "s": clock.second}[letter]
            told += str(value).zfill(min(width, 4))
        else:
            told += piece.strip('"\\')
        after_hour = letter == "h" or (after_hour and not piece.isalpha())
    return told

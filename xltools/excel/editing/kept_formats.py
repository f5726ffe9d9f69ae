"""Cell styles for values that were read, so that they look as in the source."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from xltools.excel.reading.cells.format_codes import digest
from xltools.excel.styles import DATE, DATE_TIME, GENERAL, PERCENT, PERCENT_WHOLE, Style
from xltools.kinds.display_format import Format, Section

_GRAINS = {"month": "yyyy-mm", "year": "yyyy", "weekday": "dddd"}
_USUAL_TESTS = (
    (None,),
    ((">=", 0.0), None),
    ((">", 0.0), ("<", 0.0), None),
)


def cell_style(value: object, display: Format | None, base: Style, percent: bool) -> Style:
    """The style that shows the value as its cell did."""
    struck = bool(display and display.struck)
    is_amount = isinstance(value, int | float | date | time | timedelta)
    align = "right" if is_amount and not isinstance(value, bool) else base.align
    return base.but(number=_code(value, display, percent), strike=struck, align=align)


def _code(value: object, display: Format | None, percent: bool) -> str:
    if isinstance(value, datetime):
        return f"{DATE_TIME}:ss" if value.second or value.microsecond else DATE_TIME
    if isinstance(value, date):
        return _GRAINS.get(display.grain, DATE) if display else DATE
    if isinstance(value, time):
        return "h:mm:ss" if value.second or value.microsecond else "h:mm"
    if isinstance(value, timedelta):
        return "[h]:mm:ss"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if percent:
        return _percent_code(value)
    return number_code(display.sections) if display else ""


def _percent_code(value: float) -> str:
    hundredths = value * 100
    for decimals, code in enumerate((PERCENT_WHOLE, PERCENT)):
        if abs(hundredths - round(hundredths, decimals)) < 1e-9 * max(1.0, abs(hundredths)):
            return code
    return "0.00%"


def number_code(sections: tuple[Section, ...]) -> str:
    """A format code that reads as these sections; that of plain numbers where there is none."""
    usual = tuple(section.test for section in sections) in _USUAL_TESTS
    code = ";".join(_part(section, with_test=not usual) for section in sections)
    read = digest(code)
    return code if read is not None and read.sections == sections else GENERAL


def _part(section: Section, *, with_test: bool) -> str:
    commas, moved = divmod(section.scale, 3)
    digits = "0" * section.whole
    if moved:
        digits += '"."' + "0" * moved
    elif section.decimals:
        digits += "." + "0" * section.decimals
    test = f"[{section.test[0]}{section.test[1]:g}]" if with_test and section.test else ""
    return f"{test}{_quoted(section.before)}{digits}{',' * commas}{_quoted(section.after)}"


def _quoted(words: str) -> str:
    plain = words.replace('"', "")
    return f'"{plain}"' if plain else ""

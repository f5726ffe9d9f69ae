"""Days: real dates, and every way to type one that has a single meaning."""

from __future__ import annotations

import datetime

from xltools.issues import Severity
from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal, unread
from xltools.kinds.display_format import Format
from xltools.kinds.excel_checks import LETTER
from xltools.kinds.grammar import typed_days, typed_spans
from xltools.kinds.grammar.timestamps import of_moment, stamped
from xltools.kinds.typed_text import is_blank, typed

IN_CALENDAR = (
    f"{{cell}}>=DATE({typed_days.FIRST.year},1,1),{{cell}}<DATE({typed_days.LAST.year + 1},1,1)"
)
SHOWN_AS_DAY = f'ISERROR(FIND({LETTER},"F,CPS"))'
"""Not as a plain number: 45110 is a day to nobody who reads it."""


class Date(Kind):
    """A `datetime.date`."""

    name = "date"
    dtype = "datetime64[ns]"
    align = "center"
    format = "yyyy-mm-dd"
    valid = f"IF(ISNUMBER({{cell}}),AND({IN_CALENDAR},{SHOWN_AS_DAY}),FALSE)"
    readable = (
        "IF(ISTEXT({cell}),IFERROR(AND(LEN({cell})>8,-MID({cell},6,1)<=0,"
        'LEN({cell})-LEN(SUBSTITUTE({cell},MID({cell},5,1),""))=2,'
        'YEAR(DATEVALUE(SUBSTITUTE({cell},MID({cell},5,1),"-")))=VALUE("20"&MID({cell},3,2))),'
        "FALSE),FALSE)"
    )
    entered = f"IF(ISNUMBER({{cell}}),AND({IN_CALENDAR}),FALSE)"
    entry = "date"
    bounds = (typed_days.FIRST, typed_days.LAST)
    reads_format = ("grain",)

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        first, last, day = typed_days.FIRST, typed_days.LAST, datetime.date
        read: list[object] = [
            v if type(v) is day and first <= v <= last else None for v in column.values
        ]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> ReadValue:
        if isinstance(cell.raw, datetime.date) and cell.format and cell.format.grain:
            return _shown(cell.raw, cell.format, cell.setting.year)
        if isinstance(cell.raw, str):
            text = typed(cell.raw)
            moment = stamped(text)
            if moment is None:
                return ReadValue(_from_text(text, cell.setting.year))
            return ReadValue(typed_days.within(moment.day), moment.note, moment.severity)
        if isinstance(cell.raw, datetime.datetime):
            moment = of_moment(cell.raw)
            return ReadValue(typed_days.within(moment.day), moment.note, moment.severity)
        if isinstance(cell.raw, datetime.date):
            return ReadValue(typed_days.within(cell.raw))
        return ReadValue(from_number(cell.raw), "kinds.read_as")

    def written(self, value: object) -> str:
        return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _shown(raw: datetime.date, display: Format, year: int | None) -> ReadValue:
    """A date of which the day is not shown."""
    if display.is_whole(raw):
        return ReadValue(_from_text(display.day(raw), year))
    return day_not_shown(
        raw, display, typed_days.within(datetime.date(raw.year, raw.month, raw.day))
    )


def day_not_shown(raw: datetime.date, display: Format, value: object) -> ReadValue:
    """The day that a cell holds counts; a weekday alone cannot be typed as a date."""
    severity = None if display.grain == "weekday" else Severity.WARNING
    return ReadValue(value, "kinds.day_not_shown", severity, {"shown": display.day(raw)})


def from_number(raw: object) -> datetime.date:
    """The day of a numeric cell such as 20230703; Refusal for any other cell."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Refusal("kinds.not_a_date")
    if raw != raw or abs(raw) >= 1e9:
        raise Refusal("kinds.not_a_date")
    found = typed_days.numbered(raw)
    if found is None:
        raise Refusal("kinds.not_a_date")
    return found


def _from_text(text: str, year: int | None) -> datetime.date | None:
    if is_blank(text):
        return None
    found = typed_days.day(text, year)
    if found is not None:
        return found
    refusal = typed_days.not_a_day(text, year)
    loose = refusal.key in ("kinds.not_a_date", "kinds.date_words", "kinds.date_several")
    if loose and len(typed_spans.readings(text, year or 2000)) == 1:
        raise Refusal("kinds.date_is_span")
    raise refusal

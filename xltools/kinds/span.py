"""Spans of days: a day, a month, a quarter, or from one of them to another."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal, unread
from xltools.kinds.date import IN_CALENDAR, SHOWN_AS_DAY, day_not_shown, from_number
from xltools.kinds.display_format import Format
from xltools.kinds.grammar import typed_days
from xltools.kinds.grammar.timestamps import Moment, of_moment, stamped
from xltools.kinds.grammar.typed_spans import Span as Days
from xltools.kinds.grammar.typed_spans import readings
from xltools.kinds.number import numeric
from xltools.kinds.typed_text import digits, is_blank, typed

_NAMES_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SHORT_YEAR = re.compile(r"([0-9]{2})(?=[年QqHh])")
_WEEK = re.compile(r"(?:(20[0-9]{2}|[0-9]{2})年?[-. ]?)?(?:[Ww](?:eek|k)?\.? ?|第)([0-9]{1,2})周?")
_EDGE = re.compile(r"(.+?)(?:月?([底末前初起])|之前|以前|内)")
_BARE_DAY = re.compile(r"(?<![0-9./])([0-9]{1,2})[./]([0-9]{1,2})(?![0-9./])")


class Span(Kind):
    """The text ``2023-07-10/2023-07-12``, or ``2023-07-03`` for a single day."""

    name = "span"
    align = "center"
    reads_format = ("grain",)
    # The name ``spans`` holds the usual words: 2024Q3, 7月. Else it is a day, or two of them.
    valid = (
        "IF(ISNUMBER(MATCH(TRIM({cell}),spans,0)),TRUE,IFERROR(AND(ISTEXT({cell}),"
        '(LEN({cell})-10)*(LEN({cell})-13)*(LEN({cell})-21)=0,FIND(MID({cell}&"-",11,1),"-/至到~～"),'
        'YEAR(DATEVALUE(LEFT({cell},10)))=VALUE("20"&MID({cell},3,2)),'
        "DATEVALUE(IF(LEN({cell})=13,LEFT({cell},8)&RIGHT({cell},2),RIGHT({cell},10)))"
        ">=DATEVALUE(LEFT({cell},10))),FALSE))"
    )
    readable = (
        f"IF(ISNUMBER({{cell}}),AND({IN_CALENDAR},{SHOWN_AS_DAY}),"
        'AND(ISNUMBER(FIND(LEFT({cell}),"0123456789")),ISNUMBER(FIND(RIGHT({cell}),"日号月")),'
        "ISERROR(MATCH(TRIM({cell}),spans,0))))"
    )

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        first, last = typed_days.FIRST, typed_days.LAST
        read: list[object] = [
            v.isoformat() if type(v) is date and first <= v <= last else None for v in column.values
        ]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> ReadValue:
        year = cell.setting.year
        if isinstance(cell.raw, date) and cell.format and cell.format.grain:
            return _shown(cell.raw, cell.format)
        if isinstance(cell.raw, str):
            text = typed(cell.raw)
            moment = stamped(text)
            if moment is not None:
                return _day(moment)
            return ReadValue(None if is_blank(text) else str(_from_text(text, year)))
        if isinstance(cell.raw, datetime):
            return _day(of_moment(cell.raw))
        if isinstance(cell.raw, date):
            return ReadValue(typed_days.within(cell.raw).isoformat())
        if isinstance(cell.raw, time | timedelta):
            raise Refusal("kinds.not_a_span")
        number = numeric(cell.raw, "kinds.not_a_span")
        return ReadValue(_from_number(number), "kinds.read_as")


def _day(moment: Moment) -> ReadValue:
    return ReadValue(typed_days.within(moment.day).isoformat(), moment.note, moment.severity)


def _shown(raw: date, display: Format) -> ReadValue:
    """A date of which the day is not shown."""
    if display.is_whole(raw):
        return ReadValue(str(_from_text(display.day(raw), raw.year)), "kinds.read_as")
    return day_not_shown(
        raw, display, typed_days.within(date(raw.year, raw.month, raw.day)).isoformat()
    )


# A pure function of the year, bounded and safe in threads.
@lru_cache(16)
def usual_spans(year: int) -> tuple[str, ...]:
    """What people write for spans of a year, and of those around it with their number."""
    quarters = [(1, "一"), (2, "二"), (3, "三"), (4, "四")]
    found = [f"{month}月" for month in range(1, 13)]
    found += [f"{month}月份" for month in range(1, 13)]
    found += [f"Q{number}" for number, _ in quarters]
    found += [text for _, sign in quarters for text in (f"第{sign}季度", f"{sign}季度")]
    found += [f"{one}-{two}月" for one in range(1, 13) for two in range(one + 1, 13)]
    found += [f"{one}月-{two}月" for one in range(1, 13) for two in range(one + 1, 13)]
    for named in range(year - 1, year + 4):
        for number, sign in quarters:
            found += [f"{named}Q{number}", f"{named}年第{sign}季度", f"{named}年{sign}季度"]
            found += [f"{named}Q{number}-Q{last}" for last in range(number + 1, 5)]
        for month in range(1, 13):
            found += [f"{named}-{month:02}", f"{named}.{month:02}", f"{named}年{month}月"]
        found += [f"{named}年", f"{named}年上半年", f"{named}年下半年"]
    return tuple(found)


def span_start(text: str) -> date:
    """The first day of a span's canonical text."""
    return date.fromisoformat(text.partition("/")[0])


def span_end(text: str) -> date:
    """The last day of a span's canonical text."""
    return date.fromisoformat(text.rpartition("/")[2])


def _from_number(number: float) -> str:
    """A month typed as a number; 2024.1 may have been 2024.1 or 2024.10."""
    text = digits(float(number))
    if not _NAMES_YEAR.match(text) or len(text) > 7:
        return from_number(number).isoformat()
    year, _, month = text.partition(".")
    if text.isdigit() and len(text) == 4:
        raise Refusal("kinds.span_year", f"{year}Q1-Q4")
    if month == "1":
        raise Refusal("kinds.span_decimal", f"{year}-01 / {year}-10")
    found = readings(text, 0)
    if len(found) != 1:
        raise Refusal("kinds.not_a_span")
    return str(found[0])


def _from_text(text: str, year: int | None) -> Days:
    short = typed_days.short_year(text)
    if short:
        raise short
    if _NAMES_YEAR.fullmatch(text):
        raise Refusal("kinds.span_year", f"{text}Q1-Q4")
    if len(text) < 30 and (year is not None or not _yearless(text)):
        single = typed_days.day(text, year)
        if single is not None:
            return Days(single, single)
    found = readings(text, year or 2000)
    forward = [span for span in found if span.start <= span.end]
    if not forward:
        raise _not_a_span(text, found, year)
    if len(forward) > 1:
        said = " / ".join(str(span) for span in forward)
        raise Refusal("kinds.span_unclear", said, readings=said)
    if year is None and _yearless(text):
        raise Refusal("kinds.date_no_year")
    typed_days.within(forward[0].start)
    typed_days.within(forward[0].end)
    return forward[0]


def _not_a_span(text: str, backward: list[Days], year: int | None) -> Refusal:
    """Why a text is no span, with the span that was probably meant."""
    if backward:
        return Refusal(
            "kinds.span_backwards", _turned(backward[0], year if _yearless(text) else None)
        )
    longer = _SHORT_YEAR.sub(r"20\1", text, count=1) if _SHORT_YEAR.match(text) else ""
    if longer and len(readings(longer, 2000)) == 1:
        return Refusal("kinds.short_year", longer.upper())
    week = _WEEK.fullmatch(text)
    if week and (week[1] or year):
        return Refusal("kinds.span_week", _week(int(week[1] or year or 0), int(week[2])))
    edge = _EDGE.fullmatch(text)
    if edge and (year is not None or not _yearless(text)):
        spans = readings(edge[1], year or 2000) or readings(f"{edge[1]}月", year or 2000)
        if len(spans) == 1:
            at = spans[0].start if edge[2] in ("初", "起") else spans[0].end
            return Refusal("kinds.span_edge", at.isoformat())
    written = _BARE_DAY.sub(r"\1月\2日", text)
    if year is not None and written != text:
        spans = [span for span in readings(written, year) if span.start <= span.end]
        if len(spans) == 1:
            return Refusal("kinds.date_unclear", str(spans[0]))
    refusal = typed_days.not_a_day(text, year)
    known = refusal.key in ("kinds.date_unclear", "kinds.date_words")
    return refusal if known else Refusal("kinds.not_a_span")


def _week(year: int, number: int) -> str:
    """The days of a week of the year, as ISO 8601 counts them; "" where the year has none such."""
    try:
        monday = date.fromisocalendar(year if year > 99 else 2000 + year, number, 1)
    except ValueError:
        return ""
    return str(Days(monday, monday + timedelta(days=6)))


def _yearless(text: str) -> bool:
    return _NAMES_YEAR.search(text) is None


def _turned(span: Days, year: int | None) -> str:
    """A span that runs into the next year where no year was named, else the other way round."""
    if year is None:
        return str(Days(span.end, span.start))
    # 29 February has no day a year later; the suggestion is then the day before.
    later = span.end.replace(day=min(span.end.day, 28)) if span.end.month == 2 else span.end
    return str(Days(span.start, later.replace(year=later.year + 1)))

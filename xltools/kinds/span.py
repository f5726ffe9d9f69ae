"""Spans of days: a day, a month, a quarter, or from one of them to another."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from xltools.kinds import days
from xltools.kinds.base import Cell, Column, Kind, Reading, Refusal, unread
from xltools.kinds.date import from_number
from xltools.kinds.number import numeric
from xltools.kinds.periods import Span as Days
from xltools.kinds.periods import readings
from xltools.kinds.wording import digits, is_blank, narrow

_NAMES_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_EDGE = re.compile(r"(.+?)(?:月?([底末前初起])|之前|以前|内)")
_BARE_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class Span(Kind):
    """The text ``2023-07-10/2023-07-12``, or ``2023-07-03`` for a single day."""

    name = "span"
    align = "center"
    valid = f"IF(ISNUMBER({{cell}}),{{cell}}>=DATE({days.FIRST.year},1,1),TRUE)"

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        first, last = days.FIRST, days.LAST
        read: list[object] = [
            v.isoformat() if type(v) is date and first <= v <= last else None for v in column.values
        ]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> Reading:
        year = cell.setting.year
        if isinstance(cell.raw, str):
            text = narrow(cell.raw)
            return Reading(None if is_blank(text) else str(_from_text(text, year)))
        if isinstance(cell.raw, datetime):
            note = "" if cell.raw.time() == time() else "kinds.time_dropped"
            return Reading(days.within(cell.raw.date()).isoformat(), note)
        if isinstance(cell.raw, date):
            return Reading(days.within(cell.raw).isoformat())
        number = numeric(cell.raw, "kinds.not_a_span")
        return Reading(_from_number(number), "kinds.read_as")


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
    if _BARE_YEAR.fullmatch(text):
        raise Refusal("kinds.span_year", f"{text}Q1-Q4")
    if len(text) < 30 and (year is not None or _NAMES_YEAR.search(text)):
        single = days.day(text, year)
        if single is not None:
            return Days(single, single)
    found = readings(text, year or 2000)
    forward = [span for span in found if span.start <= span.end]
    if not forward:
        raise _not_a_span(text, found, year)
    if len(forward) > 1:
        said = " / ".join(str(span) for span in forward)
        raise Refusal("kinds.span_unclear", said, readings=said)
    if year is None and not _NAMES_YEAR.search(text):
        raise Refusal("kinds.date_no_year")
    days.within(forward[0].start)
    days.within(forward[0].end)
    return forward[0]


def _not_a_span(text: str, backward: list[Days], year: int | None) -> Refusal:
    """Why a text is no span, with the span that was probably meant."""
    if backward:
        start, end = backward[0]
        if year is not None and not _NAMES_YEAR.search(text) and end.year < 9999:
            # 12月28日-1月3日 runs into the next year.
            likely = Days(start, _next_year(end))
        else:
            likely = Days(end, start)
        return Refusal("kinds.span_backwards", str(likely))
    match = _EDGE.fullmatch(text)
    if match:
        spans = readings(match[1], year or 2000) or readings(f"{match[1]}月", year or 2000)
        if len(spans) == 1 and (year is not None or _NAMES_YEAR.search(text)):
            at = spans[0].start if match[2] in ("初", "起") else spans[0].end
            return Refusal("kinds.span_edge", at.isoformat())
    refusal = days.not_a_day(text, year)
    known = refusal.key in ("kinds.date_unclear", "kinds.date_words")
    return refusal if known else Refusal("kinds.not_a_span")


def _next_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)

"""The grammar of typed spans: every reading that a text allows, so that doubt can be counted."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from xltools.kinds.grammar.typed_days import arabic


class Span(NamedTuple):
    """From one day to another, both included."""

    start: date
    end: date

    def __str__(self) -> str:
        if self.start == self.end:
            return self.start.isoformat()
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


class _Point(NamedTuple):
    """A day, month, quarter, half or year; ``grain`` is how exact it was."""

    span: Span
    grain: str


_DIGITS = r"[0-9]{1,2}"
_DAY = re.compile(
    rf"([0-9]{{4}})[-./]({_DIGITS})[-./]({_DIGITS})|([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})"
)
_MONTH = re.compile(rf"([0-9]{{4}})[-./]({_DIGITS})|([0-9]{{4}})([0-9]{{2}})")
_WRITTEN = re.compile(
    rf"(?:([0-9]{{4}})(?:年度?[-.]?|[-.]?(?=[QqHh])|(?=[上下第])))?(?:"
    rf"({_DIGITS})月份?(?:({_DIGITS})[日号]?)?"
    r"|第?([一二三四1-4])季度?|[Qq]([1-4])|([上下])半年|[Hh]([12]))"
)
_YEAR = re.compile(r"([0-9]{4})年(?:度|全年)?")
_QUARTER_FIRST = re.compile(r"([Qq][1-4])[-. ]?([0-9]{4})")
_MONTH_AND_DAY = re.compile(rf"({_DIGITS})[-./]({_DIGITS})")
_LAST_PART = re.compile(rf"({_DIGITS})[日号]?")
# In 7-9月 and 7月10-12日 what stands behind the second number holds for the first, too.
_SHARED = re.compile(
    rf"((?:^|[年月第]))([0-9]{{1,2}}|[一二三四])[-~]({_DIGITS}|[一二三四])(月|日|号|季度)"
)
_TO = re.compile(r"[~～—–―至到]+|(?<=[0-9a-z)])to(?=[0-9qh])", re.IGNORECASE)
_LONGEST = 60


def readings(text: str, year: int) -> list[Span]:
    """All spans that a narrowed text can mean, backward ones included, each once."""
    if len(text) > _LONGEST:
        return []
    text = _TO.sub("~", arabic("".join(text.split())))
    text = _SHARED.sub(r"\1\2\4~\3\4", text)
    whole = _point(text, year)
    found = [whole.span] if whole else []
    if whole and _uniform(text):
        return found
    for at in _connectors(text):
        left, right = _point(text[:at], year), text[at + 1 :]
        end = _end(right, left) if left and right else None
        if left and end:
            found.append(Span(left.span.start, end))
    return sorted(set(found))


def _uniform(text: str) -> bool:
    """Whether a single point is written with one kind of separator: then it is no span."""
    return len(set(re.findall(r"[-./]", text))) < 2


def _connectors(text: str) -> list[int]:
    """Where the word or sign between start and end may stand."""
    sure = [at for at, sign in enumerate(text) if sign == "~"]
    return sure or [at for at, sign in enumerate(text) if sign in "-/" and 0 < at < len(text) - 1]


def _end(right: str, left: _Point) -> date | None:
    """The last day of a span whose second half may leave out what the first half said."""
    own = _point(right, left.span.start.year)
    if own:
        return own.span.end
    match = _MONTH_AND_DAY.fullmatch(right)
    if match and left.grain == "day":
        return _day(left.span.start.year, int(match[1]), int(match[2]))
    match = _LAST_PART.fullmatch(right)
    if match and left.grain == "day":
        return _day(left.span.start.year, left.span.start.month, int(match[1]))
    if match and left.grain == "month" and right.isdigit():
        month = _month(left.span.start.year, int(match[1]))
        return month.end if month else None
    if match and left.grain == "quarter" and right.isdigit():
        quarter = _months(left.span.start.year, int(match[1]) * 3 - 2, 3)
        return quarter.end if quarter else None
    return None


def _point(text: str, year: int) -> _Point | None:
    """One day, month, quarter, half or year; ``year`` completes the one that names none."""
    match = _DAY.fullmatch(text)
    if match:
        found = _day(*(int(part) for part in match.groups() if part))
        return _Point(Span(found, found), "day") if found else None
    match = _MONTH.fullmatch(text)
    if match:
        month = _month(*(int(part) for part in match.groups() if part))
        return _Point(month, "month") if month else None
    match = _YEAR.fullmatch(text)
    if match:
        whole = _months(int(match[1]), 1, 12)
        return _Point(whole, "year") if whole else None
    match = _WRITTEN.fullmatch(_QUARTER_FIRST.sub(r"\2\1", text))
    return _written(match, year) if match else None


def _written(match: re.Match[str], year: int) -> _Point | None:
    of_year = int(match[1] or year)
    if match[3]:
        found = _day(of_year, int(match[2]), int(match[3]))
        return _Point(Span(found, found), "day") if found else None
    if match[2]:
        span, grain = _month(of_year, int(match[2])), "month"
    elif match[4] or match[5]:
        sign = match[4] or match[5]
        number = "一二三四".find(sign) + 1 or int(sign)
        span, grain = _months(of_year, number * 3 - 2, 3), "quarter"
    else:
        first = 1 if (match[6] or match[7]) in ("上", "1") else 7
        span, grain = _months(of_year, first, 6), "half"
    return _Point(span, grain) if span else None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _month(year: int, month: int) -> Span | None:
    return _months(year, month, 1)


def _months(year: int, first: int, count: int) -> Span | None:
    last = first + count - 1
    if not (first >= 1 and last <= 12 and 1 <= year <= 9999):
        return None
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]))

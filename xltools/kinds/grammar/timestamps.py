"""Dates with a time of day: which day they mean, and where that is a choice."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from xltools.issues import Severity
from xltools.kinds.cell_reading import Refusal

_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?"
    r" ?(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})",
    re.IGNORECASE,
)
_MIDNIGHT_IN_CHINA = 16
_LAST_MINUTE = time(23, 59)
_END_OF_DAY = time(23, 59, 59)


class Moment(NamedTuple):
    """The day of a time stamp, and the sentence to report, if any."""

    day: date
    note: str = ""
    severity: Severity | None = None


def of_moment(moment: datetime) -> Moment:
    """The day that a cell shows; some seconds short of midnight, the next was probably meant."""
    at = moment.time()
    if at == time():
        return Moment(moment.date())
    if at > _LAST_MINUTE and at != _END_OF_DAY:
        return Moment(moment.date(), "kinds.near_midnight", Severity.WARNING)
    return Moment(moment.date(), "kinds.time_dropped")


def stamped(text: str) -> Moment | None:
    """The day of a time stamp with its zone, as programs write it; None for any other text."""
    match = _STAMP.fullmatch(text)
    if not match:
        return None
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return None
    hour, rest = int(match[2]), int(match[3]) + int(match[4] or 0)
    if match[5][0] in "+-" or hour < _MIDNIGHT_IN_CHINA:
        return Moment(day, "kinds.time_dropped")
    later = day + timedelta(days=1)
    if hour == _MIDNIGHT_IN_CHINA and rest == 0:
        # 2024-07-02T16:00:00Z is how programs write midnight of 3 July in China.
        return Moment(later, "kinds.utc_midnight", Severity.WARNING)
    raise Refusal("kinds.date_utc", f"{day.isoformat()} / {later.isoformat()}")

"""When workbooks arrived: the first run that saw them in the inbox, kept in a JSON file."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Annotated, Literal

import msgspec

from xltools.check.submission import Submission
from xltools.errors import WriteError, XltoolsWarning
from xltools.excel.atomic_output import write_bytes
from xltools.excel.cell_text import visible
from xltools.ground.folding import fold
from xltools.settings import Settings

Key = tuple[str, str, str]  # folded team, template, period
Local = Annotated[datetime, msgspec.Meta(tz=False)]  # a deadline is a local day

_CHANGING = Lock()  # the desk notes uploads and looks at the inbox at once
_MOST = 32 * 1024 * 1024  # bytes; ten thousand teams need a quarter of it


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A run at ``seen`` was the first to find a workbook of this team, template and period.

    ``unseen`` is the run before, which did not find one; None where there was none.
    """

    team: str
    template: str
    period: str
    seen: Local
    unseen: Local | None = None


class _Record(msgspec.Struct, frozen=True):
    """The content of the file; ``looked`` is the last run that read the whole inbox."""

    looked: Local | None = None
    arrivals: tuple[Arrival, ...] = ()


class Timeliness(msgspec.Struct, frozen=True):
    """Whether a workbook is late, and by what: the date of the mail that brought it, its arrival,
    or else the time it was saved at."""

    late: bool = False
    by: Literal["", "mail", "arrival", "saved"] = ""
    day: date | None = None


def note_arrivals(
    file: Path,
    submissions: Iterable[Submission],
    settings: Settings,
    *,
    inbox: Path,
    complete: bool,
    now: datetime,
) -> dict[Key, Arrival]:
    """Add what is new in the inbox to ``file``; all known arrivals by the teams' current names.

    ``complete`` says that all of the inbox was read. Where the file cannot be written, later runs
    judge lateness by the time of saving.
    """
    with _CHANGING:
        record = _read(file)
        known = _by_key(record.arrivals, settings)
        added = dict(known)
        for sent in submissions:
            key = _key(sent.team, sent.template, sent.period, settings)
            counts = (
                sent.template and sent.team and not sent.excluded and any(sent.row_counts.values())
            )
            if counts and key not in added and _lies_in(sent.file, inbox):
                added[key] = Arrival(
                    team=visible(sent.team),  # a file's name may be no text
                    template=sent.template,
                    period=sent.period,
                    seen=now,
                    unseen=record.looked,
                )
        if complete or len(added) > len(known):
            record = _Record(now if complete else record.looked, tuple(added.values()))
            with suppress(WriteError):
                content = msgspec.json.format(msgspec.json.encode(record), indent=1)
                write_bytes(file, content, force=True)
    return added


def timeliness(
    sent: Submission,
    arrivals: Mapping[Key, Arrival],
    settings: Settings,
    saved: datetime | None,
) -> Timeliness:
    """Late or not: by its mail, else by arrival where that settles it, else by time of saving."""
    due = settings.due(sent.team)
    if due is None:
        return Timeliness()
    if sent.mailed:
        day = date.fromisoformat(sent.mailed[:10])
        return Timeliness(day > due, "mail", day)
    arrival = arrivals.get(_key(sent.team, sent.template, sent.period, settings))
    if arrival is not None:
        day = arrival.seen.date()
        # Found after the deadline by the first run in weeks, it may have come in time.
        came_late = arrival.unseen is not None and arrival.unseen.date() > due
        if day <= due or came_late:
            return Timeliness(day > due, "arrival", day)
    if saved is None:
        return Timeliness()
    return Timeliness(saved.date() > due, "saved", saved.date())


def clock() -> datetime:
    """The local time of this run; `SOURCE_DATE_EPOCH` where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC).replace(tzinfo=None)
    return datetime.now().replace(microsecond=0)


def _read(file: Path) -> _Record:
    """What the file holds; a blank record without one, or, with a warning, for a damaged one."""
    try:
        about = file.stat()
        if stat.S_ISREG(about.st_mode) and about.st_size <= _MOST:
            return msgspec.json.decode(file.read_bytes(), type=_Record)
    except (FileNotFoundError, NotADirectoryError):
        return _Record()
    except (OSError, msgspec.DecodeError, RecursionError):
        pass  # the same warning as for a pipe or a folder in its place
    warnings.warn(XltoolsWarning("arrivals.damaged", path=file), stacklevel=2)
    return _Record()


def _by_key(arrivals: Iterable[Arrival], settings: Settings) -> dict[Key, Arrival]:
    """The earliest of each: a team that was renamed meanwhile may have several."""
    found: dict[Key, Arrival] = {}
    for one in sorted(arrivals, key=lambda one: one.seen):
        found.setdefault(_key(one.team, one.template, one.period, settings), one)
    return found


def _key(team: str, template: str, period: str, settings: Settings) -> Key:
    return fold(settings.known_as(visible(team))), template, period


def _lies_in(file: str, inbox: Path) -> bool:
    return Path(os.path.abspath(file)).is_relative_to(os.path.abspath(inbox))  # noqa: PTH100

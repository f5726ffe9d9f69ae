"""When workbooks arrived: first seen in the inbox, remembered from run to run."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
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

_MOST = 32 * 1024 * 1024  # bytes; ten thousand teams need a quarter of it


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """The first workbook of a team, template and period was there at ``seen``.

    At ``unseen``, the look before, it was not; None where nobody had looked.
    """

    team: str
    template: str
    period: str
    seen: Local
    unseen: Local | None = None


class _Memory(msgspec.Struct, frozen=True):
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
    whole: bool,
    now: datetime,
) -> dict[Key, Arrival]:
    """Remember in ``file`` what is new in the inbox; all arrivals known, by today's names.

    ``whole`` says that all of the inbox was looked at. Without a place to remember in, only what
    was remembered before is known, and lateness says that it was judged by the time of saving.
    """
    memory = _remembered(file)
    known = _by_key(memory.arrivals, settings)
    added = dict(known)
    for sent in submissions:
        key = _key(sent.team, sent.template, sent.period, settings)
        counts = sent.template and sent.team and not sent.excluded and any(sent.row_counts.values())
        if counts and key not in added and _lies_in(sent.file, inbox):
            added[key] = Arrival(
                team=visible(sent.team),  # a file's name may be no text
                template=sent.template,
                period=sent.period,
                seen=now,
                unseen=memory.looked,
            )
    if whole or len(added) > len(known):
        told = _Memory(now if whole else memory.looked, tuple(added.values()))
        with suppress(WriteError):
            content = msgspec.json.format(msgspec.json.encode(told), indent=1)
            write_bytes(file, content, force=True)
    return added


def timeliness(
    sent: Submission,
    arrivals: Mapping[Key, Arrival],
    settings: Settings,
    saved: datetime | None,
) -> Timeliness:
    """Late or not, by its mail; else by arrival where that is known to be before or after."""
    due = settings.due(sent.team)
    if due is None:
        return Timeliness()
    if sent.mailed:
        day = date.fromisoformat(sent.mailed[:10])
        return Timeliness(day > due, "mail", day)
    arrival = arrivals.get(_key(sent.team, sent.template, sent.period, settings))
    if arrival is not None:
        day = arrival.seen.date()
        absent = arrival.unseen is not None and arrival.unseen.date() > due
        if day <= due or absent:
            return Timeliness(day > due, "arrival", day)
    if saved is None:
        return Timeliness()
    return Timeliness(saved.date() > due, "saved", saved.date())


def clock() -> datetime:
    """The time that a look is remembered by; `SOURCE_DATE_EPOCH` where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC).replace(tzinfo=None)
    return datetime.now().replace(microsecond=0)


def _remembered(file: Path) -> _Memory:
    """What was remembered; nothing where no file is there, or a damaged one, which is told."""
    try:
        about = file.stat()
        if stat.S_ISREG(about.st_mode) and about.st_size <= _MOST:
            return msgspec.json.decode(file.read_bytes(), type=_Memory)
    except (FileNotFoundError, NotADirectoryError):
        return _Memory()
    except (OSError, msgspec.DecodeError, RecursionError):
        pass  # told below, as is a pipe or a folder in its place
    warnings.warn(XltoolsWarning("arrivals.damaged", path=file), stacklevel=2)
    return _Memory()


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

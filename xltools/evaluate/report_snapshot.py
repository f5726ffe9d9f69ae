"""What an evaluation said, kept on a hidden sheet of it: the next one tells what changed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isclose
from pathlib import Path
from typing import NamedTuple

from xltools.errors import FileRefused
from xltools.evaluate.figures.live_figure import Value, is_number
from xltools.excel.reading.workbook_reader import read_workbook
from xltools.excel.writing.workbook_writer import Book

SHEET = "_figures"
WORKBOOK, CARD, TEAM, OUTCOME = "workbook", "card", "team", "outcome"  # what a figure is of

Key = tuple[str, str, str]  # what it is of, the team, the figure's name
Known = Mapping[Key, Value]


class Since(NamedTuple):
    """An earlier report: the day on which it was written, and what it said."""

    day: str
    known: Known


class LastReport(NamedTuple):
    """A report, its day, and the one that it was itself compared with."""

    known: Known
    day: str
    since: Since | None


def read_report(path: Path) -> LastReport | None:
    """What an evaluation workbook says, and its day; None for any other file."""
    try:
        book = read_workbook(path, sheets=lambda title: title == SHEET)
        day = date.fromtimestamp(path.stat().st_mtime).isoformat()
    except (FileRefused, OSError):
        return None
    if not book.sheets or not book.sheets[0].rows:
        return None
    first, *rows = ([*row, *[None] * 5] for row in book.sheets[0].rows)
    known: dict[Key, Value] = {}
    before: dict[Key, Value] = {}
    for kind, team, name, now, then, *_ in rows:
        key = str(kind), str(team or ""), str(name or "")
        for values, value in ((known, now), (before, then)):
            if isinstance(value, (int, float, str)):
                values[key] = value
    return LastReport(known, day, Since(str(first[0]), before) if first[0] else None)


def since(known: Known, last: LastReport | None) -> Since | None:
    """What to compare with: the last report, or what it was compared with where it says the same.

    So a report that is made again of the same workbooks tells the same changes.
    """
    if last is None:
        return None
    if known.keys() == last.known.keys() and all(
        same(value, last.known[key]) for key, value in known.items()
    ):
        return last.since
    return Since(last.day, last.known)


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same, as exactly as a workbook keeps them."""
    if is_number(one) and is_number(other):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def write_report(book: Book, known: Known, before: Since | None) -> None:
    """Keep what this report says on its hidden sheet."""
    sheet = book.sheet(SHEET, visibility="very hidden")
    sheet.value(1, 1, before.day if before else None)
    then = before.known if before else {}
    for row, key in enumerate(sorted({*known, *then}), 2):
        for column, value in enumerate((*key, known.get(key), then.get(key)), 1):
            sheet.value(row, column, value)

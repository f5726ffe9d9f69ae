"""The consolidated workbook: first page, problems, the data sheets, and what is odd."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.counted_rows import Held
from xltools.consolidate.store.submission_json import pack
from xltools.consolidate.write.consolidated_sheets import Part, data_titles, write_data_sheet
from xltools.consolidate.write.first_page import Content, title_of, write_overview
from xltools.consolidate.write.long_list import FIRST_ROW, pieces
from xltools.consolidate.write.problem_pages import (
    Listed,
    listed_issues,
    write_problems,
    write_summary,
)
from xltools.consolidate.write.unknown_sheets import Stray, strays_of, write_strays
from xltools.excel.cell_text import LONGEST_TEXT
from xltools.excel.identity import HIDDEN_SHEET, Identity, write_identity
from xltools.excel.input_paths import relative
from xltools.excel.titles import sheet_title
from xltools.excel.writing.workbook_writer import Book
from xltools.ground.cells import LAST_ROW
from xltools.locale import say

TEMPLATE = "consolidation"  # what the hidden identity calls such a workbook
VERSION = 1
READINGS_SHEET = f"{HIDDEN_SHEET}_readings"

_LARGE = 20_000  # rows from which sheets pass through the disk
_FIRST_DAY = datetime(2000, 1, 1)


class _Pages(NamedTuple):
    """The long sheets to come, titled as Excel takes them."""

    problems: list[tuple[str, Sequence[Listed]]]
    parts: list[tuple[str, Part]]
    strays: list[tuple[str, Sequence[Stray]]]

    @property
    def contents(self) -> list[Content]:
        """What the first page links to."""
        return [
            *(Content(title, len(listed)) for title, listed in self.problems),
            *(Content(title, len(part.rows)) for title, part in self.parts),
            *(Content(title, len(listed)) for title, listed in self.strays),
        ]


def write_workbook(
    consolidation: Consolidation,
    held: Held,
    target: Path,
    *,
    lang: str,
    max_rows: int | None = None,
    force: bool = False,
) -> None:
    """Write the workbook, whole or not at all; sheets of more than ``max_rows`` rows are split."""
    most = min(max_rows or LAST_ROW, LAST_ROW - FIRST_ROW + 1)
    folder = target.absolute().parent
    period = str(consolidation.period or "")
    identity = Identity(template=TEMPLATE, version=VERSION, team="", period=period, lang=lang)
    listed = listed_issues(consolidation, lang)
    pages = _pages(consolidation, held, listed, most, lang)
    with Book(
        target,
        created=_created(consolidation),
        force=force,
        large=consolidation.rows > _LARGE,
        title=title_of(consolidation, lang),
    ) as book:
        overview = book.sheet(say("consolidate.submissions", lang))
        write_overview(overview, consolidation, pages.contents, folder, lang)
        write_summary(book.sheet(say("consolidate.summary", lang)), listed, folder, lang)
        for number, (title, some) in enumerate(pages.problems, 1):
            write_problems(book.sheet(title), some, folder, f"tbl_problems_{number}", lang)
        for title, part in pages.parts:
            write_data_sheet(book.sheet(title), part, consolidation.catalog, identity, folder, lang)
        for number, (title, strays) in enumerate(pages.strays, 1):
            write_strays(book.sheet(title), strays, folder, f"tbl_strays_{number}", lang)
        write_identity(book, identity)
        _write_readings(book, consolidation, held, folder)


def _pages(
    consolidation: Consolidation, held: Held, listed: Sequence[Listed], most: int, lang: str
) -> _Pages:
    taken = [say(f"consolidate.{key}", lang) for key in ("submissions", "summary")]

    def settled(wanted: str, count: int) -> list[tuple[str, range]]:
        found = []
        for title, rows in pieces(wanted, count, most, lang):
            taken.append(sheet_title(title, taken))
            found.append((taken[-1], rows))
        return found

    problems = settled(say("consolidate.problems", lang), len(listed))
    titles = data_titles(consolidation.catalog, lang)
    parts = [
        (title, Part(counted, title, rows, number))
        for key, counted in held.counted.items()
        if counted.total
        for number, (title, rows) in enumerate(settled(titles[key], counted.total), 1)
    ]
    strays = strays_of(consolidation.submissions)
    odd = settled(say("consolidate.strays", lang), len(strays)) if strays else []
    return _Pages(
        [(title, listed[rows.start : rows.stop]) for title, rows in problems],
        parts,
        [(title, strays[rows.start : rows.stop]) for title, rows in odd],
    )


def _write_readings(book: Book, consolidation: Consolidation, held: Held, folder: Path) -> None:
    """What a reader of this workbook needs besides the rows: each submission as it was read."""
    sheet = book.sheet(READINGS_SHEET, visibility="very hidden")
    # Names of files are as seen from here; by this a reader elsewhere finds them, too.
    sheet.text(1, 1, relative(Path.cwd(), folder))
    read = zip(consolidation.submissions, held.readings, strict=True)
    for row, (submission, reading) in enumerate(read, 2):
        text = pack(held.store.light(reading))
        sheet.text(row, 1, submission.file)
        for place, start in enumerate(range(0, len(text), LONGEST_TEXT), 2):
            sheet.text(row, place, text[start : start + LONGEST_TEXT])


def _created(consolidation: Consolidation) -> datetime:
    """A time that the same inputs always have."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC).replace(tzinfo=None)
    period = consolidation.period
    return datetime.combine(period.end, time()) if period else _FIRST_DAY

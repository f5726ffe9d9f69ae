"""The consolidated workbook: first page, problems, data sheets, and rows of unknown sheets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.counted_rows import StoredRows
from xltools.consolidate.store.submission_json import pack
from xltools.consolidate.write.consolidated_sheets import (
    DataSheetPart,
    data_titles,
    write_data_sheet,
)
from xltools.consolidate.write.first_page import ContentsEntry, title_of, write_overview
from xltools.consolidate.write.long_list import FIRST_ROW, split_rows
from xltools.consolidate.write.parquet_tables import write_parquet
from xltools.consolidate.write.problem_pages import (
    ListedIssue,
    listed_issues,
    write_problems,
    write_summary,
)
from xltools.consolidate.write.unknown_sheets import UnknownRow, unknown_rows, write_unknown_rows
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
    """What stands on the long sheets, by titles that Excel accepts."""

    problems: list[tuple[str, Sequence[ListedIssue]]]
    parts: list[tuple[str, DataSheetPart]]
    unknown: list[tuple[str, Sequence[UnknownRow]]]

    @property
    def contents(self) -> list[ContentsEntry]:
        """What the first page links to."""
        return [
            *(ContentsEntry(title, len(listed)) for title, listed in self.problems),
            *(ContentsEntry(title, len(part.rows)) for title, part in self.parts),
            *(ContentsEntry(title, len(listed)) for title, listed in self.unknown),
        ]


def write_consolidated(
    consolidation: Consolidation,
    target: Path,
    *,
    lang: str = "zh",
    max_rows: int | None = None,
    parquet: Path | None = None,
    force: bool = False,
) -> None:
    """Write the consolidated workbook, and with ``parquet`` every table into that folder.

    Sheets of more than ``max_rows`` rows are split. Raises WriteError where an output exists or
    cannot be written, ValueError for a consolidation that `collect` did not make.
    """
    stored = consolidation.stored
    if parquet is not None:
        write_parquet(consolidation, parquet, lang=lang, force=force)
    if stored is None:
        raise ValueError("only what `collect` made can be written")
    most = min(max_rows or LAST_ROW, LAST_ROW - FIRST_ROW + 1)
    folder = target.absolute().parent
    period = str(consolidation.period or "")
    identity = Identity(template=TEMPLATE, version=VERSION, team="", period=period, lang=lang)
    listed = listed_issues(consolidation, lang)
    pages = _pages(consolidation, stored, listed, most, lang)
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
        for number, (title, rows) in enumerate(pages.unknown, 1):
            write_unknown_rows(book.sheet(title), rows, folder, f"tbl_strays_{number}", lang)
        write_identity(book, identity)
        _write_submissions(book, consolidation, stored, folder)


def _pages(
    consolidation: Consolidation,
    stored: StoredRows,
    listed: Sequence[ListedIssue],
    most: int,
    lang: str,
) -> _Pages:
    taken = [say(f"consolidate.{key}", lang) for key in ("submissions", "summary")]

    def titled(wanted: str, count: int) -> list[tuple[str, range]]:
        """The sheets that ``count`` rows need: titles that are free, and their rows."""
        found = []
        for title, rows in split_rows(wanted, count, most, lang):
            taken.append(sheet_title(title, taken))
            found.append((taken[-1], rows))
        return found

    problems = titled(say("consolidate.problems", lang), len(listed))
    titles = data_titles(consolidation.catalog, lang)
    parts = [
        (title, DataSheetPart(counted, title, rows, number))
        for key, counted in stored.counted.items()
        if counted.total
        for number, (title, rows) in enumerate(titled(titles[key], counted.total), 1)
    ]
    unknown = unknown_rows(consolidation.submissions)
    odd = titled(say("consolidate.strays", lang), len(unknown)) if unknown else []
    return _Pages(
        [(title, listed[rows.start : rows.stop]) for title, rows in problems],
        parts,
        [(title, unknown[rows.start : rows.stop]) for title, rows in odd],
    )


def _write_submissions(
    book: Book, consolidation: Consolidation, stored: StoredRows, folder: Path
) -> None:
    """What a reader of this workbook needs besides the rows: each submission as it was read.

    A very hidden sheet: the path from which names of files are seen, then a row a submission, its
    file and its packed JSON in pieces that fit into cells.
    """
    sheet = book.sheet(READINGS_SHEET, visibility="very hidden")
    # Names of files are as seen from here; by this a reader elsewhere finds them, too.
    sheet.text(1, 1, relative(Path.cwd(), folder))
    read = zip(consolidation.submissions, stored.readings, strict=True)
    for row, (submission, reading) in enumerate(read, 2):
        text = pack(stored.store.submission_json(reading))
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

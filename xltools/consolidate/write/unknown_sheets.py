"""Sheets that no definition knows, kept as they were typed: nothing disappears."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from xltools.check.submission import Submission
from xltools.consolidate.write.long_list import Field, write_listing
from xltools.consolidate.write.stored_columns import row_link
from xltools.excel.styles import AS_TEXT, BULK, BULK_LINK, SLATE
from xltools.excel.writing.row_xml import Formulas
from xltools.excel.writing.sheet_writer import Sheet
from xltools.locale import say

_MOST_CELLS = 50  # cells of a row with a column of their own; the last takes all others
_TEXT = BULK.but(number=AS_TEXT)


class Stray(NamedTuple):
    """One row of a sheet without a definition."""

    team: str
    file: str
    sheet: str
    row: int
    cells: list[str]


def strays_of(submissions: Iterable[Submission]) -> list[Stray]:
    """Every row of every unknown sheet, in the order of files."""
    return [
        Stray(sent.team, sent.file, sheet.title, row, _shortened(cells))
        for sent in submissions
        for sheet in sent.unknown
        for row, cells in sheet.rows
    ]


def write_strays(sheet: Sheet, strays: Sequence[Stray], folder: Path, name: str, lang: str) -> None:
    """Fill a page with them; each row opens its source."""
    links = [row_link(one.file, one.sheet, one.row, folder) for one in strays]
    widest = max(len(one.cells) for one in strays)
    cells = [
        Field(
            say("consolidate.cell", lang, number=place + 1),
            [one.cells[place] if place < len(one.cells) else None for one in strays],
            _TEXT,
        )
        for place in range(widest)
    ]
    words = [say(f"consolidate.{key}", lang) for key in ("team", "row", "sheet", "file")]
    fields = [
        Field(words[0], [one.team for one in strays], BULK),
        Field(words[1], Formulas(links, [one.row for one in strays]), BULK_LINK),
        Field(words[2], [one.sheet for one in strays], BULK),
        *cells,
        Field(words[3], [one.file for one in strays], BULK),
    ]
    note = say("consolidate.strays_note", lang)
    write_listing(sheet, fields, name, note, lang, tab=SLATE, marks={})


def _shortened(cells: list[str]) -> list[str]:
    if len(cells) <= _MOST_CELLS:
        return cells
    return [*cells[: _MOST_CELLS - 1], "\n".join(filter(None, cells[_MOST_CELLS - 1 :]))]

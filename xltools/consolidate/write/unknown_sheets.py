"""The sheet with the rows of all sheets that no definition knows, as they were typed."""

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


class UnknownRow(NamedTuple):
    """One row of a sheet without a definition."""

    team: str
    file: str
    sheet: str
    row: int
    cells: list[str]


def unknown_rows(submissions: Iterable[Submission]) -> list[UnknownRow]:
    """Every row of every unknown sheet, in the order of files."""
    return [
        UnknownRow(sent.team, sent.file, sheet.title, row, _shortened(cells))
        for sent in submissions
        for sheet in sent.unknown
        for row, cells in sheet.rows
    ]


def write_unknown_rows(
    sheet: Sheet, rows: Sequence[UnknownRow], folder: Path, name: str, lang: str
) -> None:
    """Fill a page with them; each row opens its source."""
    links = [row_link(one.file, one.sheet, one.row, folder) for one in rows]
    widest = max(len(one.cells) for one in rows)
    cells = [
        Field(
            say("consolidate.cell", lang, number=place + 1),
            [one.cells[place] if place < len(one.cells) else None for one in rows],
            _TEXT,
        )
        for place in range(widest)
    ]
    words = [say(f"consolidate.{key}", lang) for key in ("team", "row", "sheet", "file")]
    fields = [
        Field(words[0], [one.team for one in rows], BULK),
        Field(words[1], Formulas(links, [one.row for one in rows]), BULK_LINK),
        Field(words[2], [one.sheet for one in rows], BULK),
        *cells,
        Field(words[3], [one.file for one in rows], BULK),
    ]
    note = say("consolidate.strays_note", lang)
    write_listing(sheet, fields, name, note, lang, tab=SLATE, marks={})


def _shortened(cells: list[str]) -> list[str]:
    if len(cells) <= _MOST_CELLS:
        return cells
    return [*cells[: _MOST_CELLS - 1], "\n".join(filter(None, cells[_MOST_CELLS - 1 :]))]

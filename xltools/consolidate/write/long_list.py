"""A page that is one long table: a title, a way back, and rows with marks in the first column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xltools.excel.links import cell_target
from xltools.excel.styles import BULK, FORM_TITLE, LINK, NOTE, TABLE_HEADER, Emphasis, Style
from xltools.excel.text_size import column_pixels
from xltools.excel.titles import table_headers
from xltools.excel.writing.row_xml import Column, Formulas
from xltools.excel.writing.sheet_writer import Sheet, TableColumn
from xltools.locale import say

HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
SAMPLED = 200  # rows that decide how wide a column is
_BUTTON = 18  # pixels of a header that the filter's button hides


class Field(NamedTuple):
    """A column: its header, its values and look, and how wide it may get."""

    header: str
    values: Column
    style: Style
    widest: int = 300


def pieces(title: str, count: int, most: int, lang: str) -> list[tuple[str, range]]:
    """Titles and rows of the sheets that ``count`` rows need; one, where they fit into one."""
    if count <= most:
        return [(title, range(count))]
    starts = range(0, count, most)
    return [
        (
            say("consolidate.part", lang, title=title, part=number, parts=len(starts)),
            range(start, min(start + most, count)),
        )
        for number, start in enumerate(starts, 1)
    ]


def write_head(sheet: Sheet, title: str, note: str, note_col: int, lang: str) -> None:
    """The two lines above every table: title, the way back to the first page, and a note."""
    sheet.text(1, 1, title, FORM_TITLE)
    first = say("consolidate.submissions", lang)
    sheet.link(2, 1, cell_target(first, "A1"), say("consolidate.back", lang), LINK.but(size=9))
    sheet.text(2, note_col, note, NOTE.but(size=9))
    sheet.view.row(1, 36)
    sheet.view.default_row(22)


def set_look(sheet: Sheet, tab: str, frozen: int) -> None:
    """Frozen headers and columns, zoom, paper: what all tables share."""
    view = sheet.view
    view.row(HEADER_ROW, 30)
    view.freeze(FIRST_ROW, frozen + 1)
    view.screen(zoom=90, tab=tab)
    view.page()
    view.repeat_rows(HEADER_ROW, HEADER_ROW)
    view.header_footer(left=sheet.title, right="&P / &N")


def width(header: str, sample: Sequence[object], widest: int = 300) -> int:
    """A column's width: its header with the filter's button, and its first values."""
    head = column_pixels([header], bold=True, maximum=180) + _BUTTON
    return max(head, column_pixels(sample, maximum=widest))


def write_listing(
    sheet: Sheet,
    fields: Sequence[Field],
    name: str,
    note: str,
    lang: str,
    *,
    tab: str,
    marks: Mapping[str, Emphasis],
) -> None:
    """Fill a page; rows are coloured by how their first cell begins."""
    write_head(sheet, sheet.title, note, 3, lang)
    set_look(sheet, tab, 2)
    count = len(fields[0].values)
    if not count:
        sheet.text(HEADER_ROW, 1, say("consolidate.nothing", lang), BULK.but(bold=True))
        return
    headers = table_headers([one.header for one in fields])
    styles = [one.style for one in fields]
    sheet.bulk(FIRST_ROW, 1, [one.values for one in fields], styles, clip=True)
    last = HEADER_ROW + count
    table = [
        TableColumn(header=text, header_style=TABLE_HEADER.but(align=one.style.align))
        for text, one in zip(headers, fields, strict=True)
    ]
    sheet.table(HEADER_ROW, 1, last, name, table)
    for mark, emphasis in marks.items():
        rule = f'=LEFT($A{FIRST_ROW},1)="{mark}"'
        sheet.conditional(FIRST_ROW, 1, last, 1, type="formula", criteria=rule, format=emphasis)
    for place, (one, header) in enumerate(zip(fields, headers, strict=True), 1):
        values = one.values.values if isinstance(one.values, Formulas) else one.values
        pixels = width(header, values[:SAMPLED], one.widest)
        sheet.view.column(place, place, pixels)

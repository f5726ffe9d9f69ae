"""A sheet that is one long table: a title, a link back, rows marked in the first column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xltools.excel.links import cell_target
from xltools.excel.styles import BULK, FORM_TITLE, LINK, NOTE, TABLE_HEADER, Emphasis, Style
from xltools.excel.text_size import column_pixels
from xltools.excel.titles import table_headers
from xltools.excel.writing.row_xml import Column, Formulas
from xltools.excel.writing.sheet_writer import Sheet, TableColumn
from xltools.ground.cells import column_letters
from xltools.locale import say

HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
SAMPLED = 200  # rows that decide how wide a column is
_BUTTON = 18  # pixels of a header that the filter's button hides


class Field(NamedTuple):
    """A column: header, values, style, and the most pixels that it may be wide."""

    header: str
    values: Column
    style: Style
    widest: int = 300


def split_rows(title: str, count: int, most: int, lang: str) -> list[tuple[str, range]]:
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
    if not len(fields[0].values):
        sheet.text(HEADER_ROW, 1, say("consolidate.nothing", lang), BULK.but(bold=True))
        return
    headers = write_table(sheet, HEADER_ROW, fields, name, marks)
    for place, (one, header) in enumerate(zip(fields, headers, strict=True), 1):
        values = one.values.values if isinstance(one.values, Formulas) else one.values
        pixels = width(header, values[:SAMPLED], one.widest)
        sheet.view.column(place, place, pixels)


def write_table(
    sheet: Sheet, header_row: int, fields: Sequence[Field], name: str, marks: Mapping[str, Emphasis]
) -> list[str]:
    """Write an Excel table, coloured by how its rows' first cells begin; its headers."""
    headers = table_headers([one.header for one in fields])
    styles = [one.style for one in fields]
    sheet.bulk(header_row + 1, 1, [one.values for one in fields], styles, clip=True)
    last = header_row + len(fields[0].values)
    table = [
        TableColumn(header=text, header_style=TABLE_HEADER.but(align=style.align))
        for text, style in zip(headers, styles, strict=True)
    ]
    sheet.table(header_row, 1, last, name, table)
    for mark, emphasis in marks.items():
        mark_cells(sheet, header_row + 1, last, 1, mark, emphasis)
    return headers


def mark_cells(
    sheet: Sheet, first: int, last: int, column: int, mark: str, emphasis: Emphasis
) -> None:
    """Emphasise the cells of a column, rows ``first`` to ``last``, that begin with ``mark``."""
    test = f'LEFT(${column_letters(column)}{first},1)="{mark}"'
    sheet.emphasise(first, column, last, column, test, emphasis)

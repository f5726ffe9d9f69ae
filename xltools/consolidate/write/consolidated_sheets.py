"""The data sheets of a consolidated workbook: Excel tables, every row linked to its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from xltools.consolidate.combine.counted_rows import CountedSheet
from xltools.consolidate.write.long_list import (
    FIRST_ROW,
    HEADER_ROW,
    SAMPLED,
    set_look,
    width,
    write_head,
)
from xltools.consolidate.write.sheet_columns import SheetColumn, sheet_columns
from xltools.consolidate.write.stored_columns import LINK, PagedColumn, RowPages
from xltools.definition import Catalog, Definition
from xltools.excel.identity import Identity, key_row
from xltools.excel.styles import KEY_ROW, NAVY, Emphasis
from xltools.excel.titles import table_headers
from xltools.excel.writing.row_xml import Column, Formulas
from xltools.excel.writing.sheet_writer import Sheet, TableColumn
from xltools.ground.cells import column_letters
from xltools.locale import say

_KEYS_ROW = HEADER_ROW - 1
MOST_EXTRA = 30  # unknown headers with a column of their own
_FROZEN = 2  # the source row and the team stay in sight


class DataSheetPart(NamedTuple):
    """One sheet of the workbook: some or all of the rows of a sheet of a definition."""

    counted: CountedSheet
    title: str
    rows: range
    number: int

    @property
    def table_name(self) -> str:
        """The Excel table's name."""
        name = f"tbl_{self.counted.table.definition}_{self.counted.table.sheet.name}"
        return f"{name}_{self.number}" if self.number > 1 else name


def data_titles(catalog: Catalog, lang: str) -> dict[tuple[str, str], str]:
    """Titles of the data sheets; where two workbooks share one, the workbook's stands behind it."""
    titles = {
        (definition.name, sheet.name): sheet.title[lang]
        for definition in catalog.team_definitions
        for sheet in definition.sheets
    }
    taken = list(titles.values())
    return {
        key: f"{title} - {catalog[key[0]].title[lang]}" if taken.count(title) > 1 else title
        for key, title in titles.items()
    }


def write_data_sheet(
    sheet: Sheet, part: DataSheetPart, catalog: Catalog, identity: Identity, folder: Path, lang: str
) -> None:
    """Fill one sheet; its rows are fetched from the store when the workbook is stored."""
    counted = part.counted
    definition = catalog[counted.table.definition]
    headers = counted.headers[:MOST_EXTRA]
    columns = sheet_columns(catalog, counted, headers, lang)
    keys = key_row(identity, counted.table.name, [one.key for one in columns[1:]])
    _head(sheet, part, definition, keys, lang)
    pages = RowPages(counted, headers, folder)
    values = [PagedColumn(pages, one.index, part.rows, one.convert) for one in columns]
    links: Column = Formulas(PagedColumn(pages, LINK, part.rows), values[0])
    sheet.bulk(FIRST_ROW, 1, [links, *values[1:]], [one.style for one in columns], clip=True)
    last = HEADER_ROW + len(part.rows)
    texts = table_headers([one.header for one in columns])
    sheet.table(
        HEADER_ROW,
        1,
        last,
        part.table_name,
        [
            TableColumn(header=text, header_style=one.header_style)
            for text, one in zip(texts, columns, strict=True)
        ],
    )
    _set_widths(sheet, columns, values)
    _show_units(sheet, columns, last)
    sheet.view.ignore_errors(number_stored_as_text=f"A1:{column_letters(len(columns))}{last}")


def _head(
    sheet: Sheet, part: DataSheetPart, definition: Definition, keys: Sequence[str], lang: str
) -> None:
    rows = f"{len(part.rows):,}"
    note = say("consolidate.data_note", lang, workbook=definition.title[lang], rows=rows)
    write_head(sheet, part.title, note, 2, lang)
    for place, key in enumerate(keys, 1):
        sheet.text(_KEYS_ROW, place, key, KEY_ROW)
    sheet.view.row(_KEYS_ROW, hidden=True)
    set_look(sheet, NAVY, _FROZEN)


def _set_widths(
    sheet: Sheet, columns: Sequence[SheetColumn], values: Sequence[Sequence[object]]
) -> None:
    for place, (one, cells) in enumerate(zip(columns, values, strict=True), 1):
        sample = [one.sample(value) for value in cells[:SAMPLED]]
        sheet.view.column(place, place, width(one.header, sample), hidden=one.hidden)


def _show_units(sheet: Sheet, columns: Sequence[SheetColumn], last: int) -> None:
    """A value is shown in the form of its row's unit; a table column has one format of its own."""
    places: Mapping[str, int] = {one.key: place for place, one in enumerate(columns, 1)}
    for place, one in enumerate(columns, 1):
        if not one.unit_key:
            continue
        unit = f"${column_letters(places[one.unit_key])}{FIRST_ROW}"
        for mark, number in one.unit_formats:
            test = f'LEFT({unit},{len(mark)})="{mark}"'
            sheet.emphasise(FIRST_ROW, place, last, place, test, Emphasis(number=number))

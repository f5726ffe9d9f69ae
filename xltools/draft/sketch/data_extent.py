"""Which rows below a header hold data, by the judgement of the check that will read them."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.locate.data_rows import Extent, extent_of
from xltools.check.locate.example_rows import Examples
from xltools.check.locate.header_columns import Headers
from xltools.check.locate.header_rows import Band
from xltools.check.locate.sheet_tables import Table
from xltools.check.reading_plan import ReadingPlan
from xltools.definition import Catalog, ColumnDef, Definition, LocalText, SheetDef
from xltools.draft.sketch.copy_sketch import ColumnSketch
from xltools.draft.sketch.table_heads import Head
from xltools.excel.reading.workbook_model import SheetCells
from xltools.settings import Settings

_NOTHING = LocalText("-", "-")


def data_extent(
    cells: SheetCells, head: Head, columns: Sequence[ColumnSketch], top: int, bottom: int
) -> Extent:
    """The rows that the check would read, by its own judgement."""
    names = {f"c{one.place}": one.place for one in columns}
    sheet = SheetDef(
        name="draft",
        title=_NOTHING,
        about=_NOTHING,
        columns=tuple(_provisional(cells, one, bottom) for one in columns),
    )
    texts = {one.place: one.pieces[-1] for one in columns}
    headers = Headers(names, {}, {}, {}, {}, head.own)
    end = min((box[0] - 1 for box in head.others if box[0] > bottom), default=len(cells.rows))
    table = Table(
        sheet=sheet,
        cells=cells,
        band=Band(top, bottom, texts, {}),
        headers=headers,
        last_row=end,
        titled=True,
        followed=end < len(cells.rows),
        money=("", 0, 0),
    )
    definition = Definition(
        name="draft", version=1, title=_NOTHING, about=_NOTHING, sheets=(sheet,)
    )
    words = Vocabulary(ReadingPlan(Catalog({}), Settings()))
    return extent_of(table, Examples(table, definition, words, former=False))


def _provisional(cells: SheetCells, one: ColumnSketch, bottom: int) -> ColumnDef:
    """A column as far as telling data from totals and notes needs it."""
    below = [row[one.place - 1] for row in cells.rows[bottom:] if one.place <= len(row)]
    numbers = sum(isinstance(v, int | float) and not isinstance(v, bool) for v in below)
    texts = sum(isinstance(v, str) and v != "" for v in below)
    return ColumnDef(
        name=f"c{one.place}",
        label=_NOTHING,
        kind="number" if numbers > texts else "text",
        compute="None" if one.computed or one.numbering else "",
    )

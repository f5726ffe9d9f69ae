"""One table of a copy: its columns with all that their cells hold and declare."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.draft.sketch.copy_sketch import ColumnSketch, TableSketch
from xltools.draft.sketch.data_extent import data_extent
from xltools.draft.sketch.dropdowns import Book, dropdown_of
from xltools.draft.sketch.header_pieces import header_pieces
from xltools.draft.sketch.named_formulas import spelled_out
from xltools.draft.sketch.table_heads import Head, is_filled, most_frequent
from xltools.draft.understand.header_words import says_demand, says_numbering
from xltools.excel.reading.workbook_model import SheetCells
from xltools.ground.cells import CellRef, column_letters

_LOOKED_AT = 60  # rows below the header whose formats and formulas tell those of all
_FORMULAS = 5
_FORM_WIDTH = 3  # columns of a single row that are a small form
_MOST_VALUES = 2_000  # of a column in one copy
_MOST_SAY = 0.8  # of a row's cells that say whether something is required


def read_table(cells: SheetCells, head: Head, book: Book) -> TableSketch | None:
    """The table below a header; None where it is a small form with one row to fill in."""
    pieces, top, bottom = header_pieces(cells, head)
    first = max(head.first, bottom + 1)
    cells.level(max(pieces))
    reader = _Columns(cells, head, first, book)
    columns = [
        reader.column(place, pieces[place]) for place in sorted(pieces) if place not in head.own
    ]
    extent = data_extent(cells, head, columns, top, first - 1)
    rows = [row for row in extent.rows if row not in extent.marked]
    single = len(rows) < 2 and len(columns) <= _FORM_WIDTH
    if not head.sure and single and cells.rows[bottom:]:
        return None
    examples = [*extent.marked, head.example] if head.example else extent.marked
    for column in columns:
        _take_values(column, cells, rows[:_MOST_VALUES], examples)
    return TableSketch(
        title=cells.title,
        index=cells.index,
        hidden=cells.state != "visible",
        top=top,
        first=first,
        columns=columns,
        rows=rows,
        highlights=tuple(reader.declared.highlights),
        others=[
            f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
            for top, left, bottom, right in head.others
        ],
    )


class _Columns:
    """What the cells of one table declare, column by column."""

    def __init__(self, cells: SheetCells, head: Head, first: int, book: Book) -> None:
        self.cells = cells
        self.head = head
        self.first = first
        self.book = book
        self.declared = book.declared[cells.title]
        self.demands = self._demand_row()
        self.formulas: dict[int, dict[int, str]] = {}
        for (row, place), text in sorted({**cells.formulas, **self.declared.formulas}.items()):
            if row >= first:
                formula = spelled_out(text, CellRef(row, place), cells.title, book.names)
                self.formulas.setdefault(place, {})[row] = formula

    def column(self, place: int, pieces: tuple[str, ...]) -> ColumnSketch:
        """One column without its values."""
        declared, rows = self.declared, range(self.first, self.first + _LOOKED_AT)
        spots = [(row, place) for row in rows]
        notes = [declared.comments.get((r, place)) for r in range(self.head.top, self.first)]
        checks = tuple(
            check
            for check in declared.validations
            if any(a <= place <= b and last >= self.first for _, a, last, b in check.ranges)
        )
        formulas = self.formulas.get(place, {})
        column = ColumnSketch(
            place=place,
            pieces=pieces,
            key=self.head.keys.get(place, ""),
            note=next((note for note in notes if note), ""),
            demand=self._demand(place),
            codes=most_frequent([declared.codes[spot] for spot in spots if spot in declared.codes]),
            formulas=tuple((row, text) for row, text in formulas.items() if text)[:_FORMULAS],
            computed=self._is_filled(place),
            numbering=self._is_numbering(place, pieces),
            validations=checks,
            hidden=place in self.cells.hidden_columns,
            locked=declared.protected
            and bool(declared.unlocked)
            and not declared.unlocked.intersection(spots),
        )
        for check in checks:
            if check.kind == "list":
                top = next(box[0] for box in check.ranges if box[1] <= place <= box[3])
                row = max(top, self.first)
                column.dropdown = dropdown_of(check, self.cells.title, row, self.book)
                break
        return column

    def _is_filled(self, place: int) -> bool:
        """Whether formulas fill a column: most of the cells that hold anything."""
        formulas = self.formulas.get(place, {})
        if not any(formulas.values()):
            return False
        rows = range(self.first, len(self.cells.rows) + 1)
        filled = (row for row in rows if is_filled(self.cells.at(row, place)))
        typed = sum(row not in formulas for row in filled)
        return len(formulas) >= 2 * typed if len(formulas) > 1 else typed == 0

    def _is_numbering(self, place: int, pieces: tuple[str, ...]) -> bool:
        """Whether a column counts 1, 2, 3…"""
        if not says_numbering(pieces[-1]):
            return False
        rows = range(self.first, len(self.cells.rows) + 1)
        values = [v for row in rows if isinstance(v := self.cells.at(row, place), int | float)]
        return values == list(range(1, len(values) + 1))

    def _demand_row(self) -> int:
        """The row beside the header that says of each column whether it is required."""
        for row in range(1, self.first):
            values = (self.cells.at(row, place) for place in self.head.columns)
            texts = [value for value in values if isinstance(value, str)]
            said = sum(map(says_demand, texts))
            if len(texts) > 1 and said >= _MOST_SAY * len(texts):
                return row
        return 0

    def _demand(self, place: int) -> str:
        value = self.cells.at(self.demands, place) if self.demands else None
        return value if isinstance(value, str) else ""


def _take_values(
    column: ColumnSketch, cells: SheetCells, rows: Sequence[int], examples: Sequence[int]
) -> None:
    """The column's cells in the rows of data; a merged cell's word stands in all its rows."""
    values = [cells.at(row, column.place) for row in rows]
    column.values = [None if value == "" else value for value in values]
    column.percent = tuple(
        at for at, row in enumerate(rows) if (row, column.place) in cells.percent
    )
    column.example = next((cells.at(row, column.place) for row in examples), None)
    index = {row: at for at, row in enumerate(rows)}
    for top, left, bottom, _ in cells.merges:
        if left == column.place and bottom > top and top in index:
            word = column.values[index[top]]
            for row in range(top + 1, bottom + 1):
                if row in index and isinstance(word, str):
                    column.values[index[row]] = word

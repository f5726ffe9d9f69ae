"""One sheet of a workbook to write: cells, rules, tables, charts and blocks of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from xltools.excel.cell_text import LONGEST_FORMULA, utf16_length, visible
from xltools.excel.styles import CELL, TABLE_STYLE, Emphasis, Style
from xltools.excel.writing.cell_writer import Cells, Workbook
from xltools.excel.writing.row_xml import Block, Column
from xltools.excel.writing.sheet_view import View, zero_based
from xltools.ground.cells import CellRef

if TYPE_CHECKING:
    from xltools.excel.writing.bulk_rows import RowSheet

_LONGEST_RULE = 255  # of a cell rule's formula


class TableColumn(msgspec.Struct, frozen=True):
    """A column of an Excel table; ``values`` are the cached results of its formula."""

    header: str
    formula: str = ""
    values: Sequence[object] = ()
    style: Style | None = None
    header_style: Style | None = None


class Sheet(Cells):
    """Writes cells, rules, tables and charts; ``view`` holds what is seen and printed."""

    def __init__(self, book: Workbook, engine: RowSheet, title: str) -> None:
        super().__init__(book, engine, title)
        self.view = View(self)

    def bulk(
        self,
        first_row: int,
        first_col: int,
        columns: Sequence[Column],
        styles: Sequence[Style | None],
        *,
        clip: bool = False,
    ) -> None:
        """Write whole columns of plain values or ``Formulas``, one style each, very fast.

        The rows belong to the block alone. They are rendered when the workbook is stored, so the
        sequences must not change, and what is clipped is known only then. A column of dates
        needs a style with a date format.
        """
        lengths = {len(column) for column in columns}
        if len(lengths) != 1 or len(styles) != len(columns):
            raise ValueError(f"{self.title}: {lengths} rows, {len(styles)} styles")
        if lengths == {0}:
            return
        last_row = first_row + lengths.pop() - 1
        self.guard.inside(first_row, first_col)
        self.guard.inside(last_row, first_col + len(columns) - 1)
        for block in self.engine.blocks:
            if first_row <= block.last_row and last_row >= block.first_row:
                raise self.guard.refused(first_row, first_col, "overlap")
        formats = [
            (self._format(style), self._format((style or CELL).but(quote_prefix=True)))
            for style in styles
        ]

        def long_text(row: int, col: int, length: int) -> None:
            if not clip:
                raise self.guard.too_long(row, col, length)
            self.book.clipped.append((self.title, CellRef(row, col)))

        def long_formula(row: int, col: int, length: int) -> None:
            raise self.guard.too_long(row, col, length, LONGEST_FORMULA)

        block = Block(first_row, first_col, columns, formats, long_text, long_formula)
        self.engine.add_block(block)

    def merge(
        self,
        first_row: int,
        first_col: int,
        last_row: int,
        last_col: int,
        value: object = None,
        style: Style | None = None,
    ) -> None:
        """Merge a range, a single cell too, and write a value into it."""
        if (first_row, first_col) != (last_row, last_col):
            self.guard.reserve((first_row, first_col, last_row, last_col))
            with self.guard.strict(first_row, first_col):
                area = zero_based(first_row, first_col, last_row, last_col)
                self.engine.merge_range(*area, "", self._format(style))
        self.value(first_row, first_col, value, style)

    def table(
        self,
        first_row: int,
        first_col: int,
        last_row: int,
        name: str,
        columns: Sequence[TableColumn],
        *,
        table_style: str = TABLE_STYLE,
        autofilter: bool = True,
        banded: bool = True,
    ) -> None:
        """Make a table of a header row and the rows below it, at least one.

        Headers are written here. A formula column's cells are written here when ``values`` are
        given (one a row); otherwise the caller writes them, as a block or cell by cell.
        """
        last_col = first_col + len(columns) - 1
        if last_row <= first_row or not columns:
            raise ValueError(f"{self.title}: {name}")
        self.guard.reserve((first_row, first_col, last_row, last_col))
        # XlsxWriter marks every cell of a table and writes zeros as results: give it two rows.
        with self.guard.strict(first_row, first_col):
            result = self.engine.add_table(
                first_row - 1,
                first_col - 1,
                first_row,
                last_col - 1,
                {
                    "name": name,
                    "style": table_style or None,
                    "autofilter": autofilter,
                    "banded_rows": banded,
                    "columns": [self._table_header(column) for column in columns],
                },
            )
        self.guard.checked(result, first_row, first_col)
        self.engine.extend_table(last_row - 1, [column.formula for column in columns])
        for col, column in enumerate(columns, first_col):
            for row, value in enumerate(column.values, first_row + 1):
                self.formula(row, col, column.formula, value, column.style)

    def validation(
        self, first_row: int, first_col: int, last_row: int, last_col: int, **options: Any
    ) -> None:
        """Add a cell rule with XlsxWriter's options; whatever Excel would refuse raises."""
        items = options.get("source", options.get("value"))
        if isinstance(items, (list, tuple)) and any("," in str(item) for item in items):
            raise self.guard.refused(first_row, first_col, "comma")
        for name in ("value", "source", "minimum", "maximum"):
            if isinstance(options.get(name), str) and utf16_length(options[name]) > _LONGEST_RULE:
                raise self.guard.refused(first_row, first_col, f"{name}: {len(options[name])}")
        options = _cleaned(options)
        with self.guard.strict(first_row, first_col):
            area = zero_based(first_row, first_col, last_row, last_col)
            result = self.engine.data_validation(*area, options)
        self.guard.checked(result, first_row, first_col)

    def conditional(
        self, first_row: int, first_col: int, last_row: int, last_col: int, **options: Any
    ) -> None:
        """Add a conditional format with XlsxWriter's options; ``format`` is a Style or Emphasis."""
        options = _cleaned(options)
        if isinstance(options.get("format"), (Style, Emphasis)):
            options["format"] = self._format(options["format"])
        with self.guard.strict(first_row, first_col):
            area = zero_based(first_row, first_col, last_row, last_col)
            result = self.engine.conditional_format(*area, options)
        self.guard.checked(result, first_row, first_col)

    def emphasise(
        self,
        first_row: int,
        first_col: int,
        last_row: int,
        last_col: int,
        test: str,
        look: Emphasis,
    ) -> None:
        """Give cells a look where a test holds: a formula without ``=``, of the first of them."""
        area = first_row, first_col, last_row, last_col
        self.conditional(*area, type="formula", criteria=f"={test}", format=look)

    def chart(self, row: int, col: int, chart: Any, **options: Any) -> None:
        """Place a chart with its upper left corner at a cell."""
        self.guard.inside(row, col)
        self.guard.checked(self.engine.insert_chart(row - 1, col - 1, chart, options), row, col)

    def sparkline(self, row: int, col: int, **options: Any) -> None:
        """Add a sparkline with XlsxWriter's options."""
        self.guard.inside(row, col)
        with self.guard.strict(row, col):
            result = self.engine.add_sparkline(row - 1, col - 1, options)
        self.guard.checked(result, row, col)

    def note(self, row: int, col: int, text: str, author: str = "", **options: Any) -> None:
        """Attach a comment to a cell."""
        self.guard.inside(row, col)
        options |= {"author": visible(author)}
        result = self.engine.write_comment(row - 1, col - 1, visible(text), options)
        self.guard.checked(result, row, col)

    def finish(self) -> None:
        """Checked once before the workbook is stored."""
        shared = self.engine.shared_rows()
        if shared:
            raise self.guard.refused(shared[0], 1, "overlap")

    def _table_header(self, column: TableColumn) -> dict[str, Any]:
        found: dict[str, Any] = {"header": column.header}
        if column.header_style:
            found["header_format"] = self._format(column.header_style)
        if column.style:
            found["format"] = self._format(column.style)
        return found


def _cleaned(options: dict[str, Any]) -> dict[str, Any]:
    """Options whose texts, single or in lists, XML can hold."""
    return {name: _clean(option) for name, option in options.items()}


def _clean(option: Any) -> Any:
    if isinstance(option, (list, tuple)):
        return [_clean(each) for each in option]
    return visible(option) if isinstance(option, str) else option

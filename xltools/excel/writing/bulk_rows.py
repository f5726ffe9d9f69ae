"""Whole columns at once inside an XlsxWriter sheet, and tables of any length over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlsxwriter.utility import xl_range

from xltools.excel.writing.engine import EngineSheet
from xltools.excel.writing.row_xml import Block, Renderer
from xltools.ground.cells import CellRef


class RowSheet(EngineSheet):
    """A worksheet that can hold blocks of rows beside ordinary cells."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []

    def add_block(self, block: Block) -> None:
        """Keep rows to be rendered when the workbook is stored; they belong to the block alone."""
        self.blocks.append(block)
        self._check_dimensions(block.first_row - 1, block.first_col - 1)
        self._check_dimensions(block.last_row - 1, block.first_col + len(block.columns) - 2)

    def shared_rows(self) -> list[int]:
        """Rows (from 1) of blocks that hold ordinary cells or settings, too: they would clash."""
        ordinary = [row + 1 for row in self._ordinary_rows()]
        return [row for row in ordinary if self._in_block(row)]

    def extend_table(self, last_row: int, formulas: Sequence[str]) -> None:
        """Stretch the table added last to ``last_row`` (from 0) and give its columns formulas."""
        table = self.tables[-1]
        first = CellRef.parse(table["range"].split(":")[0])
        whole = xl_range(
            first.row - 1, first.column - 1, last_row, first.column + len(formulas) - 2
        )
        table["range"] = table["a_range"] = whole
        if table.get("autofilter"):
            table["autofilter"] = whole
        for column, formula in zip(table["columns"], formulas, strict=True):
            column["formula"] = self._prepare_formula(formula, True) if formula else ""

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> Any:
        """What a chart keeps of its cells, for programs that show it without calculating."""
        for block in self.blocks:
            if block.first_row <= row_start + 1 and row_end + 1 <= block.last_row:
                rows, cols = range(row_start, row_end + 1), range(col_start, col_end + 1)
                return [block.value(row + 1, col + 1) for row in rows for col in cols]
        ordinary: Any = super()._get_range_data
        return ordinary(row_start, col_start, row_end, col_end)

    def _write_rows(self) -> None:
        if not self.blocks:
            super()._write_rows()
            return
        for row in self._in_order():
            if isinstance(row, Block):
                for piece in Renderer(row, self._prepare_formula).pieces():
                    self.fh.write(piece)
            else:
                self._write_plain_row(row)

    def _in_order(self) -> Iterator[int | Block]:
        """Ordinary rows (from 0) and blocks, from top to bottom."""
        places: dict[int, int | Block] = {row: row for row in self._ordinary_rows()}
        places |= {row: row for row in self.comments if not self._in_block(row + 1)}
        places |= {block.first_row - 1: block for block in self.blocks}
        yield from (places[row] for row in sorted(places))

    def _ordinary_rows(self) -> set[int]:
        return {row for row, cells in self.table.items() if cells} | set(self.row_info)

    def _in_block(self, row: int) -> bool:
        return any(block.first_row <= row <= block.last_row for block in self.blocks)

    def _write_plain_row(self, row: int) -> None:
        cells = self.table.get(row)
        info = self.row_info.get(row)
        if not cells:
            self._write_empty_row(row, None, info)
            return
        self._write_row(row, None, info)
        for col in sorted(cells):
            self._write_cell(row, col, cells[col])
        self._xml_end_tag("row")

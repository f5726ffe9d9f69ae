"""Whole columns at once: plain rows rendered straight to XML inside an XlsxWriter sheet."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_range

from xltools.excel.engine import EngineSheet


class RowSheet(EngineSheet):
    """A worksheet that can hold blocks of rows beside ordinary cells."""

    def extend_table(self, last_row: int, formulas: Sequence[str]) -> None:
        """Stretch the table added last to ``last_row`` (from 0) and give its columns formulas."""
        table = self.tables[-1]
        first, _ = table["range"].split(":")
        first_row, first_col = _position(first)
        whole = xl_range(first_row, first_col, last_row, first_col + len(formulas) - 1)
        table["range"] = table["a_range"] = whole
        if table.get("autofilter"):
            table["autofilter"] = whole
        for column, formula in zip(table["columns"], formulas, strict=True):
            column["formula"] = self._prepare_formula(formula, True) if formula else ""


def _position(cell: str) -> tuple[int, int]:
    from xltools.cells import CellRef

    ref = CellRef.parse(cell)
    return ref.row - 1, ref.column - 1

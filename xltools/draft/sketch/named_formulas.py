"""A row's formula that a name holds, as it would stand in the cell itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xltools.ground.cells import CellRef, column_letters, column_number, quote_sheet

_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\d(])")


def spelled_out(formula: str, place: CellRef, title: str, names: Mapping[str, str]) -> str:
    """The formula of a cell that holds just a name; cells of a name are as seen from A1."""
    held = names.get(formula, "")
    own = "|".join({re.escape(quote_sheet(title)), re.escape(title)})
    cells = re.compile(rf"(?:{own})!({_CELL.pattern}(?::{_CELL.pattern})?)")
    if not any(not found[4] for found in cells.finditer(held)):  # none is of the row
        return formula

    def moved(match: re.Match[str]) -> str:
        whole, letters, fixed, row = match.groups()
        column = column_number(letters) + (0 if whole else place.column - 1)
        return f"{whole}{column_letters(column)}{fixed}{int(row) + (0 if fixed else place.row - 1)}"

    return cells.sub(lambda match: _CELL.sub(moved, match[1]), held)

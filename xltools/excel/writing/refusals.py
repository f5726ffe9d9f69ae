"""Turns return codes and warnings of XlsxWriter into errors that name the cell."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from xlsxwriter.exceptions import XlsxWriterException

from xltools.errors import WriteError
from xltools.excel.cell_text import LONGEST_TEXT
from xltools.ground.cells import LAST_COLUMN, LAST_ROW, CellRef

Area = tuple[int, int, int, int]
_TALL = 50  # rows: more claim no row each


class SheetGuard:
    """Checks the places and results of everything that is written to one sheet."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._tall: list[Area] = []
        self._reserved: dict[int, list[Area]] = {}  # by each of their rows

    def inside(self, row: int, col: int) -> None:
        """Raise when a cell is outside the grid."""
        if not (1 <= row <= LAST_ROW and 1 <= col <= LAST_COLUMN):
            raise WriteError("write.outside", sheet=self.title, row=row, column=col)

    def reserve(self, area: Area) -> None:
        """Reserve an area for a table or a merge; Excel calls a file with overlaps corrupt."""
        first_row, first_col, last_row, last_col = area
        self.inside(first_row, first_col)
        self.inside(last_row, last_col)
        tall = last_row - first_row >= _TALL
        rows = self._reserved.keys() if tall else range(first_row, last_row + 1)
        near = [one for row in rows for one in self._reserved.get(row, ())]
        for top, left, bottom, right in (*self._tall, *near):
            if first_row <= bottom and last_row >= top and first_col <= right and last_col >= left:
                raise self.refused(first_row, first_col, "overlap")
        if tall:
            self._tall.append(area)
            return
        for row in rows:
            self._reserved.setdefault(row, []).append(area)

    def checked(self, result: object, row: int, col: int) -> None:
        """Raise when XlsxWriter answered with anything but success."""
        if result not in (0, None):
            raise self.refused(row, col, str(result))

    @contextmanager
    def strict(self, row: int, col: int) -> Iterator[None]:
        """Raise when XlsxWriter warns, which is how it says why it left something out."""
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            try:
                yield
            except (UserWarning, XlsxWriterException) as reason:
                raise self.refused(row, col, str(reason)) from reason

    def refused(self, row: int, col: int, reason: str) -> WriteError:
        """The error for something that Excel would not accept at a place."""
        place = self.place(row, col)
        return WriteError("write.refused", sheet=self.title, cell=place, reason=reason)

    def too_long(self, row: int, col: int, length: int, limit: int = LONGEST_TEXT) -> WriteError:
        """The error for a text or formula longer than a cell takes."""
        place = self.place(row, col)
        return WriteError(
            "write.too-long", sheet=self.title, cell=place, length=length, limit=limit
        )

    def place(self, row: int, col: int) -> str:
        """A cell in A1 form, or its numbers where it has none."""
        try:
            return str(CellRef(row, col))
        except ValueError:
            return f"({row}, {col})"

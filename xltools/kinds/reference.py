"""A name that stands in another sheet; finding it there is the checker's work."""

from __future__ import annotations

from xltools.kinds.cell_reading import Cell, Column, ReadValue
from xltools.kinds.text import Text
from xltools.kinds.typed_text import is_blank, narrow


class Reference(Text):
    """A text offered as a dropdown; words for "nothing" are blank."""

    def __init__(self) -> None:
        super().__init__("reference")

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        read, suspects = super().quick(column)
        # Words for "nothing" are short; longer texts need no second look.
        short = [i for i, v in enumerate(read) if type(v) is str and len(v) < 5]
        return read, sorted({*suspects, *short}) if short else suspects

    def read(self, cell: Cell) -> ReadValue:
        if isinstance(cell.raw, str) and is_blank(narrow(cell.raw)):
            return ReadValue(None)
        return super().read(cell)

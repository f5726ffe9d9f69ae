"""What is kept from reading one workbook for the next: those of all teams are much alike."""

from __future__ import annotations

from xltools.excel.reading.cells.cell_styles import Styles
from xltools.excel.reading.cells.number_formats import Shown
from xltools.excel.reading.cells.shaped_cells import Shape

_MOST_VALUES = 50_000  # by text, for each way to show numbers
_MOST_SHAPES = 4_000  # one takes up to 5 KB
_MOST_STYLES = 16

Look = tuple[frozenset[tuple[str, object]], bool, bool]
"""All that cells of a workbook may show, its calendar, and whether it may hold pictures."""


class ReaderCache:
    """Values by text, rows by shape, styles by their part.

    Whoever reads several workbooks makes one, passes it to each reading and drops it with the run.
    Two threads must not share one.
    """

    def __init__(self) -> None:
        self.values: dict[tuple[Shown | None, bool], dict[str, object]] = {}
        self.shapes: dict[Look, dict[str, Shape]] = {}
        self.styles: dict[bytes, Styles] = {}

    def trim(self) -> None:
        """Drop what has grown beyond its limit: to read it again costs less than to hold it."""
        for values in self.values.values():
            if len(values) > _MOST_VALUES:
                values.clear()
        if sum(map(len, self.shapes.values())) > _MOST_SHAPES:
            self.shapes.clear()
        if len(self.styles) > _MOST_STYLES:
            self.styles.clear()

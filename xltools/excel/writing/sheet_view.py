"""View and print settings of a sheet: widths, heights, panes, paper, protection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xltools.excel.cell_text import visible
from xltools.excel.styles import FONT, Emphasis, Style
from xltools.excel.text_size import HIGHEST_ROW, WIDEST_COLUMN
from xltools.excel.writing.cell_writer import Cells
from xltools.ground.cells import column_letters, quote_sheet

_A4 = 9
_ALLOWED = ("format_columns", "format_rows", "sort", "autofilter")


def zero_based(
    first_row: int, first_col: int, last_row: int, last_col: int
) -> tuple[int, int, int, int]:
    """A range as XlsxWriter counts rows and columns."""
    return first_row - 1, first_col - 1, last_row - 1, last_col - 1


class View:
    """Settings of one sheet; rows and columns count from 1, sizes are pixels."""

    def __init__(self, sheet: Cells) -> None:
        self._sheet = sheet

    def column(
        self,
        first: int,
        last: int,
        pixels: float | None = None,
        style: Style | None = None,
        *,
        hidden: bool = False,
        level: int = 0,
    ) -> None:
        """Width and style of columns ``first`` to ``last``."""
        width = None if pixels is None else min(pixels, WIDEST_COLUMN)
        result = self._sheet.engine.set_column_pixels(
            first - 1, last - 1, width, self._format(style), {"hidden": hidden, "level": level}
        )
        self._sheet.guard.checked(result, 1, first)

    def columns(self, widths: Sequence[float], first: int = 1) -> None:
        """Widths of successive columns."""
        for column, pixels in enumerate(widths, first):
            self.column(column, column, pixels)

    def row(
        self,
        row: int,
        pixels: float | None = None,
        style: Style | None = None,
        *,
        hidden: bool = False,
        level: int = 0,
        collapsed: bool = False,
    ) -> None:
        """Height and style of a row; a ``collapsed`` one opens the hidden group beside it."""
        height = None if pixels is None else min(pixels, HIGHEST_ROW)
        outline = {"hidden": hidden, "level": level, "collapsed": collapsed}
        result = self._sheet.engine.set_row_pixels(row - 1, height, self._format(style), outline)
        self._sheet.guard.checked(result, row, 1)

    def rows(self, first: int, last: int, pixels: float) -> None:
        """One height for rows ``first`` to ``last``."""
        for row in range(first, last + 1):
            self.row(row, pixels)

    def groups_below_heads(self) -> None:
        """Groups of rows are opened in the row above them, not in the one below."""
        self._sheet.engine.outline_settings(symbols_below=False)

    def default_row(self, pixels: float) -> None:
        """The height of all rows that have none of their own."""
        self._sheet.engine.set_default_row(pixels * 0.75)

    def freeze(self, row: int, col: int) -> None:
        """Keep what is above and left of a cell in sight."""
        self._sheet.engine.freeze_panes(row - 1, col - 1)

    def select(self, row: int, col: int) -> None:
        """The cell where the cursor stands when the sheet is opened."""
        self._sheet.engine.set_selection(row - 1, col - 1, row - 1, col - 1)

    def activate(self) -> None:
        """Open the workbook on this sheet."""
        self._sheet.engine.activate()

    def screen(self, *, zoom: int = 100, gridlines: bool = False, tab: str = "") -> None:
        """Zoom, grid lines on the screen, the tab's colour."""
        self._sheet.engine.set_zoom(zoom)
        self._sheet.engine.hide_gridlines(0 if gridlines else 2)
        if tab:
            self._sheet.engine.set_tab_color(tab)

    def page(
        self,
        *,
        landscape: bool = True,
        wide: int = 1,
        tall: int = 0,
        margins: tuple[float, float, float, float] = (0.35, 0.35, 0.4, 0.45),
        center: bool = False,
    ) -> None:
        """A4, fitted to so many pages (0: as many as needed); margins are inches l, r, t, b."""
        engine = self._sheet.engine
        engine.set_paper(_A4)
        engine.set_landscape() if landscape else engine.set_portrait()
        engine.fit_to_pages(wide, tall)
        engine.set_margins(*margins)
        if center:
            engine.center_horizontally()

    def header_footer(
        self, *, header: str = "", left: str = "", center: str = "", right: str = ""
    ) -> None:
        """Small grey lines above and below; ``&P`` and ``&N`` are the page numbers."""
        font = f'&"{FONT},Regular"&8&K6B7280'
        parts = (("&L", left), ("&C", center), ("&R", right))
        footer = "".join(f"{place}{font}{visible(text)}" for place, text in parts if text)
        with self._sheet.guard.strict(1, 1):
            if header:
                self._sheet.engine.set_header(f"&L{font}{visible(header)}")
            if footer:
                self._sheet.engine.set_footer(footer)

    def print_area(self, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
        """What is printed of the sheet."""
        area = zero_based(first_row, first_col, last_row, last_col)
        result = self._sheet.engine.print_area(*area)
        self._sheet.guard.checked(result, first_row, first_col)

    def print_growing(self, last_row: int, last_col: int, rows: str) -> None:
        """Print from the first cell to a row that a formula gives; Excel and WPS follow it.

        LibreOffice reads no formula here and prints every row that is prepared.
        """
        sheet, letters = quote_sheet(self._sheet.title), column_letters(last_col)
        place = f"{sheet}!${letters}$1:${letters}${last_row}"
        formula = f"={sheet}!$A$1:INDEX({place},{rows})"
        self._sheet.book.define_name(f"{sheet}!_xlnm.Print_Area", formula)

    def break_before(self, rows: Sequence[int]) -> None:
        """Begin a new printed page at each of these rows."""
        self._sheet.engine.set_h_pagebreaks([row - 1 for row in rows])

    def repeat_rows(self, first: int, last: int) -> None:
        """Rows printed on top of every page."""
        self._sheet.engine.repeat_rows(first - 1, last - 1)

    def autofilter(self, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
        """Filter buttons on a range's first row."""
        area = zero_based(first_row, first_col, last_row, last_col)
        result = self._sheet.engine.autofilter(*area)
        self._sheet.guard.checked(result, first_row, first_col)

    def protect(self, **options: bool) -> None:
        """Lock the locked cells, without a password; resizing, sorting and filtering still work."""
        with self._sheet.guard.strict(1, 1):
            self._sheet.engine.protect("", dict.fromkeys(_ALLOWED, True) | options)

    def sortable(self, place: str) -> None:
        """Let a protected sheet sort this range although some of its cells are locked."""
        self._sheet.guard.checked(self._sheet.engine.unprotect_range(place, "rows"), 1, 1)

    def ignore_errors(self, **ranges: str) -> None:
        """Silence Excel's green corners for ranges, e.g. ``number_stored_as_text="B5:B200"``."""
        self._sheet.guard.checked(self._sheet.engine.ignore_errors(ranges), 1, 1)

    def _format(self, style: Style | Emphasis | None) -> Any:
        return None if style is None else self._sheet.book.format(style)

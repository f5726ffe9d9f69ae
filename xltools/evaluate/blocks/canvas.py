"""Drawing a page from top to bottom: title block, sections, charts, sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from itertools import pairwise
from typing import Any

from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import Figure, Place, Value, figure, sentence
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import as_day, link_to
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Style
from xltools.excel.text_size import row_pixels
from xltools.excel.writing.workbook_writer import Book

LEFT = 2  # the first column in use; before it stands a narrow margin
NARROW = (20,) * 72  # columns of a page on which every block has its own
_MARGIN = 12
ROW_HEIGHT = 24
_PAGE_SHAPE = 0.67  # height by width of what is printed of A4
_SQUEEZED = 1.25  # a page may be this much too long before it is broken
_FOOT = 0.8  # of a printed page: no heading below it
SAID = styles.CELL.but(wrap=True, valign="top")
_ROUNDING = 6  # pixels by which columns come out narrower in some programs


class Canvas:
    """A page while it is drawn on its sheet; ``row`` is the next free row.

    Long lists fold lines away unless ``folding`` is off, texts in them wrap unless ``wrapping`` is.
    A canvas with ``room`` is a block of a printed page: its lists show values on one line each, and
    no more lines than fit into so many pixels.
    """

    folding = True
    wrapping = True
    beside_end = 0  # the row behind the blocks beside which the next one is drawn
    room: float | None = None

    def __init__(self, model: Model, book: Book, title: str, widths: Sequence[int]) -> None:
        self.model = model
        self.book = book
        self.sheet = book.sheet(title)
        self.widths = list(widths)
        self.last = LEFT + len(widths) - 1
        # Columns of the sheet where ours begin.
        self._edges: Sequence[int] = range(LEFT, LEFT + len(widths) + 1)
        self.row = 1
        self._heights: dict[int, float] = {}
        self._headings: set[int] = set()
        self._folded: set[int] = set()
        self._opening: set[int] = set()
        self.sheet.view.columns([_MARGIN, *widths])
        self.sheet.view.screen(zoom=90)

    def within(
        self,
        widths: Sequence[int],
        draw: Callable[[Canvas], None],
        *,
        room: float | None = None,
        first: int = 0,
        last: int = 0,
    ) -> None:
        """Draw a block on columns of its own, which lie across some of this canvas, or all."""
        first, last = first or LEFT, last or self.last
        mine, whole = last - first + 1, sum(widths)
        ends = [sum(widths[:place]) / whole for place in range(len(widths) + 1)]
        edges = [first + round(end * mine) for end in ends]
        part = copy(self)
        part.widths = [sum(self.widths[a - LEFT : b - LEFT]) for a, b in pairwise(edges)]
        part._edges = [self._edges[edge - LEFT] for edge in edges]
        part.last, part.room, part.folding = LEFT + len(widths) - 1, room, False
        part.wrapping = room is None
        draw(part)
        self.row = part.row

    def on_sheet(self, first: int, last: int) -> tuple[int, int]:
        """The columns of the sheet on which columns ``first`` to ``last`` lie."""
        return self._edges[first - LEFT], self._edges[last - LEFT + 1] - 1

    def pixels(self, first: int, last: int) -> float:
        """How wide some columns are together."""
        return sum(self.widths[first - LEFT : last - LEFT + 1])

    def high(self, row: int, pixels: float) -> None:
        """The height that a row needs; the highest of several holds."""
        self._heights[row] = max(pixels, self._heights.get(row, 0))
        self._outline(row)

    def fold(self, rows: Sequence[int], *, below_heads: bool) -> None:
        """Close rows away, also from print; the row behind each run, or above it, opens them."""
        self._folded.update(rows)
        step = -1 if below_heads else 1
        self._opening.update(row + step for row in rows if row + step not in self._folded)
        if below_heads:
            self.sheet.view.groups_below_heads()
        for row in (*rows, *self._opening):
            self._outline(row)

    def in_sight(self, row: int) -> int:
        """The row, or what is above it where it is folded away."""
        while row in self._folded:
            row -= 1
        return row

    def _outline(self, row: int) -> None:
        """Write a row's height, and whether it is folded away or opens folded ones."""
        folded, opening = row in self._folded, row in self._opening
        height = self._heights.get(row)
        self.sheet.view.row(row, height, hidden=folded, level=int(folded), collapsed=opening)

    def _printed(self, row: int) -> float:
        """The height of a row on paper."""
        return 0 if row in self._folded else self._heights.get(row, ROW_HEIGHT)

    @property
    def one_page(self) -> float:
        """The height in pixels that a printed page has room for."""
        return sum([_MARGIN, *self.widths]) * _PAGE_SHAPE

    def height(self, first: int, end: int) -> float:
        """What the rows before ``end`` take of a printed page."""
        return sum(map(self._printed, range(first, end)))

    def finish(self, breaks: Sequence[int] = (), *, on_one_page: bool = False) -> None:
        """Print what was drawn, and on one page what is hardly longer than one.

        Further pages begin at ``breaks``, or where a heading would stand at the foot of one.
        """
        short = self.height(1, self.row) <= self.one_page * _SQUEEZED and not breaks
        fits = on_one_page or short
        self.sheet.view.page(wide=1, tall=1 if fits else 0)
        if fits:  # LibreOffice, at some heights, loses the last row: this one has nothing in it
            self.sheet.text(self.row, self.last, " ")
        else:
            self.sheet.view.break_before(breaks or self._breaks())
        self.sheet.view.print_area(1, 1, self.row, self.last)

    def unprinted(self) -> None:
        """Leave the page out of print: of an empty cell no program prints."""
        self.sheet.view.print_area(self.row + 2, self.last + 2, self.row + 2, self.last + 2)

    def _breaks(self) -> list[int]:
        """Headings that would stand at the foot of a printed page go to the next one."""
        one_page = self.one_page
        found: list[int] = []
        used = 0.0
        for row in range(1, self.row):
            height = self._printed(row)
            if used + height > one_page:
                used = 0.0
            if row in self._headings and used > one_page * _FOOT:
                found.append(row)
                used = 0.0
            used += height
        return found

    def title(self, text: str, about: str, *, back: bool = True) -> None:
        """Title, what the page is about, as-of date, legend, and the link to the first page."""
        for row, pixels in ((1, 44), (2, 22), (3, 20 if back else 10)):
            self.high(row, pixels)
        self.sheet.text(1, LEFT, text, styles.TITLE)
        self.put(
            1,
            self.last,
            sentence(self.model.template("as_of"), as_day(self.model.today)),
            styles.NOTE.but(size=9, align="right", valign="bottom"),
        )
        for column in range(LEFT, self.last + 1):
            self.sheet.blank(2, column, styles.SUBTITLE)
        self.sheet.text(2, LEFT, about, styles.SUBTITLE)
        muted = styles.SUBTITLE.but(size=9, align="right")
        self.sheet.text(2, self.last, self.model.say("legend"), muted)
        organisation = self.model.current.settings.organisation or "xltools"
        self.sheet.view.header_footer(left=organisation, right=self.model.say("page_number"))
        if back:
            first, link = self.model.titles["overview"], styles.LINK.but(size=9, valign="top")
            target, words = cell_target(first, "A1"), self.model.say("data.back")
            self.sheet.link(3, LEFT, target, words, link)
        self.row = 4

    def section(
        self,
        text: str,
        first: int = 0,
        last: int = 0,
        *,
        note: str = "",
        rows: Grid | None = None,
    ) -> None:
        """A heading over columns; at its end a note, or a link to the ``rows`` drawn below it."""
        first, last = self.on_sheet(first or LEFT, last or self.last)
        self._headings.add(self.row)
        self.high(self.row, 28)
        for column in range(first, last + 1):
            self.sheet.blank(self.row, column, styles.SECTION)
        self.sheet.text(self.row, first, text, styles.SECTION)
        muted = styles.SECTION.but(bold=False, size=8, color=styles.MUTED, align="right")
        if note:
            self.sheet.text(self.row, last, note, muted)
        if rows is not None and self.room is None:
            blue = muted.but(color=styles.BLUE)
            self.sheet.link(self.row, last, rows.target(), self.model.say("data.rows_link"), blue)
        self.row += 1

    def beside(self, blocks: Iterable[Callable[[], None]]) -> None:
        """Blocks that begin in the same row; the canvas goes on below the longest."""
        top, bottom = self.row, self.row
        for draw in blocks:
            self.row, self.beside_end = top, bottom
            draw()
            bottom = max(bottom, self.row)
        self.row, self.beside_end = bottom, 0

    def put(self, row: int, column: int, made: Figure | float | str, style: Style) -> Value:
        """A figure's formula with its value in one cell."""
        live = figure(made)
        value = live.value(0)
        formula = "=" + live.formula(Place(self.sheet.title, row, 0))
        self.sheet.formula(row, column, formula, value, style)
        return value

    def chart(
        self, chart: Any, *, height: int, first: int = 0, last: int = 0, least: int = 0
    ) -> None:
        """A chart across columns; the canvas goes on below the highest one.

        With a ``least`` height it may be as low as what stands beside it.
        """
        first, last = first or LEFT, last or self.last
        rows = -(-height // ROW_HEIGHT)
        if least and self.beside_end:
            rows = min(rows, max(least // ROW_HEIGHT, self.beside_end - self.row))
        left = self.on_sheet(first, last)[0]
        for row in range(self.row, self.row + rows):
            self.high(row, ROW_HEIGHT)
        width = self.pixels(first, last) - _ROUNDING
        chart.set_size({"width": width, "height": rows * ROW_HEIGHT})
        self.sheet.chart(self.row, left, chart, object_position=2)
        self.row += rows

    def gap(self, pixels: int = 10) -> None:
        """An empty low row."""
        self.high(self.row, pixels)
        self.row += 1

    def says(
        self,
        made: Figure,
        target: str,
        first: int,
        last: int,
        *,
        style: Style = SAID,
        height: int = ROW_HEIGHT,
    ) -> None:
        """A sentence with figures in it, across columns; the last leads to ``target``.

        Its row is higher than ``height`` where it wraps and needs more.
        """
        if self.room is None and last > first:
            arrow = style.but(wrap=False, align="right", color=styles.BLUE)
            self.put(self.row, last, link_to(figure(target)), arrow)
            last -= 1
        width = self.pixels(first, last)
        first, last = self.on_sheet(first, last)
        self.sheet.merge(self.row, first, self.row, last, None, style)
        words = str(self.put(self.row, first, made, style))
        needed = row_pixels([(words, width)], size=style.size, minimum=height)
        self.high(self.row, needed if style.wrap else height)
        self.row += 1

    def text(
        self,
        words: str,
        *,
        style: Style = styles.NOTE,
        first: int = 0,
        last: int = 0,
        target: str = "",
    ) -> None:
        """A sentence across columns, as high as it needs; it leads to ``target`` where one is."""
        first, last = first or LEFT, last or self.last
        width = self.pixels(first, last)
        wrapped = style.but(wrap=True, valign="top")
        first, last = self.on_sheet(first, last)
        self.sheet.merge(self.row, first, self.row, last, None if target else words, wrapped)
        if target:
            self.sheet.link(self.row, first, target, words, wrapped)
        self.high(self.row, row_pixels([(words, width)], size=style.size, minimum=20))
        self.row += 1

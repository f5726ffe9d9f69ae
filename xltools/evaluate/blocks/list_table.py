"""Lists on pages: each is a table of columns over rows of a data sheet, every cell live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xltools.evaluate.blocks.canvas import LEFT, ROW_HEIGHT, Canvas
from xltools.evaluate.blocks.list_columns import LINK, Rows, Show, Target
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import Call, Figure, Value, braces, is_number
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import link_to
from xltools.excel import styles
from xltools.excel.links import cell_target, hyperlink, literal
from xltools.excel.styles import BULK_LINK, Emphasis, Style
from xltools.excel.text_size import CELL_PADDING, row_pixels, shortened
from xltools.ground.cells import CellRef

_ARROW = "→"
_HEADER_HEIGHT = 26
_UNBROKEN = 0.85  # of a header's width is filled, since words are not broken
_AROUND = 80  # pixels of a heading, a header, and the line that tells of further lines
_SHRUNK = 1.2  # so much too long a text is still read on paper
_SHORT = 12  # lines that are taken in at a glance: none of them is folded away
_BARS: dict[str, Any] = {
    "type": "data_bar", "data_bar_2010": True, "bar_solid": True,
    "bar_color": styles.PALE_BLUE, "bar_border_color": styles.PALE_BLUE,
    "min_type": "num", "min_value": 0, "max_type": "num",
}  # fmt: skip
LINKED = styles.TABLE_CENTER.but(color=styles.BLUE)


def draw_list(
    canvas: Canvas,
    rows: Rows,
    columns: Sequence[Show],
    *,
    first: int = LEFT,
    last: int = 0,
    links: Sequence[Target | None] | None = None,
) -> Grid:
    """Header and lines from column ``first`` to ``last``; what stands there, as a grid.

    The last column leads to each line's row on its data sheet, or to ``links``. Across the whole
    page a long list folds its settled lines away, and says so below them. In a block of a printed
    page there are no links, and no more lines than have room; how many are left out is said, too.
    """
    listing = _Listing(canvas, rows, first, last or canvas.last)
    for show in columns:
        if show.name != LINK or canvas.room is None:
            listing.add(show)
    if LINK not in listing.grid and canvas.room is None:
        listing.link(rows.targets if links is None else links)
    listing.write()
    return listing.grid


@dataclass(frozen=True)
class _Drawn:
    """A column in its place: what stands in it, and how every line of it looks.

    It goes on to the sheet's column ``last``, and is so many pixels wide.
    """

    show: Show
    column: Column
    styles: Sequence[Style]
    last: int
    width: float


class _Listing:
    """One list while it is drawn."""

    def __init__(self, canvas: Canvas, rows: Rows, first: int, last: int) -> None:
        self.canvas, self.rows, self.first, self.last = canvas, rows, first, last
        self.count = len(rows.indexes) if canvas.room is None else _fitting(canvas.room, rows)
        self.grid = Grid(canvas.sheet.title, canvas.row + 1, self.count)
        self.drawn: dict[int, _Drawn] = {}  # by the page's column

    def add(self, show: Show) -> None:
        """The next column to the right; links stand in the last."""
        last = list(self.drawn.items())[-1:]
        number = last[0][0] + last[0][1].show.span if last else self.first
        number = self.last if show.name == LINK else number
        span = number, number + show.span - 1
        place, end = self.canvas.on_sheet(*span)
        column, width = self._column(show, place), self.canvas.pixels(*span)
        self.drawn[number] = _Drawn(show, column, self._styles(show), end, width)

    def link(self, targets: Sequence[Target | None]) -> None:
        """The column of links."""
        signs = [_ARROW if target else None for target in targets]
        self.add(Show(LINK, self.canvas.model.say("data.row_link"), LINKED, signs))
        self.grid[LINK].formulas = [
            hyperlink(of[0].target(of[1]), _ARROW) if of else "" for of in targets
        ]

    def _column(self, show: Show, number: int) -> Column:
        rows, label = self.rows, show.label
        source = rows.grid.columns.get(show.name)
        if show.made is None and source is not None and source.style == BULK_LINK:
            values = rows.values(show.name)[: self.count]
            column = self.grid.put(show.name, values, Look(label), number)
            column.formulas = [source.formulas[row] for row in rows.indexes]
            return column
        made = show.made(self.grid) if callable(show.made) else show.made
        if made is None:
            made = "-" if source is None else show.cell(rows)
        if isinstance(made, (Figure, str)):
            return self.grid.add(show.name, made, Look(label), number)
        return self.grid.put(show.name, made[: self.count], Look(label), number)

    def _styles(self, show: Show) -> Sequence[Style]:
        lines = range(self.grid.count)
        if callable(show.style):
            return [self._whole(show.style(index)) for index in lines]
        return [self._whole(show.style)] * len(lines)

    def _whole(self, style: Style) -> Style:
        """A style that cuts nothing: text that does not wrap shrinks, and so do long numbers.

        Programs would show these as ###.
        """
        wrap = style.wrap and self.canvas.wrapping
        return style if wrap else style.but(wrap=False, shrink=True)

    def write(self) -> None:
        """Everything onto the sheet; the canvas goes on below."""
        self._write_header(self.grid.first_row - 1)
        for index in range(self.grid.count):
            self._write_line(index)
        for drawn in self.drawn.values() if self.grid.count else ():
            self._emphasise(drawn)
        self.canvas.row = self.grid.first_row + self.grid.count
        self._fold()
        self._tell_rest()

    def _fold(self) -> None:
        """Close the settled lines of a long list, unless something stands beside it."""
        canvas, settled = self.canvas, self.rows.settled
        alone = (self.first, self.last) == (LEFT, canvas.last)
        folded = [self.grid.first_row + line for line, done in enumerate(settled) if done]
        if not (canvas.folding and alone and folded and self.grid.count > _SHORT):
            return
        canvas.text(canvas.model.say("data.folded", count=len(folded)))
        canvas.fold(folded, below_heads=sorted(settled) != list(settled))

    def _tell_rest(self) -> None:
        """How many lines a block of a printed page leaves out, and how many of them are settled."""
        canvas, settled = self.canvas, sum(self.rows.settled)
        more = len(self.rows.indexes) - self.count - settled
        if canvas.room is None:
            return
        told = [canvas.model.say("data.more", count=more)] if more > 0 else []
        told += [canvas.model.say("data.settled", count=settled)] if settled else []
        if told:
            canvas.text(" · ".join(told), first=self.first, last=self.last)

    def _write_header(self, top: int) -> None:
        labels = [
            (label := one.show.label, one.width * (_UNBROKEN if " " in label else 1))
            for one in self.drawn.values()
        ]
        self.canvas.high(top, row_pixels(labels, size=9.5, minimum=_HEADER_HEIGHT))
        first, last = self.canvas.on_sheet(self.first, self.last)
        for number in range(first, last + 1):
            self.canvas.sheet.blank(top, number, styles.TABLE_HEADER)
        for number, drawn in self.drawn.items():
            style, place = _header_style(drawn, number == self.first), drawn.column.number
            self.canvas.sheet.merge(top, place, top, drawn.last, drawn.show.label, style)

    def _write_line(self, index: int) -> None:
        sheet, row = self.canvas.sheet, self.grid.first_row + index
        self.canvas.high(row, self._height(index))
        style = styles.TABLE_CELL
        for number in range(self.first, self.last + 1):
            drawn = self.drawn.get(number)
            if drawn is None:
                first, last = self.canvas.on_sheet(number, number)
                for empty in range(first, last + 1):
                    sheet.blank(row, empty, style.but(number=""))
                continue
            style, column = drawn.styles[index], drawn.column
            formula, value = column.formula_at(index), column.values[index]
            if self.canvas.room is not None:
                formula, value = "", _printed(value, style, drawn.width)
            if not formula:
                sheet.merge(row, column.number, row, drawn.last, value, style)
                continue
            if drawn.last > column.number:
                sheet.merge(row, column.number, row, drawn.last, None, style)
            sheet.formula(row, column.number, formula, value, style)

    def _height(self, index: int) -> int:
        """As high as the longest wrapped text needs."""
        height = ROW_HEIGHT
        for drawn in self.drawn.values():
            style, text = drawn.styles[index], drawn.column.values[index]
            if style.wrap and text:
                cells = [(str(text), drawn.width)]
                height = max(height, row_pixels(cells, size=style.size, minimum=ROW_HEIGHT))
        return height

    def _emphasise(self, drawn: _Drawn) -> None:
        show, area, sheet = drawn.show, drawn.column.area, self.canvas.sheet
        for text, look in show.looks.items():
            sheet.conditional(*area, type="cell", criteria="==", value=literal(text), format=look)
        if show.bars is not None:
            sheet.conditional(*area, **_BARS, max_value=show.bars)


def colour_by_lights(
    canvas: Canvas, area: tuple[int, int, int, int], looks: Sequence[Emphasis], **options: Any
) -> None:
    """Give the shares in some cells a look by their light: on target, at risk, below."""
    cell = CellRef(*area[:2])
    for test, look in zip((">=p_on_target", ">=p_at_risk", "<p_at_risk"), looks, strict=True):
        criteria = f"=AND(ISNUMBER({cell}),{cell}{test})"
        canvas.sheet.conditional(*area, type="formula", criteria=criteria, format=look, **options)


def live_link(model: Model, source: Grid, row: Figure) -> Show:
    """The column of links where the lines stand in a live order.

    ``row`` is the number of each line's row of ``source``, 1 for the first; no link where it is no
    number.
    """
    before, above = cell_target(source.title, "A"), source.first_row - 1
    target = Call(
        f'IF(ISNUMBER({{0}}),{braces(literal(before))}&({{0}}+{above}),"")',
        lambda number: f"{before}{int(number) + above}" if is_number(number) else "",
        row,
    )
    return Show(LINK, model.say("data.row_link"), LINKED, link_to(target))


def _fitting(room: float, rows: Rows) -> int:
    """How many lines have room; none of those that are settled and stand behind the others."""
    needed = len(rows.indexes)
    if list(rows.settled) == sorted(rows.settled):
        needed -= sum(rows.settled)
    return min(needed, int(room - _AROUND) // ROW_HEIGHT)


def _printed(value: Value, style: Style, pixels: float) -> Value:
    """A value as it stands on paper: of a text what can be read in that width, then ``…``."""
    if not isinstance(value, str) or not value:
        return value
    return shortened(" ".join(value.split()), _SHRUNK * pixels - CELL_PADDING, style.size)


def _header_style(drawn: _Drawn, first: bool) -> Style:
    """As the cells below stand: left, centred or right."""
    if not drawn.styles:
        return styles.TABLE_HEADER
    cell = drawn.styles[0]
    indent = 1 if first and not cell.align else min(cell.indent, 1)
    return styles.TABLE_HEADER.but(align=cell.align or ("left" if indent else ""), indent=indent)

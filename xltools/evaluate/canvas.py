"""Drawing a page from top to bottom: title block, sections, cards, lists of live rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xltools.evaluate.figures import Figure, Place, Value, figure, sentence
from xltools.evaluate.grid import Column, Grid
from xltools.evaluate.model import Model
from xltools.evaluate.words import as_day
from xltools.excel import styles
from xltools.excel.cellwriter import Cells
from xltools.excel.layout import row_pixels
from xltools.excel.links import cell_target, hyperlink, literal
from xltools.excel.styles import Style
from xltools.excel.writer import Book

LEFT = 2  # the first column in use; before it stands a narrow margin
_MARGIN = 12
_ROW = 24
_PAGE_SHAPE = 0.67  # height by width of what is printed of A4
_SQUEEZED = 1.25  # a page may be this much too long before it is broken
_ROUNDING = 6  # pixels by which columns come out narrower in some programs
GREEN, AMBER, RED = "▲", "●", "▼"
StyleOf = Callable[[int], Style]


class Canvas:
    """One page's sheet; ``row`` is the next free row."""

    def __init__(self, model: Model, book: Book, title: str, widths: Sequence[int]) -> None:
        self.model = model
        self.book = book
        self.sheet = book.sheet(title)
        self.widths = list(widths)
        self.last = LEFT + len(widths) - 1
        self.row = 1
        self._heights: dict[int, float] = {}
        self.sheet.view.columns([_MARGIN, *widths])
        self.sheet.view.screen(zoom=90)

    def high(self, row: int, pixels: float) -> None:
        """The height of a row."""
        self._heights[row] = pixels
        self.sheet.view.row(row, pixels)

    def finish(self) -> None:
        """Print what was drawn, and on one page what is hardly longer than one."""
        one_page = sum([_MARGIN, *self.widths]) * _PAGE_SHAPE
        fits = sum(self._heights.values()) <= one_page * _SQUEEZED
        self.sheet.view.page(wide=1, tall=1 if fits else 0)
        self.sheet.view.print_area(1, 1, self.row, self.last)

    def title(self, text: str, about: str, *, back: bool = True) -> None:
        """Title, what the page is about, as-of date and the legend of the lights."""
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
        self._legend()
        self.row = 4
        self._paper(back)

    def _legend(self) -> None:
        muted = styles.SUBTITLE.but(size=9, align="right")
        self.sheet.text(2, self.last, self.model.say("legend"), muted)

    def _paper(self, back: bool) -> None:
        view, model = self.sheet.view, self.model
        organisation = model.current.settings.organisation
        view.header_footer(left=organisation or "xltools", right=model.say("page_number"))
        if back:
            link = styles.LINK.but(size=9, valign="top")
            self.sheet.link(
                3, LEFT, cell_target(model.titles["overview"], "A1"), model.say("data.back"), link
            )

    def section(self, text: str, first: int = 0, last: int = 0, *, note: str = "") -> None:
        """A heading over columns; the row below it is free."""
        first, last = first or LEFT, last or self.last
        self.high(self.row, 28)
        for column in range(first, last + 1):
            self.sheet.blank(self.row, column, styles.SECTION)
        self.sheet.text(self.row, first, text, styles.SECTION)
        if note:
            muted = styles.SECTION.but(bold=False, size=8, color=styles.MUTED, align="right")
            self.sheet.text(self.row, last, note, muted)

    def put(self, row: int, column: int, made: Figure | float | str, style: Style) -> Value:
        """A figure's formula with its value in one cell."""
        live = figure(made)
        value = live.value(0)
        formula = "=" + live.formula(Place(self.sheet.title, row, 0))
        self.sheet.formula(row, column, formula, value, style)
        return value

    def chart(self, chart: Any, *, height: int, first: int = 0, last: int = 0) -> None:
        """A chart across columns; the canvas goes on below the highest one."""
        first, last = first or LEFT, last or self.last
        rows = -(-height // _ROW)
        for row in range(self.row, self.row + rows):
            self.high(row, max(_ROW, self._heights.get(row, 0)))
        width = sum(self.widths[first - LEFT : last - LEFT + 1]) - _ROUNDING
        chart.set_size({"width": width, "height": rows * _ROW})
        self.sheet.chart(self.row, first, chart, object_position=2)
        self.row += rows

    def gap(self, pixels: int = 10) -> None:
        """An empty low row."""
        self.high(self.row, pixels)
        self.row += 1

    def text(
        self, words: str, *, style: Style = styles.NOTE, first: int = 0, last: int = 0
    ) -> None:
        """A sentence across columns, as high as it needs."""
        first, last = first or LEFT, last or self.last
        width = sum(self.widths[first - LEFT : last - LEFT + 1])
        wrapped = style.but(wrap=True, valign="top")
        self.sheet.merge(self.row, first, self.row, last, words, wrapped)
        self.high(self.row, row_pixels([(words, width)], size=style.size, minimum=20))
        self.row += 1


@dataclass(eq=False)
class Listing:
    """A list on a page: a header, live rows, rules only between rows."""

    canvas: Canvas
    count: int
    first_column: int = LEFT
    height: int = _ROW
    grid: Grid = field(init=False)
    row_styles: dict[str, StyleOf] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.grid = Grid(self.canvas.sheet.title, self.canvas.row + 1, self.count)

    def add(
        self,
        name: str,
        label: str,
        made: Figure | float | str | Sequence[Value],
        style: Style = styles.TABLE_FIRST,
        *,
        style_of: StyleOf | None = None,
        skip: int = 0,
    ) -> Column:
        """The next column, ``skip`` columns further to the right than it would stand."""
        last = max((c.number for c in self.grid.columns.values()), default=self.first_column - 1)
        number = last + 1 + skip
        if isinstance(made, (Figure, float, int, str)):
            column = self.grid.add(name, made, number, label=label, style=style)
        else:
            column = self.grid.put(name, made, number, label=label, style=style)
        if style_of:
            self.row_styles[name] = style_of
        return column

    def link(self, grid: Grid, rows: Sequence[int | None]) -> None:
        """A last column that leads to each row's own row on its data sheet."""
        self.links([None if row is None else (grid, row) for row in rows])

    def links(self, rows: Sequence[tuple[Grid, int] | None]) -> None:
        """A last column that leads to rows of several data sheets."""
        signs = ["→" if row is not None else None for row in rows]
        look = styles.TABLE_CENTER.but(color=styles.BLUE)
        column = self.add("link", self.canvas.model.say("data.row_link"), signs, look)
        column.formulas = ["" if row is None else _to_row(*row) for row in rows]

    def write(self, *, last: int = 0, heights: Sequence[int] = ()) -> None:
        """Header and rows up to column ``last``; the canvas goes on below."""
        canvas, top = self.canvas, self.grid.first_row - 1
        columns = {column.number: column for column in self.grid.columns.values()}
        last = last or max(columns)
        canvas.high(top, self._header_height(columns))
        for number in range(self.first_column, last + 1):
            shown = columns.get(number)
            style = self._header(shown, number == self.first_column)
            canvas.sheet.value(top, number, shown.label if shown else None, style)
        for index in range(self.count):
            row = self.grid.first_row + index
            canvas.high(row, heights[index] if heights else self.height)
            self._write_row(canvas.sheet, columns, index, range(self.first_column, last + 1))
        canvas.row = self.grid.first_row + self.count

    def _header_height(self, columns: dict[int, Column]) -> int:
        widths = self.canvas.widths
        labels = [
            (column.label, float(widths[number - LEFT])) for number, column in columns.items()
        ]
        return row_pixels(labels, size=9.5, minimum=26)

    def _header(self, column: Column | None, first: bool) -> Style:
        """As the cells below stand: left, centred or right."""
        if column is None or not self.count:
            return styles.TABLE_HEADER
        of = self.row_styles.get(column.name)
        cell = of(0) if of else column.style or styles.TABLE_CELL
        indent = 1 if first and not cell.align else min(cell.indent, 1)
        return styles.TABLE_HEADER.but(
            align=cell.align or ("left" if indent else ""), indent=indent
        )

    def _write_row(
        self, sheet: Cells, columns: dict[int, Column], index: int, numbers: range
    ) -> None:
        row, plain = self.grid.first_row + index, styles.TABLE_CELL
        for number in numbers:
            column = columns.get(number)
            if column is None:
                sheet.blank(row, number, plain)
                continue
            of = self.row_styles.get(column.name)
            plain = of(index) if of else column.style or styles.TABLE_CELL
            formula = column.formula_at(index)
            if formula:
                sheet.formula(row, number, formula, column.values[index], plain)
            else:
                sheet.value(row, number, column.values[index], plain)
            plain = plain.but(number="")

    def lights(self, name: str) -> None:
        """Colours of ▲ ● ▼ in a column."""
        self.rules(
            name, {GREEN: styles.LIGHT_GREEN, AMBER: styles.LIGHT_AMBER, RED: styles.LIGHT_RED}
        )

    def rules(self, name: str, looks: dict[str, styles.Emphasis]) -> None:
        """What a column's cells look like by their text."""
        for text, look in looks.items():
            self._conditional(name, type="cell", criteria="==", value=literal(text), format=look)

    def bars(self, name: str, *, most: float | None = 2.5, color: str = styles.PALE_BLUE) -> None:
        """Solid bars behind a column's numbers."""
        scale = {} if most is None else {"max_type": "num", "max_value": most}
        self._conditional(
            name,
            type="data_bar",
            data_bar_2010=True,
            bar_solid=True,
            bar_color=color,
            min_type="num",
            min_value=0,
            bar_border_color=color,
            **scale,
        )

    def _conditional(self, name: str, **options: object) -> None:
        number, first = self.grid[name].number, self.grid.first_row
        self.canvas.sheet.conditional(first, number, first + self.count - 1, number, **options)


def _to_row(grid: Grid, row: int) -> str:
    return hyperlink(cell_target(grid.title, f"A{grid.first_row + row}"), "→")

"""Declared tables and matrices, drawn as lists on the columns of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import NamedTuple

from xltools.definition import Block
from xltools.definition.evaluation_model import MatrixDef, TableDef
from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.list_columns import SIGN, Rows, Show, Target
from xltools.evaluate.blocks.list_table import colour_by_lights, draw_list, live_link
from xltools.evaluate.declared.page_columns import Span, room, spread
from xltools.evaluate.declared.shown_lines import FIRST, PLACE, ROW
from xltools.evaluate.declared.table_columns import Source, columns_of
from xltools.evaluate.figures.figure_grid import Column, Grid
from xltools.evaluate.figures.live_figure import NOTHING, Each, Value, is_number
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Style
from xltools.ground.cells import CellRef, column_letters, quote_sheet

_AIR = 1.35  # the scale by the largest number: little columns stay clear of the row above
_OUTER = {
    "bold": True,
    "fill": styles.BAND,
    "color": styles.INK,
    "top": (styles.MEDIUM, styles.NAVY),
}
_INNER = {"bold": True, "fill": styles.CARD, "color": styles.NAVY}


class _Line(NamedTuple):
    """A row, or the head of a group: its first row, its place among the groups of its level.

    A group within another one is settled where all its rows are.
    """

    row: int
    head: int | None
    level: int
    settled: bool


@dataclass(frozen=True)
class Listed:
    """A list before it is drawn: what it is of, its rows, its columns, the lines of its groups.

    ``more`` is how many rows it leaves out.
    """

    source: Source
    rows: Rows
    columns: Sequence[Show]
    groups: Sequence[Grid] = ()
    more: int = 0

    @classmethod
    def of(
        cls, source: Source, block: Block, groups: Sequence[Grid], *, across: bool = False
    ) -> Listed:
        """A table's or a matrix's list; of a table team by team or ``across`` all teams."""
        if block.table:
            rows, depths = source.rows(block.table, across=across)
            whole, most = source.ordered or len(rows.indexes), block.table.most or len(rows.indexes)
            rows = Rows(rows.grid, rows.indexes[:most], rows.settled[:most])
            columns = columns_of(source, rows, block.table, depths)
            more = 0 if block.page else max(whole - most, 0)  # which its headline tells
            return cls(source, rows, columns, groups, more)
        assert source.summary is not None
        names = [*source.summary.by, *(one.name for one in source.summary.columns)]
        rows = Rows.all(source.grid)
        return cls(source, rows, columns_of(source, rows, TableDef(of="", columns=tuple(names))))

    @property
    def widths(self) -> list[int]:
        """What its columns want, the one of links last."""
        return [*(one.width for one in self.columns), SIGN]


def draw_table(canvas: Canvas, table: TableDef, listed: Listed, span: Span) -> None:
    """A table across columns of the page; a long one repeats its header in print."""
    top, rows, lines = canvas.row, listed.rows, list(_lines(listed, table.groups))
    shows, links = _linked(canvas, listed, span)
    if listed.groups:
        rows = Rows(rows.grid, [line.row for line in lines], [line.settled for line in lines])
        first, *others = shows
        shows = [_headed(first, listed, lines, table.groups)]
        shows += [_headed(show, listed, lines) for show in others]
    drawn = draw_list(canvas, rows, shows, first=span[0], last=span[1], links=links)
    if not (listed.source.summary or listed.source.first_of):
        canvas.sheet.view.repeat_rows(top, top)
    if table.filter and canvas.room is None:
        canvas.sheet.view.autofilter(top, span[0], top + drawn.count, span[1])
    if listed.more:
        told = canvas.model.say("declared.more", count=listed.more)
        whole = listed.source.first_of or listed.source.grid
        canvas.text(told, first=span[0], last=span[1], target=whole.target())
    for one in table.shown:
        if one.spark:
            columns = [listed.source.grid[name] for name in one.spark]
            _sparks(canvas, lines, drawn[one.name], columns)
    if listed.groups and table.groups[0] == "team":
        for row, (line, team) in enumerate(zip(lines, rows.values("key"), strict=True), top + 1):
            if line.level == 0 and line.head is not None:
                cell = CellRef(canvas.in_sight(row), span[0])
                target = cell_target(canvas.sheet.title, cell)
                canvas.model.places.setdefault(("teams", int(str(team)) - 1), target)


def _sparks(
    canvas: Canvas, lines: Sequence[_Line], drawn: Column, columns: Sequence[Column]
) -> None:
    """Numbers of each row as little columns in its cell, the last one dark."""
    title, first = columns[0].grid.title, columns[0].grid.first_row
    begin, end = (column_letters(one.number) for one in (columns[0], columns[-1]))
    for place, line in enumerate(lines[: drawn.grid.count], drawn.grid.first_row):
        if line.head is not None:
            continue
        numbers = [float(one) for of in columns if is_number(one := of.values[line.row])]
        row = first + line.row
        canvas.sheet.sparkline(
            place,
            drawn.number,
            type="column",
            range=f"{quote_sheet(title)}!{begin}{row}:{end}{row}",
            series_color=styles.HISTORY_BLUE,
            last_point=True,
            last_color=styles.BLUE,
            min=0,
            max=max((one * _AIR for one in numbers), default=0) or 1,
        )


def draw_matrix(canvas: Canvas, matrix: MatrixDef, listed: Listed, span: Span) -> None:
    """A matrix, its figures shaded or in the lights' colours."""
    shows, links = _linked(canvas, listed, span)
    drawn = draw_list(canvas, listed.rows, shows, first=span[0], last=span[1], links=links)
    cells = [one for name, one in drawn.columns.items() if name.startswith("of_")]
    lines = min(listed.source.lines or drawn.count, drawn.count)
    if not (cells and matrix.colours):
        return
    first, last = min(one.number for one in cells), max(one.number for one in cells)
    area = (drawn.first_row, first, drawn.first_row + lines - 1, last)
    if matrix.colours == "shades":
        kind, light, dark = "2_color_scale", styles.WHITE, styles.HISTORY_BLUE
        canvas.sheet.conditional(*area, type=kind, min_color=light, max_color=dark)
        return
    looks = (styles.FINE, styles.DOUBT, styles.ALERT)
    colour_by_lights(canvas, area, looks, stop_if_true=True)


def _linked(
    canvas: Canvas, listed: Listed, span: Span
) -> tuple[list[Show], Sequence[Target | None] | None]:
    """Each column with the columns of the page that it takes, and where the lines lead.

    Rows of a sheet lead to themselves (None), lines of a summary to the first of their rows on its
    source's sheet; those in their live order by a column of links of their own.
    """
    columns = listed.columns[: room(canvas.widths, span) - 1]
    taken = spread(canvas.widths, span, [*(one.width for one in columns), SIGN])
    shows = [
        replace(one, span=last - first + 1)
        for one, (first, last) in zip(columns, taken, strict=False)
    ]
    summary, grid, first_of = listed.source.summary, listed.source.grid, listed.source.first_of
    if first_of:
        return [*shows, live_link(canvas.model, first_of, listed.rows.cell(ROW))], None
    if summary is None:
        return shows, None
    source, firsts = listed.source.tables.grids[summary.source], listed.rows.values(FIRST)
    if PLACE in grid:
        return [*shows, live_link(canvas.model, source, listed.rows.cell(FIRST))], None
    return shows, [(source, int(str(row)) - 1) if row else None for row in firsts]


def _lines(listed: Listed, by: Sequence[str]) -> Iterator[_Line]:
    """The rows, those of each group below a line of its own, groups within groups."""
    known = [listed.rows.values(name) for name in by]
    keys = {row: tuple(of[n] for of in known) for n, row in enumerate(listed.rows.indexes)}
    done = set(compress(listed.rows.indexes, listed.rows.settled))

    def below(rows: Sequence[int], level: int, outer: tuple[Value, ...]) -> Iterator[_Line]:
        heads = []
        if level < len(listed.groups):
            grid = listed.groups[level]
            values = zip(*(grid[name].values for name in by[: level + 1]), strict=True)
            heads = [(place, key) for place, key in enumerate(values) if key[:level] == outer]
        inner = {key for _, key in heads}
        own = (row for row in rows if keys[row][: level + 1] not in inner)
        yield from (_Line(row, None, level, row in done) for row in own)
        for place, key in heads:
            mine = [row for row in rows if keys[row][: level + 1] == key]
            if mine:
                first = listed.groups[level][FIRST].values[place]
                yield _Line(int(str(first)) - 1, place, level, level > 0 and done.issuperset(mine))
                yield from below(mine, level + 1, key)

    return below(listed.rows.indexes, 0, ())


def _headed(show: Show, listed: Listed, lines: Sequence[_Line], named: Sequence[str] = ()) -> Show:
    """A column with lines above groups, in the first one their names, in others their subtotals.

    A light follows the figure beside it everywhere.
    """
    places = {row: place for place, row in enumerate(listed.rows.indexes)}

    def style(index: int) -> Style:
        line, known_style = lines[index], show.style
        place = places[line.row] if line.head is None else 0
        plain = known_style(place) if callable(known_style) else known_style
        if named and len(named) > 1:
            plain = plain.but(indent=1 + line.level)
        if line.head is None:
            return plain
        return plain.but(**(_INNER if line.level == len(listed.groups) - 1 else _OUTER))

    if show.made is not None:
        return replace(show, style=style)
    mine = show.cell(Rows(listed.rows.grid, [line.row for line in lines]))
    heads = []
    for level, grid in enumerate(listed.groups):
        own = Rows(grid, [(line.head or 0) if line.level == level else 0 for line in lines])
        head = replace(show, name=named[level]) if named else show
        there = head.name in grid and head.name != FIRST
        heads.append(head.cell(own) if there else NOTHING)
    figures = [mine if line.head is None else heads[line.level] for line in lines]
    return replace(show, style=style, made=Each(figures))

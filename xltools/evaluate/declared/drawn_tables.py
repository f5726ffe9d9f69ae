"""Declared tables and matrices, drawn as lists on the columns of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xltools.definition import Block
from xltools.definition.evaluation_model import TableDef
from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show, Target
from xltools.evaluate.blocks.list_table import LINKED, draw_list
from xltools.evaluate.declared.page_columns import Span, spread
from xltools.evaluate.declared.planned_summaries import subtotals
from xltools.evaluate.declared.shown_lines import FIRST
from xltools.evaluate.declared.table_columns import Column, Source, columns_of
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    choose,
    known,
    or_dash,
    or_nothing,
    sentence,
)
from xltools.evaluate.spoken_figures import link_to
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Emphasis, Style

_LINK = 40  # pixels of the column of links
_Line = tuple[int | None, int | None]  # the line of a group, or a row


@dataclass(frozen=True)
class Listed:
    """A list before it is drawn: what it is of, its rows, its columns."""

    source: Source
    rows: Rows
    columns: Sequence[Column]
    groups: Grid | None = None

    @classmethod
    def of(cls, source: Source, block: Block, groups: Grid | None) -> Listed:
        """A table's or a matrix's list."""
        if block.table:
            rows = source.rows(block.table.order, block.table.settled)
            return cls(source, rows, columns_of(source, rows, block.table.columns), groups)
        assert source.summary is not None
        rows = source.rows()
        names = [*source.summary.by, *(one.name for one in source.summary.columns)]
        return cls(source, rows, columns_of(source, rows, names))

    @property
    def widths(self) -> list[int]:
        """What its columns want, the one of links last."""
        return [*(one.width for one in self.columns), _LINK]


def draw_table(canvas: Canvas, block: Block, listed: Listed, span: Span) -> None:
    """A table across columns of the page; a long one repeats its header in print."""
    assert block.table is not None
    top = canvas.row
    rows, shows = listed.rows, _spanned(canvas, listed, span)
    links = _links(listed)
    if listed.groups is not None:
        rows, shows, links = _grouped(listed, block.table, shows)
    if links is None and listed.source.summary:
        shows = [*shows, _live_link(canvas, listed)]
    draw_list(canvas, rows, shows, first=span[0], last=span[1], links=links)
    if not listed.source.summary:
        canvas.sheet.view.repeat_rows(top, top)


def draw_matrix(canvas: Canvas, block: Block, listed: Listed, span: Span) -> None:
    """A matrix, its figures shaded or in the lights' colours."""
    assert block.matrix is not None
    shows, links = _spanned(canvas, listed, span), _links(listed)
    if links is None:
        shows = [*shows, _live_link(canvas, listed)]
    drawn = draw_list(canvas, listed.rows, shows, first=span[0], last=span[1], links=links)
    cells = [one for name, one in drawn.columns.items() if name.startswith("of_")]
    lines = min(listed.source.lines or drawn.count, drawn.count)
    if not (cells and block.matrix.colours):
        return
    first, last = min(one.number for one in cells), max(one.number for one in cells)
    area = (drawn.first_row, first, drawn.first_row + lines - 1, last)
    if block.matrix.colours == "shades":
        kind, light, dark = "2_color_scale", styles.WHITE, styles.HISTORY_BLUE
        canvas.sheet.conditional(*area, type=kind, min_color=light, max_color=dark)
        return
    top = cells[0].cell(drawn.first_row, drawn.title).replace("$", "")
    tests = {
        f"={top}>=p_on_target": Emphasis(color=styles.GREEN, fill=styles.GREEN_FILL),
        f"={top}>=p_at_risk": styles.DOUBT,
        f"={top}<p_at_risk": styles.ALERT,
    }
    for test, look in tests.items():
        criteria = f"=AND(ISNUMBER({top}),{test[1:]})"
        canvas.sheet.conditional(
            *area, type="formula", criteria=criteria, format=look, stop_if_true=True
        )


def _spanned(canvas: Canvas, listed: Listed, span: Span) -> list[Show]:
    """Each column with the columns of the page that it takes; the last is left to links."""
    taken = spread(canvas.widths, span, listed.widths)
    return [
        replace(one.show, span=last - first + 1)
        for one, (first, last) in zip(listed.columns, taken, strict=False)
    ]


def _links(listed: Listed) -> Sequence[Target | None] | None:
    """Where lines of a summary begin on its source's sheet; None: rows lead to themselves."""
    summary, grid = listed.source.summary, listed.source.grid
    if summary is None or "place" in grid:
        return None
    source = listed.source.tables.grids[summary.source]
    return [(source, int(row) - 1) if row else None for row in grid[FIRST].values]


def _live_link(canvas: Canvas, listed: Listed) -> Show:
    """The same for lines that stand in their live order."""
    summary = listed.source.summary
    assert summary is not None
    source = listed.source.tables.grids[summary.source]
    row = listed.rows.cell(FIRST)
    to = cell_target(source.title, "A1")[:-1].replace("{", "{{").replace("}", "}}")
    target = sentence(f"{to}{{0}}", row + (source.first_row - 1))
    made = link_to(choose(known(row), target, ""))
    return Show("link", canvas.model.say("data.row_link"), LINKED, made)


def _grouped(
    listed: Listed, table: TableDef, shows: Sequence[Show]
) -> tuple[Rows, list[Show], list[Target | None]]:
    """The rows of each group below a line of its own."""
    groups, rows = listed.groups, listed.rows
    assert groups is not None
    assert rows.grid is not None
    values = rows.values(table.group)
    lines: list[_Line] = []
    settled = dict(zip(rows.indexes, rows.settled, strict=False))
    for place, group in enumerate(groups[table.group].values):
        mine = [row for row, value in zip(rows.indexes, values, strict=True) if value == group]
        lines += [(place, None), *((None, row) for row in mine)] if mine else []
    own = Rows(rows.grid, [row for _, row in lines], [settled.get(row, False) for _, row in lines])
    heads = Rows(groups, [head for head, _ in lines])
    made = [
        _headed(show, listed, lines, own, heads, name)
        for show, name in zip(shows, _heads(table, shows), strict=True)
    ]
    firsts = [
        row if row is not None else int(str(groups[FIRST].values[head or 0])) - 1
        for head, row in lines
    ]
    return own, made, [(rows.grid, row) for row in firsts]


def _heads(table: TableDef, shows: Sequence[Show]) -> list[str]:
    """For each column what stands in the lines above groups: their name, a subtotal, or nothing."""
    names = {one.name for one in subtotals(table)}
    return [
        table.group if place == 0 else show.name if show.name in names else ""
        for place, show in enumerate(shows)
    ]


def _headed(
    show: Show, listed: Listed, lines: Sequence[_Line], own: Rows, heads: Rows, name: str
) -> Show:
    """A column with lines above groups; a light follows the figure beside it everywhere."""
    places = {row: place for place, row in enumerate(listed.rows.indexes)}
    raised = {"bold": True, "fill": styles.CARD, "color": styles.NAVY}

    def style(index: int) -> Style:
        row = lines[index][1]
        known_style = show.style
        plain = known_style(places.get(row, 0)) if callable(known_style) else known_style
        return plain.but(**raised) if row is None else plain

    if show.made is not None:
        return replace(show, style=style)
    mine = (or_nothing if show.quiet else or_dash)(own.cell(show.name))
    head = (or_nothing if show.quiet else or_dash)(heads.cell(name)) if name else NOTHING
    figures = [mine if row is not None else head for _, row in lines]
    return replace(show, style=style, made=Each(figures))

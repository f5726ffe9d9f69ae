"""Declared charts: figures of a summary's lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import structs

from xltools.definition.evaluation_model import ChartDef
from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.declared.page_columns import Span
from xltools.evaluate.declared.table_columns import Source
from xltools.evaluate.figures.figure_grid import Column, Grid
from xltools.excel import styles
from xltools.excel.text_size import text_pixels
from xltools.excel.writing import charts
from xltools.ground.cells import column_letters, quote_sheet

MOST = 24  # lines in a chart
_LONGEST_NAME = 255
_HEIGHT, _LOW, _RADAR = 264, 180, 312  # of charts; of counts as columns; of radars
_BAR = 28  # pixels of a line of bars
_NUMBERS = {"percent": "0%", "ratio": '"1:"0.0', "integer": "#,##0"}
_RADAR_LINES = 5
# Told apart in grey print, too: the worse, the darker.
_COLOURS = {
    "red": styles.RED,
    "amber": styles.AMBER,
    "yellow": "#F3D48A",
    "blue": styles.PALE_BLUE,
    "green": "#8CC7A1",
    "grey": styles.MUTED,
}
_UPRIGHT = ("column", "pareto")  # kinds whose names stand below columns
_NAME_SIZE = 9  # points


def drawable(source: Source) -> bool:
    """Whether the lines are few enough, and none of their names is a whole paragraph.

    LibreOffice lays a name out again for every size that it tries, a paragraph for minutes.
    """
    longest = max((len(str(name)) for name in source.labels.values), default=0)
    return source.labels.grid.count <= MOST and longest <= _LONGEST_NAME


def draw_chart(canvas: Canvas, chart: ChartDef, source: Source, span: Span) -> None:
    """A chart across columns of the page; columns lie down where their names have no room."""
    room = canvas.pixels(*span)
    if chart.kind in _UPRIGHT and not _stand_side_by_side(source.labels, room):
        values_shown = chart.values[:1] if chart.kind == "pareto" else chart.values
        chart = structs.replace(chart, kind="bar", values=values_shown)
    lines = source.grid if chart.kind == "radar" else _lines_of(source)
    values = [lines[name] for one in chart.values for name in source.named(one)]
    made = _made(canvas, chart, source, lines[source.labels.name], values)
    height = _LOW if chart.kind == "column" and len(values) == 1 else _HEIGHT
    if chart.kind == "radar":
        height = _RADAR
    elif chart.kind in ("bar", "stacked"):
        height = 70 + _BAR * (len(values) if chart.kind == "bar" else 1) * lines.count
    least = _LOW if chart.kind == "line" else 0  # which is read at any height
    canvas.chart(made, height=height, first=span[0], last=span[1], least=least)


def _stand_side_by_side(labels: Column, room: float) -> bool:
    """Whether names can stand below columns; programs break them between words, else turn them."""
    words = (word for name in labels.values for word in str(name or "").split())
    longest = max((text_pixels(word, _NAME_SIZE) for word in words), default=0)
    return longest * labels.grid.count <= room


def _lines_of(source: Source) -> Grid:
    """The lines without the one of all together, which would dwarf them."""
    grid, total = source.grid, source.summary is not None and source.summary.total is not None
    short = replace(grid, count=grid.count - int(total), columns={}, named={})
    for name, column in grid.columns.items():
        values = column.values[: short.count]
        short.columns[name] = replace(column, grid=short, values=values)
    return short


def _made(
    canvas: Canvas, chart: ChartDef, source: Source, labels: Column, values: list[Column]
) -> Any:
    """The chart of a kind, each of the values a series."""
    if chart.kind == "radar":
        return _radar(canvas, labels, values)
    declared = source.declared(values[0].name)
    number = _NUMBERS.get(declared.kind if declared else "", "#,##0.0")
    colours = [_COLOURS[one] for one in chart.colours] or styles.SERIES
    series = [(one.label, one, colours[place % len(colours)]) for place, one in enumerate(values)]
    if len(values) == 1 and chart.kind in ("bar", "column"):
        series = [("", values[0], styles.BLUE)]
    return charts.KINDS[chart.kind](canvas.book, labels, series, number)


def _radar(canvas: Canvas, labels: Column, values: list[Column]) -> Any:
    """A line for each of the first lines, an axis for each value."""
    grid = labels.grid
    letters, sheet = [column_letters(one.number) for one in values], quote_sheet(grid.title)
    named = column_letters(labels.number)

    def cells(row: int) -> str:
        return f"={sheet}!${letters[0]}${row}:${letters[-1]}${row}"

    rows = range(grid.first_row, grid.first_row + min(grid.count, _RADAR_LINES))
    series = [
        (f"={sheet}!${named}${row}", cells(row), styles.SERIES[place])
        for place, row in enumerate(rows)
    ]
    most = max((number for one in values for number in one.numbers), default=1)
    return charts.radar(canvas.book, cells(grid.first_row - 1), series, most=most)

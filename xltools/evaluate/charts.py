"""Charts in one look: no border, no title of their own, quiet axes; readable in grey print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xltools.cells import quote_sheet
from xltools.evaluate.grid import Column
from xltools.excel.styles import BLUE, FONT, MUTED, ORANGE, RED, RULE, TEXT, WHITE
from xltools.excel.writer import Book

_FONT = {"name": FONT, "size": 9, "color": MUTED}
_DARK = {"name": FONT, "size": 9, "color": TEXT}
_GRID = {"visible": True, "line": {"color": RULE, "width": 0.75}}
_NO_LINE = {"none": True}
_DASHES = ("solid", "dash", "round_dot", "long_dash")
_MARKERS = ("circle", "square", "diamond", "triangle")


def cells(column: Column, first: int = 0, count: int = 0) -> str:
    """A column's cells as a chart takes them."""
    grid = column.grid
    top = grid.first_row + first
    last = top + (count or grid.count - first) - 1
    letters = column.cell(top, grid.title).strip("$").rstrip("0123456789")
    return f"={quote_sheet(grid.title)}!${letters}${top}:${letters}${last}"


def bullet(book: Book, labels: Column, actual: Column, target: Column, names: Sequence[str]) -> Any:
    """Actuals as columns, targets as short orange lines over them."""
    chart = book.chart("column")
    chart.add_series(
        {
            "name": names[0],
            "categories": cells(labels),
            "values": cells(actual),
            "fill": {"color": BLUE},
            "border": _NO_LINE,
            "gap": 110,
            "data_labels": {
                "value": True,
                "position": "inside_base",
                "num_format": "#,##0;;",
                "font": {"name": FONT, "size": 9, "bold": True, "color": WHITE},
            },
        }
    )
    marks = book.chart("line")
    marks.add_series(
        {
            "name": names[1],
            "categories": cells(labels),
            "values": cells(target),
            "line": _NO_LINE,
            "marker": {
                "type": "long_dash",
                "size": 16,
                "fill": {"color": ORANGE},
                "border": {"color": ORANGE},
            },
        }
    )
    chart.combine(marks)
    return dressed(chart)


def trend(
    book: Book,
    labels: Column,
    actual: Column,
    target: Column,
    names: Sequence[str],
    *,
    percent: bool = False,
) -> Any:
    """A line of actuals with a dashed line of targets."""
    chart = book.chart("line")
    shown = "0%" if percent else "#,##0"
    chart.add_series(
        {
            "name": names[0],
            "categories": cells(labels),
            "values": cells(actual),
            "line": {"color": BLUE, "width": 2.25},
            "marker": {
                "type": "circle",
                "size": 6,
                "fill": {"color": BLUE},
                "border": {"color": BLUE},
            },
            "data_labels": {"value": True, "position": "above", "num_format": shown, "font": _DARK},
        }
    )
    chart.add_series(
        {
            "name": names[1],
            "categories": cells(labels),
            "values": cells(target),
            "line": {"color": ORANGE, "width": 1.75, "dash_type": "dash"},
            "marker": {"type": "none"},
        }
    )
    return dressed(chart, number=shown)


def bars(book: Book, labels: Column, values: Column, *, number: str, color: str = BLUE) -> Any:
    """Horizontal bars, the first row on top."""
    chart = book.chart("bar")
    chart.add_series(
        {
            "categories": cells(labels),
            "values": cells(values),
            "fill": {"color": color},
            "border": _NO_LINE,
            "gap": 60,
            "data_labels": {"value": True, "num_format": number, "font": _DARK},
        }
    )
    dressed(chart, number=number, legend=False)
    chart.set_y_axis(
        {"reverse": True, "num_font": _DARK, "line": {"color": RULE}, "major_tick_mark": "none"}
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart


def stacked(
    book: Book, labels: Column, series: Sequence[tuple[str, Column, str]], *, kind: str = "bar"
) -> Any:
    """Parts of a whole, one colour each, with their numbers inside."""
    chart = book.chart(kind, "stacked")
    for name, column, color in series:
        chart.add_series(
            {
                "name": name,
                "categories": cells(labels),
                "values": cells(column),
                "fill": {"color": color},
                "border": {"color": WHITE, "width": 0.75},
                "gap": 60,
                "data_labels": {
                    "value": True,
                    "num_format": "0;;",
                    "position": "center",
                    "font": {
                        "name": FONT,
                        "size": 9,
                        "bold": True,
                        "color": WHITE if color == RED else TEXT,
                    },
                },
            }
        )
    dressed(chart)
    if kind == "bar":
        chart.set_y_axis(
            {"reverse": True, "num_font": _DARK, "line": {"color": RULE}, "major_tick_mark": "none"}
        )
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart


def dressed(chart: Any, *, number: str = "#,##0", legend: bool = True) -> Any:
    """The common look of every chart."""
    if legend:
        chart.set_legend({"position": "top", "font": _FONT})
    else:
        chart.set_legend({"none": True})
    chart.set_chartarea({"border": _NO_LINE, "fill": {"color": WHITE}})
    chart.set_plotarea({"border": _NO_LINE})
    chart.set_x_axis(
        {
            "num_font": _DARK,
            "line": {"color": RULE},
            "major_tick_mark": "none",
            "minor_tick_mark": "none",
        }
    )
    chart.set_y_axis(
        {
            "num_font": _FONT,
            "num_format": number,
            "line": _NO_LINE,
            "major_gridlines": _GRID,
            "major_tick_mark": "none",
        }
    )
    chart.show_blanks_as("gap")
    return chart


def clustered(
    book: Book, labels: Column, series: Sequence[tuple[str, Column, str]], *, number: str
) -> Any:
    """Horizontal bars side by side, the first row on top."""
    chart = book.chart("bar")
    for name, column, color in series:
        chart.add_series(
            {
                "name": name,
                "categories": cells(labels),
                "values": cells(column),
                "fill": {"color": color},
                "border": _NO_LINE,
                "gap": 60,
                "data_labels": {"value": True, "num_format": number, "font": _DARK},
            }
        )
    dressed(chart)
    chart.set_y_axis(
        {"reverse": True, "num_font": _DARK, "line": {"color": RULE}, "major_tick_mark": "none"}
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart


def pareto(book: Book, labels: Column, values: Column, shares: Column, names: Sequence[str]) -> Any:
    """Columns in falling order with the line of their cumulative share."""
    chart = book.chart("column")
    chart.add_series(
        {
            "name": names[0],
            "categories": cells(labels),
            "values": cells(values),
            "fill": {"color": BLUE},
            "border": _NO_LINE,
            "gap": 60,
        }
    )
    line = book.chart("line")
    line.add_series(
        {
            "name": names[1],
            "categories": cells(labels),
            "values": cells(shares),
            "y2_axis": True,
            "line": {"color": ORANGE, "width": 2},
            "marker": {
                "type": "circle",
                "size": 5,
                "fill": {"color": ORANGE},
                "border": {"color": ORANGE},
            },
        }
    )
    chart.combine(line)
    line.set_y2_axis(
        {
            "num_format": "0%",
            "min": 0,
            "max": 1,
            "num_font": _FONT,
            "line": _NO_LINE,
            "major_gridlines": {"visible": False},
            "major_tick_mark": "none",
        }
    )
    return dressed(chart)


def radar(book: Book, labels: str, series: Sequence[tuple[str, str, str]], *, most: float) -> Any:
    """One line a series around the same axes; ``series`` are (name, cells, colour)."""
    chart = book.chart("radar", "with_markers")
    for place, (name, values, color) in enumerate(series):
        chart.add_series(
            {
                "name": name,
                "categories": labels,
                "values": values,
                "line": {"color": color, "width": 2.25, "dash_type": _DASHES[place % len(_DASHES)]},
                "marker": {
                    "type": _MARKERS[place % len(_MARKERS)],
                    "size": 6,
                    "fill": {"color": color},
                    "border": {"color": color},
                },
            }
        )
    dressed(chart)
    chart.set_y_axis(
        {
            "min": 0,
            "max": most,
            "major_unit": 1,
            "num_font": _FONT,
            "major_gridlines": _GRID,
            "line": {"color": RULE},
        }
    )
    chart.set_x_axis({"num_font": _DARK})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_plotarea({"layout": {"x": 0.2, "y": 0.08, "width": 0.6, "height": 0.76}})
    return chart


def columns(book: Book, labels: Column, values: Column, *, color: str = BLUE) -> Any:
    """Counts as columns with their numbers on top."""
    chart = book.chart("column")
    chart.add_series(
        {
            "categories": cells(labels),
            "values": cells(values),
            "fill": {"color": color},
            "border": _NO_LINE,
            "gap": 90,
            "data_labels": {"value": True, "font": _DARK},
        }
    )
    dressed(chart, legend=False)
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart

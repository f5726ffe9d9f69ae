"""Charts in one look: no border, no title of their own, quiet axes; readable in grey print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from xltools.excel.styles import BLUE, FONT, MUTED, ORANGE, RED, RULE, TEXT, WHITE
from xltools.excel.writing.workbook_writer import Book

_FONT = {"name": FONT, "size": 9, "color": MUTED}
_DARK = {"name": FONT, "size": 9, "color": TEXT}
_GRID = {"visible": True, "line": {"color": RULE, "width": 0.75}}
_NO_GRID = {"visible": False}
_NO_LINE = {"none": True}
_DASHES = ("solid", "dash", "round_dot", "long_dash")
_MARKERS = ("circle", "square", "diamond", "triangle")
Options = dict[str, Any]


class Cells(Protocol):
    """A column of a sheet that a chart draws, or takes names from."""

    @property
    def reference(self) -> str:
        """Its address, with its sheet."""

    @property
    def numbers(self) -> Sequence[float]:
        """The numbers in it."""


Series = tuple[str, Cells, str]  # name, values, colour


def bullet(book: Book, labels: Cells, series: Sequence[Series], _number: str = "") -> Any:
    """Actuals as columns from 0 on, targets as short orange lines over them."""
    chart, marks = book.chart("column"), book.chart("line")
    (name, actual, _), (goal, target, _) = series
    shown = _numbers("#,##0;;", position="inside_base", bold=True, color=WHITE)
    _add(chart, labels, actual, name, **_bar(BLUE, gap=110), data_labels=shown)
    _add(marks, labels, target, goal, line=_NO_LINE, marker=_marker("long_dash", 16, ORANGE))
    chart.combine(marks)
    return _dressed(chart, of=(actual, target))


def bars(book: Book, labels: Cells, series: Sequence[Series], number: str) -> Any:
    """Horizontal bars, the first row on top, those of several series side by side."""
    chart = book.chart("bar")
    values = _add_each(chart, labels, series, number)
    return _sideways(_dressed(chart, legend=len(series) > 1), values)


def columns(book: Book, labels: Cells, series: Sequence[Series], number: str) -> Any:
    """Columns side by side; those of a single series are counts, with their numbers on top."""
    chart, alone = book.chart("column"), len(series) == 1
    values = _add_each(chart, labels, series, "" if alone else number, gap=90)
    _dressed(chart, legend=not alone, of=values)
    if alone:
        chart.set_y_axis({"visible": False, "major_gridlines": _NO_GRID, "min": 0})
    return chart


def lines(book: Book, labels: Cells, series: Sequence[Series], number: str) -> Any:
    """A line each, told apart in grey print, too."""
    chart = book.chart("line")
    for place, (name, column, color) in enumerate(series):
        look = _line(place, color)
        if len(series) == 1:
            look["data_labels"] = _numbers(number, position="above")
        _add(chart, labels, column, name, **look)
    return _dressed(chart, of=[column for _, column, _ in series])


def stacked(book: Book, labels: Cells, series: Sequence[Series], _number: str = "") -> Any:
    """Parts of a whole as horizontal bars, one colour each, with their numbers inside."""
    chart = book.chart("bar", "stacked")
    for name, column, color in series:
        light = WHITE if color == RED else TEXT
        shown = _numbers("0;;", position="center", bold=True, color=light)
        look = {**_bar(color), "border": {"color": WHITE, "width": 0.75}}
        _add(chart, labels, column, name, **look, data_labels=shown)
    return _sideways(_dressed(chart), [column for _, column, _ in series])


def pareto(book: Book, labels: Cells, series: Sequence[Series], _number: str = "") -> Any:
    """Columns in falling order with the line of their cumulative share."""
    chart, line = book.chart("column"), book.chart("line")
    (name, values, _), (share, shares, _) = series
    _add(chart, labels, values, name, **_bar(BLUE))
    stroke = {"color": ORANGE, "width": 2}
    dot = _marker("circle", 5, ORANGE)
    _add(line, labels, shares, share, y2_axis=True, line=stroke, marker=dot)
    chart.combine(line)
    line.set_y2_axis({**_quiet("0%"), "min": 0, "max": 1, "major_gridlines": _NO_GRID})
    return _dressed(chart, of=[values])


KINDS: Mapping[str, Callable[[Book, Cells, Sequence[Series], str], Any]] = {
    "bar": bars, "column": columns, "line": lines, "stacked": stacked,
    "target": bullet, "pareto": pareto,
}  # fmt: skip


def radar(book: Book, labels: str, series: Sequence[tuple[str, str, str]], *, most: float) -> Any:
    """One line a series around the same axes; ``series`` are (name, cells, colour)."""
    chart = book.chart("radar", "with_markers")
    for place, (name, values, color) in enumerate(series):
        cells = {"name": name, "categories": labels, "values": values}
        chart.add_series(cells | _line(place, color))
    _dressed(chart)
    scale = {"min": 0, "max": most, "major_unit": 1, "num_font": _FONT}
    chart.set_y_axis({**scale, "major_gridlines": _GRID, "line": {"color": RULE}})
    chart.set_x_axis({"num_font": _DARK})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_plotarea({"layout": {"x": 0.2, "y": 0.08, "width": 0.6, "height": 0.76}})
    return chart


def _add(chart: Any, labels: Cells, values: Cells, name: str = "", **look: Any) -> None:
    """Add a series."""
    named = {"name": name} if name else {}
    sides = (("categories", labels), ("values", values))
    cells = {side: f"={one.reference}" for side, one in sides}
    chart.add_series({**named, **cells, **look})


def _add_each(
    chart: Any, labels: Cells, series: Sequence[Series], number: str, *, gap: int = 60
) -> list[Cells]:
    """Add series as bars or columns beside each other; their columns of values."""
    for name, column, color in series:
        look = {**_bar(color, gap=gap), "data_labels": _numbers(number)}
        _add(chart, labels, column, name, **look)
    return [column for _, column, _ in series]


def _bar(color: str, *, gap: int = 60) -> Options:
    return {"fill": {"color": color}, "border": _NO_LINE, "gap": gap}


def _line(place: int, color: str) -> Options:
    """One of several lines: dashes and markers tell them apart in grey print."""
    dashes, sign = _DASHES[place % len(_DASHES)], _MARKERS[place % len(_MARKERS)]
    stroke = {"color": color, "width": 2.25, "dash_type": dashes}
    return {"line": stroke, "marker": _marker(sign, 6, color)}


def _marker(sign: str, size: int, color: str) -> Options:
    return {"type": sign, "size": size, "fill": {"color": color}, "border": {"color": color}}


def _numbers(number: str, *, position: str = "", bold: bool = False, color: str = TEXT) -> Options:
    """The values beside or inside what stands for them."""
    shown: Options = {"value": True, "font": {**_DARK, "bold": bold, "color": color}}
    return shown | {k: v for k, v in (("num_format", number), ("position", position)) if v}


def _quiet(number: str) -> Options:
    """An axis of values without line or ticks."""
    plain = {"line": _NO_LINE, "major_tick_mark": "none"}
    return {"num_font": _FONT, "num_format": number, "major_gridlines": _GRID, **plain}


def _from_zero(values: Sequence[Cells]) -> Options:
    """An axis begins at 0, or further down where numbers do: else a small change looks large."""
    return {} if any(one < 0 for column in values for one in column.numbers) else {"min": 0}


def _dressed(chart: Any, *, legend: bool = True, of: Sequence[Cells] = ()) -> Any:
    """The common look of every chart; ``of`` are the columns that its axis measures."""
    chart.set_title({"none": True})  # else programs write the name of a single series over it
    chart.set_legend({"position": "top", "font": _FONT} if legend else {"none": True})
    chart.set_chartarea({"border": _NO_LINE, "fill": {"color": WHITE}})
    chart.set_plotarea({"border": _NO_LINE})
    ticks = {"major_tick_mark": "none", "minor_tick_mark": "none"}
    names = {"num_font": _DARK, "label_position": "low"}  # clear of bars below 0
    chart.set_x_axis({**names, "line": {"color": RULE}, **ticks})
    chart.set_y_axis(_quiet("#,##0") | _from_zero(of))
    chart.show_blanks_as("gap")
    chart.show_hidden_data()  # of lines that a list has folded away
    return chart


def _sideways(chart: Any, values: Sequence[Cells]) -> Any:
    """Names on the left, the first on top; numbers stand at the bars, not on an axis."""
    line = {"line": {"color": RULE}, "major_tick_mark": "none"}
    names = {"num_font": _DARK, "label_position": "low"}
    chart.set_y_axis({"reverse": True, **names, **line})
    chart.set_x_axis({"visible": False, "major_gridlines": _NO_GRID, **_from_zero(values)})
    return chart

"""A chart of a picture as shapes: axes with round numbers, series, a legend."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from xltools.desk.drawing.svg_shapes import POINT, Box, Dot, Label, Line, Shape
from xltools.excel import styles
from xltools.excel.picture.picture_model import Chart, Series
from xltools.excel.picture.shown_numbers import shown_number

_SIZE = 9 * POINT
_LEGEND, _UNDER, _BESIDE = 24.0, 22.0, 52.0
_NAMES = 96.0  # beside bars that lie
_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 4
_LEGEND_ITEM = 92.0
_FULL = 0.66  # of the room of a category that its bars take


def chart_shapes(chart: Chart) -> Iterator[Shape]:
    """The chart in its box."""
    left, top, width, height = chart.box
    yield Box(left, top, width, height, styles.WHITE)
    yield from _legend(chart, left, top, width)
    ticks = _ticks([one for series in chart.series for one in series.points if one is not None])
    if chart.kind == "bar":
        yield from _lying(chart, ticks)
        return
    area = Box(left + _BESIDE, top + _LEGEND, width - _BESIDE - 12, height - _LEGEND - _UNDER, "")
    low, high = ticks[0], ticks[-1]
    for tick in ticks:
        y = area.y + area.height * (1 - (tick - low) / (high - low))
        yield Line([(area.x, y), (area.x + area.width, y)], styles.RULE)
        told = shown_number(tick, chart.number)
        yield Label(area.x - 6, y + 4, told, _SIZE, styles.MUTED, anchor="end")
    step = area.width / max(len(chart.categories), 1)
    for at, name in enumerate(chart.categories):
        x = area.x + step * (at + 0.5)
        long = len(name) * _SIZE * 0.6 > step
        yield Label(
            x,
            area.y + area.height + 15,
            name,
            _SIZE,
            styles.TEXT,
            anchor="middle",
            squeezed=step - 2 if long else 0,
        )
    for place, series in enumerate(chart.series):
        tops = [
            None if one is None else area.y + area.height * (1 - (one - low) / (high - low))
            for one in series.points
        ]
        drawn = _drawn_line if chart.kind == "line" else _drawn_columns
        yield from drawn(series, tops, area, step, (place, len(chart.series)))


def _drawn_line(
    series: Series, tops: Sequence[float | None], area: Box, step: float, _of: tuple[int, int]
) -> Iterator[Shape]:
    run: list[tuple[float, float]] = []
    for at, y in enumerate([*tops, None]):
        if y is not None:
            run.append((area.x + step * (at + 0.5), y))
        elif run:
            yield Line(run, series.color, 2.5, series.dashed)
            run = []
    for at, y in enumerate(tops):
        x = area.x + step * (at + 0.5)
        if y is not None and series.marked:
            yield Dot(x, y, 4, series.color)
        if y is not None and at < len(series.labels):
            yield Label(x, y - 8, series.labels[at], _SIZE, styles.TEXT, anchor="middle")


def _drawn_columns(
    series: Series, tops: Sequence[float | None], area: Box, step: float, of: tuple[int, int]
) -> Iterator[Shape]:
    place, count = of
    wide = step * _FULL / count
    foot = area.y + area.height
    for at, y in enumerate(tops):
        if y is None:
            continue
        x = area.x + step * (at + 0.5 - _FULL / 2) + wide * place
        yield Box(x, min(y, foot), max(wide - 1, 1), abs(foot - y), series.color)
        if at < len(series.labels):
            told = series.labels[at]
            yield Label(x + wide / 2, y - 4, told, _SIZE, styles.TEXT, anchor="middle")


def _lying(chart: Chart, ticks: Sequence[float]) -> Iterator[Shape]:
    left, top, width, height = chart.box
    room = width - _NAMES - 48
    low, high = ticks[0], ticks[-1]
    step = (height - _LEGEND) / max(len(chart.categories), 1)
    thick = step * _FULL / max(len(chart.series), 1)
    for at, name in enumerate(chart.categories):
        y = top + _LEGEND + step * at
        yield Label(left + _NAMES - 6, y + step / 2 + 4, name, _SIZE, styles.TEXT, anchor="end")
        for place, series in enumerate(chart.series):
            value = series.points[at] if at < len(series.points) else None
            if value is None:
                continue
            long = room * (value - low) / (high - low)
            above = y + step * (1 - _FULL) / 2 + thick * place
            yield Box(left + _NAMES, above, max(long, 0), max(thick - 1, 1), series.color)
            if at < len(series.labels):
                x, told = left + _NAMES + max(long, 0) + 4, series.labels[at]
                yield Label(x, above + thick / 2 + 4, told, _SIZE, styles.TEXT)


def _legend(chart: Chart, left: float, top: float, width: float) -> Iterator[Shape]:
    named = [series for series in chart.series if series.name]
    x = left + (width - _LEGEND_ITEM * len(named)) / 2
    for series in named:
        y = top + _LEGEND / 2
        if chart.kind == "line":
            yield Line([(x, y), (x + 22, y)], series.color, 2.5, series.dashed)
        else:
            yield Box(x + 8, y - 5, 10, 10, series.color)
        yield Label(x + 28, y + 4, series.name, _SIZE, styles.MUTED)
        x += _LEGEND_ITEM


def _ticks(values: Sequence[float]) -> list[float]:
    """Round numbers around all values; from 0, unless they lie close together far from it."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low > 0 and low < 0.7 * high:
        low = 0.0
    if high < 0:
        high = 0.0
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / _TICKS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * one for one in _STEPS if size * one >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * at, 10) for at in range(first, last + 1)]

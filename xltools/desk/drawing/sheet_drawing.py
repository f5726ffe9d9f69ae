"""A sheet's picture as shapes of an SVG; the page's template writes them, escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltools.desk.drawing.chart_shapes import chart_shapes
from xltools.desk.drawing.svg_shapes import POINT, Box, Label, Line, Shape
from xltools.excel.picture.picture_model import Cell, Look, Picture
from xltools.excel.text_size import text_pixels

_PIECE = re.compile(r"[!-~]+\s*|.", re.DOTALL)
_PADDING = 4.0
_INDENT = 9.0
_LINE = 1.35  # of a type size
_WIDER = 1.1  # a browser's Latin letters may be wider than they are taken for
_BASELINE = 0.36  # of a type size: how far below the middle a line of text stands


class Drawing(NamedTuple):
    """The shapes of a picture in the order in which they lie over each other, and its size."""

    width: float
    height: float
    shapes: list[Shape]


def drawing_of(picture: Picture) -> Drawing:
    """The picture; what stands in it is text as it was written."""
    left = [sum(picture.columns[:at]) for at in range(len(picture.columns) + 1)]
    top = [sum(picture.rows[:at]) for at in range(len(picture.rows) + 1)]
    taken = {(cell.first[0], cell.first[1]) for cell in picture.cells if cell.text}
    fills: list[Shape] = []
    edges: list[Shape] = []
    texts: list[Shape] = []
    for cell in picture.cells:
        box = Box(
            left[cell.first[1] - 1],
            top[cell.first[0] - 1],
            left[cell.last[1]] - left[cell.first[1] - 1],
            top[cell.last[0]] - top[cell.first[0] - 1],
            cell.look.fill,
        )
        if box.fill:
            fills.append(box)
        if cell.bar and cell.bar.share > 0:
            inside = box.width * cell.bar.share
            fills.append(Box(box.x, box.y + 2, inside, box.height - 4, cell.bar.color))
        edges += _edges(cell.look, box)
        if cell.text:
            texts += _texts(cell, box, _room(cell, box, left, taken))
    charts = [shape for chart in picture.charts for shape in chart_shapes(chart)]
    return Drawing(left[-1] + 12, top[-1] + 8, [*fills, *edges, *texts, *charts])


def _room(cell: Cell, box: Box, left: list[float], taken: set[tuple[int, int]]) -> float:
    """How wide a text may become: into blank cells beside it, where it is no number."""
    row, last = cell.last[0], cell.last[1]
    if cell.is_number or cell.look.wrap or cell.look.shrink or cell.look.align == "center":
        return box.width - _PADDING
    right = cell.look.align == "right"
    step, column = (-1, cell.first[1] - 1) if right else (1, last + 1)
    while 0 < column < len(left) and (row, column) not in taken:
        column += step
    edge = left[column] if right and column > 0 else left[0] if right else left[column - 1]
    return (box.x + box.width - edge if right else edge - box.x) - _PADDING


def _edges(look: Look, box: Box) -> Iterator[Line]:
    right, bottom = box.x + box.width, box.y + box.height
    lines = {
        "top": (box.x, box.y, right, box.y),
        "bottom": (box.x, bottom, right, bottom),
        "left": (box.x, box.y, box.x, bottom),
        "right": (right, box.y, right, bottom),
    }
    for side, (width, color) in look.edges.items():
        yield Line([lines[side][:2], lines[side][2:]], color, width)


def _texts(cell: Cell, box: Box, room: float) -> Iterator[Label]:
    look = cell.look
    size = look.size * POINT
    align = look.align or ("right" if cell.is_number else "left")
    inset = _PADDING + look.indent * _INDENT
    room = max(room - look.indent * _INDENT, 8.0)
    lines = [
        part
        for line in cell.text.split("\n")
        for part in (_wrapped(line, room, look) if look.wrap else [line])
    ]
    high = size * _LINE
    first = box.y + box.height / 2 - high * (len(lines) - 1) / 2
    if look.valign == "top":
        first = box.y + high / 2 + 2
    elif look.valign == "bottom":
        first = box.y + box.height - high * (len(lines) - 0.5) - 1
    anchors = {
        "right": (box.x + box.width - inset, "end"),
        "center": (box.x + box.width / 2, "middle"),
    }
    x, anchor = anchors.get(align, (box.x + inset, "start"))
    for number, line in enumerate(lines):
        width = _width(line, look) * _WIDER
        yield Label(
            x,
            first + number * high + size * _BASELINE,
            line,
            size,
            look.color,
            anchor=anchor,
            bold=look.bold,
            italic=look.italic,
            underline=look.underline,
            squeezed=room if width > room else 0,
        )


def _width(line: str, look: Look) -> float:
    return text_pixels(line, look.size, bold=look.bold)


def _wrapped(line: str, room: float, look: Look) -> list[str]:
    """A line broken where it is full: between Chinese characters, or at spaces."""
    lines, begun = [], ""
    for piece in _PIECE.findall(line):
        if begun and _width((begun + piece).rstrip(), look) * _WIDER > room:
            lines.append(begun.rstrip())
            begun = ""
        begun += piece
    return [*lines, begun.rstrip()]

"""What a sheet looks like: sizes in pixels, cells with their texts, charts with their points."""

from __future__ import annotations

from typing import Literal

import msgspec

Edge = tuple[float, str]  # pixels and a colour
Side = Literal["top", "bottom", "left", "right"]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How a cell looks; ``size`` in points, ``number`` its format code, "" for no fill."""

    size: float = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = "#000000"
    fill: str = ""
    number: str = "General"
    align: str = ""
    valign: str = "bottom"
    wrap: bool = False
    shrink: bool = False
    indent: int = 0
    edges: dict[Side, Edge] = {}


class Bar(msgspec.Struct, frozen=True):
    """The bar behind a number: how much of the cell it fills, and its colour."""

    share: float
    color: str


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell, or several merged ones: the corners' rows and columns from 1."""

    first: tuple[int, int]
    last: tuple[int, int]
    text: str
    look: Look
    is_number: bool = False
    bar: Bar | None = None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One series of a chart; a point is None where there is no number."""

    name: str
    color: str
    points: list[float | None]
    labels: list[str] = []
    dashed: bool = False
    marked: bool = False


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart, and where it stands: left, top, width and height in pixels."""

    kind: Literal["line", "column", "bar"]
    box: tuple[float, float, float, float]
    categories: list[str]
    series: list[Series]
    number: str = "General"


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet; ``columns`` and ``rows`` are their widths and heights from the first on."""

    title: str
    columns: list[float]
    rows: list[float]
    cells: list[Cell]
    charts: list[Chart]

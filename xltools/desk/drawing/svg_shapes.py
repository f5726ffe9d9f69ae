"""The shapes that pictures are made of; sizes in pixels."""

from __future__ import annotations

from typing import NamedTuple

POINT = 4 / 3  # pixels of a point of type


class Box(NamedTuple):
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    kind: str = "box"


class Line(NamedTuple):
    """A line through points."""

    points: list[tuple[float, float]]
    color: str
    width: float = 1.0
    dashed: bool = False
    kind: str = "line"

    @property
    def path(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


class Dot(NamedTuple):
    """A filled circle."""

    x: float
    y: float
    radius: float
    fill: str
    kind: str = "dot"


class Label(NamedTuple):
    """A line of text; one that is ``squeezed`` takes that many pixels instead of more."""

    x: float
    y: float
    text: str
    size: float
    color: str
    anchor: str = "start"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    squeezed: float = 0
    kind: str = "label"


Shape = Box | Line | Dot | Label

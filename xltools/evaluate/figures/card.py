"""A card: one figure, large, with what it is measured against."""

from __future__ import annotations

from typing import NamedTuple

from xltools.evaluate.figures.live_figure import Figure
from xltools.excel import styles


class Card(NamedTuple):
    """``page`` breaks the figure down; a ``note`` that begins with a light has its colour.

    ``alarm`` colours a value above 0.
    """

    page: str
    label: str
    value: Figure
    note: Figure
    number: str = styles.INTEGER
    alarm: bool = False

"""Figures that a definition states: an expression compiled once for all rows, and its answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xltools.evaluate.figures.live_figure import Figure, Place, Value
from xltools.expressions.nodes import Type

ROW = "\x00"  # stands for the row's number in a formula compiled once for all rows
# A truth outside texts and titles. LibreOffice writes it as a call, and opens a column of formulas
# several times faster where they are written as it would write them.
_TRUTH = re.compile(r"""("[^"]*"|'[^']*')|\b(TRUE|FALSE)\b(?!\()""")


@dataclass(frozen=True, eq=False)
class Stated(Figure):
    """A formula with a gap for the row's number, and what it gives row by row.

    Rows from ``standing`` on stay what they are: those of earlier quarters, or all where nothing
    that it reads can be edited. ``gives`` is what it gives, ``filled`` whether in every row.
    A single value is that of every row.
    """

    text: str
    values: Sequence[Value]
    standing: int | None = None
    gives: Type | None = None
    filled: bool = False

    def formula(self, place: Place) -> str:
        return self.text.replace(ROW, str(place.row))

    def value(self, index: int) -> Value:
        return self.values[index if len(self.values) > 1 else 0]

    def stays(self, index: int) -> bool:
        return self.standing is not None and index >= self.standing


def as_written(formula: str) -> str:
    """A compiled formula, its truths as LibreOffice writes them."""
    return _TRUTH.sub(lambda found: found[1] or f"{found[2]}()", formula)

"""What a list on a page shows: rows of a data sheet, and a column of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import NOTHING, Figure, Value, or_dash, or_nothing
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import light
from xltools.excel import styles
from xltools.excel.styles import Emphasis, Style

LINK = "_link"  # the column of links, called as no declared one can be
SIGN = 40  # pixels of a column of lights or of links
_LIGHTS = {"▲": styles.LIGHT_GREEN, "●": styles.LIGHT_AMBER, "▼": styles.LIGHT_RED}
StyleOf = Callable[[int], Style]
Target = tuple[Grid, int]  # a row of a data sheet


class Rows(NamedTuple):
    """Rows of a data sheet in the order of a list.

    ``settled`` says of each line whether it needs nobody's eyes; a long list folds those away.
    """

    grid: Grid
    indexes: Sequence[int]
    settled: Sequence[bool] = ()

    @classmethod
    def all(cls, grid: Grid) -> Rows:
        """Every row of a data sheet."""
        return cls(grid, range(grid.count))

    def open_first(self) -> Rows:
        """The lines that are settled behind the others."""
        order = sorted(range(len(self.settled)), key=self.settled.__getitem__)
        return Rows(self.grid, [self.indexes[line] for line in order], sorted(self.settled))

    def cell(self, name: str) -> Figure:
        """The column's cell in each line's row; nothing where the sheet has no such column."""
        return self.grid[name].rows(self.indexes) if name in self.grid else NOTHING

    def values(self, name: str) -> list[Value]:
        """What the column holds now, line by line."""
        if name not in self.grid:
            return [None] * len(self.indexes)
        values = self.grid[name].values
        return [values[row] for row in self.indexes]

    @property
    def targets(self) -> list[Target]:
        """Where each line's own row stands."""
        return [(self.grid, row) for row in self.indexes]


@dataclass(frozen=True)
class Show:
    """A column of a list: by its name the column of the list's rows, unless ``made`` is given.

    ``made`` may be a function of the list's own grid, for what builds on columns further left.
    A blank shows as ``-``, in a ``quiet`` column as nothing. ``span`` counts the page's columns
    that it takes, ``bars`` is the end of the scale of bars behind its numbers, ``looks`` are
    emphases by text, ``width`` are the pixels that it wants.
    """

    name: str
    label: str
    style: Style | StyleOf = styles.TABLE_FIRST
    made: Figure | str | Sequence[Value] | Callable[[Grid], Figure] | None = None
    quiet: bool = False
    span: int = 1
    bars: float | None = None
    looks: Mapping[str, Emphasis] = field(default_factory=dict)
    width: int = 0

    def cell(self, rows: Rows) -> Figure:
        """The column's cell in each line's row."""
        blank = or_nothing if self.quiet else or_dash
        return blank(rows.cell(self.name))


def light_of(
    model: Model, of: str, name: str = "light", style: Style | StyleOf = styles.TABLE_LIGHT
) -> Show:
    """The light of the column ``of``, which stands further left."""

    def made(grid: Grid) -> Figure:
        return light(model, grid[of].here)

    return Show(name, model.say("data.light"), style, made, looks=_LIGHTS, width=SIGN)

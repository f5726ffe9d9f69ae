"""Comparisons are like for like: over the teams that sent a sheet in both quarters."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.declared.evaluated_tables import EvaluatedTables
from xltools.evaluate.figures.figure_grid import Look
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.quarter_model import EARLIER
from xltools.evaluate.submitted_rows import AGO
from xltools.expressions import parse
from xltools.expressions.nodes import NUMBER, Cell, Constant, Where

_Narrow = list[tuple[str, Where]]


def alike(tables: EvaluatedTables, text: str, ago: int) -> tuple[int, _Narrow]:
    """How many teams are in both quarters, and what narrows an expression to them."""
    narrow: _Narrow = []
    both: set[int] = set()
    for sheet in sheets_of(tables, text):
        grid = tables.grids.get(sheet)
        if grid is None or AGO not in grid:  # nobody sent it, or no earlier quarter is given
            continue
        mine = _keys(tables, sheet, 0) & _keys(tables, sheet, ago)
        both |= mine
        name = f"alike_{ago}"
        narrow.append((sheet, Where(Cell(name, NUMBER, True), "==", Constant(1, NUMBER))))
        if name in grid:
            continue
        flags = [int(int(key or 0) % EARLIER in mine) for key in grid["key"].values]
        label = tables.model.say("data.alike", ago=ago)
        grid.put(name, flags, Look(label, HELPER, 76), given=True)
    return len(both), narrow


def sheets_of(tables: EvaluatedTables, text: str) -> list[str]:
    """The sheets whose rows an expression counts, directly or through a summary."""
    source = {one.name: one.source for one in tables.definition.summaries}
    found = {source.get(name, name) for name in parse(text, tables.scopes.of_page()).sheets}
    return sorted(found & {one.name for one in tables.definition.sheets})


def teams_of(tables: EvaluatedTables, sheets: Sequence[str]) -> set[int]:
    """The teams with rows of this quarter on one of the sheets."""
    return {key for sheet in sheets for key in _keys(tables, sheet, 0)}


def _keys(tables: EvaluatedTables, sheet: str, ago: int) -> set[int]:
    """The numbers of the teams with rows of a quarter."""
    grid = tables.grids.get(sheet)
    if grid is None or "key" not in grid:
        return set()
    quarters = grid[AGO].values if AGO in grid else [0] * grid.count
    pairs = zip(grid["key"].values, quarters, strict=True)
    return {int(key or 0) % EARLIER for key, back in pairs if back == ago}

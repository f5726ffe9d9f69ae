"""Helper columns, and numbers for texts: one for the same text of a team on every sheet.

Formulas join rows by these numbers, so that no text is taken for a pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import Figure, Value
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_LINK, Style
from xltools.ground.folding import fold

_ROWS = 1_000_000  # more rows than a sheet has
Source = tuple[Grid, int]  # a grid and one of its rows


def number_texts(
    model: Model,
    name: str,
    sources: Sequence[tuple[Grid | None, str]],
    *,
    by_team: bool = True,
    alike: Callable[[str], str] = fold,
) -> dict[Hashable, int]:
    """Number the texts of a column of each grid, in a new column ``name``; the numbers by text.

    The same text has the same number in all grids, of each team or, unless ``by_team``, of all.
    ``alike`` gives texts that count as the same one spelling.
    """
    numbers: dict[Hashable, int] = {}
    for grid, column in sources:
        if grid is None:
            continue
        found: list[Value] = []
        for key, text in together(grid, "key", column):
            if text in (None, ""):
                found.append(None)
                continue
            word = alike(str(text))
            found.append(numbers.setdefault((key, word) if by_team else word, len(numbers) + 1))
        put(model, grid, name, found)
    return numbers


def metric_names(model: Model) -> Callable[[str], str]:
    """One spelling for all names of a metric of the library, the folded text for others."""
    known = {
        fold(name): fold(metric.metric)
        for metric in model.current.settings.metrics
        for name in (metric.metric, *metric.aliases)
    }
    return lambda text: known.get(fold(text), fold(text))


def put(
    model: Model,
    grid: Grid,
    name: str,
    values: Sequence[Value],
    style: Style = HELPER,
    width: int = 76,
    *,
    given: bool = True,
) -> Column:
    """Add a column of values; it looks as declared where it is declared.

    ``given`` are values that nobody changes in the workbook.
    """
    return grid.put(name, values, model.look(grid, name, style, width), given=given)


def add(
    model: Model,
    grid: Grid,
    name: str,
    made: Figure | float | str,
    style: Style = HELPER,
    width: int = 84,
) -> Figure:
    """Add a column of a figure, which looks as declared where it is; its cell in the same row."""
    return grid.add(name, made, model.look(grid, name, style, width)).here


def number_rows(model: Model, grid: Grid | None) -> None:
    """Number the rows of a grid, so that lists can name them."""
    if grid is not None and "line" not in grid:
        put(model, grid, "line", range(1, grid.count + 1))


def together(grid: Grid, *names: str) -> Iterator[tuple[Value, ...]]:
    """What each row has in these columns."""
    return zip(*(grid[name].values for name in names), strict=True)


def rows_of(*grids: Grid | None) -> list[Source]:
    """All rows of these grids."""
    return [(grid, row) for grid in grids if grid is not None for row in range(grid.count)]


def said(rows: Sequence[Source], name: str) -> list[Value]:
    """What rows of several grids have in a column; None where theirs has no such one."""
    return [grid[name].values[row] if name in grid else None for grid, row in rows]


def first_rows(rows: Sequence[Source], name: str) -> list[Source]:
    """Of each team's rows that have the same in a column the first; none of those without."""
    found: dict[tuple[Value, Value], Source] = {}
    for row, key, value in zip(rows, said(rows, "key"), said(rows, name), strict=True):
        if value is not None:
            found.setdefault((key, value), row)
    return list(found.values())


def put_said(
    model: Model, grid: Grid, rows: Sequence[Source], names: Sequence[str], style: Style = HELPER
) -> None:
    """Add columns that repeat what each row was made from has in them."""
    for name in names:
        put(model, grid, name, said(rows, name), style)


def put_source(model: Model, grid: Grid, rows: Sequence[Source]) -> None:
    """Add the link to the file and row that each row was made from."""
    label = model.say("data.source")
    column = grid.put("source", said(rows, "source"), Look(label, BULK_LINK, 260))
    column.formulas = [source["source"].formulas[row] for source, row in rows]


def mark_latest(
    model: Model, grid: Grid, key: str, name: str = "latest", *, among: str = ""
) -> None:
    """Add a column ``name``: 1 in the row of each ``key`` that counts on the as-of date, else 0.

    It is the latest row up to that date, of several on one day the lowest. ``among`` names a column
    of flags: only rows with 1 are looked at.
    """
    number_rows(model, grid)
    flagged = f" and {among} == 1" if among else ""
    turn = f"as_of * {_ROWS} + line if as_of <= parameters.as_of{flagged} else None"
    last = f"count({name}_turn, {key}={key}, {name}_turn=more_than({name}_turn)) == 0"
    compute(model, grid, {f"{name}_turn": turn})
    compute(model, grid, {name: f"1 if not blank({name}_turn) and {last} else 0"})


def order_text(by: str, *, rising: bool = False, line: str = "line") -> str:
    """The live place of a row by a column, of equals the upper first; blank where that is.

    The largest is the first, unless ``rising``; ``line`` is the column of the rows' numbers.
    """
    ahead = f"count({by}, {by}={'less_than' if rising else 'more_than'}({by}))"
    return f"None if blank({by}) else {ahead} + count({by}, {by}={by}, {line}=at_most({line}))"

"""Summaries: which lines there are, which rows belong to each, their figures, and those shown."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from xltools.definition import Summary
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables
from xltools.evaluate.declared.shown_lines import FIRST, GIVEN, LABEL, show
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import Value
from xltools.evaluate.figures.stated_figure import ROW
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.grid_expressions import answering
from xltools.evaluate.submitted_rows import AGO, Lines
from xltools.expressions import Expression
from xltools.expressions.reading.evaluation_scope import NUMBER_OF
from xltools.kinds.typed_text import brief

if TYPE_CHECKING:
    from xltools.expressions.compute.column_arrays import Array

_KEY = tuple[object, ...]


def build(tables: EvaluatedTables) -> None:
    """Add every declared column and every summary to the tables, each behind what it reads."""
    sheets = {one.name: one for one in tables.definition.sheets if one.name in tables.grids}
    summaries = {one.name: one for one in tables.definition.summaries if one.source in sheets}
    figures = {
        (sheet.name, one.name): one
        for sheet in sheets.values()
        for one in sheet.figures
        if one.compute and one.name not in tables.grids[sheet.name]
    }
    figures |= {(of.name, one.name): one for of in summaries.values() for one in of.columns}
    needs = {
        place: _reads(place, tables.of_figure(place[0], one)) for place, one in figures.items()
    }
    for summary in summaries.values():
        first = [(summary.source, name) for name in summary.by]
        if summary.where:
            asked = tables.parsed(summary.where, summary.source)
            first += _reads((summary.source, ""), asked)
        for one in summary.columns:
            needs[summary.name, one.name] = first + needs[summary.name, one.name]
    lines: dict[str, Lines] = {}
    for place in TopologicalSorter(needs).static_order():
        table, name = place
        if place not in figures:
            continue
        if table in sheets:
            tables.add(table, figures[place])
            continue
        summary = summaries[table]
        if table not in lines:
            opened = _open(tables, summary)
            if opened is None:
                continue
            lines[table] = opened
        number = GIVEN + len(summary.by) + summary.columns.index(figures[place]) + 1
        tables.add(table, figures[place], lines[table], number)
    for name in lines:
        show(tables, summaries[name])


def _reads(place: tuple[str, str], expression: Expression) -> list[tuple[str, str]]:
    """The (table, column) places that the expression of a place reads.

    Sorted, because they are a set: what is computed first is the first column on the sheet.
    """
    return sorted((sheet or place[0], column) for sheet, column in expression.references)


def _open(tables: EvaluatedTables, summary: Summary) -> Lines | None:
    """Open the grid of a summary, a line for each value; which rows belong to which line.

    None where the summary has no lines.
    """
    source, cells = tables.grids[summary.source], tables.scopes.of_sheet(summary.source).columns
    by = (answering(tables.model, source.declared(one), cells[one].type) for one in summary.by)
    keys = list(zip(*map(_folded, by), strict=True))
    mine = _line_keys(tables, summary, keys)
    if not mine:
        return None
    name = f"{tables.definition.name}_{summary.name}"
    grid = tables.grids[summary.name] = tables.model.open(name, len(mine))
    places = {key: number for number, key in enumerate(mine, 1)}
    numbers = list(places.values())
    _helper(tables, grid, NUMBER_OF, numbers)
    first = {key: row for row, key in reversed(list(enumerate(keys)))}
    rows = [first.get(key) for key in mine]
    for place, one in enumerate(summary.by):
        column, named = source.declared(one), _names(tables, summary, one)
        pairs = [(key[place], row) for key, row in zip(mine, rows, strict=True)]
        words = [named.get(key, "") if row is None else column.values[row] for key, row in pairs]
        grid.put(one, words, Look(column.label, column.style, 120), given=True)
    shown = zip(*(grid[one].values for one in summary.by), strict=True)
    _helper(tables, grid, LABEL, [brief(" · ".join(map(str, words))) for words in shown])
    _helper(tables, grid, FIRST, [None if row is None else row + 1 for row in rows])
    column = _belonging(tables, summary, [places.get(key) for key in keys])
    return Lines(summary.source, column, grid[NUMBER_OF].cell(ROW, grid.title), numbers)


def _folded(values: Array) -> list[object]:
    """Values as they are told apart: texts without case, as in Excel; None for a blank."""
    found: list[object] = []
    for value in values.tolist():
        if value in (None, "") or value != value:
            found.append(None)
        else:
            found.append(value.strip().casefold() if isinstance(value, str) else value)
    return found


def _line_keys(tables: EvaluatedTables, summary: Summary, keys: Sequence[_KEY]) -> list[_KEY]:
    """The value that each line stands for: every choice or team, or what this quarter's rows hold.

    A condition without parameters leaves lines out here. One with parameters may hold for other
    rows once somebody changes a parameter in the workbook, so every line is there.
    """
    named = _names(tables, summary, summary.by[0])
    if summary.every:
        return [(name,) for name in named]
    source = tables.grids[summary.source]
    there = [True] * len(keys)
    if AGO in source and "period" not in summary.by:
        there = [ago == 0 for ago in source[AGO].values]
    if summary.where:
        asked = tables.parsed(summary.where, summary.source)
        if not asked.parameters:
            meets = tables.holding(asked, summary.source)
            there = [one and other for one, other in zip(there, meets, strict=True)]
    found = dict.fromkeys(
        key for key, now in zip(keys, there, strict=True) if now and None not in key
    )
    orders = [list(_names(tables, summary, one)) for one in summary.by]
    seen = [list(dict.fromkeys(key[place] for key in found)) for place in range(len(summary.by))]

    def place_of(key: _KEY) -> tuple[int, ...]:
        return tuple(
            order.index(value) if value in order else len(order) + firsts.index(value)
            for value, order, firsts in zip(key, orders, seen, strict=True)
        )

    return sorted(found, key=place_of)


def _names(tables: EvaluatedTables, summary: Summary, by: str) -> dict[object, str]:
    """Values of a column and how they are shown, in their order: teams, quarters or choices.

    Empty where a column may hold anything.
    """
    sheet = tables.definition.sheet(summary.source)
    if by == "team" and by not in sheet.names:
        return {team.team.casefold(): team.team for team in tables.model.teams}
    if by == "period" and by not in sheet.names:
        periods = sorted(map(str, tables.grids[summary.source][by].index))
        return {one.casefold(): one for one in periods}
    if by not in sheet.lists:
        return {}
    found: dict[object, str] = {}
    found.update(tables.model.choices(tables.definition.name, sheet.lists[by]))
    return found


def _belonging(tables: EvaluatedTables, summary: Summary, numbers: Sequence[int | None]) -> Column:
    """Add the line of every row to the source: a value where no edit changes it, else a look-up."""
    source = tables.grids[summary.source]
    name, model = f"of_{summary.name}", tables.model
    label = model.say("data.line_of", title=summary.title[model.lang])
    given = not summary.where and all(source.declared(one).given for one in summary.by)
    if given or summary.name in tables.groups:
        return source.put(name, numbers, Look(label, HELPER, 84), given=True)
    keys = ", ".join(f"{one}={one}" for one in summary.by)
    text = f"lookup({summary.name}.{NUMBER_OF}, {keys})"
    text = f"{text} if ({summary.where}) else None" if summary.where else text
    figure = tables.figure(tables.parsed(text, summary.source), summary.source)
    return source.add(name, figure, Look(label, HELPER, 84))


def _helper(tables: EvaluatedTables, grid: Grid, name: str, values: Sequence[Value]) -> Column:
    """Add a column that the program needs to a summary."""
    label = tables.model.say(f"data.{name}")
    return grid.put(name, values, Look(label, HELPER, 76), given=True)

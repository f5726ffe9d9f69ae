"""Which lines of a summary are shown: in their live order, then others and all of them together."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.definition import FigureDef, Summary
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables, Lines
from xltools.evaluate.figures.aggregates import Found, Nth, Rank, count, how_many, numeric, where
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    choose,
    every,
    figure,
    known,
    or_nothing,
)
from xltools.evaluate.figures.stated_figure import Stated
from xltools.evaluate.figures.value_formats import HELPER
from xltools.expressions import Expression
from xltools.expressions.nodes import Scan, walk
from xltools.expressions.reading.evaluation_scope import NUMBER_OF

LABEL, FIRST = "label", "first_row"
GIVEN = 3  # columns of a summary that the program adds before its figures


def show(tables: EvaluatedTables, summary: Summary) -> None:
    """Add the grid of the lines that pages show, where a summary is ordered, cut or has a total.

    Of other summaries pages show the lines as they stand.
    """
    if not (summary.order or summary.total):
        return
    whole, model = tables.grids[summary.name], tables.model
    most = min(summary.most or whole.count, whole.count)
    others = summary.others if most < whole.count else None
    heads = [head for head in (others, summary.total) if head]
    name = shown_name(summary.name)
    title = f"{tables.definition.name}_{name}"
    grid = tables.grids[name] = model.open(title, most + len(heads))
    row = _rows(tables, summary, grid, most)
    words: list[Figure] = [figure(head[model.lang]) for head in heads]
    for named in (*summary.by, LABEL, FIRST):
        below = words if named == LABEL else [figure(1) if named == FIRST else NOTHING] * len(words)
        _copied(grid, whole[named], row, most, below)
    extra = [_Extra(tables, summary, most if head is others else 0) for head in heads]
    figures = {one.name: one for one in summary.columns}
    for one in (figures[name] for name in tables.frames[summary.name] if name in figures):
        _copied(grid, whole[one.name], row, most, [line.figure(one) for line in extra])


def shown_name(summary: str) -> str:
    """The table of the lines that are shown."""
    return f"{summary}_shown"


def _copied(grid: Grid, column: Column, row: Figure, most: int, below: Sequence[Figure]) -> None:
    """Add a summary's column: ``most`` lines looked up by row, the figures below them."""
    cells: list[Figure] = [or_nothing(Nth(column, row))] * most + list(below)
    width, number = column.width, column.number + int("row" in grid)
    grid.add(column.name, Each(cells), Look(column.label, column.style, width), number)


def _rows(tables: EvaluatedTables, summary: Summary, grid: Grid, most: int) -> Figure:
    """Which line of the summary stands in each row."""
    whole, say = tables.grids[summary.name], tables.model.say
    places = [place if place <= most else None for place in range(1, grid.count + 1)]
    label = say("data.place")
    place = grid.put("place", places, Look(label, HELPER, 60), given=True).here
    if not summary.order:
        return place
    by, number = whole[summary.order.removeprefix("-")], whole[NUMBER_OF]
    same = count(where(by, by.here), where(number, number.here, "<"))
    if summary.order.startswith("-"):
        ahead = count(where(by, by.here, "<")) + 1
    else:
        ahead = Rank(by.here, by)
    known_before = count(numeric(by), where(number, number.here, "<="))
    last = how_many(by) + number.here - known_before
    made = choose(known(by.here), ahead + same, last)
    whole.add("order", made, Look(say("data.order"), HELPER, 60))
    found = Found(place, whole["order"])
    return grid.add("row", found, Look(say("data.row"), HELPER, 60)).here


class _Extra:
    """One line for the rows of all lines, or of those beyond a place, with its own figures."""

    def __init__(self, tables: EvaluatedTables, summary: Summary, beyond: int) -> None:
        import pandas as pd

        self._tables, self._summary = tables, summary
        self._lines = _belonging(tables, summary, beyond)
        self._frame = pd.DataFrame(index=[0])

    def figure(self, one: FigureDef) -> Figure:
        """A figure of the line; nothing where it compares one line with the others."""
        tables, summary = self._tables, self._summary
        expression = tables.parsed(one, tables.scopes.of_summary(summary), table=summary.name)
        expression = expression.rounded
        if _places(expression, summary.name):
            self._frame[one.name] = None
            return NOTHING
        name = shown_name(summary.name)
        tables.frames[name] = self._frame
        answers = tables.answers(expression, name, self._lines)
        self._frame[one.name] = answers
        made = tables.figure(expression, answers, name, self._lines, one.choices)
        return Stated(made.text, list(made.values) * tables.grids[name].count)


def _belonging(tables: EvaluatedTables, summary: Summary, beyond: int) -> Lines:
    """The rows of all lines, or of those beyond a place, as one line."""
    source, whole = tables.grids[summary.source], tables.grids[summary.name]
    line = source[f"of_{summary.name}"].here
    mine = every(known(line), Nth(whole["order"], line) > beyond) if beyond else known(line)
    name = f"{'others' if beyond else 'all'}_{summary.name}"
    title = summary.title[tables.model.lang]
    label = tables.model.say("data.others_of" if beyond else "data.all_of", title=title)
    column = source.add(name, choose(mine, 1, ""), Look(label, HELPER, 84))
    return Lines(summary.source, column, "1", [1])


def _places(expression: Expression, summary: str) -> bool:
    """Whether an expression compares a line with the others of its summary, as a rank does."""
    scans = (node for node in walk(expression.tree) if isinstance(node, Scan))
    return any(scan.sheet == summary and scan.where for scan in scans)

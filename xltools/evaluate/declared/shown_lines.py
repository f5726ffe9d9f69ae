"""Which lines of a summary are shown: in their live order, then others and all of them together."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.definition import FigureDef, Summary
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import NOTHING, Each, Figure, figure
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.grid_expressions import compute, stated
from xltools.evaluate.submitted_rows import Lines
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

    def copied(column: Column, below: Sequence[Figure]) -> None:
        """Add a summary's column: ``most`` lines looked up by row, the figures below them."""
        cell = stated(model, grid, f"lookup({whole.name}.{column.name}, {NUMBER_OF}={row})")
        look = Look(column.label, column.style, column.width)
        made = Each([*[cell] * most, *below]) if below else cell
        grid.add(column.name, made, look, column.number + int("row" in grid))

    words: list[Figure] = [figure(head[model.lang]) for head in heads]
    for named in (*summary.by, LABEL, FIRST):
        below = words if named == LABEL else [figure(1) if named == FIRST else NOTHING] * len(words)
        copied(whole[named], below)
    extra = [_belonging(tables, summary, grid, most if head is others else 0) for head in heads]
    figures = {one.name: one for one in summary.columns}
    for one in (figures[name] for name in whole.columns if name in figures):
        copied(whole[one.name], [_below(tables, summary, one, lines) for lines in extra])


def shown_name(summary: str) -> str:
    """The table of the lines that are shown."""
    return f"{summary}_shown"


def _rows(tables: EvaluatedTables, summary: Summary, grid: Grid, most: int) -> str:
    """Add which line of the summary stands in each row; the name of that column."""
    whole, model = tables.grids[summary.name], tables.model
    places = [place if place <= most else None for place in range(1, grid.count + 1)]
    grid.put("place", places, Look(model.say("data.place"), HELPER, 60), given=True)
    if not summary.order:
        return "place"
    by, rising = summary.order.removeprefix("-"), summary.order.startswith("-")
    ahead = f"count({by}, {by}={'less_than' if rising else 'more_than'}({by}))"
    same = f"count({by}, {by}={by}, {NUMBER_OF}=less_than({NUMBER_OF}))"
    last = f"count({by}) + {NUMBER_OF} - count({by}, {NUMBER_OF}=at_most({NUMBER_OF}))"
    order = f"{last} if blank({by}) else {ahead} + {same} + 1"
    compute(model, whole, {"order": order}, width=60)
    compute(model, grid, {"row": f"lookup({whole.name}.{NUMBER_OF}, order=place)"}, width=60)
    return "row"


def _below(tables: EvaluatedTables, summary: Summary, one: FigureDef, lines: Lines) -> Figure:
    """A figure of one line for all; nothing where it compares one line with the others."""
    expression = tables.of_figure(summary.name, one)
    if _places(expression, summary.name):
        return NOTHING
    return tables.figure(expression, shown_name(summary.name), lines)


def _belonging(tables: EvaluatedTables, summary: Summary, shown: Grid, beyond: int) -> Lines:
    """The rows of all lines, or of those beyond a place, as one line of those shown."""
    source, whole = tables.grids[summary.source], tables.grids[summary.name]
    line = f"of_{summary.name}"
    behind = f" and lookup({whole.name}.order, {NUMBER_OF}={line}) > {beyond}" if beyond else ""
    name = f"{'others' if beyond else 'all'}_{summary.name}"
    title = summary.title[tables.model.lang]
    label = tables.model.say("data.others_of" if beyond else "data.all_of", title=title)
    mine = stated(tables.model, source, f"1 if not blank({line}){behind} else None")
    column = source.add(name, mine, Look(label, HELPER, 84))
    return Lines(summary.source, column, "1", [1] * shown.count)


def _places(expression: Expression, summary: str) -> bool:
    """Whether an expression compares a line with the others of its summary, as a rank does."""
    scans = (node for node in walk(expression.tree) if isinstance(node, Scan))
    return any(scan.sheet == summary and scan.where for scan in scans)

"""Lists in a live order: the lines of a summary that pages show, and the first rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.definition import FigureDef, Summary
from xltools.definition.evaluation_model import TableDef
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables
from xltools.evaluate.facts.number_keys import order_text
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import NOTHING, Each, Figure, figure
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.grid_expressions import stated
from xltools.evaluate.submitted_rows import AGO, Lines
from xltools.expressions import Expression
from xltools.expressions.nodes import Scan, walk
from xltools.expressions.reading.evaluation_scope import NUMBER_OF

LABEL, FIRST = "label", "first_row"
GIVEN = 3  # columns of a summary that the program adds before its figures
# Columns of a list's rows and of the list itself, called as no declared one can be.
_AT, PLACE, ROW = "_at", "_place", "_row"
_LAST = 999_999_999_999_999  # where rows without a number stand


def show(tables: EvaluatedTables, summary: Summary) -> None:
    """Add the grid of the lines that pages show, where a summary is ordered, cut or has a total.

    Of other summaries pages show the lines as they stand.
    """
    if not (summary.order or summary.total):
        return
    whole, model, name = tables.grids[summary.name], tables.model, shown_name(summary.name)
    most = min(summary.most or whole.count, whole.count)
    others = summary.others if most < whole.count else None
    heads = [head for head in (others, summary.total) if head]
    if summary.order:
        _put_order(tables, summary.name, "shown", summary.order, summary.title[model.lang])
    grid = _open(tables, name, whole, "shown", most, len(heads))
    words: list[Figure] = [figure(head[model.lang]) for head in heads]
    for named in (*summary.by, LABEL, FIRST):
        below = words if named == LABEL else [figure(1) if named == FIRST else NOTHING] * len(words)
        _look_up(tables, whole[named], grid, named, below)
    extra = [_belonging(tables, summary, grid, most if head is others else 0) for head in heads]
    for one in (one for one in summary.columns if one.name in whole):
        below = [_below(tables, summary, one, lines) for lines in extra]
        _look_up(tables, whole[one.name], grid, one.name, below)


def first_rows(
    tables: EvaluatedTables, of: str, table: TableDef, name: str, title: str, columns: Sequence[str]
) -> Grid:
    """Add a grid of the first rows of a table that are not settled, with some of its columns.

    Where an edit of the workbook leaves fewer rows, the last lines are blank.
    """
    source = tables.grids[of]
    _put_order(tables, of, name, table.order, title, table.settled)
    grid = _open(tables, name, source, name, min(table.most, source.count))
    for column in columns:
        _look_up(tables, source.declared(column), grid, column)
    return grid


def shown_name(summary: str) -> str:
    """The table of the lines that are shown."""
    return f"{summary}_shown"


def order_name(listed: str) -> str:
    """The column of the rows' places in the live order of a list."""
    return f"_{listed}_order"


def _put_order(
    tables: EvaluatedTables, of: str, listed: str, by: str, title: str, settled: str = ""
) -> None:
    """Add the place of each row of this quarter in the live order of a list.

    Rows without a number come last; those that are settled have none.
    """
    model, source, rising = tables.model, tables.grids[of], by.startswith("-")
    _number(tables, source)

    def add(ending: str, made: Figure) -> str:
        name = f"_{listed}_{ending}"
        source.add(name, made, Look(model.say(f"data.{ending}_of", title=title), HELPER, 84))
        return name

    column = source.declared(by.removeprefix("-")).name
    value = f"coalesce({column}, {_LAST if rising else -_LAST})"
    left_out = [f"{AGO} > 0"] if AGO in source else []
    if settled:
        text = f"1 if {settled} else 0"
        out = add("settled", tables.figure(tables.parsed(text, of), of))
        left_out.append(f"{out} == 1")
    value = f"None if {' or '.join(left_out)} else {value}" if left_out else value
    by = add("by", stated(model, source, value))
    add("order", stated(model, source, order_text(by, rising=rising, line=_AT)))


def _number(tables: EvaluatedTables, source: Grid) -> None:
    """Number the rows of a table, so that lists can name them."""
    if _AT not in source:
        look = Look(tables.model.say("data.line"), HELPER, 60)
        source.put(_AT, range(1, source.count + 1), look, given=True)


def _open(
    tables: EvaluatedTables, name: str, source: Grid, listed: str, most: int, heads: int = 0
) -> Grid:
    """Open the grid of a list: which row stands in each line, and so many lines below them."""
    model = tables.model
    _number(tables, source)
    grid = tables.grids[name] = model.open(f"{tables.definition.name}_{name}", most + heads)
    places = [*range(1, most + 1), *[None] * heads]
    grid.put(PLACE, places, Look(model.say("data.place"), HELPER, 60), given=True)
    if (order := order_name(listed)) in source:
        row = stated(model, grid, f"lookup({source.name}.{_AT}, {order}={PLACE})")
        grid.add(ROW, row, Look(model.say("data.row"), HELPER, 60))
    return grid


def _look_up(
    tables: EvaluatedTables, column: Column, grid: Grid, name: str, below: Sequence[Figure] = ()
) -> None:
    """Add a column of the rows that a list shows, and the figures below them."""
    row = f"{_AT}={ROW if ROW in grid else PLACE}"
    cell = stated(tables.model, grid, f"lookup({column.grid.name}.{column.name}, {row})")
    made = Each([*[cell] * (grid.count - len(below)), *below]) if below else cell
    grid.add(name, made, Look(column.label, column.style, column.width))


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
    behind = ""
    if beyond:
        order = order_name("shown")
        behind = f" and lookup({whole.name}.{order}, {NUMBER_OF}={line}) > {beyond}"
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

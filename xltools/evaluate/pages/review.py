"""复盘汇总: causes counted, what worked, what comes next."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.charts import columns as column_chart
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.figures.aggregates import Where, count, where, where_text
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import Figure, or_dash, ratio
from xltools.evaluate.figures.value_formats import TEAM, WORDS
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles

GOALS, EXPANSION = ("goals", "review"), ("expansion", "review")
_WIDTHS = (116, 190, 100, 84, 40, 12, 210, 230, 96, 120, 40)
_MIDDLE = LEFT + 6  # where the right half begins


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    goals, expansion = model.grid(*GOALS), model.grid(*EXPANSION)
    canvas.beside(
        lambda: _counts(canvas, goals, (*GOALS, "cause_class"), LEFT, _MIDDLE - 2),
        lambda: _counts(canvas, expansion, (*EXPANSION, "module"), _MIDDLE, canvas.last),
    )
    if goals is not None:
        canvas.gap(12)
        canvas.section(model.say("review.goals"))
        _goals(canvas, goals)
    if expansion is not None:
        canvas.gap(12)
        canvas.section(model.say("review.suggestions"))
        _suggestions(canvas, expansion)


def _counts(
    canvas: Canvas, grid: Grid | None, column: tuple[str, str, str], first: int, last: int
) -> None:
    """How many rows name each choice of a column, as a list and drawn."""
    if grid is None:
        return
    model, (definition, _, name) = canvas.model, column
    labels = list(model.choices(definition, name).values())
    missed = _missed(model, grid) if column[:2] == GOALS else []
    whole = _all(grid, name, labels, missed)
    columns = [
        Show("word", model.label(*column), TEAM, labels, span=2),
        Show(
            "count",
            model.say("review.count"),
            styles.TABLE_NUMBER,
            lambda own: count(where_text(grid[name], own["word"].here), *missed),
        ),
        Show(
            "share",
            model.say("review.share"),
            styles.TABLE_PERCENT,
            lambda own: or_dash(ratio(own["count"].here, whole)),
        ),
    ]
    canvas.section(model.say(f"review.{name}"), first, last)
    own = draw_list(canvas, Rows.first(grid, name, labels), columns, first=first, last=last)
    chart = column_chart(canvas.book, own["word"], own["count"])
    canvas.chart(chart, height=168, first=first, last=last)


def _missed(model: Model, grid: Grid) -> list[Where]:
    """The goals that were missed: of others nobody asks why."""
    return [where(grid["attainment"], model.parameter("on_target"), "<")]


def _all(grid: Grid, column: str, labels: list[str], missed: list[Where]) -> Figure:
    first, *others = [count(where_text(grid[column], label), *missed) for label in labels]
    for one in others:
        first = first + one
    return first


def _goals(canvas: Canvas, grid: Grid) -> None:
    """Every reviewed goal: cause, what worked, what comes next."""
    model, say = canvas.model, canvas.model.say
    columns = [
        Show("team", say("data.team"), TEAM),
        Show("goal", say("goals.goal"), TEAM, quiet=True),
        _typed(model, GOALS, "cause_class"),
        Show("attainment", say("goals.attainment"), styles.TABLE_PERCENT, span=2),
        _typed(model, GOALS, "cause", 2),
        _typed(model, GOALS, "next_action"),
        _typed(model, GOALS, "owner"),
        _typed(model, GOALS, "success"),
    ]
    draw_list(canvas, Rows.by_team(grid), columns)


def _suggestions(canvas: Canvas, grid: Grid) -> None:
    """Every suggestion of the sales teams with its owner and date."""
    model = canvas.model
    columns = [
        Show("team", model.say("data.team"), TEAM),
        _typed(model, EXPANSION, "highlight"),
        _typed(model, EXPANSION, "module"),
        _typed(model, EXPANSION, "problem", 4),
        _typed(model, EXPANSION, "suggestion"),
        _typed(model, EXPANSION, "owner"),
        _typed(model, EXPANSION, "due"),
    ]
    draw_list(canvas, Rows.by_team(grid), columns)


def _typed(model: Model, key: tuple[str, str], name: str, span: int = 1) -> Show:
    """A column as the team typed it."""
    return Show(name, model.label(*key, name), WORDS, quiet=True, span=span)


PAGE = Page("review", draw, _WIDTHS, (GOALS, EXPANSION))

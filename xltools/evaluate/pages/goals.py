"""目标达成: every goal with its tasks, what it attained and what it contributed."""

from __future__ import annotations

from typing import NamedTuple

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.charts import clustered, fits
from xltools.evaluate.blocks.list_columns import Rows, Show, achieved, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.number_keys import first_rows
from xltools.evaluate.facts.tasks import end_of, labels
from xltools.evaluate.figures.aggregates import count, where, where_text
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    as_number,
    choose,
    or_dash,
    or_nothing,
    sentence,
)
from xltools.evaluate.figures.value_formats import MARK, STATE, TEAM, UNIT, WORDS
from xltools.evaluate.pages.alerts import state_looks
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.links import cell_target

ALIGNMENT, TASKS, REVIEW = ("goals", "alignment"), ("goals", "tasks"), ("goals", "review")
_WIDTHS = (110, 260, 60, 80, 54, 80, 116, 40, 84, 92, 92, 92, 84, 40)
_MOST_IN_CHART = 12


class Goal(NamedTuple):
    """A goal where it first stands, on alignment or else on review, and its review."""

    grid: Grid
    row: int
    reviewed: int | None
    settled: bool = False

    def cell(self, alignment: Grid | None) -> Figure:
        """Its words."""
        name = "supporting_goal" if self.grid is alignment else "goal"
        return or_nothing(self.grid[name].at(self.row))


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    goals = _goals(model)
    if goals:
        canvas.section(model.say("goals.goals"))
        listed = _goal_list(canvas, goals)
        if model.grid(*REVIEW) is not None and fits(listed["goal"], _MOST_IN_CHART):
            canvas.gap(12)
            _contribution(canvas, listed)
    if model.grid(*TASKS) is not None:
        canvas.gap(12)
        canvas.section(model.say("goals.tasks"))
        _task_list(canvas)
    canvas.gap(6)
    canvas.text(model.say("goals.note"))


def _goals(model: Model) -> list[Goal]:
    """Every goal once, with its last row on review."""
    alignment, review = model.grid(*ALIGNMENT), model.grid(*REVIEW)
    found: dict[object, tuple[Grid, int]] = {}
    for grid in (alignment, review):
        if grid is not None:
            for key, row in first_rows(grid["goal_key"].values, range(grid.count)):
                found.setdefault(key, (grid, row))
    reviewed = {key: row for row, key in enumerate(review["goal_key"].values)} if review else {}
    goals = [Goal(grid, row, reviewed.get(key)) for key, (grid, row) in found.items()]  # type: ignore[call-overload]
    on_target = achieved(model, Rows(review, [one.reviewed for one in goals]).cell("attainment"))
    told = [one._replace(settled=bool(on_target.value(row))) for row, one in enumerate(goals)]
    return sorted(told, key=lambda one: (one.settled, int(one.grid["key"].values[one.row] or 0)))


def _goal_list(canvas: Canvas, goals: list[Goal]) -> Grid:
    """Every goal with its target, what its review says, and how many of its tasks are done."""
    model, say, alignment = canvas.model, canvas.model.say, canvas.model.grid(*ALIGNMENT)
    own = [goal.row if goal.grid is alignment else None for goal in goals]
    aligned = Rows(alignment, own, [goal.settled for goal in goals])
    said = Rows(model.grid(*REVIEW), [goal.reviewed for goal in goals])
    teams = [goal.grid["team"].at(goal.row) for goal in goals]
    keys = [goal.grid["goal_key"].values[goal.row] for goal in goals]
    share = styles.TABLE_PERCENT
    columns = [
        Show("team", say("data.team"), TEAM, Each(teams)),
        Show("goal", say("goals.goal"), TEAM, Each([goal.cell(alignment) for goal in goals])),
        Show("priority", say("goals.priority"), styles.TABLE_CENTER),
        Show("target", say("goals.target"), styles.TABLE_TARGET, by_unit=True),
        Show("unit", say("goals.unit"), UNIT, quiet=True),
        Show("actual", say("goals.actual"), styles.TABLE_ACTUAL, of=said, by_unit=True),
        *attained(model, "attainment", say("goals.attainment"), said),
        Show("done", say("goals.done"), MARK, Each([_done(model, int(key or 0)) for key in keys])),
        Show("customer_share", say("goals.customer_share"), share, of=said),
        Show("sales_share", say("goals.sales_share"), share, of=said),
        Show("due", say("goals.due"), styles.TABLE_DATE, or_dash(end_of(aligned.cell("due")))),
        Show("owner", say("goals.owner"), TEAM),
    ]
    top, links = canvas.row, [(goal.grid, goal.row) for goal in goals]
    listed = draw_list(canvas, aligned, columns, links=links)
    for index, goal in enumerate(goals, top + 1):
        team = int(goal.grid["key"].values[goal.row] or 0) - 1
        model.places.setdefault(
            ("teams", team), cell_target(canvas.sheet.title, f"B{canvas.in_sight(index)}")
        )
    return listed


def _done(model: Model, key: int) -> Figure:
    """Complete tasks of all tasks of a goal."""
    states = model.derived.get("states")
    if states is None or "goal_key" not in states or not key:
        return NOTHING
    mine = where(states["goal_key"], key)
    complete = count(mine, where_text(states["state"], labels(model)["complete"]))
    shown = sentence(model.template("goals.of"), as_number(complete), as_number(count(mine)))
    return choose(count(mine) > 0, shown, "-")


def _contribution(canvas: Canvas, listed: Grid) -> None:
    say = canvas.model.say
    canvas.section(say("goals.contribution"))
    series = [
        (say("goals.customer_share"), listed["customer_share"], styles.BLUE),
        (say("goals.sales_share"), listed["sales_share"], styles.HISTORY_BLUE),
    ]
    chart = clustered(canvas.book, listed["goal"], series, number="0%")
    canvas.chart(chart, height=110 + 44 * listed.count)


def _task_list(canvas: Canvas) -> None:
    """Tasks goal by goal, each with its state."""
    model, say, tasks = canvas.model, canvas.model.say, canvas.model.grids[TASKS]
    keys, goals = tasks["key"].values, tasks["goal_key"].values
    indexes = sorted(
        range(tasks.count), key=lambda row: (int(keys[row] or 0), int(goals[row] or 10**9), row)
    )
    listed = Rows(model.derived["states"], indexes)  # which begin with the rows of tasks
    states = listed.open_first(listed.cell("state").equals(labels(model)["complete"]))
    progress = styles.TABLE_PERCENT.but(indent=0, number="0%")
    budget = styles.TABLE_NUMBER.but(number=styles.GENERAL)
    looks = state_looks(model)
    columns = [
        Show("team", say("data.team"), TEAM),
        Show("goal", say("goals.goal"), WORDS.but(color=styles.MUTED)),
        Show("task", say("goals.task"), TEAM, span=3),
        Show("end", say("goals.end"), styles.TABLE_DATE),
        Show("actual", say("goals.progress"), progress, of=states, bars=2.0, span=2),
        Show("shown", say("alerts.state"), STATE, of=states, looks=looks),
        Show("owner", say("goals.owner"), TEAM),
        Show("budget", say("goals.budget"), budget),
        Show("milestone", say("goals.milestone"), WORDS, quiet=True, span=2),
    ]
    draw_list(canvas, states._replace(grid=tasks), columns)


PAGE = Page("goals", draw, _WIDTHS, (ALIGNMENT, TASKS, REVIEW))

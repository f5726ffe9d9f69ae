"""Goals with a number each, and all of them as one list with what their reviews and tasks say."""

from __future__ import annotations

from typing import NamedTuple

from xltools.evaluate.facts.number_keys import add, first_rows, number_texts, put, put_source
from xltools.evaluate.facts.tasks import end_of, labels
from xltools.evaluate.figures.aggregates import count, where, where_text
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    as_number,
    choose,
    or_nothing,
    sentence,
)
from xltools.evaluate.quarter_model import Model

ALIGNMENT, TASKS, REVIEW = ("goals", "alignment"), ("goals", "tasks"), ("goals", "review")


class _Goal(NamedTuple):
    """A goal where it first stands, on alignment or else on review, and the row of its review."""

    grid: Grid
    row: int
    reviewed: int | None


def derive(model: Model) -> None:
    """Number goals on alignment, tasks and review."""
    names = ((ALIGNMENT, "supporting_goal"), (TASKS, "goal"), (REVIEW, "goal"))
    number_texts(model, "goal_key", [(model.grid(*key), column) for key, column in names])


def gather(model: Model) -> None:
    """The list of goals; and beside tasks what is known of their progress."""
    tasks, states = model.grid(*TASKS), model.derived.get("states")
    if tasks is not None and states is not None:  # which begin with the rows of tasks
        own = list(range(tasks.count))
        add(model, tasks, "progress", or_nothing(states["actual"].rows(own)))
        add(model, tasks, "state", states["shown"].rows(own))
    goals = _goals(model)
    if goals and "goal_list" in model.filled:
        _list(model, goals, states)


def _goals(model: Model) -> list[_Goal]:
    """Every goal once, with its last row on review."""
    alignment, review = model.grid(*ALIGNMENT), model.grid(*REVIEW)
    found: dict[object, tuple[Grid, int]] = {}
    for grid in (alignment, review):
        if grid is not None:
            for key, row in first_rows(grid["goal_key"].values, range(grid.count)):
                found.setdefault(key, (grid, row))
    reviewed: dict[object, int] = {}
    if review is not None:
        reviewed = {key: row for row, key in enumerate(review["goal_key"].values)}
    goals = [_Goal(grid, row, reviewed.get(key)) for key, (grid, row) in found.items()]
    return sorted(goals, key=lambda one: int(one.grid["key"].values[one.row] or 0))


def _list(model: Model, goals: list[_Goal], states: Grid | None) -> None:
    alignment, review = model.grid(*ALIGNMENT), model.grid(*REVIEW)
    grid = model.open("goal_list", len(goals))
    for name in ("team", "key", "goal_key"):
        put(model, grid, name, [one.grid[name].values[one.row] for one in goals])

    def cells(source: Grid | None, rows: list[int | None], name: str) -> Figure:
        return NOTHING if source is None else or_nothing(source[name].rows(rows))

    aligned = [one.row if one.grid is alignment else None for one in goals]
    said = [one.reviewed for one in goals]
    names = [
        or_nothing(one.grid["supporting_goal" if one.grid is alignment else "goal"].at(one.row))
        for one in goals
    ]
    add(model, grid, "goal", Each(names))
    for name in ("priority", "target", "unit", "owner"):
        add(model, grid, name, cells(alignment, aligned, name))
    add(model, grid, "due", end_of(cells(alignment, aligned, "due")))
    for name in ("actual", "attainment", "customer_share", "sales_share"):
        add(model, grid, name, cells(review, said, name))
    add(model, grid, "done", _done(model, grid, states))
    put_source(model, grid, [(one.grid, one.row) for one in goals])


def _done(model: Model, grid: Grid, states: Grid | None) -> Figure:
    """Complete tasks of all tasks of a goal."""
    if states is None or "goal_key" not in states:
        return NOTHING
    mine = where(states["goal_key"], grid["goal_key"].here)
    complete = count(mine, where_text(states["state"], labels(model)["complete"]))
    shown = sentence("{0} / {1}", as_number(complete), as_number(count(mine)))
    return choose(count(mine) > 0, shown, NOTHING)

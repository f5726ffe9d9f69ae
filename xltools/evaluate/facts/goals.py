"""Goals with a number each, and all of them as one list with what their reviews and tasks say."""

from __future__ import annotations

from typing import NamedTuple

from xltools.evaluate.facts.number_keys import (
    add,
    first_rows,
    number_rows,
    number_texts,
    put,
    put_source,
)
from xltools.evaluate.facts.tasks import end_of
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import NOTHING, as_number, choose, or_nothing, sentence
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import Model

ALIGNMENT, TASKS, REVIEW = ("goals", "alignment"), ("goals", "tasks"), ("goals", "review")

_TASKS = {
    "tasks_of": "count(states.key, goal_key=goal_key)",
    "tasks_done": "count(states.actual, goal_key=goal_key, actual=at_least(1))",
}


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
    tasks = model.grid(*TASKS)
    if tasks is not None and "states" in model.derived:  # which begin with the rows of tasks
        number_rows(model, tasks)
        for name, source in (("progress", "actual"), ("state", "shown")):
            compute(model, tasks, {name: f"lookup(states.{source}, number=line)"})
    goals = _goals(model)
    if goals and "goal_list" in model.declared:
        _list(model, goals)


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


def _list(model: Model, goals: list[_Goal]) -> None:
    alignment = model.grid(*ALIGNMENT)
    grid = model.open("goal_list", len(goals))
    for name in ("team", "key", "goal_key"):
        put(model, grid, name, [one.grid[name].values[one.row] for one in goals])
    aligned = [one.row + 1 if one.grid is alignment else None for one in goals]
    said = [None if one.reviewed is None else one.reviewed + 1 for one in goals]
    put(model, grid, "aligned_row", aligned)
    put(model, grid, "reviewed_row", said)
    for source in (ALIGNMENT, REVIEW):
        number_rows(model, model.grid(*source))
    names = [("supporting_goal" if one.grid is alignment else "goal", one) for one in goals]
    put(model, grid, "goal", [one.grid[name].values[one.row] for name, one in names])
    for name in ("priority", "target", "unit", "owner"):
        compute(
            model, grid, {name: f"lookup(goals_alignment.{name}, line=aligned_row)"}, of="goals"
        )
    rows = [one.row if one.grid is alignment else None for one in goals]
    due = or_nothing(alignment["due"].rows(rows)) if alignment else NOTHING
    add(model, grid, "due", end_of(due))
    for name in ("actual", "attainment", "customer_share", "sales_share"):
        compute(model, grid, {name: f"lookup(goals_review.{name}, line=reviewed_row)"})
    _done(model, grid)
    put_source(model, grid, [(one.grid, one.row) for one in goals])


def _done(model: Model, grid: Grid) -> None:
    """Complete tasks of all tasks of a goal."""
    states = model.derived.get("states")
    there = states is not None and "goal_key" in states
    compute(model, grid, _TASKS if there else dict.fromkeys(_TASKS, "0"))
    done, every = (grid[name].here for name in ("tasks_done", "tasks_of"))
    shown = sentence("{0} / {1}", as_number(done), as_number(every))
    add(model, grid, "done", choose(every > 0, shown, NOTHING))

"""Goals with a number each, and all of them as one list with what their reviews and tasks say."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import (
    Source,
    add,
    first_rows,
    number_rows,
    number_texts,
    put,
    put_said,
    put_source,
    rows_of,
)
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import NOTHING, as_number, choose, sentence
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import Model

ALIGNMENT, TASKS, REVIEW = ("goals", "alignment"), ("goals", "tasks"), ("goals", "review")

_OF_STATES = {
    "progress": "lookup(states.actual, number=line)",
    "state": "lookup(states.shown, number=line)",
}
_TASKS = {
    "tasks_of": "count(states.key, goal_key=goal_key)",
    "tasks_done": "count(states.actual, goal_key=goal_key, actual=at_least(1))",
}


def derive(model: Model) -> None:
    """Number goals on alignment, tasks and review."""
    names = ((ALIGNMENT, "supporting_goal"), (TASKS, "goal"), (REVIEW, "goal"))
    number_texts(model, "goal_key", [(model.grid(*key), column) for key, column in names])


def gather(model: Model) -> None:
    """The list of goals; and beside tasks what is known of their progress."""
    tasks = model.grid(*TASKS)
    if tasks is not None and "states" in model.derived:  # which begin with the rows of tasks
        number_rows(model, tasks)
        compute(model, tasks, _OF_STATES)
    goals = first_rows(rows_of(model.grid(*ALIGNMENT), model.grid(*REVIEW)), "goal_key")
    if goals and "goal_list" in model.declared:
        _list(model, sorted(goals, key=lambda one: one[0]["key"].values[one[1]] or 0))


def _list(model: Model, goals: list[Source]) -> None:
    """Every goal where it first stands, on alignment or else on review, with its last review."""
    alignment, review = model.grid(*ALIGNMENT), model.grid(*REVIEW)
    grid = model.open("goal_list", len(goals))
    put_said(model, grid, goals, ("team", "key", "goal_key"))
    aligned = [row if of is alignment else None for of, row in goals]
    put(model, grid, "aligned_row", [None if row is None else row + 1 for row in aligned])
    reviewed = {
        key: line for line, key in enumerate(review["goal_key"].values if review else (), 1)
    }
    put(model, grid, "reviewed_row", [reviewed.get(key) for key in grid["goal_key"].values])
    number_rows(model, alignment)
    number_rows(model, review)
    named = [("supporting_goal" if of is alignment else "goal", of, row) for of, row in goals]
    put(model, grid, "goal", [of[name].values[row] for name, of, row in named])
    for name in ("priority", "target", "unit", "owner"):
        compute(model, grid, {name: f"lookup(goals_alignment.{name}, line=aligned_row)"})
    compute(model, grid, {"due": "end(lookup(goals_alignment.due, line=aligned_row))"})
    for name in ("actual", "attainment", "customer_share", "sales_share"):
        compute(model, grid, {name: f"lookup(goals_review.{name}, line=reviewed_row)"})
    _done(model, grid)
    put_source(model, grid, goals)


def _done(model: Model, grid: Grid) -> None:
    """Complete tasks of all tasks of a goal."""
    states = model.derived.get("states")
    there = states is not None and "goal_key" in states
    compute(model, grid, _TASKS if there else dict.fromkeys(_TASKS, "0"))
    done, every = (grid[name].here for name in ("tasks_done", "tasks_of"))
    shown = sentence("{0} / {1}", as_number(done), as_number(every))
    add(model, grid, "done", choose(every, shown, NOTHING))

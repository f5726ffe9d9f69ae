"""Every task as one list, of three sheets; what its state is, the definition says."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import (
    Source,
    add,
    first_rows,
    number_texts,
    put,
    put_said,
    put_source,
    rows_of,
)
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import NOTHING, Each, Figure, or_nothing
from xltools.evaluate.grid_expressions import add_declared, compute
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_DATE

TASKS, PROGRESS, TRACKING = ("goals", "tasks"), ("goals", "progress"), ("expansion", "tracking")
_TYPED = ("task", "owner", "start", "due", "cadence", "completion", "solution", "next_step")


def derive(model: Model) -> None:
    """The table of task states, where there are any tasks and a definition asks for it."""
    if "states" not in model.declared:
        return
    tasks, progress, tracking = (model.grid(*key) for key in (TASKS, PROGRESS, TRACKING))
    number_texts(model, "task_key", [(tasks, "task"), (progress, "task")])
    if progress is not None:
        put(model, progress, "row", range(1, progress.count + 1))
        add_declared(model, progress, model.sheet(*PROGRESS).figures)
    if tracking is not None:
        compute(model, tracking, {"due_end": "end(due)"}, BULK_DATE)
    known = first_rows(rows_of(tasks, progress), "task_key")
    orphans = [one for one in known if one[0] is progress]  # whose tasks are not listed
    rows = [*rows_of(tasks), *orphans, *rows_of(tracking)]
    if rows:
        _states(model, rows, tracking)


def _states(model: Model, rows: list[Source], tracking: Grid | None) -> None:
    """The list: what teams typed of each task, from whichever sheet it is on, and its state."""
    grid = model.open("states", len(rows))
    put(model, grid, "number", range(1, len(rows) + 1))
    put(model, grid, "tracked", [int(source is tracking) for source, _ in rows])
    put_said(model, grid, rows, ("team", "key", "task_key", "goal_key"))
    for name in _TYPED:
        add(model, grid, name, Each([_cell(source, name, row) for source, row in rows]))
    add_declared(model, grid, model.sheet("goals", "states").figures)
    put_source(model, grid, rows)


def _cell(source: Grid, name: str, row: int) -> Figure:
    """What a row says of its task; nothing where its sheet has no such column."""
    if name == "due":
        name = "due_end" if "due_end" in source else "end"
    return or_nothing(source[name].at(row)) if name in source else NOTHING

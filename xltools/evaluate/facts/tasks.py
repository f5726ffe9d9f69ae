"""Every task as one list, of three sheets; what its state is, the definition says."""

from __future__ import annotations

from datetime import date

from xltools.evaluate.facts.number_keys import add, first_rows, number_texts, put, put_source
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import NOTHING, Call, Each, Figure, Value, or_nothing
from xltools.evaluate.grid_expressions import add_declared
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_DATE
from xltools.excel.writing.serial_values import serial_number

TASKS, PROGRESS, TRACKING = ("goals", "tasks"), ("goals", "progress"), ("expansion", "tracking")
_TYPED = ("task", "owner", "start", "due", "cadence", "completion", "solution", "next_step")
_LAST_DAY = {"tasks": "end", "tracking": "due_end"}  # columns, by sheet


def derive(model: Model) -> None:
    """The table of task states, where there are any tasks and a definition asks for it."""
    if "states" not in model.declared:
        return
    tasks, progress, tracking = (model.grid(*key) for key in (TASKS, PROGRESS, TRACKING))
    orphans = _number_tasks(model, tasks, progress)
    if progress is not None:
        put(model, progress, "row", list(range(1, progress.count + 1)))
        add_declared(model, progress, model.sheet(*PROGRESS).figures)
    if tracking is not None:
        add(model, tracking, "due_end", end_of(tracking["due"].here), BULK_DATE)
    wanted = (
        (tasks, range(tasks.count if tasks else 0)),
        (progress, orphans),
        (tracking, range(tracking.count if tracking else 0)),
    )
    rows = [(source, row) for source, mine in wanted if source is not None for row in mine]
    if rows:
        _states(model, rows, tracking)


def end_of(span: Figure) -> Figure:
    """The last day of a span's text, nothing where it has none."""
    day = "RIGHT({0},10)"
    text = f"DATE(VALUE(LEFT({day},4)),VALUE(MID({day},6,2)),VALUE(RIGHT({{0}},2)))"
    return Call(f'IFERROR({text},"")', _end_of, span)


def _end_of(span: Value) -> Value:
    if not isinstance(span, str):
        return ""
    try:
        return serial_number(date.fromisoformat(span[-10:])) or ""
    except ValueError:
        return ""


def _number_tasks(model: Model, tasks: Grid | None, progress: Grid | None) -> list[int]:
    """One number per team and task on both sheets; the first progress rows of unknown tasks."""
    number_texts(model, "task_key", [(tasks, "task"), (progress, "task")])
    if progress is None:
        return []
    known_keys = set(tasks["task_key"].values) if tasks is not None else set()
    firsts = first_rows(progress["task_key"].values, range(progress.count))
    return [row for key, row in firsts if key not in known_keys]


def _states(model: Model, rows: list[tuple[Grid, int]], tracking: Grid | None) -> None:
    """The list: what teams typed of each task, from whichever sheet it is on, and its state."""
    grid = model.open("states", len(rows))
    put(model, grid, "number", list(range(1, len(rows) + 1)))
    put(model, grid, "tracked", [int(source is tracking) for source, _ in rows])
    for name in ("team", "key", "task_key", "goal_key"):
        found = [source[name].values[row] if name in source else None for source, row in rows]
        put(model, grid, name, found)
    for name in _TYPED:
        add(model, grid, name, Each([_cell(source, name, row) for source, row in rows]))
    add_declared(model, grid, model.sheet("goals", "states").figures)
    put_source(model, grid, rows)


def _cell(source: Grid, name: str, row: int) -> Figure:
    """What a row says of its task; nothing where its sheet has no such column."""
    known_as = _LAST_DAY.get(source.sheet.partition(".")[2], "") if name == "due" else name
    return or_nothing(source[known_as].at(row)) if known_as in source else NOTHING


def labels(model: Model) -> dict[str, str]:
    """The states by name."""
    return model.choices("goals", "task_state")

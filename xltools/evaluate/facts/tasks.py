"""Every task with its state on the as-of date, by its latest progress or its own row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xltools.evaluate.facts.number_keys import (
    add,
    first_rows,
    mark_latest,
    number_texts,
    put,
    put_source,
)
from xltools.evaluate.figures.aggregates import Nth, Rank, total, where, working_days
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Call,
    Each,
    Figure,
    Value,
    cases,
    choose,
    every,
    figure,
    known,
    least,
    negated,
    or_nothing,
    present,
)
from xltools.evaluate.figures.value_formats import HELPER, data_style
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_DATE, BULK_PERCENT
from xltools.excel.writing.serial_values import serial_number

TASKS, PROGRESS, TRACKING = ("goals", "tasks"), ("goals", "progress"), ("expansion", "tracking")
_LONGEST = 9_999  # days that still make an alert more urgent
_ROWS = 100_000  # more rows than any list of tasks has


@dataclass(frozen=True)
class _Origins:
    """Where each row of the list comes from; None in the rows of another origin."""

    tasks: list[int | None]
    orphans: list[int | None]
    tracking: list[int | None]

    @classmethod
    def of(cls, tasks: Sequence[int], orphans: Sequence[int], tracking: Sequence[int]) -> _Origins:
        a, b, c = ([None] * len(rows) for rows in (tasks, orphans, tracking))
        return cls([*tasks, *b, *c], [*a, *orphans, *c], [*a, *b, *tracking])


def derive(model: Model) -> None:
    """The grid of task states, where there are any tasks and a definition asks for it."""
    if "states" not in model.filled:
        return
    tasks, progress, tracking = (model.grid(*key) for key in (TASKS, PROGRESS, TRACKING))
    orphans = _number_tasks(model, tasks, progress)
    if progress is not None:
        mark_latest(model, progress, "task_key")
    if tracking is not None:
        add(model, tracking, "due_end", end_of(tracking["due"].here), BULK_DATE)
    count_of = [grid.count if grid else 0 for grid in (tasks, tracking)]
    origins = _Origins.of(range(count_of[0]), orphans, range(count_of[1]))
    if not origins.tasks:
        return
    grid = model.open("states", len(origins.tasks))
    _typed(model, grid, origins)
    _latest(model, grid, origins)
    _status(model, grid, origins)
    _alert(model, grid)
    sources = (
        (tasks, origins.tasks),
        (progress, origins.orphans),
        (tracking, origins.tracking),
    )
    found = {
        place: (source, row)
        for source, rows in sources
        for place, row in enumerate(rows)
        if source is not None and row is not None
    }
    put_source(model, grid, [found[place] for place in range(grid.count)])


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


def _typed(model: Model, grid: Grid, origins: _Origins) -> None:
    """Add what teams typed of each task, from whichever sheet it is on."""
    tasks, progress, tracking = (model.grid(*key) for key in (TASKS, PROGRESS, TRACKING))
    pairs = ((tasks, origins.tasks), (progress, origins.orphans), (tracking, origins.tracking))

    def gathered(name: str) -> list[Value]:
        found: list[Value] = [None] * grid.count
        for source, rows in pairs:
            for place, row in enumerate(rows):
                if source is not None and row is not None and name in source:
                    found[place] = source[name].values[row]
        return found

    text = data_style("text")
    for name, width in (("team", 104), ("key", 60), ("task_key", 60), ("goal_key", 60)):
        label = model.say(f"data.{name}")
        grid.put(name, gathered(name), Look(label, text, width), given=True)
    kinds = [
        model.say("tasks.tracked" if row is not None else "tasks.goal") for row in origins.tracking
    ]
    put(model, grid, "kind", kinds)
    live = {"task": (220, text), "owner": (96, text), "start": (96, BULK_DATE)}
    for name, (width, style) in live.items():
        add(model, grid, name, _from(pairs, name), style, width)
    ends = ((tasks, "end", origins.tasks), (tracking, "due_end", origins.tracking))
    due = _either([(source[name], rows) for source, name, rows in ends if source is not None])
    add(model, grid, "due", due, BULK_DATE, 96)
    add(model, grid, "cadence", _from(pairs[:1], "cadence"), text)


def _from(pairs: Sequence[tuple[Grid | None, list[int | None]]], name: str) -> Figure:
    return _either(
        [(grid[name], rows) for grid, rows in pairs if grid is not None and name in grid]
    )


def _either(sources: Sequence[tuple[Column, list[int | None]]]) -> Figure:
    """For each row the cell of whichever column has a row for it; of several the last."""
    if not sources:
        return NOTHING
    figures: list[Figure] = [NOTHING] * len(sources[0][1])
    for column, rows in sources:
        taken = or_nothing(column.rows(rows))
        figures = [
            taken if row is not None else old for row, old in zip(rows, figures, strict=True)
        ]
    return Each(figures)


def _latest(model: Model, grid: Grid, origins: _Origins) -> None:
    """What the latest progress says; of tracked tasks what their own row says."""
    progress, tracking = model.grid(*PROGRESS), model.grid(*TRACKING)
    row: Figure = figure(0)
    if progress is not None:
        mine = (where(progress["task_key"], grid["task_key"].here), where(progress["latest"], 1))
        row = total(progress["row"], *mine)
    goal_row = _split(origins, row, figure(0))
    add(model, grid, "progress_row", goal_row)
    at = grid["progress_row"].here
    own = ("", "", "completion", "issue", "")
    names = ("as_of", "planned", "actual", "risk", "status")
    styles = (BULK_DATE, BULK_PERCENT, BULK_PERCENT, data_style("text"), data_style("text"))
    for name, mirror, style in zip(names, own, styles, strict=True):
        mine_too = _own(tracking, mirror, origins)
        theirs: Figure = Nth(progress[name], at) if progress is not None else NOTHING
        label = "progress_status" if name == "status" else name
        add(model, grid, label, _split(origins, theirs, mine_too), style)
    answer: Figure = NOTHING
    if tracking is not None:
        solution, step = (
            or_nothing(tracking[n].rows(origins.tracking)) for n in ("solution", "next_step")
        )
        answer = choose(present(solution), solution, step)
    theirs = Nth(progress["countermeasure"], at) if progress is not None else NOTHING
    add(model, grid, "countermeasure", _split(origins, theirs, answer), data_style("text"), 180)


def _own(tracking: Grid | None, name: str, origins: _Origins) -> Figure:
    if tracking is None or not name:
        return NOTHING
    return or_nothing(tracking[name].rows(origins.tracking))


def _split(origins: _Origins, goal: Figure, tracked: Figure) -> Figure:
    """One figure in the rows of goals' tasks, another in those of tracked tasks."""
    return Each([goal if row is None else tracked for row in origins.tracking])


def labels(model: Model) -> dict[str, str]:
    """The states by name."""
    return model.choices("goals", "task_state")


def _status(model: Model, grid: Grid, origins: _Origins) -> None:
    """Add the state of each task on the as-of date, and whether its progress is out of date."""
    words = labels(model)
    actual, due, said = (grid[name].here for name in ("actual", "due", "progress_status"))
    overdue = every(known(due), due < model.today)
    goal = cases(
        (said.equals(words["complete"]), words["complete"]),
        (overdue, words["overdue"]),
        (present(said), said),
        otherwise=words["unknown"],
    )
    tracked = cases(
        (negated(known(actual)), words["unknown"]),
        (actual >= 1, words["complete"]),
        (overdue, words["overdue"]),
        otherwise=words["normal"],
    )
    add(model, grid, "state", _split(origins, goal, tracked), data_style("text"))
    add(model, grid, "stale", _split(origins, _stale(model, grid), figure(0)))


def _stale(model: Model, grid: Grid) -> Figure:
    """1 where the last progress, else the start, is older than the cadence allows."""
    seen = choose(known(grid["as_of"].here), grid["as_of"].here, grid["start"].here)
    since = add(model, grid, "since", seen, BULK_DATE)
    daily = grid["cadence"].here.equals(model.choice("goals", "task_cadence", "daily"))
    late = choose(
        daily,
        working_days(since, model.today) - 1 > model.parameter("daily_limit"),
        model.today - since > model.parameter("weekly_limit"),
    )
    done = grid["state"].here.equals(labels(model)["complete"])
    started = every(known(since), negated(done), since <= model.today)
    return choose(started, choose(late, 1, 0), 0)


def _alert(model: Model, grid: Grid) -> None:
    """Add how grave each alert is, how many days it is late, and the order of urgency."""
    words = labels(model)
    state, stale, due = (grid[name].here for name in ("state", "stale", "due"))
    severity = add(
        model,
        grid,
        "severity",
        cases(
            (state.equals(words["overdue"]), 4),
            (state.equals(words["seriously_behind"]), 3),
            (state.equals(words["behind"]), 2),
            otherwise=stale,
        ),
    )
    shown = choose(severity.equals(1), words["stale"], state)
    add(model, grid, "shown", shown, data_style("text"))
    days = add(
        model,
        grid,
        "days",
        cases(
            (severity.equals(4), model.today - due),
            (stale.equals(1), model.today - grid["since"].here),
            otherwise="",
        ),
    )
    answered = present(grid["countermeasure"].here)
    bare = every(severity > 0, negated(answered))
    add(model, grid, "unanswered", choose(bare, 1, 0))
    urgent = choose(known(days), least(days, _LONGEST), 0)
    number = grid.put(
        "number", list(range(1, grid.count + 1)), Look(model.say("data.row"), HELPER, 60)
    ).here
    rating = severity * (_ROWS * (_LONGEST + 1)) + urgent * _ROWS + (figure(_ROWS) - number)
    rated = add(model, grid, "rating", choose(severity > 0, rating, 0))
    add(model, grid, "order", choose(severity > 0, Rank(rated, grid["rating"]), ""))

"""目标达成: every goal with its tasks, what it attained and what it contributed."""

from __future__ import annotations

from xltools.evaluate.aggregates import count, where
from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import clustered
from xltools.evaluate.facts.keys import first_rows
from xltools.evaluate.facts.tasks import end_of, labels
from xltools.evaluate.figures import (
    NOTHING,
    Each,
    Figure,
    as_number,
    choose,
    or_dash,
    or_nothing,
    sentence,
)
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import measured
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.evaluate.words import light
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.writer import Book

ALIGNMENT, TASKS, REVIEW = ("goals", "alignment"), ("goals", "tasks"), ("goals", "review")
_WIDTHS = (110, 260, 60, 80, 54, 80, 116, 36, 84, 92, 92, 92, 84, 40)
_GOAL = _WIDTHS[1]
_MOST_IN_CHART = 12


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    goals = _goals(model)
    if goals:
        canvas.section(model.say("goals.goals"))
        canvas.row += 1
        listing = _goal_list(model, canvas, goals)
        if model.grid(*REVIEW) is not None and len(goals) <= _MOST_IN_CHART:
            canvas.gap(12)
            _contribution(model, book, canvas, listing)
    if model.grid(*TASKS) is not None:
        canvas.gap(12)
        canvas.section(model.say("goals.tasks"))
        canvas.row += 1
        _task_list(model, canvas)
    canvas.gap(6)
    canvas.text(model.say("goals.note"))


def _goals(model: Model) -> list[tuple[Grid, int, int | None]]:
    """Every goal once: its row on alignment, else on review, and its last row on review."""
    alignment, review = model.grid(*ALIGNMENT), model.grid(*REVIEW)
    found: dict[object, tuple[Grid, int]] = {}
    for grid in (alignment, review):
        for key, row in first_rows(grid["goal_key"].values, range(grid.count)) if grid else ():
            found.setdefault(key, (grid, row))  # type: ignore[arg-type]
    reviewed = {key: row for row, key in enumerate(review["goal_key"].values)} if review else {}
    return [(grid, row, reviewed.get(key)) for key, (grid, row) in found.items()]  # type: ignore[call-overload]


def _goal_list(model: Model, canvas: Canvas, goals: list[tuple[Grid, int, int | None]]) -> Listing:
    say, alignment, review = model.say, model.grid(*ALIGNMENT), model.grid(*REVIEW)
    own = [row if grid is alignment else None for grid, row, _ in goals]
    reviewed = [row for _, _, row in goals]
    listing = Listing(canvas, len(goals))
    texts = [
        str(grid["supporting_goal" if grid is alignment else "goal"].values[row])
        for grid, row, _ in goals
    ]

    def aligned(name: str) -> Figure:
        return NOTHING if alignment is None else or_nothing(alignment[name].rows(own))

    def said(name: str) -> Figure:
        return NOTHING if review is None else or_nothing(review[name].rows(reviewed))

    units = [
        alignment["unit"].values[row] if alignment and row is not None else None for row in own
    ]

    def measure(name: str, column: Grid | None, rows: list[int | None], base: styles.Style):  # type: ignore[no-untyped-def]
        values = [column[name].values[row] if column and row is not None else None for row in rows]
        return lambda index: measured(base, units[index], values[index])

    listing.add(
        "team",
        say("data.team"),
        Each([grid["team"].at(row) for grid, row, _ in goals]),
        styles.TABLE_FIRST,
    )
    names = [
        or_nothing(grid["supporting_goal" if grid is alignment else "goal"].at(row))
        for grid, row, _ in goals
    ]
    listing.add(
        "goal", say("goals.goal"), Each(names), styles.TABLE_WRAPPED.but(align="left", indent=1)
    )
    listing.add(
        "priority", say("goals.priority"), or_dash(aligned("priority")), styles.TABLE_CENTER
    )
    listing.add(
        "target",
        say("goals.target"),
        or_dash(aligned("target")),
        style_of=measure("target", alignment, own, styles.TABLE_TARGET),
    )
    listing.add(
        "unit", say("goals.unit"), aligned("unit"), styles.TABLE_CENTER.but(color=styles.MUTED)
    )
    listing.add(
        "actual",
        say("goals.actual"),
        or_dash(said("actual")),
        style_of=measure("actual", review, reviewed, styles.TABLE_ACTUAL),
    )
    attained = listing.add(
        "attainment",
        say("goals.attainment"),
        or_dash(said("attainment")),
        styles.TABLE_PERCENT.but(indent=0),
    ).here
    listing.add("light", "", light(model, attained), styles.TABLE_LIGHT)
    keys = [grid["goal_key"].values[row] for grid, row, _ in goals]
    listing.add(
        "done",
        say("goals.done"),
        Each([_done(model, int(key or 0)) for key in keys]),
        styles.TABLE_CENTER.but(size=9),
    )
    for name in ("customer_share", "sales_share"):
        listing.add(name, say(f"goals.{name}"), or_dash(said(name)), styles.TABLE_PERCENT)
    listing.add("due", say("goals.due"), or_dash(end_of(aligned("due"))), styles.TABLE_DATE)
    listing.add("owner", say("goals.owner"), or_dash(aligned("owner")))
    listing.links([(grid, row) for grid, row, _ in goals])
    listing.write(heights=[row_pixels([(text, _GOAL)]) for text in texts])
    listing.lights("light")
    listing.bars("attainment")
    return listing


def _done(model: Model, key: int) -> Figure:
    """Complete tasks of all tasks of a goal."""
    states = model.derived.get("states")
    if states is None or "goal_key" not in states or not key:
        return NOTHING
    mine = where(states["goal_key"], key)
    complete = count(mine, where(states["state"], labels(model)["complete"]))
    shown = sentence(model.template("goals.of"), as_number(complete), as_number(count(mine)))
    return choose(count(mine) > 0, shown, "-")


def _contribution(model: Model, book: Book, canvas: Canvas, listing: Listing) -> None:
    canvas.section(model.say("goals.contribution"))
    canvas.row += 1
    names = (model.say("goals.customer_share"), model.say("goals.sales_share"))
    columns = (listing.grid["customer_share"], listing.grid["sales_share"])
    series = list(zip(names, columns, (styles.BLUE, styles.HISTORY_BLUE), strict=True))
    chart = clustered(book, listing.grid["goal"], series, number="0%")
    canvas.chart(chart, height=110 + 44 * listing.count)


def _task_list(model: Model, canvas: Canvas) -> None:
    """Tasks goal by goal, each with its state."""
    say, words = model.say, labels(model)
    tasks, states = model.grids[TASKS], model.derived["states"]
    rows = sorted(
        range(tasks.count),
        key=lambda row: (
            int(tasks["key"].values[row] or 0),
            int(tasks["goal_key"].values[row] or 10**9),
            row,
        ),
    )
    listing = Listing(canvas, len(rows))

    def cell(grid: Grid, name: str) -> Figure:
        return or_dash(grid[name].rows(rows))

    listing.add("team", say("data.team"), cell(tasks, "team"), styles.TABLE_FIRST)
    listing.add(
        "goal",
        say("goals.goal"),
        cell(tasks, "goal"),
        styles.TABLE_WRAPPED.but(align="left", indent=1, color=styles.MUTED, size=9),
    )
    listing.add("task", say("goals.task"), cell(tasks, "task"))
    listing.add("due", say("goals.end"), cell(tasks, "end"), styles.TABLE_DATE, skip=3)
    progress = states["actual"].rows(rows)
    listing.add(
        "actual",
        say("goals.progress"),
        or_dash(progress),
        styles.TABLE_PERCENT.but(indent=0, number="0%"),
    )
    listing.add(
        "state",
        say("alerts.state"),
        cell(states, "shown"),
        styles.TABLE_CENTER.but(size=9, bold=True, shrink=True),
        skip=1,
    )
    listing.add("owner", say("goals.owner"), cell(tasks, "owner"))
    listing.add(
        "budget",
        say("goals.budget"),
        cell(tasks, "budget"),
        styles.TABLE_NUMBER.but(number=styles.GENERAL),
    )
    listing.add(
        "milestone",
        say("goals.milestone"),
        or_nothing(tasks["milestone"].rows(rows)),
        styles.TABLE_FIRST.but(size=9, color=styles.MUTED),
    )
    listing.grid.columns["milestone"].number = LEFT + 11
    listing.link(tasks, rows)
    listing.grid.columns["link"].number = canvas.last
    goal_texts = [str(tasks["goal"].values[row] or "") for row in rows]
    listing.write(heights=[row_pixels([(text, _GOAL)], size=9) for text in goal_texts])
    listing.bars("actual", most=2.0)
    listing.rules(
        "state",
        {
            words["overdue"]: styles.ALERT,
            words["seriously_behind"]: styles.Emphasis(color=styles.RED, bold=True),
            words["behind"]: styles.Emphasis(color=styles.AMBER_TEXT, bold=True),
            words["complete"]: styles.LIGHT_GREEN,
        },
    )


PAGE = Page("goals", draw, _WIDTHS, (ALIGNMENT, TASKS, REVIEW))

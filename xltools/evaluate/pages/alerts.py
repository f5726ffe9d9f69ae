"""任务预警: every task with its live state, how late it is, and whether there is an answer."""

from __future__ import annotations

from xltools.evaluate.aggregates import count, where
from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import stacked
from xltools.evaluate.facts.tasks import PROGRESS, TASKS, TRACKING, labels
from xltools.evaluate.figures import choose, or_dash, or_nothing
from xltools.evaluate.grid import Grid
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.styles import Emphasis
from xltools.excel.writer import Book

_WIDTHS = (110, 84, 230, 84, 92, 70, 70, 92, 112, 60, 84, 200, 112, 40)
_STATES = ("overdue", "seriously_behind", "behind", "normal", "complete")
_COLORS = {  # told apart in grey print, too: the darker, the worse
    "overdue": styles.RED,
    "seriously_behind": styles.AMBER,
    "behind": "#F3D48A",
    "normal": styles.PALE_BLUE,
    "complete": "#8CC7A1",
}
_MOST_TEAMS = 15  # in the chart


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    states = model.derived["states"]
    canvas.section(model.say("alerts.by_team"))
    canvas.row += 1
    summary = _summary(model, canvas, states)
    _chart(model, book, canvas, summary)
    canvas.gap(14)
    canvas.section(model.say("alerts.all"), note=model.say("alerts.order"))
    canvas.row += 1
    _tasks(model, canvas, states)
    canvas.gap(6)
    canvas.text(model.say("alerts.note"))


def _summary(model: Model, canvas: Canvas, states: Grid) -> Listing:
    words, teams = labels(model), model.derived["teams"]
    keys = list(dict.fromkeys(key for key in states["key"].values if key))
    rows = [int(key) - 1 for key in keys]
    listing = Listing(canvas, len(rows))
    listing.add("team", model.say("data.team"), teams["team"].rows(rows), styles.TABLE_FIRST)
    key = teams["key"].rows(rows)
    number = styles.TABLE_CENTER.but(number=styles.INTEGER)
    mine = where(states["key"], key)
    listing.add("all", model.say("alerts.tasks"), count(mine), number)
    for state in _STATES:
        made = count(mine, where(states["state"], words[state]))
        listing.add(state, words[state], made, number)
    listing.add("stale", model.say("alerts.stale"), count(mine, where(states["stale"], 1)), number)
    listing.add(
        "unanswered",
        model.say("alerts.unanswered"),
        count(mine, where(states["unanswered"], 1)),
        number,
    )
    listing.write()
    return listing


def _chart(model: Model, book: Book, canvas: Canvas, summary: Listing) -> None:
    """One bar a team, where they are few enough to be told apart."""
    if summary.count > _MOST_TEAMS:
        return
    words = labels(model)
    series = [(words[state], summary.grid[state], _COLORS[state]) for state in _STATES]
    chart = stacked(book, summary.grid["team"], series)
    canvas.gap(10)
    canvas.chart(chart, height=70 + 30 * summary.count, last=LEFT + 8)


def _tasks(model: Model, canvas: Canvas, states: Grid) -> None:
    listing = Listing(canvas, states.count)
    order = states["order"].values
    rows = sorted(
        range(states.count), key=lambda row: (order[row] if order[row] != "" else 1e9, row)
    )
    plain, small = styles.TABLE_CELL, styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)

    def cell(name: str) -> object:
        return or_dash(states[name].rows(rows))

    state = styles.TABLE_CENTER.but(bold=True, size=9)
    percent = styles.TABLE_PERCENT.but(number="0%")
    for name, style in (
        ("team", styles.TABLE_FIRST),
        ("kind", plain.but(color=styles.MUTED, size=9)),
        ("task", styles.TABLE_WRAPPED.but(align="left", indent=1)),
        ("owner", plain.but(shrink=True)),
        ("due", styles.TABLE_DATE),
        ("planned", percent.but(color=styles.MUTED)),
        ("actual", percent.but(bold=True)),
        ("as_of", styles.TABLE_DATE),
        ("state", state),
        ("days", styles.TABLE_NUMBER),
    ):
        listing.add(name, model.say(f"alerts.{name}"), cell(name), style)  # type: ignore[arg-type]
    stale = choose(states["stale"].rows(rows).equals(1), model.say("alerts.stale"), "")
    listing.add("stale", model.say("alerts.stale"), stale, styles.TABLE_CENTER.but(size=9))
    listing.add(
        "countermeasure",
        model.say("alerts.countermeasure"),
        or_nothing(states["countermeasure"].rows(rows)),
        small,
    )
    unanswered = choose(
        states["unanswered"].rows(rows).equals(1), model.say("alerts.answer_due"), ""
    )
    listing.add(
        "unanswered", model.say("alerts.unanswered"), unanswered, styles.TABLE_CENTER.but(size=9)
    )
    listing.link(states, rows)
    tasks, answers = states["task"].values, states["countermeasure"].values
    listing.write(
        heights=[
            row_pixels(
                [(str(tasks[row] or ""), _WIDTHS[2]), (str(answers[row] or ""), _WIDTHS[11])]
            )
            for row in rows
        ]
    )
    _colours(model, listing)
    top = listing.grid.first_row - 1
    canvas.sheet.view.autofilter(top, LEFT, top + states.count, canvas.last)
    canvas.sheet.view.repeat_rows(top, top)


def _colours(model: Model, listing: Listing) -> None:
    words = labels(model)
    listing.rules(
        "state",
        {
            words["overdue"]: styles.ALERT,
            words["seriously_behind"]: Emphasis(color=styles.RED, bold=True),
            words["behind"]: Emphasis(color=styles.AMBER_TEXT, bold=True),
            words["complete"]: styles.LIGHT_GREEN,
        },
    )
    listing.rules("stale", {model.say("alerts.stale"): styles.DOUBT})
    listing.rules("unanswered", {model.say("alerts.answer_due"): styles.ALERT})


PAGE = Page("alerts", draw, _WIDTHS, (TASKS, PROGRESS, TRACKING), ready="states")

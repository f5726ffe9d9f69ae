"""任务预警: every task with its live state, how late it is, and whether there is an answer."""

from __future__ import annotations

from collections.abc import Mapping

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.charts import stacked
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.tasks import PROGRESS, TASKS, TRACKING, labels
from xltools.evaluate.figures.aggregates import count, where, where_text
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import choose
from xltools.evaluate.figures.value_formats import MARK, STATE, TEAM, WORDS
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.styles import Emphasis

_WIDTHS = (110, 84, 230, 84, 92, 70, 70, 92, 112, 60, 84, 200, 112, 40)
_SUMMARY = LEFT + 10  # the last column of the summary
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
    model = canvas.model
    states = model.derived["states"]
    canvas.section(model.say("alerts.by_team"), last=_SUMMARY)
    summary = _summary(canvas, states)
    _chart(canvas, summary)
    canvas.gap(14)
    canvas.section(model.say("alerts.all"), note=model.say("alerts.order"))
    _tasks(canvas, states)
    canvas.gap(6)
    canvas.text(model.say("alerts.note"))


def state_looks(model: Model) -> Mapping[str, Emphasis]:
    """What a task's state looks like wherever it stands."""
    words = labels(model)
    return {
        words["overdue"]: styles.ALERT,
        words["seriously_behind"]: Emphasis(color=styles.RED, bold=True),
        words["behind"]: Emphasis(color=styles.AMBER_TEXT, bold=True),
        words["complete"]: styles.LIGHT_GREEN,
        model.say("alerts.stale"): Emphasis(color=styles.AMBER_TEXT),
    }


def most_urgent(states: Grid) -> Rows:
    """Tasks in the order of urgency that holds while the workbook is made, quiet ones behind."""
    order = states["order"].values
    urgent = sorted(range(states.count), key=lambda row: float(order[row] or 0))
    listed = Rows(states, urgent)
    return listed.open_first(listed.cell("order").equals(""))


def _summary(canvas: Canvas, states: Grid) -> Grid:
    """How many tasks of each team are in which state."""
    model, say, words = canvas.model, canvas.model.say, labels(canvas.model)
    keys = sorted(int(str(key)) for key in states["key"].index if key)
    rows = Rows.first(model.derived["teams"], "key", keys)
    mine = where(states["key"], rows.cell("key"))
    number = styles.TABLE_CENTER.but(number=styles.INTEGER)

    def flagged(name: str) -> Show:
        return Show(name, say(f"alerts.{name}"), number, count(mine, where(states[name], 1)))

    columns = [
        Show("team", say("data.team"), TEAM, span=2),
        Show("all", say("alerts.tasks"), number, count(mine)),
        *(
            Show(
                state, words[state], number, count(mine, where_text(states["state"], words[state]))
            )
            for state in _COLORS
        ),
        flagged("stale"),
        flagged("unanswered"),
    ]
    links = Rows.first(states, "key", keys).targets
    return draw_list(canvas, rows, columns, last=_SUMMARY, links=links)


def _chart(canvas: Canvas, summary: Grid) -> None:
    """One bar a team, where they are few enough to be told apart."""
    if summary.count > _MOST_TEAMS:
        return
    words = labels(canvas.model)
    series = [(words[state], summary[state], color) for state, color in _COLORS.items()]
    canvas.gap(10)
    chart = stacked(canvas.book, summary["team"], series)
    canvas.chart(chart, height=70 + 30 * summary.count, last=_SUMMARY)


def _tasks(canvas: Canvas, states: Grid) -> None:
    """Every task, the most urgent first."""
    say, rows = canvas.model.say, most_urgent(states)
    percent = styles.TABLE_PERCENT.but(number="0%")

    def flag(name: str, word: str, look: Emphasis) -> Show:
        said = choose(rows.cell(name).equals(1), word, "")
        return Show(name, say(f"alerts.{name}"), MARK, said, looks={word: look})

    columns = [
        Show("team", say("alerts.team"), TEAM),
        Show("kind", say("alerts.kind"), MARK.but(color=styles.MUTED)),
        Show("task", say("alerts.task"), TEAM),
        Show("owner", say("alerts.owner"), TEAM),
        Show("due", say("alerts.due"), styles.TABLE_DATE),
        Show("planned", say("alerts.planned"), percent.but(color=styles.MUTED)),
        Show("actual", say("alerts.actual"), percent.but(bold=True)),
        Show("as_of", say("alerts.as_of"), styles.TABLE_DATE),
        Show("state", say("alerts.state"), STATE, looks=state_looks(canvas.model)),
        Show("days", say("alerts.days"), styles.TABLE_NUMBER),
        flag("stale", say("alerts.stale"), styles.DOUBT),
        Show("countermeasure", say("alerts.countermeasure"), WORDS, quiet=True),
        flag("unanswered", say("alerts.answer_due"), styles.ALERT),
    ]
    top = canvas.row
    draw_list(canvas, rows, columns)
    canvas.sheet.view.autofilter(top, LEFT, top + states.count, canvas.last)
    canvas.sheet.view.repeat_rows(top, top)


PAGE = Page("alerts", draw, _WIDTHS, (TASKS, PROGRESS, TRACKING), ready=("states",))

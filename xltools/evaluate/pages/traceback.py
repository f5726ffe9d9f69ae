"""指标回溯: results far below target, and the process metrics that drive them, worst first."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.measures import METRICS, OUTCOME
from xltools.evaluate.figures.live_figure import choose
from xltools.evaluate.figures.value_formats import MARK, TEAM, WORDS
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.styles import Emphasis

_WIDTHS = (116, 130, 92, 92, 44, 150, 116, 40, 230, 230, 40)


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    drivers = model.derived.get("drivers")
    if drivers is None:
        canvas.text(model.say("traceback.none"))
        return
    top = canvas.row
    rows = Rows.all(drivers)
    _list(canvas, rows.open_first(rows.cell("low").equals(0)))
    canvas.sheet.view.freeze(top + 1, LEFT)
    canvas.sheet.view.repeat_rows(top, top)
    canvas.gap(6)
    canvas.text(model.say("traceback.note"))


def _list(canvas: Canvas, rows: Rows) -> None:
    model, say = canvas.model, canvas.model.say
    low, fine = say("traceback.low"), say("traceback.fine")
    verdicts = {low: styles.ALERT, fine: Emphasis(color=styles.FAINT)}
    columns = [
        Show("team", say("data.team"), TEAM),
        Show("metric", say("traceback.result"), TEAM.but(bold=True)),
        Show("attainment", say("traceback.attained"), styles.TABLE_PERCENT),
        Show(
            "low",
            say("traceback.state"),
            MARK,
            choose(rows.cell("low").equals(1), low, fine),
            looks=verdicts,
        ),
        Show("worst", "#", styles.TABLE_CENTER.but(bold=True)),
        Show("process", say("traceback.process"), TEAM),
        *attained(model, "process_attainment", say("traceback.driving")),
        Show("cause", say("traceback.cause"), WORDS, quiet=True),
        Show("action", say("traceback.action"), WORDS, quiet=True),
    ]
    draw_list(canvas, rows, columns)


PAGE = Page("traceback", draw, _WIDTHS, (OUTCOME, METRICS), ready=("measures",))

"""数据质量: who sent what, and the problems with links to the cells."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.value_formats import TEAM, WORDS
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.styles import Emphasis

_WIDTHS = (120, 150, 84, 290, 64, 64, 64, 64, 280, 40)
_NOTE = 3  # the severity of what needs no answer
_SHOWN = 300  # problems on the page; the data sheet has all
_LINKED = WORDS.but(color=styles.BLUE)


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    canvas.section(model.say("quality.who"))
    workbooks = model.derived.get("workbooks")
    if workbooks is None:
        canvas.text(model.say("quality.none"))
        return
    _workbooks(canvas, workbooks)
    canvas.gap(14)
    problems = model.derived.get("problems")
    if problems is None:
        canvas.text(model.say("quality.clean"))
        return
    canvas.section(model.say("quality.problems"))
    shown = _problems(canvas, problems)
    if problems.count > shown:
        words = {"total": problems.count, "sheet": problems.title}
        canvas.gap(6)
        canvas.text(model.say("quality.more", shown=shown, **words))


def _workbooks(canvas: Canvas, grid: Grid) -> None:
    """Every workbook that came or should have come."""
    say, number = canvas.model.say, styles.TABLE_NUMBER
    missing = Emphasis(color=styles.RED, bold=True)
    states = {say(f"quality.{name}"): missing for name in ("missing", "excluded", "unknown")}
    states[say("quality.sent")] = styles.LIGHT_GREEN
    columns = [
        Show("team", say("data.team"), TEAM),
        Show("template", say("data.template"), TEAM),
        Show("state", say("data.state"), TEAM, looks=states),
        Show("file", say("data.file"), _LINKED),
        Show("rows", say("data.rows"), number, quiet=True),
        Show("error", say("quality.error"), number, quiet=True),
        Show("warning", say("quality.warning"), number, quiet=True),
        Show("info", say("quality.info"), number, quiet=True),
    ]
    rows = Rows.all(grid)
    found = zip(rows.values("state"), rows.values("error"), strict=True)
    clean = [state == say("quality.sent") and not error for state, error in found]
    errors = draw_list(canvas, rows._replace(settled=clean).open_first(), columns)["error"]
    canvas.sheet.conditional(
        *errors.area,
        type="cell",
        criteria="between",
        minimum=1,
        maximum=1_000_000,
        format=styles.ALERT,
    )


def _problems(canvas: Canvas, grid: Grid) -> int:
    """Errors and warnings, which stand first; how many there are. Notes only on the data sheet."""
    say, codes = canvas.model.say, grid["severity_code"].values
    shown = min(sum(code != _NOTE for code in codes), _SHOWN)
    rows = Rows(grid, range(shown))
    columns = [
        Show("severity", say("data.severity"), WORDS, rows.values("severity")),
        Show("team", say("data.team"), WORDS, rows.values("team")),
        Show("found", say("data.found"), _LINKED, span=2),
        Show("message", say("data.message"), WORDS, rows.values("message"), span=5),
    ]
    draw_list(canvas, rows, columns)
    return shown


PAGE = Page("quality", draw, _WIDTHS)

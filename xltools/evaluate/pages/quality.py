"""数据质量: who sent what, and the problems with links to the cells."""

from __future__ import annotations

from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.figures import or_dash, or_nothing
from xltools.evaluate.grid import Grid
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.styles import Emphasis

_WIDTHS = (120, 150, 84, 290, 64, 64, 64, 64, 320)
_NOTE = 3  # the severity of what needs no answer
_SHOWN = 300  # problems on the page; the data sheet has all
_MISSING = Emphasis(color=styles.RED, bold=True)


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    canvas.section(model.say("quality.who"))
    canvas.row += 1
    workbooks = model.derived.get("workbooks")
    if workbooks is None:
        canvas.text(model.say("quality.none"))
        return
    _workbooks(model, canvas, workbooks)
    canvas.gap(14)
    problems = model.derived.get("problems")
    if problems is None:
        canvas.text(model.say("quality.clean"))
        return
    canvas.section(model.say("quality.problems"))
    canvas.row += 1
    _problems(model, canvas, problems)
    shown = _shown(problems)
    if problems.count > shown:
        words = {"total": problems.count, "sheet": problems.title}
        canvas.gap(6)
        canvas.text(model.say("quality.more", shown=shown, **words))


def _workbooks(model: Model, canvas: Canvas, grid: Grid) -> None:
    listing = Listing(canvas, grid.count)
    rows = list(range(grid.count))
    for name in ("team", "template", "state"):
        listing.add(
            name,
            model.say(f"data.{name}"),
            or_dash(grid[name].rows(rows)),
            styles.TABLE_FIRST if name == "team" else styles.TABLE_CELL,
        )
    file = listing.add(
        "file",
        model.say("data.file"),
        list(grid["file"].values),
        styles.TABLE_CELL.but(color=styles.BLUE),
    )
    file.formulas = grid["file"].formulas
    number = styles.TABLE_NUMBER
    for name in ("rows", "error", "warning", "info"):
        label = model.say("data.rows" if name == "rows" else f"quality.{name}")
        listing.add(name, label, or_nothing(grid[name].rows(rows)), number)
    listing.write(last=canvas.last - 1)
    listing.rules(
        "state",
        {
            model.say("quality.missing"): _MISSING,
            model.say("quality.excluded"): _MISSING,
            model.say("quality.unknown"): _MISSING,
            model.say("quality.sent"): styles.LIGHT_GREEN,
        },
    )
    first = listing.grid.first_row
    error = listing.grid["error"].number
    canvas.sheet.conditional(
        first,
        error,
        first + grid.count - 1,
        error,
        type="cell",
        criteria="between",
        minimum=1,
        maximum=1_000_000,
        format=styles.ALERT,
    )
    canvas.sheet.view.freeze(first, LEFT)


def _shown(grid: Grid) -> int:
    """Errors and warnings, which stand first; notes only on the data sheet."""
    codes = grid["severity_code"].values
    return min(sum(code != _NOTE for code in codes), _SHOWN)


def _problems(model: Model, canvas: Canvas, grid: Grid) -> None:
    """Severity, team, place (a link) and what is wrong, over the columns of the list above."""
    count = _shown(grid)
    headers = {0: "severity", 1: "team", 2: "found", 4: "message"}
    sheet = canvas.sheet
    canvas.high(canvas.row, 26)
    for place in range(len(_WIDTHS)):
        label = model.say(f"data.{headers[place]}") if place in headers else None
        sheet.value(canvas.row, LEFT + place, label, styles.TABLE_HEADER)
    message_width = sum(_WIDTHS[4:])
    for index in range(count):
        row = canvas.row + 1 + index
        words = str(grid["message"].values[index])
        canvas.high(row, row_pixels([(words, message_width)], size=9))
        plain = styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)
        for name, place in (("severity", 0), ("team", 1)):
            sheet.value(row, LEFT + place, grid[name].values[index], plain)
        link = grid["found"].formulas[index]
        style = plain.but(color=styles.BLUE) if link else plain
        sheet.merge(row, LEFT + 2, row, LEFT + 3, None, style)
        if link:
            sheet.formula(row, LEFT + 2, link, grid["found"].values[index], style)
        else:
            sheet.value(row, LEFT + 2, grid["found"].values[index], style)
        sheet.merge(row, LEFT + 4, row, LEFT + 8, words, plain)
    canvas.row += 1 + count


PAGE = Page("quality", draw, _WIDTHS)

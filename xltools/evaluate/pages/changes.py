"""与上次相比: what came, went or moved since the report that lay here before."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.figures.value_formats import TEAM, WORDS
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.styles import Style

_WIDTHS = (160, 260, 130, 130, 130, 40)


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, grid = canvas.model, canvas.model.derived["moved"]
    canvas.section(model.say("changes.workbooks"))
    for line in model.news or [model.say("changes.same_workbooks")]:
        canvas.text(line)
    canvas.gap(12)
    canvas.section(model.say("changes.figures"), rows=grid if grid.count else None)
    if not grid.count:
        canvas.text(model.say("changes.same_figures"))
        return

    number = model.looks.__getitem__

    def signed(index: int) -> Style:
        look = number(index)
        plain = styles.AMOUNT_SHORT if look.number == styles.RATIO else look.number
        return look.but(number=f"+{plain};-{plain};0", bold=True)

    columns = [
        Show("team", model.say("data.team"), TEAM, quiet=True),
        Show("figure", model.say("data.figure"), WORDS),
        Show("then", grid["then"].label, number),
        Show("now", model.say("data.now"), number),
        Show("moved", model.say("data.moved"), signed),
    ]
    draw_list(canvas, Rows.all(grid), columns)


PAGE = Page("changes", draw, _WIDTHS, ready="moved")

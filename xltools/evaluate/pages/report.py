"""The printed report behind its first pages: of each topic one block, what needs eyes first."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import choose
from xltools.evaluate.figures.value_formats import MARK, STATE, TEAM, WORDS
from xltools.evaluate.pages import alerts
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.styles import Style

COLUMNS = (20,) * 72  # narrow ones, on which every block has its own
_TALLEST = 0.44  # of a printed page, so that two blocks have room on each
_GAP = 14
_HEADING = 28  # of the block itself, below that of its page


def draw(canvas: Canvas, pages: Sequence[Page]) -> None:
    """The block of every page that has one; a page of paper begins where a block has no room."""
    one_page, used = canvas.one_page, canvas.height(1, canvas.row)
    breaks: list[int] = []
    for page in pages:
        top = canvas.row
        _block(canvas, page, one_page * _TALLEST)
        height = canvas.height(top, canvas.row)
        if used + height > one_page:
            breaks.append(top)
            used = 0.0
        used += height
    canvas.finish(breaks)


def _block(canvas: Canvas, page: Page, room: float) -> None:
    """What a declared page has to say in brief, or the list of alerts; nothing of other pages."""
    model = canvas.model
    if page.declared:
        part = canvas.part(page.declared.brief_widths(), room - _HEADING)
        page.declared.draw_brief(part)
    elif page is alerts.PAGE:
        rows, columns = _alerts(model)
        part = canvas.part([width for width, _ in columns], room)
        part.section(model.titles[page.name], note=model.say("alerts.about"))
        draw_list(part, rows, [show for _, show in columns])
    else:
        return
    canvas.row = part.row
    canvas.gap(_GAP)


def _columns(grid: Grid, *wanted: tuple[str, int, Style]) -> list[tuple[int, Show]]:
    """Columns of a data sheet under their own labels, those that it has."""
    return [
        (width, Show(name, grid[name].label, style, quiet=True))
        for name, width, style in wanted
        if name in grid
    ]


def _alerts(model: Model) -> tuple[Rows, list[tuple[int, Show]]]:
    """Tasks that raise an alert, the most urgent first."""
    grid, looks = model.derived["states"], alerts.state_looks(model)
    rows = alerts.most_urgent(grid)
    due, percent = model.say("alerts.answer_due"), styles.TABLE_PERCENT.but(number="0%")
    answer = choose(rows.cell("unanswered").equals(1), due, "")
    columns = [
        *_columns(grid, ("team", 190, TEAM), ("task", 330, TEAM), ("owner", 90, WORDS)),
        *_columns(grid, ("due", 96, styles.TABLE_DATE), ("actual", 76, percent)),
        (90, Show("state", model.say("alerts.state"), STATE, looks=looks)),
        *_columns(grid, ("days", 60, styles.TABLE_NUMBER), ("countermeasure", 280, WORDS)),
    ]
    label, marked = model.say("alerts.unanswered"), {due: styles.ALERT}
    columns.append((116, Show("unanswered", label, MARK, answer, looks=marked)))
    return rows, columns

"""客户分级: who brings the revenue, grades A to C, and the service plan of each."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.charts import pareto
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.customers import KEY
from xltools.evaluate.figures.aggregates import count, total, where_text
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import is_number, or_dash, ratio
from xltools.evaluate.figures.value_formats import TEAM, UNIT, WORDS, amount_format
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.styles import Emphasis

_WIDTHS = (124, 190, 120, 84, 40, 12, 120, 84, 100, 72, 248, 40)
_MIDDLE = LEFT + 6  # where the right half begins


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    say, grid = canvas.model.say, canvas.model.grids[KEY]
    canvas.beside(lambda: _grades(canvas, grid), lambda: _pareto(canvas))
    canvas.gap(10)
    canvas.section(say("customers.all"))
    top = canvas.row
    _list(canvas, grid)
    canvas.sheet.view.repeat_rows(top, top)
    canvas.gap(6)
    canvas.text(say("customers.note"))


def _grades(canvas: Canvas, grid: Grid) -> None:
    """Customers and revenue by grade."""
    model, say = canvas.model, canvas.model.say
    labels = list(model.choices("plan", "grade").values())
    revenue = grid["annual_revenue"]
    amount = styles.TABLE_NUMBER.but(number=amount_format(revenue.values))
    whole = total(revenue)
    columns = [
        Show("grade", say("customers.grade"), styles.TABLE_FIRST.but(bold=True), labels),
        Show(
            "count",
            say("customers.count"),
            styles.TABLE_NUMBER,
            lambda own: count(where_text(grid["all_grade"], own["grade"].here)),
        ),
        Show(
            "revenue",
            say("customers.revenue"),
            amount,
            lambda own: total(revenue, where_text(grid["all_grade"], own["grade"].here)),
        ),
        Show(
            "share",
            say("customers.share"),
            styles.TABLE_PERCENT,
            lambda own: or_dash(ratio(own["revenue"].here, whole)),
        ),
    ]
    last = _MIDDLE - 2
    canvas.section(say("customers.grades"), last=last)
    draw_list(canvas, Rows.first(grid, "all_grade", labels), columns, last=last)


def _pareto(canvas: Canvas) -> None:
    model, board = canvas.model, canvas.model.derived["pareto"]
    canvas.section(model.say("customers.pareto"), _MIDDLE, rows=board)
    names = (model.say("customers.revenue"), model.say("customers.cumulative"))
    columns = (board["label"], board["annual_revenue"], board["upto_share"])
    canvas.chart(pareto(canvas.book, *columns, names), height=264, first=_MIDDLE)


def _list(canvas: Canvas, grid: Grid) -> None:
    """Every customer, team by team, in falling order of revenue when made."""
    model, say = canvas.model, canvas.model.say
    revenue = [float(v) if is_number(v) else 0.0 for v in grid["annual_revenue"].values]  # type: ignore[arg-type]
    rows = Rows.by_team(grid, sorted(range(grid.count), key=lambda row: (-revenue[row], row)))
    most = max(revenue, default=0) * 1.6
    amount = styles.TABLE_NUMBER.but(indent=0, number=amount_format(grid["annual_revenue"].values))
    looks = (styles.FINE, styles.DOUBT, Emphasis(color=styles.MUTED))
    grades = dict(zip(model.choices("plan", "grade").values(), looks, strict=False))
    columns = [
        Show("team", say("data.team"), TEAM.but(color=styles.MUTED)),
        Show("customer", say("customers.customer"), TEAM.but(bold=True)),
        Show("owner", say("customers.owner"), TEAM),
        Show("tier", say("customers.tier"), styles.TABLE_CENTER),
        Show("grade", say("customers.own_grade"), UNIT, span=2),
        Show("annual_revenue", say("customers.revenue"), amount, bars=most if most > 0 else None),
        Show("all_share", say("customers.share"), styles.TABLE_PERCENT),
        Show("upto_share", say("customers.cumulative"), styles.TABLE_PERCENT),
        Show("all_grade", say("customers.grade"), styles.TABLE_CENTER.but(bold=True), looks=grades),
        Show("service_plan", say("customers.plan"), WORDS, quiet=True),
    ]
    draw_list(canvas, rows, columns)


PAGE = Page("customers", draw, _WIDTHS, (KEY,))

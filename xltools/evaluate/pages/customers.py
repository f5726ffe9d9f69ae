"""客户分级: who brings the revenue, grades A to C, and the service plan of each."""

from __future__ import annotations

from xltools.evaluate.aggregates import count, total, where
from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import pareto
from xltools.evaluate.facts.customers import KEY
from xltools.evaluate.figures import Figure, or_dash, or_nothing, ratio
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import amount_format
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.styles import Emphasis

_WIDTHS = (124, 190, 96, 84, 120, 84, 100, 72, 280, 40)
_PLAN = _WIDTHS[8]


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    grid = model.grids[KEY]
    top, middle = canvas.row, LEFT + 4
    canvas.section(model.say("customers.grades"), LEFT, middle - 1)
    canvas.section(model.say("customers.pareto"), middle, canvas.last)
    canvas.row = top + 1
    _grades(model, canvas, grid)
    bottom = canvas.row
    canvas.row = top + 1
    names = (model.say("customers.revenue"), model.say("customers.cumulative"))
    board = model.derived["pareto"]
    chart = pareto(
        book, board["customer"], board["annual_revenue"], board["cumulative_share"], names
    )
    canvas.chart(chart, height=240, first=middle)
    canvas.row = max(bottom, canvas.row)
    canvas.gap(10)
    canvas.section(model.say("customers.all"))
    canvas.row += 1
    _list(model, canvas, grid)
    canvas.gap(6)
    canvas.text(model.say("customers.note"))


def _grades(model: Model, canvas: Canvas, grid: Grid) -> None:
    """Customers and revenue by grade."""
    say, labels = model.say, list(model.choices("plan", "grade").values())
    listing = Listing(canvas, len(labels), height=30)
    listing.add("grade", say("customers.grade"), labels, styles.TABLE_FIRST.but(bold=True))
    grade = where(grid["grade"], listing.grid["grade"].here)
    number = styles.TABLE_NUMBER
    listing.add("count", say("customers.count"), count(grade), number)
    revenue = listing.add(
        "revenue",
        say("customers.revenue"),
        total(grid["annual_revenue"], grade),
        number.but(number=amount_format(grid["annual_revenue"].values)),
    ).here
    share = ratio(revenue, total(grid["annual_revenue"]))
    listing.add("share", say("customers.share"), or_dash(share), styles.TABLE_PERCENT)
    listing.write()


def _list(model: Model, canvas: Canvas, grid: Grid) -> None:
    say, revenue = model.say, grid["annual_revenue"].values
    rows = sorted(
        range(grid.count),
        key=lambda row: (int(grid["key"].values[row] or 0), -_number(revenue[row]), row),
    )
    listing = Listing(canvas, len(rows))

    def cell(name: str) -> Figure:
        return or_dash(grid[name].rows(rows))

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST.but(color=styles.MUTED))
    listing.add(
        "customer", say("customers.customer"), cell("customer"), styles.TABLE_FIRST.but(bold=True)
    )
    listing.add("owner", say("customers.owner"), cell("owner"))
    listing.add("tier", say("customers.tier"), cell("tier"), styles.TABLE_CENTER)
    listing.add(
        "revenue",
        say("customers.revenue"),
        cell("annual_revenue"),
        styles.TABLE_NUMBER.but(indent=0, number=amount_format(revenue)),
    )
    listing.add("share", say("customers.share"), cell("share"), styles.TABLE_PERCENT)
    listing.add(
        "cumulative", say("customers.cumulative"), cell("cumulative_share"), styles.TABLE_PERCENT
    )
    listing.add("grade", say("customers.grade"), cell("grade"), styles.TABLE_CENTER.but(bold=True))
    listing.add(
        "plan",
        say("customers.plan"),
        or_nothing(grid["service_plan"].rows(rows)),
        styles.TABLE_WRAPPED.but(align="left", indent=1, size=9),
    )
    listing.link(grid, rows)
    plans = [str(grid["service_plan"].values[row] or "") for row in rows]
    listing.write(heights=[row_pixels([(text, _PLAN)], size=9) for text in plans])
    most = max((_number(value) for value in revenue), default=0)
    listing.bars("revenue", most=most * 1.6 if most > 0 else None)
    grades = list(model.choices("plan", "grade").values())
    looks = (styles.FINE, styles.DOUBT, Emphasis(color=styles.MUTED))
    listing.rules("grade", dict(zip(grades, looks, strict=False)))
    top = listing.grid.first_row - 1
    canvas.sheet.view.repeat_rows(top, top)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


PAGE = Page("customers", draw, _WIDTHS, (KEY,))

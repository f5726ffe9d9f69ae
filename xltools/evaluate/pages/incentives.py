"""激励测算: commissions, team pools, honours, and who has grown two quarters running."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.charts import bars, fits
from xltools.evaluate.blocks.list_columns import Rows, Show, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.incentives import KEY
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import Figure, cases, choose, every
from xltools.evaluate.figures.value_formats import MARK, TEAM, amount_format
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.styles import Emphasis, Style

_WIDTHS = (124, 104, 92, 92, 120, 40, 84, 92, 92, 92, 72, 92, 104, 120, 40)
_MOST_IN_CHART = 20
_BADGE = MARK.but(wrap=True)
_LAST = styles.TABLE_PERCENT.but(color=styles.MUTED)


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    canvas.section(model.say("incentives.teams"))
    _teams(canvas, Rows.all(model.derived["pools"]))
    canvas.gap(12)
    canvas.section(model.say("incentives.members"))
    members = _members(canvas, Rows.by_team(model.grids[KEY], model.rows(*KEY)))
    if fits(members["member"], _MOST_IN_CHART):
        canvas.gap(12)
        canvas.section(model.say("incentives.chart"))
        chart = bars(canvas.book, members["member"], members["attainment"], number="0%")
        canvas.chart(chart, height=60 + 28 * members.count)
    canvas.gap(6)
    canvas.text(model.say("incentives.note"))


def _teams(canvas: Canvas, rows: Rows) -> None:
    """Every team's attainment and its pool."""
    model, say = canvas.model, canvas.model.say
    number = styles.TABLE_NUMBER
    columns = [
        Show("team", say("data.team"), TEAM, span=2),
        _amount(model, rows, "target", styles.TABLE_TARGET),
        _amount(model, rows, "actual", styles.TABLE_ACTUAL),
        *attained(model, "attainment", say("incentives.attainment")),
        Show("bonus", say("incentives.bonus"), number, span=2),
        Show("pool", say("incentives.pool"), number.but(bold=True)),
        Show("commission", say("incentives.commission_sum"), number.but(number=styles.AMOUNT)),
        Show("last_attainment", say("incentives.last"), _LAST, span=2),
        _growth(model, rows, span=2),
    ]
    draw_list(canvas, rows, columns)


def _members(canvas: Canvas, rows: Rows) -> Grid:
    """Every member's commission, honours and growth."""
    model, say = canvas.model, canvas.model.say
    number, gold = styles.TABLE_NUMBER, Emphasis(color=styles.AMBER_TEXT, bold=True)
    honours = {say(f"incentives.{name}"): gold for name in ("sales_king", "service_star", "both")}
    columns = [
        Show("team", say("data.team"), TEAM.but(color=styles.MUTED)),
        Show("member", say("incentives.member"), TEAM.but(bold=True)),
        _amount(model, rows, "sales_target", styles.TABLE_TARGET),
        _amount(model, rows, "actual", styles.TABLE_ACTUAL),
        *attained(model, "attainment", say("incentives.attainment")),
        Show("base_rate", say("incentives.base_rate"), _LAST),
        Show(
            "commission",
            say("incentives.commission"),
            number.but(number="#,##0.000", bold=True),
        ),
        Show("milestone_bonus", say("incentives.milestone_bonus"), number),
        Show("satisfaction", say("incentives.satisfaction"), styles.TABLE_PERCENT),
        Show("points", say("incentives.points"), number),
        Show("last_attainment", say("incentives.last"), _LAST),
        Show("honours", say("incentives.honours"), _BADGE, _honours(model, rows), looks=honours),
        _growth(model, rows),
    ]
    return draw_list(canvas, rows, columns)


def _amount(model: Model, rows: Rows, name: str, style: Style) -> Show:
    label = model.say("incentives.actual" if name == "actual" else "incentives.target")
    return Show(name, label, style.but(number=amount_format(rows.values(name))))


def _growth(model: Model, rows: Rows, span: int = 1) -> Show:
    """The mark of those at the growth line two quarters running."""
    word = model.say("incentives.growth")
    made = choose(rows.cell("growth").equals(1), word, "")
    label = model.say("incentives.mark")
    return Show("growth", label, MARK, made, span=span, looks={word: styles.FINE})


def _honours(model: Model, rows: Rows) -> Figure:
    sales, service = (rows.cell(name).equals(1) for name in ("top_sales", "top_service"))
    return cases(
        (every(sales, service), model.say("incentives.both")),
        (sales, model.say("incentives.sales_king")),
        (service, model.say("incentives.service_star")),
        otherwise="",
    )


PAGE = Page("incentives", draw, _WIDTHS, (KEY,))

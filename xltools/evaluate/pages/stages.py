"""阶段趋势: targets and actuals month by month and to date, against the quarters before."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.charts import bullet, trend
from xltools.evaluate.blocks.list_columns import Rows, Show, achieved, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import is_number
from xltools.evaluate.figures.value_formats import GROWTH, TEAM, UNIT
from xltools.evaluate.pages.cards import star_title
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.ground.cells import column_letters, quote_sheet

KEY = ("expansion", "stages")
_WIDTHS = (116, 130, 54, 78, 78, 78, 78, 78, 78, 84, 84, 116, 40, 84, 84, 72, 72, 40)
_MIDDLE = LEFT + 9  # where the right half begins
_AIR = 1.35  # so that little columns stay clear of the row above


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    months = model.derived.get("months")
    if months is not None:
        canvas.beside(lambda: _by_month(canvas, months), lambda: _to_date(canvas, months))
        canvas.gap(10)
    canvas.section(model.say("stages.metrics"))
    top = canvas.row
    _metrics(canvas)
    canvas.sheet.view.repeat_rows(top, top)
    canvas.gap(6)
    canvas.text(model.say("stages.note"))


def _by_month(canvas: Canvas, months: Grid) -> None:
    model = canvas.model
    canvas.section(
        model.say("stages.by_month", metric=star_title(model)), last=_MIDDLE - 2, rows=months
    )
    names = (model.say("charts.actual"), model.say("charts.target"))
    chart = trend(canvas.book, months["label"], months["actual"], months["target"], names)
    canvas.chart(chart, height=216, last=_MIDDLE - 2)


def _to_date(canvas: Canvas, months: Grid) -> None:
    model = canvas.model
    canvas.section(model.say("stages.to_date", metric=star_title(model)), _MIDDLE, rows=months)
    names = (model.say("charts.actual"), model.say("charts.target"))
    columns = (months["label"], months["actual_to_date"], months["target_to_date"])
    canvas.chart(bullet(canvas.book, *columns, names), height=216, first=_MIDDLE)


def _metrics(canvas: Canvas) -> None:
    """Every metric of every team."""
    model, say, stages = canvas.model, canvas.model.say, canvas.model.grids[KEY]
    mine = Rows.by_team(stages, model.rows(*KEY))
    rows = mine.open_first(achieved(model, mine.cell("attainment")))
    columns = [
        Show("team", say("data.team"), TEAM),
        Show("metric", say("stages.metric"), TEAM),
        Show("unit", say("stages.unit"), UNIT),
        *(show for month in (1, 2, 3) for show in _month(model, month)),
        Show("target", say("stages.target"), styles.TABLE_TARGET, by_unit=True),
        Show("actual", say("stages.actual"), styles.TABLE_ACTUAL, by_unit=True),
        *attained(model, "attainment", say("stages.attainment")),
        Show("trend", say("stages.trend"), made=[None] * len(rows.indexes)),
        Show("last_quarter", say("stages.last_quarter"), styles.TABLE_TARGET, by_unit=True),
        Show("last_quarter_growth", say("stages.last_quarter_growth"), GROWTH),
        Show("last_year_growth", say("stages.last_year_growth"), GROWTH),
    ]
    _sparklines(canvas, draw_list(canvas, rows, columns), rows)


def _month(model: Model, month: int) -> tuple[Show, Show]:
    """A month's target and actual, under the month's number."""
    number = model.period.months[month - 1] if model.period else month
    target = model.say("stages.month_target", month=number)
    actual = model.say("stages.month_actual", month=number)
    return (
        Show(f"target_{month}", target, styles.TABLE_TARGET, by_unit=True),
        Show(f"actual_{month}", actual, styles.TABLE_NUMBER, by_unit=True),
    )


def _sparklines(canvas: Canvas, listed: Grid, rows: Rows) -> None:
    """The three months of every metric as little columns, the last one dark."""
    stages = canvas.model.grids[KEY]
    months = [stages[f"actual_{month}"] for month in (1, 2, 3)]
    first = months[0].number
    begin, end = column_letters(first), column_letters(first + 2)
    for index, row in enumerate(rows.indexes):
        assert row is not None
        at = stages.first_row + row
        numbers = [value for one in months if is_number(value := one.values[row])]
        canvas.sheet.sparkline(
            listed.first_row + index,
            listed["trend"].number,
            type="column",
            range=f"{quote_sheet(stages.title)}!{begin}{at}:{end}{at}",
            series_color=styles.HISTORY_BLUE,
            last_point=True,
            last_color=styles.BLUE,
            min=0,
            max=max((float(n) * _AIR for n in numbers), default=0) or 1,  # type: ignore[arg-type]
        )


PAGE = Page("stages", draw, _WIDTHS, (KEY,))

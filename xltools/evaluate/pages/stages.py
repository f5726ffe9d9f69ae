"""阶段趋势: targets and actuals month by month and to date, against the quarters before."""

from __future__ import annotations

from xltools.cells import column_letters, quote_sheet
from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import bullet, trend
from xltools.evaluate.figures import Figure, or_dash
from xltools.evaluate.looks import measured
from xltools.evaluate.model import Model
from xltools.evaluate.pages.cards import star_name, star_unit
from xltools.evaluate.pages.page import Page
from xltools.evaluate.words import light
from xltools.excel import styles
from xltools.excel.writer import Book

KEY = ("expansion", "stages")
_WIDTHS = (116, 130, 54, 78, 78, 78, 78, 78, 78, 84, 84, 116, 36, 84, 84, 72, 72, 40)


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    months = model.derived.get("months")
    if months is not None:
        _charts(model, book, canvas)
    canvas.section(model.say("stages.metrics"))
    canvas.row += 1
    _metrics(model, canvas)
    canvas.gap(6)
    canvas.text(model.say("stages.note"))


def _charts(model: Model, book: Book, canvas: Canvas) -> None:
    """By month on the left, to date on the right."""
    months, say = model.derived["months"], model.say
    names = (say("charts.actual"), say("charts.target"))
    words = {"metric": star_name(model), "unit": star_unit(model)}
    top, middle = canvas.row, LEFT + 9
    canvas.section(say("stages.by_month", **words), LEFT, middle - 2)
    canvas.section(say("stages.to_date", **words), middle, canvas.last)
    canvas.row = top + 1
    left = trend(book, months["month"], months["actual"], months["target"], names)
    right = bullet(book, months["month"], months["actual_to_date"], months["target_to_date"], names)
    canvas.chart(left, height=216, first=LEFT, last=middle - 2)
    canvas.row = top + 1
    canvas.chart(right, height=216, first=middle)
    canvas.gap(10)


def _metrics(model: Model, canvas: Canvas) -> None:
    say, stages = model.say, model.grids[KEY]
    rows = sorted(model.rows(*KEY), key=lambda row: (int(stages["key"].values[row] or 0), row))
    units = [stages["unit"].values[row] for row in rows]
    listing = Listing(canvas, len(rows))

    def cell(name: str) -> Figure:
        return or_dash(stages[name].rows(rows))

    def look(name: str, base: styles.Style):  # type: ignore[no-untyped-def]
        values = [stages[name].values[row] for row in rows]
        return lambda index: measured(base, units[index], values[index])

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST)
    listing.add("metric", say("stages.metric"), cell("metric"))
    listing.add(
        "unit", say("stages.unit"), cell("unit"), styles.TABLE_CENTER.but(color=styles.MUTED)
    )
    for month in (1, 2, 3):
        names = _month_names(model, month)
        for name, base in (
            (f"target_{month}", styles.TABLE_TARGET),
            (f"actual_{month}", styles.TABLE_NUMBER),
        ):
            listing.add(
                name, names[name.startswith("actual")], cell(name), style_of=look(name, base)
            )
    listing.add(
        "target", say("stages.target"), cell("target"), style_of=look("target", styles.TABLE_TARGET)
    )
    listing.add(
        "actual",
        say("stages.actual"),
        cell("actual"),
        style_of=look("actual", styles.TABLE_ACTUAL),
    )
    attained = listing.add(
        "attainment",
        say("stages.attainment"),
        cell("attainment"),
        styles.TABLE_PERCENT.but(indent=0),
    ).here
    listing.add("light", "", light(model, attained), styles.TABLE_LIGHT)
    trend_column = listing.add("trend", say("stages.trend"), [None] * len(rows))
    for name in ("last_quarter", "last_quarter_growth", "last_year_growth"):
        style = styles.TABLE_NUMBER.but(number="+0.0%;-0.0%;0.0%", size=9)
        if name in stages:
            of = look(name, styles.TABLE_TARGET) if name == "last_quarter" else None
            listing.add(name, say(f"stages.{name}"), cell(name), style, style_of=of)
        else:
            listing.add(name, say(f"stages.{name}"), "-", style)
    listing.link(stages, rows)
    listing.write()
    listing.lights("light")
    listing.bars("attainment")
    _sparklines(canvas, listing, trend_column.number, rows, stages["actual_1"].number)
    top = listing.grid.first_row - 1
    canvas.sheet.view.repeat_rows(top, top)


def _month_names(model: Model, month: int) -> tuple[str, str]:
    number = model.period.months[month - 1] if model.period else month
    return model.say("stages.month_target", month=number), model.say(
        "stages.month_actual", month=number
    )


def _sparklines(canvas: Canvas, listing: Listing, column: int, rows: list[int], first: int) -> None:
    """The three months of every metric as little columns, the last one dark."""
    stages = canvas.model.grids[KEY]
    begin, end = column_letters(first), column_letters(first + 2)
    for index, row in enumerate(rows):
        at = stages.first_row + row
        canvas.sheet.sparkline(
            listing.grid.first_row + index,
            column,
            type="column",
            range=f"{quote_sheet(stages.title)}!{begin}{at}:{end}{at}",
            series_color=styles.HISTORY_BLUE,
            last_point=True,
            last_color=styles.BLUE,
            min=0,
        )


PAGE = Page("stages", draw, _WIDTHS, (KEY,))

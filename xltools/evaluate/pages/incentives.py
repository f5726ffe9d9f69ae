"""激励测算: commissions, team pools, honours, and who has grown two quarters running."""

from __future__ import annotations

from xltools.evaluate.canvas import Canvas, Listing
from xltools.evaluate.charts import bars
from xltools.evaluate.facts.incentives import KEY
from xltools.evaluate.figures import Figure, cases, choose, every, or_dash
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import amount_format
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.evaluate.words import light
from xltools.excel import styles
from xltools.excel.styles import Emphasis

_WIDTHS = (124, 104, 92, 92, 120, 36, 84, 92, 92, 92, 72, 92, 104, 120, 40)
_MOST_IN_CHART = 20


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    canvas.section(model.say("incentives.teams"))
    canvas.row += 1
    _teams(model, canvas, model.derived["pools"])
    canvas.gap(12)
    canvas.section(model.say("incentives.members"))
    canvas.row += 1
    members = _members(model, canvas, model.grids[KEY])
    if members.count <= _MOST_IN_CHART:
        canvas.gap(12)
        canvas.section(model.say("incentives.chart"))
        canvas.row += 1
        chart = bars(book, members.grid["member"], members.grid["attainment"], number="0%")
        canvas.chart(chart, height=60 + 28 * members.count)
    canvas.gap(6)
    canvas.text(model.say("incentives.note"))


def _teams(model: Model, canvas: Canvas, pools: Grid) -> None:
    say, rows = model.say, list(range(pools.count))
    listing = Listing(canvas, pools.count)

    def cell(name: str) -> Figure:
        return or_dash(pools[name].rows(rows))

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST)
    for name, base in (("target", styles.TABLE_TARGET), ("actual", styles.TABLE_ACTUAL)):
        style = base.but(number=amount_format(pools[name].values))
        listing.add(
            name, say(f"incentives.{name}"), cell(name), style, skip=1 if name == "target" else 0
        )
    attained = listing.add(
        "attainment",
        say("incentives.attainment"),
        cell("attainment"),
        styles.TABLE_PERCENT.but(indent=0),
    ).here
    listing.add("light", "", light(model, attained), styles.TABLE_LIGHT)
    listing.add("bonus", say("incentives.bonus"), cell("bonus"), styles.TABLE_NUMBER, skip=1)
    listing.add("pool", say("incentives.pool"), cell("pool"), styles.TABLE_NUMBER.but(bold=True))
    listing.add(
        "commission",
        say("incentives.commission_sum"),
        cell("commission"),
        styles.TABLE_NUMBER.but(number=styles.AMOUNT),
    )
    if "last_attainment" in pools:
        listing.add(
            "last",
            say("incentives.last"),
            cell("last_attainment"),
            styles.TABLE_PERCENT.but(color=styles.MUTED),
            skip=1,
        )
        growth = choose(pools["growth"].rows(rows).equals(1), say("incentives.growth"), "")
        listing.add(
            "growth", say("incentives.mark"), growth, styles.TABLE_CENTER.but(size=9), skip=1
        )
        listing.rules("growth", {say("incentives.growth"): styles.FINE})
    listing.write(last=canvas.last)
    listing.lights("light")
    listing.bars("attainment")


def _members(model: Model, canvas: Canvas, grid: Grid) -> Listing:
    say = model.say
    rows = sorted(model.rows(*KEY), key=lambda row: (int(grid["key"].values[row] or 0), row))
    listing = Listing(canvas, len(rows))

    def cell(name: str) -> Figure:
        return or_dash(grid[name].rows(rows))

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST.but(color=styles.MUTED))
    listing.add(
        "member", say("incentives.member"), cell("member"), styles.TABLE_FIRST.but(bold=True)
    )
    for name, base in (("sales_target", styles.TABLE_TARGET), ("actual", styles.TABLE_ACTUAL)):
        label = say("incentives.target" if name == "sales_target" else "incentives.actual")
        listing.add(name, label, cell(name), base.but(number=amount_format(grid[name].values)))
    attained = listing.add(
        "attainment",
        say("incentives.attainment"),
        cell("attainment"),
        styles.TABLE_PERCENT.but(indent=0),
    ).here
    listing.add("light", "", light(model, attained), styles.TABLE_LIGHT)
    listing.add(
        "base_rate",
        say("incentives.base_rate"),
        cell("base_rate"),
        styles.TABLE_PERCENT.but(color=styles.MUTED),
    )
    listing.add(
        "commission",
        say("incentives.commission"),
        cell("commission"),
        styles.TABLE_NUMBER.but(number="#,##0.000", bold=True),
    )
    listing.add(
        "milestone_bonus",
        say("incentives.milestone_bonus"),
        cell("milestone_bonus"),
        styles.TABLE_NUMBER,
    )
    listing.add(
        "satisfaction", say("incentives.satisfaction"), cell("satisfaction"), styles.TABLE_PERCENT
    )
    listing.add("points", say("incentives.points"), cell("points"), styles.TABLE_NUMBER)
    last: Figure | str = cell("last_attainment") if "last_attainment" in grid else "-"
    listing.add("last", say("incentives.last"), last, styles.TABLE_PERCENT.but(color=styles.MUTED))
    listing.add(
        "honours",
        say("incentives.honours"),
        _honours(model, grid, rows),
        styles.TABLE_CENTER.but(size=9),
    )
    growth: Figure | str = ""
    if "growth" in grid:
        growth = choose(grid["growth"].rows(rows).equals(1), say("incentives.growth"), "")
    listing.add("growth", say("incentives.mark"), growth, styles.TABLE_CENTER.but(size=9))
    listing.link(grid, rows)
    listing.write()
    listing.lights("light")
    listing.bars("attainment")
    gold = Emphasis(color=styles.AMBER_TEXT, bold=True)
    listing.rules(
        "honours",
        {say(f"incentives.{name}"): gold for name in ("sales_king", "service_star", "both")},
    )
    listing.rules("growth", {say("incentives.growth"): styles.FINE})
    return listing


def _honours(model: Model, grid: Grid, rows: list[int]) -> Figure:
    sales, service = (grid[name].rows(rows).equals(1) for name in ("top_sales", "top_service"))
    return cases(
        (every(sales, service), model.say("incentives.both")),
        (sales, model.say("incentives.sales_king")),
        (service, model.say("incentives.service_star")),
        otherwise="",
    )


PAGE = Page("incentives", draw, _WIDTHS, (KEY,))

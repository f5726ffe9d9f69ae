"""渠道投产: what every channel cost and brought, and whether to put in more."""

from __future__ import annotations

from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import bars, clustered
from xltools.evaluate.facts.channels import CHANNELS, SPENDING
from xltools.evaluate.figures import Figure, or_dash
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import amount_format
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.styles import Emphasis
from xltools.excel.writer import Book

_WIDTHS = (130, 150, 92, 84, 84, 128, 92, 118, 120, 100, 40)
_MOST_IN_CHART = 15
_MEASURES = ("spend", "leads", "customers", "revenue")


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    totals, teams = model.derived["channel_totals"], model.derived["channel_teams"]
    if totals.count <= _MOST_IN_CHART:
        _charts(model, book, canvas, totals)
    canvas.section(model.say("channels.totals"), note=model.say("channels.rule"))
    canvas.row += 1
    _list(model, canvas, totals, by_team=False)
    canvas.gap(12)
    canvas.section(model.say("channels.by_team"))
    canvas.row += 1
    _list(model, canvas, teams, by_team=True)
    canvas.gap(6)
    canvas.text(model.say("channels.note"))


def _charts(model: Model, book: Book, canvas: Canvas, totals: Grid) -> None:
    top, middle = canvas.row, LEFT + 5
    canvas.section(model.say("channels.spent_and_earned"), LEFT, middle - 1)
    canvas.section(model.say("channels.returns"), middle + 1, canvas.last)
    canvas.row = top + 1
    series = [
        (model.say("channels.spend"), totals["spend"], styles.ORANGE),
        (model.say("channels.revenue"), totals["revenue"], styles.BLUE),
    ]
    height = 84 + 40 * totals.count
    canvas.chart(
        clustered(book, totals["channel"], series, number="#,##0.0"),
        height=height,
        first=LEFT,
        last=middle - 1,
    )
    canvas.row = top + 1
    canvas.chart(
        bars(book, totals["channel"], totals["return"], number='"1:"0.0'),
        height=height,
        first=middle + 1,
    )
    canvas.gap(10)


def _list(model: Model, canvas: Canvas, grid: Grid, *, by_team: bool) -> None:
    say, rows = model.say, list(range(grid.count))
    listing = Listing(canvas, grid.count)

    def cell(name: str) -> Figure:
        return or_dash(grid[name].rows(rows))

    listing.add(
        "team",
        say("data.team"),
        cell("team") if by_team else say("channels.all"),
        styles.TABLE_FIRST,
    )
    listing.add("channel", say("channels.channel"), cell("channel"))
    for name in _MEASURES:
        style = styles.TABLE_NUMBER.but(
            number=amount_format(grid[name].values), bold=name == "revenue"
        )
        listing.add(name, say(f"channels.{name}"), cell(name), style)
    listing.add("conversion", say("channels.conversion"), cell("conversion"), styles.TABLE_PERCENT)
    listing.add(
        "acquisition_cost",
        say("channels.acquisition_cost"),
        cell("acquisition_cost"),
        styles.TABLE_NUMBER,
    )
    listing.add("return", say("channels.return"), cell("return"), styles.TABLE_RATIO.but(indent=0))
    listing.add(
        "decision", say("channels.decision"), cell("decision"), styles.TABLE_CENTER.but(bold=True)
    )
    listing.link(grid, rows)
    listing.write()
    highest = max((v for v in grid["return"].values if isinstance(v, (int, float))), default=1)
    listing.bars("return", most=max(1.0, highest * 2))
    listing.rules(
        "decision",
        {
            model.choice("plan", "decision", "more"): Emphasis(color=styles.GREEN),
            model.choice("plan", "decision", "cut"): Emphasis(color=styles.RED),
            model.choice("plan", "decision", "keep"): Emphasis(color=styles.MUTED),
        },
    )


PAGE = Page("channels", draw, _WIDTHS, (SPENDING, CHANNELS), ready="channel_totals")

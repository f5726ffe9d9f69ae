"""渠道投产: what every channel cost and brought, whether to put in more, and its budget."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.charts import bars, clustered
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.channels import BUDGET, CHANNELS, SPENDING
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import as_number, is_number, sentence
from xltools.evaluate.figures.value_formats import TEAM, amount_format
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.styles import Emphasis

_WIDTHS = (130, 150, 92, 84, 84, 128, 92, 118, 120, 100, 40)
_MOST_IN_CHART = 15
_MIDDLE = LEFT + 5


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    say, derived = canvas.model.say, canvas.model.derived
    totals, budgets = derived.get("channel_totals"), derived.get("budgets")
    if totals is not None:
        if totals.count <= _MOST_IN_CHART:
            canvas.beside(lambda: _amounts(canvas, totals), lambda: _returns(canvas, totals))
            canvas.gap(10)
        base = as_number(totals["baseline"].at(0), 2)
        rule = sentence(canvas.model.template("channels.rule"), base)
        canvas.section(say("channels.totals"), note=rule)
        _list(canvas, totals)
        canvas.gap(12)
        canvas.section(say("channels.by_team"), note=rule)
        _list(canvas, derived["channel_teams"])
        canvas.gap(12)
    if budgets is not None:
        canvas.section(say("channels.budgets"))
        _budgets(canvas, budgets)
        canvas.gap(12)
    canvas.text(say("channels.note"))


def _amounts(canvas: Canvas, totals: Grid) -> None:
    say = canvas.model.say
    canvas.section(say("channels.spent_and_earned"), last=_MIDDLE - 1, rows=totals)
    series = [
        (say("channels.spend"), totals["spend"], styles.ORANGE),
        (say("channels.revenue"), totals["revenue"], styles.BLUE),
    ]
    chart = clustered(canvas.book, totals["label"], series, number="#,##0.0")
    canvas.chart(chart, height=_height(totals), last=_MIDDLE - 1)


def _returns(canvas: Canvas, totals: Grid) -> None:
    canvas.section(canvas.model.say("channels.returns"), _MIDDLE + 1, rows=totals)
    chart = bars(canvas.book, totals["label"], totals["return"], number='"1:"0.0')
    canvas.chart(chart, height=_height(totals), first=_MIDDLE + 1)


def _height(totals: Grid) -> int:
    return 84 + 40 * totals.count


def _list(canvas: Canvas, grid: Grid) -> None:
    """Channels with what they cost and brought; those of all teams together have no team."""
    model, say = canvas.model, canvas.model.say
    everyone = None if "team" in grid else say("channels.all")
    colors = {"more": styles.GREEN, "cut": styles.RED, "keep": styles.MUTED}
    decisions = {
        model.choice("plan", "decision", name): Emphasis(color=color)
        for name, color in colors.items()
    }

    def measure(name: str) -> Show:
        number = amount_format(grid[name].values)
        style = styles.TABLE_NUMBER.but(number=number, bold=name == "revenue")
        return Show(name, say(f"channels.{name}"), style)

    columns = [
        Show("team", say("data.team"), TEAM, everyone),
        Show("channel", say("channels.channel"), TEAM),
        *map(measure, ("spend", "leads", "customers", "revenue")),
        Show("conversion", say("channels.conversion"), styles.TABLE_PERCENT),
        Show("acquisition_cost", say("channels.acquisition_cost"), styles.TABLE_NUMBER),
        Show("return", say("channels.return"), styles.TABLE_RATIO.but(indent=0), bars=_most(grid)),
        Show(
            "decision",
            say("channels.decision"),
            styles.TABLE_CENTER.but(bold=True),
            looks=decisions,
        ),
    ]
    rows, keep = Rows.all(grid), model.choice("plan", "decision", "keep")
    draw_list(canvas, rows.open_first(rows.cell("decision").equals(keep)), columns)


def _most(grid: Grid) -> float:
    """The end of the bars' scale: the longest reaches half-way, clear of its number."""
    returns = [float(value) for value in grid["return"].values if is_number(value)]  # type: ignore[arg-type]
    return max(1.0, max(returns, default=1.0) * 2)


def _budgets(canvas: Canvas, grid: Grid) -> None:
    """What was planned for the quarter against what the channel of that name spent and brought."""
    say = canvas.model.say
    ratio = styles.TABLE_RATIO

    def amount(name: str) -> Show:
        style = styles.TABLE_NUMBER.but(number=amount_format(grid[name].values))
        return Show(name, say(f"channels.{name}"), style)

    columns = [
        Show("team", say("data.team"), TEAM),
        Show("project", say("channels.project"), TEAM),
        Show("priority", say("channels.priority"), styles.TABLE_CENTER),
        amount("planned_amount"),
        amount("spend"),
        Show("used", say("channels.used"), styles.TABLE_PERCENT.but(indent=0), bars=2.5),
        Show("expected_return", say("channels.expected_return"), ratio.but(color=styles.MUTED)),
        Show("return", say("channels.return"), ratio.but(bold=True)),
    ]
    draw_list(canvas, Rows.all(grid), columns)


PAGE = Page(
    "channels",
    draw,
    _WIDTHS,
    (SPENDING, CHANNELS, BUDGET),
    ready=("channel_totals", "budgets"),
)

"""团队一览: every team with the attainment of each metric and its tasks by state, as a heat map."""

from __future__ import annotations

from collections import Counter

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import colour_by_lights, draw_list
from xltools.evaluate.facts.outcome import main_metric
from xltools.evaluate.facts.ranking import has_star
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import is_number
from xltools.evaluate.grid_expressions import stated
from xltools.evaluate.pages.overview import scored, some_of, team_link
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.styles import Emphasis
from xltools.excel.writing.charts import bars, bullet
from xltools.kinds.typed_text import brief

_METRICS = 10  # side by side; more would be too narrow to read on paper
_FEW = 8  # teams of which a chart has room for the names
_CHART_HEIGHT = 216
_WIDTHS = (40, 160, 62, 62, 92, 80, *[76] * _METRICS, 64, 64, 64, 64, 36)
_HEAT = (
    Emphasis(color=styles.GREEN, fill=styles.GREEN_FILL, number="▲ 0%"),
    Emphasis(color=styles.TEXT, fill=styles.AMBER_FILL, number="● 0%"),
    Emphasis(color=styles.RED_TEXT, fill=styles.RED_FILL, number="▼ 0%"),
)
"""What a share looks like by the lights; their signs tell them apart in grey print, too."""
# What a team attained of a metric; of several rows their mean.
_ATTAINED = (
    "ratio(total(measures.attainment, key=row, metric_number={number}),"
    " count(measures.attainment, key=row, metric_number={number}))"
)
_STATES = ("overdue", "seriously_behind", "behind", "unanswered")


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    lineup = model.derived["lineup"]
    _chart(canvas)
    top, metrics = canvas.row, _used(model)
    _list(canvas, lineup, metrics[:_METRICS])
    canvas.sheet.view.freeze(top + 1, LEFT + 2)
    canvas.sheet.view.repeat_rows(top, top)
    if len(metrics) > _METRICS:
        canvas.gap(6)
        names = [brief(name) for _, name in metrics[_METRICS:]]
        canvas.text(model.say("matrix.more", metrics=some_of(model, names, _METRICS)))


def _chart(canvas: Canvas) -> None:
    """Few teams are drawn; the names of many would be too small to read."""
    model, say = canvas.model, canvas.model.say
    board = model.derived.get("drawn", model.derived["board"])
    if not 1 < model.derived["lineup"].count <= _FEW:
        return
    if has_star(board):
        title = say("matrix.by_team", metric=main_metric(model))
        names = ((f"charts.{one}", board[f"star_{one}"]) for one in ("actual", "target"))
        chart = bullet(canvas.book, board["label"], [(say(key), of, "") for key, of in names])
    else:
        title = say("matrix.goals_by_team")
        chart = bars(canvas.book, board["team"], [("", board["overall"], styles.BLUE)], "0%")
    canvas.section(title, rows=board)
    canvas.chart(chart, height=_CHART_HEIGHT)
    canvas.gap(10)


def _used(model: Model) -> list[tuple[int, str]]:
    """Metrics as number and name: those that most teams have first."""
    measures = model.derived.get("measures")
    if measures is None:
        return []
    pairs = zip(measures["metric_number"].values, measures["attainment"].values, strict=True)
    teams = Counter(int(str(number)) for number, attained in pairs if is_number(attained))
    numbers = measures["metric_number"].index
    first = {number: numbers[number][0] for number in teams}
    ordered = sorted(teams, key=lambda number: (-teams[number], first[number]))
    return [(number, str(measures["metric"].values[first[number]])) for number in ordered]


def _list(canvas: Canvas, lineup: Grid, metrics: list[tuple[int, str]]) -> None:
    """A line for each team: score, attainment of each metric (number, name), tasks by state."""
    model, say = canvas.model, canvas.model.say
    rows = Rows.all(lineup)
    columns = [
        *scored(model),
        Show("overall", say("overview.overall"), _SHARE.but(bold=True)),
    ]
    for number, name in metrics:
        if f"metric_{number}" not in lineup:  # the printed report draws the page again
            made = stated(model, lineup, _ATTAINED.format(number=number))
            lineup.add(f"metric_{number}", made, Look(name, styles.BULK_PERCENT, 84))
        columns.append(Show(f"metric_{number}", name, _SHARE, quiet=True))
    columns += [
        Show(name, say(f"data.{name}"), styles.TABLE_NUMBER.but(number=_COUNT), quiet=True)
        for name in _STATES
        if name in lineup
    ]
    columns.append(team_link(model, rows))
    drawn = draw_list(canvas, rows, columns)
    for name in ("overall", *(f"metric_{number}" for number, _ in metrics)):
        colour_by_lights(canvas, drawn[name].area, _HEAT)


_SHARE = styles.TABLE_CENTER.but(number="0%")
_COUNT = "0;;"  # a 0 is shown blank, so that the other counts stand out
PAGE = Page("matrix", draw, _WIDTHS, ready="lineup")

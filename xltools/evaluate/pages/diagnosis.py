"""绩效诊断: goal, process and capability scored by every team; training beside it."""

from __future__ import annotations

from typing import Any

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.charts import radar
from xltools.evaluate.blocks.list_columns import Rows, Show
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.diagnosis import KEY as DIAGNOSIS
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import choose, every, known
from xltools.evaluate.figures.value_formats import ATTAINED, MARK, TEAM, WORDS
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.ground.cells import column_letters, quote_sheet

TRAINING = ("plan", "training")
_WIDTHS = (124, 96, 96, 96, 96, 40, 12, 96, 96, 170, 170, 190, 40)
_MIDDLE = LEFT + 7  # where the right half begins
_MOST = 5  # points
_LOW = styles.ALERT


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    diagnosis, training = model.grid(*DIAGNOSIS), model.grid(*TRAINING)
    if diagnosis is not None:
        _overall(canvas, model.derived["means"])
        canvas.gap(10)
        canvas.section(model.say("diagnosis.items"))
        _items(canvas, diagnosis)
    if training is not None:
        canvas.gap(12)
        canvas.section(model.say("diagnosis.training"))
        _training(canvas, training)


def _overall(canvas: Canvas, means: Grid) -> None:
    """Mean scores, and beside them the radar of all teams and of the lowest."""
    say, radar_grid = canvas.model.say, canvas.model.derived["radar"]

    def scores() -> None:
        canvas.section(say("diagnosis.scores"), last=_MIDDLE - 2)
        _scores(canvas, means)

    def chart() -> None:
        note = say("diagnosis.lowest", count=radar_grid.count - 1)
        title = (
            f"{say('diagnosis.radar')} · {note}" if radar_grid.count > 1 else say("diagnosis.radar")
        )
        canvas.section(title, _MIDDLE, rows=radar_grid)
        canvas.chart(_radar(canvas, radar_grid), height=312, first=_MIDDLE)

    canvas.beside(scores, chart)


def _scores(canvas: Canvas, means: Grid) -> None:
    """Mean score by dimension: all teams first, then each."""
    number = styles.TABLE_NUMBER.but(number=styles.AMOUNT)
    columns = [Show("team", canvas.model.say("data.team"), TEAM)]
    columns += [
        Show(name, column.label, number)
        for name, column in means.columns.items()
        if name.startswith("mean_")
    ]
    draw_list(canvas, Rows.all(means), columns, last=_MIDDLE - 2)


def _radar(canvas: Canvas, grid: Grid) -> Any:
    """The rows as lines around one axis a dimension."""
    numbers = [column.number for name, column in grid.columns.items() if name.startswith("mean_")]
    letters, sheet = [column_letters(one) for one in numbers], quote_sheet(grid.title)
    named = column_letters(grid["team"].number)

    def cells(row: int) -> str:
        return f"={sheet}!${letters[0]}${row}:${letters[-1]}${row}"

    series = [
        (f"={sheet}!${named}${row}", cells(row), styles.SERIES[index])
        for index, row in enumerate(range(grid.first_row, grid.first_row + grid.count))
    ]
    return radar(canvas.book, cells(grid.first_row - 1), series, most=_MOST)


def _items(canvas: Canvas, grid: Grid) -> None:
    """Every item with its score, which is marked where it is low."""
    model, say, listed = canvas.model, canvas.model.say, Rows.by_team(grid)
    floor, low = model.parameter("score_floor"), say("diagnosis.low")
    rows = listed.open_first(listed.cell("score") > floor)
    score = rows.cell("score")
    is_low = every(known(score), score <= floor)
    number = styles.TABLE_NUMBER.but(indent=0)
    columns = [
        Show("team", say("data.team"), TEAM),
        Show("dimension", say("diagnosis.dimension"), TEAM),
        Show("item", say("diagnosis.item"), TEAM, span=3),
        Show("score", say("diagnosis.score"), number, span=3, bars=_MOST * 1.4),
        Show("low", say("diagnosis.verdict"), MARK, choose(is_low, low, ""), looks={low: _LOW}),
        Show("evidence", say("diagnosis.evidence"), WORDS, quiet=True),
        Show("improvement", say("diagnosis.improvement"), WORDS, quiet=True, span=2),
    ]
    draw_list(canvas, rows, columns)


def _training(canvas: Canvas, grid: Grid) -> None:
    """Every training with its pass rate, which is marked where it needs a follow-up."""
    model, listed = canvas.model, Rows.by_team(grid)
    floor, due = model.parameter("pass_floor"), model.say("diagnosis.follow_up_due")
    passed = every(known(listed.cell("pass_rate")), listed.cell("pass_rate") >= floor)
    rows = listed.open_first(passed)
    rate = rows.cell("pass_rate")
    is_low = every(known(rate), rate < floor)

    def typed(name: str, span: int = 1, *, quiet: bool = False) -> Show:
        return Show(name, model.label(*TRAINING, name), WORDS, quiet=quiet, span=span)

    columns = [
        Show("team", model.say("data.team"), TEAM),
        typed("level"),
        typed("member"),
        typed("programme", 2),
        Show("pass_rate", model.label(*TRAINING, "pass_rate"), ATTAINED, span=3, bars=2.0),
        Show(
            "low",
            model.say("diagnosis.verdict"),
            MARK,
            choose(is_low, due, ""),
            looks={due: _LOW},
        ),
        typed("dates", quiet=True),
        typed("result", quiet=True),
        typed("follow_up", quiet=True),
    ]
    draw_list(canvas, rows, columns)


PAGE = Page("diagnosis", draw, _WIDTHS, (DIAGNOSIS, TRAINING))

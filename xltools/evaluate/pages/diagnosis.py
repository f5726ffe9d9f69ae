"""绩效诊断: goal, process and capability scored by every team; training beside it."""

from __future__ import annotations

from typing import Any

from xltools.cells import column_letters, quote_sheet
from xltools.evaluate.aggregates import count, total, where
from xltools.evaluate.canvas import LEFT, Canvas
from xltools.evaluate.charts import radar
from xltools.evaluate.figures import Each, Figure, choose, every, known, ratio
from xltools.evaluate.grid import Grid
from xltools.evaluate.listing import draw_list
from xltools.evaluate.looks import ATTAINED, MARK, TEAM, WORDS
from xltools.evaluate.pages.page import Page
from xltools.evaluate.show import Rows, Show
from xltools.excel import styles

DIAGNOSIS, TRAINING = ("plan", "diagnosis"), ("plan", "training")
_WIDTHS = (124, 96, 96, 96, 96, 40, 12, 96, 96, 170, 170, 190, 40)
_MIDDLE = LEFT + 7  # where the right half begins
_TEAMS = 4  # in the radar, beside the mean of all
_MOST = 5  # points
_LOW = styles.ALERT


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    diagnosis, training = model.grid(*DIAGNOSIS), model.grid(*TRAINING)
    if diagnosis is not None:
        _overall(canvas, diagnosis)
        canvas.gap(10)
        canvas.section(model.say("diagnosis.items"))
        _items(canvas, diagnosis)
    if training is not None:
        canvas.gap(12)
        canvas.section(model.say("diagnosis.training"))
        _training(canvas, training)


def _overall(canvas: Canvas, diagnosis: Grid) -> None:
    """Mean scores, and the radar of the first teams beside them."""
    say, drawn = canvas.model.say, []

    def means() -> None:
        canvas.section(say("diagnosis.scores"), last=_MIDDLE - 2)
        drawn.append(_scores(canvas, diagnosis))

    def chart() -> None:
        more = drawn[0].count - _TEAMS - 1
        note = say("diagnosis.first_teams") if more > 0 else ""
        canvas.section(say("diagnosis.radar"), _MIDDLE, note=note)
        canvas.chart(_radar(canvas, drawn[0]), height=312, first=_MIDDLE)

    canvas.beside(means, chart)


def _scores(canvas: Canvas, diagnosis: Grid) -> Grid:
    """Mean score by dimension: all teams first, then each."""
    model, say = canvas.model, canvas.model.say
    labels, teams = list(model.choices("plan", "diagnosis").values()), model.derived["teams"]
    keys = [key for key in teams["key"].values if key in diagnosis["key"].index]
    names = [say("diagnosis.all"), *[teams["team"].values[int(str(key)) - 1] for key in keys]]
    number = styles.TABLE_NUMBER.but(number=styles.AMOUNT)
    means = [
        Show(
            f"mean_{place}",
            label or say("diagnosis.mean"),
            number,
            Each([_mean(diagnosis, label, key) for key in (None, *keys)]),
        )
        for place, label in enumerate([*labels, ""])
    ]
    columns = [Show("team", say("data.team"), TEAM, names), *means]
    return draw_list(
        canvas,
        Rows.first(diagnosis, "key", [diagnosis["key"].values[0], *keys]),
        columns,
        last=_MIDDLE - 2,
    )


def _mean(diagnosis: Grid, label: str, key: object) -> Figure:
    mine = [where(diagnosis["score"], 0, ">=")]
    if label:
        mine.append(where(diagnosis["dimension"], label))
    if key is not None:
        mine.append(where(diagnosis["key"], float(str(key))))
    found = count(*mine)
    return choose(found > 0, ratio(total(diagnosis["score"], *mine), found), "-")


def _radar(canvas: Canvas, scores: Grid) -> Any:
    """The list's rows as lines around one axis a dimension."""
    first = scores["mean_0"].number
    last = first + len(canvas.model.choices("plan", "diagnosis")) - 1
    letters, sheet = (column_letters(first), column_letters(last)), quote_sheet(scores.title)

    def cells(row: int) -> str:
        return f"={sheet}!${letters[0]}${row}:${letters[1]}${row}"

    series = [
        (str(scores["team"].values[index]), cells(scores.first_row + index), styles.SERIES[index])
        for index in range(min(scores.count, _TEAMS + 1))
    ]
    return radar(canvas.book, cells(scores.first_row - 1), series, most=_MOST)


def _items(canvas: Canvas, grid: Grid) -> None:
    """Every item with its score, which is marked where it is low."""
    model, say, rows = canvas.model, canvas.model.say, Rows.all(grid)
    score, low = rows.cell("score"), say("diagnosis.low")
    is_low = every(known(score), score <= model.parameter("score_floor"))
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
    model, rows = canvas.model, Rows.all(grid)
    rate, due = rows.cell("pass_rate"), model.say("diagnosis.follow_up_due")
    is_low = every(known(rate), rate < model.parameter("pass_floor"))

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

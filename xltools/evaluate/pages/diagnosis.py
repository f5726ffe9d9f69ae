"""绩效诊断: goal, process and capability scored by every team; training beside it."""

from __future__ import annotations

from xltools.cells import column_letters, quote_sheet
from xltools.evaluate.aggregates import count, total, where
from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import radar
from xltools.evaluate.figures import Each, Figure, choose, every, known, or_dash, or_nothing, ratio
from xltools.evaluate.grid import Grid
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.writer import Book

DIAGNOSIS, TRAINING = ("plan", "diagnosis"), ("plan", "training")
_WIDTHS = (124, 96, 96, 96, 96, 96, 96, 160, 190, 190, 40)
_TEAMS = 4  # in the radar, beside the mean of all
_MOST = 5  # points


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    diagnosis, training = model.grid(*DIAGNOSIS), model.grid(*TRAINING)
    if diagnosis is not None:
        top, middle = canvas.row, LEFT + 6
        canvas.section(model.say("diagnosis.scores"), LEFT, middle - 1)
        canvas.section(model.say("diagnosis.radar"), middle, canvas.last)
        canvas.row = top + 1
        scores = _scores(model, canvas, diagnosis)
        bottom = canvas.row
        canvas.row = top + 1
        canvas.chart(_radar(model, book, scores), height=312, first=middle)
        canvas.row = max(bottom, canvas.row)
        canvas.gap(10)
        canvas.section(model.say("diagnosis.items"))
        canvas.row += 1
        _items(model, canvas, diagnosis)
    if training is not None:
        canvas.gap(12)
        canvas.section(model.say("diagnosis.training"))
        canvas.row += 1
        _training(model, canvas, training)


def _scores(model: Model, canvas: Canvas, diagnosis: Grid) -> Listing:
    """Mean score by dimension: all teams first, then each."""
    say, labels = model.say, list(model.choices("plan", "diagnosis").values())
    teams = model.derived["teams"]
    keys = [key for key in teams["key"].values if key in diagnosis["key"].index]
    listing = Listing(canvas, len(keys) + 1)
    names = [say("diagnosis.all"), *[teams["team"].values[int(key) - 1] for key in keys]]  # type: ignore[arg-type]
    listing.add("team", say("data.team"), names, styles.TABLE_FIRST)
    number = styles.TABLE_NUMBER.but(number=styles.AMOUNT)
    for place, label in enumerate([*labels, ""]):
        figures = [_mean(diagnosis, label, key) for key in (None, *keys)]
        listing.add(f"d{place}", label or say("diagnosis.mean"), Each(figures), number)
    listing.write()
    return listing


def _mean(diagnosis: Grid, label: str, key: object) -> Figure:
    mine = [where(diagnosis["score"], 0, ">=")]
    if label:
        mine.append(where(diagnosis["dimension"], label))
    if key is not None:
        mine.append(where(diagnosis["key"], float(str(key))))
    found = count(*mine)
    return choose(found > 0, ratio(total(diagnosis["score"], *mine), found), "-")


def _radar(model: Model, book: Book, scores: Listing):  # type: ignore[no-untyped-def]
    grid = scores.grid
    first, last = grid["d0"].number, grid["d0"].number + len(model.choices("plan", "diagnosis")) - 1
    letters = column_letters(first), column_letters(last)
    sheet = quote_sheet(grid.title)
    series = []
    for index in range(min(grid.count, _TEAMS + 1)):
        row = grid.first_row + index
        cells = f"={sheet}!${letters[0]}${row}:${letters[1]}${row}"
        series.append((str(grid["team"].values[index]), cells, styles.SERIES[index]))
    header = f"={sheet}!${letters[0]}${grid.first_row - 1}:${letters[1]}${grid.first_row - 1}"
    return radar(book, header, series, most=_MOST)


def _items(model: Model, canvas: Canvas, grid: Grid) -> None:
    say, rows = model.say, list(range(grid.count))
    listing = Listing(canvas, grid.count)

    def cell(name: str) -> Figure:
        return or_dash(grid[name].rows(rows))

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST)
    listing.add("dimension", say("diagnosis.dimension"), cell("dimension"))
    listing.add("item", say("diagnosis.item"), cell("item"))
    score = listing.add(
        "score", say("diagnosis.score"), cell("score"), styles.TABLE_NUMBER.but(indent=0), skip=2
    ).here
    low = choose(
        every(known(score), score <= model.parameter("score_floor")), say("diagnosis.low"), ""
    )
    listing.add("low", "", low, styles.TABLE_CENTER.but(size=9))
    words = styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)
    listing.add(
        "evidence", say("diagnosis.evidence"), or_nothing(grid["evidence"].rows(rows)), words
    )
    listing.add(
        "improvement",
        say("diagnosis.improvement"),
        or_nothing(grid["improvement"].rows(rows)),
        words,
    )
    listing.grid.columns["improvement"].number = LEFT + 8
    listing.link(grid, rows)
    listing.grid.columns["link"].number = canvas.last
    texts = [(grid["evidence"].values[row], grid["improvement"].values[row]) for row in rows]
    widths = (_WIDTHS[7], _WIDTHS[8])
    listing.write(
        heights=[
            row_pixels(
                [(str(text or ""), width) for text, width in zip(pair, widths, strict=True)], size=9
            )
            for pair in texts
        ]
    )
    listing.bars("score", most=_MOST * 1.4)
    listing.rules("low", {say("diagnosis.low"): styles.ALERT})


def _training(model: Model, canvas: Canvas, grid: Grid) -> None:
    say, rows = model.say, list(range(grid.count))
    listing = Listing(canvas, grid.count)

    def cell(name: str) -> Figure:
        return or_dash(grid[name].rows(rows))

    listing.add("team", say("data.team"), cell("team"), styles.TABLE_FIRST)
    for name in ("level", "member", "programme"):
        listing.add(name, model.label(*TRAINING, name), cell(name))
    rate = listing.add(
        "pass_rate",
        model.label(*TRAINING, "pass_rate"),
        cell("pass_rate"),
        styles.TABLE_PERCENT.but(indent=0),
        skip=1,
    ).here
    low = choose(
        every(known(rate), rate < model.parameter("pass_floor")), say("diagnosis.follow_up_due"), ""
    )
    listing.add("low", "", low, styles.TABLE_CENTER.but(size=9))
    words = styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)
    for name in ("dates", "result", "follow_up"):
        listing.add(name, model.label(*TRAINING, name), or_nothing(grid[name].rows(rows)), words)
    listing.link(grid, rows)
    listing.write()
    listing.bars("pass_rate", most=2.0)
    listing.rules("low", {say("diagnosis.follow_up_due"): styles.ALERT})


PAGE = Page("diagnosis", draw, _WIDTHS, (DIAGNOSIS, TRAINING))

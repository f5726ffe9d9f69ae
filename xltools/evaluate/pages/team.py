"""The page of one team, for its lead: how it did, what is open, what it decided.

It is one sheet of paper; its workbook holds the rows of that team alone.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.card_row import draw_cards
from xltools.evaluate.blocks.list_columns import Rows, Show, StyleOf, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.channels import SPENDING, TOTALS
from xltools.evaluate.facts.goals import ALIGNMENT, REVIEW
from xltools.evaluate.facts.number_keys import metric_names
from xltools.evaluate.facts.outcome import KEY as OUTCOME
from xltools.evaluate.facts.tasks import PROGRESS, TASKS, TRACKING, labels
from xltools.evaluate.figures.card import Card
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    as_number,
    choose,
    every,
    is_number,
    known,
    or_dash,
    or_nothing,
    sentence,
)
from xltools.evaluate.figures.value_formats import MARK, STATE, TEAM, WORDS, amount_format, measured
from xltools.evaluate.pages.cards import cards
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import as_change
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Style

SHEETS = (OUTCOME, ALIGNMENT, TASKS, PROGRESS, REVIEW, TRACKING, SPENDING)
"""The sheets whose rows the page shows; other sheets, as honours, compare teams with each other."""
LINKS = {
    "outcome": "expansion_outcome",
    "alerts": "states",
    "channels": TOTALS,
    "goals": "goals_review",
    "quality": "workbooks",
}
"""Where cards lead that have a page in the evaluation of all teams."""
BEHIND = ("teams", "states", "channel_teams", TOTALS, "workbooks", "problems", "library")
"""The data sheets behind it that are made from those rows."""
COLUMNS = (20,) * 72  # narrow ones, on which every block has its own
_HALF = len(COLUMNS) // 2
_LEFT, _RIGHT = LEFT, LEFT + _HALF + 1  # where the halves begin
_UNIT = MARK.but(color=styles.MUTED)
_SHARE = styles.TABLE_PERCENT.but(number="0%")
_CARDS = 6
_METRICS, _TASKS, _CHANNELS, _GOALS = 12, 12, 8, 8  # lines
_ROWS = 1_000_000  # more than any list has
_LINK = 40  # pixels of the column of links


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    team = model.teams[0]
    lead = model.say("team.lead", lead=team.lead) if team.lead else ""
    organisation = model.current.settings.organisation
    about = " · ".join(part for part in (organisation, lead, model.say("team.about")) if part)
    period = model.period_name(model.period)
    canvas.title(" · ".join(part for part in (team.team, period) if part), about, back=False)
    ends = [round(n * (len(COLUMNS) + 1) / _CARDS) for n in range(_CARDS + 1)]
    places = [(LEFT + first, LEFT + end - 2) for first, end in pairwise(ends)]
    draw_cards(canvas, _cards(model), places)
    canvas.gap()
    canvas.beside(lambda: _metrics(canvas), lambda: _tasks(canvas))
    canvas.gap()
    canvas.beside(lambda: _channels(canvas), lambda: _reviews(canvas))
    canvas.gap()
    _missing(canvas)
    canvas.sheet.view.activate()
    canvas.finish(on_one_page=True)


def _cards(model: Model) -> list[Card]:
    """Those of the first page; the score is that of the team, beside the one a quarter before."""
    found = cards(model, _CARDS)
    teams = model.derived["teams"]
    score, then = (or_dash(teams[name].at(0)) for name in ("score", "before"))
    change = as_change(teams["score"].at(0), teams["before"].at(0))
    note = sentence(model.template("team.score_note"), as_number(then, 1), change)
    own = Card("outcome", model.say("outcome.score"), score, note, styles.SCORE)
    return [own if card.label == model.say("cards.score") else card for card in found]


def _metrics(canvas: Canvas) -> None:
    """Every metric with its target, and what was attained of it a quarter before."""
    model, grid = canvas.model, canvas.model.grid(*OUTCOME)
    if grid is None:
        return
    rows = _lowest_first(grid, model.rows(*OUTCOME))
    then = or_nothing(_before(model, grid, rows).cell("attainment"))
    change = choose(every(known(then), known(rows.cell("attainment"))), then, "")
    share, light = attained(model, "attainment", grid["attainment"].label)
    columns = [
        (180, Show("metric", grid["metric"].label, TEAM)),
        (50, Show("unit", grid["unit"].label, _UNIT, quiet=True)),
        (84, Show("target", grid["target"].label, _by_unit(rows, "target", styles.TABLE_TARGET))),
        (84, Show("actual", grid["actual"].label, _by_unit(rows, "actual", styles.TABLE_ACTUAL))),
        (110, share),
        (36, light),
        (84, Show("then", model.say("team.then"), _SHARE.but(color=styles.MUTED), change)),
    ]
    _list(canvas, _LEFT, model.say("team.metrics"), rows, columns, _METRICS)


def _by_unit(rows: Rows, name: str, style: Style) -> StyleOf:
    """Each number as the unit of its row asks."""
    pairs = zip(rows.values("unit"), rows.values(name), strict=True)
    looks = [measured(style, unit, value) for unit, value in pairs]
    return lambda line: looks[line]


def _lowest_first(grid: Grid, rows: range) -> Rows:
    """Rows by their attainment, those without one behind."""
    values = grid["attainment"].values

    def place(row: int) -> float:
        return float(values[row] or 0) if is_number(values[row]) else inf

    lowest = sorted(rows, key=place)
    return Rows(grid, lowest)


def _before(model: Model, grid: Grid, rows: Rows) -> Rows:
    """The rows of the same metrics in the quarter before, where that was given."""
    shift, alike = model.earlier_key(1), metric_names(model)
    keys, metrics = grid["key"].values, grid["metric"].values
    places = {
        (int(key or 0), alike(str(metric))): row
        for row, (key, metric) in enumerate(zip(keys, metrics, strict=True))
    }
    found = [
        places.get((int(keys[row] or 0) + shift, alike(str(metrics[row]))))
        if shift and row is not None
        else None
        for row in rows.indexes
    ]
    return Rows(grid, found)


def _tasks(canvas: Canvas) -> None:
    """Tasks, the most urgent first, those that need nothing behind them."""
    model, grid = canvas.model, canvas.model.derived.get("states")
    if grid is None:
        return
    order, say = grid["order"].values, model.say
    urgent = sorted(range(grid.count), key=lambda row: float(order[row] or _ROWS))
    rows, due = Rows(grid, urgent), model.choice("goals", "alert", "answer_due")
    words, late = labels(model), styles.ALERT
    looks = {words["overdue"]: late, words["complete"]: styles.LIGHT_GREEN}
    answer = choose(rows.cell("unanswered").equals(1), due, "")
    columns = [
        (230, Show("task", grid["task"].label, TEAM)),
        (70, Show("owner", grid["owner"].label, WORDS)),
        (90, Show("due", grid["due"].label, styles.TABLE_DATE)),
        (60, Show("actual", grid["actual"].label, _SHARE)),
        (90, Show("state", grid["state"].label, STATE, looks=looks)),
        (50, Show("days", grid["days"].label, styles.TABLE_NUMBER, quiet=True)),
        (90, Show("unanswered", grid["unanswered"].label, MARK, answer, looks={due: late})),
    ]
    _list(canvas, _RIGHT, say("team.tasks"), rows, columns, _TASKS)


def _channels(canvas: Canvas) -> None:
    """What every channel cost and brought."""
    model, grid = canvas.model, canvas.model.derived.get(TOTALS)
    if grid is None:
        return

    def measure(name: str) -> tuple[int, Show]:
        number = styles.TABLE_NUMBER.but(number=amount_format(grid[name].values))
        return 84, Show(name, grid[name].label, number)

    columns = [
        (150, Show("channel", grid["channel"].label, TEAM)),
        *map(measure, ("spend", "leads", "customers", "revenue")),
        (70, Show("return", grid["return"].label, styles.TABLE_RATIO)),
    ]
    _list(canvas, _LEFT, model.say("team.spending"), Rows.all(grid), columns, _CHANNELS)


def _reviews(canvas: Canvas) -> None:
    """What the review says of every goal, and what comes next."""
    model, grid = canvas.model, canvas.model.grid(*REVIEW)
    if grid is None:
        return
    rows = _lowest_first(grid, model.rows(*REVIEW))
    share, light = attained(model, "attainment", grid["attainment"].label)
    columns = [
        (170, Show("goal", grid["goal"].label, TEAM)),
        (100, share),
        (36, light),
        (120, Show("cause", grid["cause"].label, WORDS, quiet=True)),
        (200, Show("next_action", grid["next_action"].label, WORDS, quiet=True)),
        (70, Show("owner", grid["owner"].label, WORDS, quiet=True)),
    ]
    _list(canvas, _RIGHT, model.say("team.review"), rows, columns, _GOALS)


def _missing(canvas: Canvas) -> None:
    """The workbooks that the team has not sent."""
    model = canvas.model
    known_as = model.current.catalog.definitions
    titles = [known_as[name].title[model.lang] for _, name in model.current.missing]
    if titles:
        names = model.say("list_separator").join(titles)
        canvas.text(model.say("team.not_sent", names=names), style=styles.NOTE.but(size=9))


def _list(
    canvas: Canvas,
    side: int,
    title: str,
    rows: Rows,
    columns: list[tuple[int, Show]],
    most: int,
) -> None:
    """A list in the left or right half; how many more lines its data sheet has stands below."""
    widths = [*(width for width, _ in columns), _LINK]
    part = canvas.part(widths, first=side, last=side + _HALF - 2)
    part.section(title)
    shown = Rows(rows.grid, rows.indexes[:most], rows.settled[:most])
    draw_list(part, shown, [show for _, show in columns])
    more = len(rows.indexes) - most
    if more > 0 and rows.grid is not None:
        target = cell_target(rows.grid.title, f"A{rows.grid.first_row}")
        part.text(canvas.model.say("team.more", count=more), target=target)
    canvas.row = part.row

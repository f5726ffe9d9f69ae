"""总览: how we did, who leads and lags, what is at risk, what is missing; on one printed page."""

from __future__ import annotations

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.card_row import draw_cards
from xltools.evaluate.blocks.charts import bars, bullet, trend
from xltools.evaluate.blocks.list_columns import Rows, Show, attained
from xltools.evaluate.blocks.list_table import LINKED, draw_list
from xltools.evaluate.facts.number_keys import put
from xltools.evaluate.facts.ranking import LAST, SHOWN, has_star
from xltools.evaluate.figures.aggregates import Nth, how_many
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    Each,
    Figure,
    cases,
    choose,
    every,
    figure,
    known,
    or_nothing,
    sentence,
)
from xltools.evaluate.figures.value_formats import MARK, STATE, TEAM, WORDS
from xltools.evaluate.pages.alerts import state_looks
from xltools.evaluate.pages.cards import cards, compared, compared_teams, star_title
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import link_to
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.ground.cells import CellRef

_GUTTER = 12
_WIDTHS = (
    36, 136, _GUTTER, 56, 56, 60, _GUTTER, 36, 72, 36, 28, _GUTTER,
    88, 84, _GUTTER, 100, 72, _GUTTER, 92, 52, 28,
)  # fmt: skip
_CARDS = ((0, 1), (3, 5), (7, 10), (12, 13), (15, 16), (18, 20))
_RIGHT = LEFT + 12  # where the right half begins
_LEFT_END = _RIGHT - 2  # where the left half ends
_CHART_HEIGHT = 216
_LINKS = (0, 1, 3, 4, 6, 7)  # columns of the contents, from the middle
_NAMED = 4  # missing workbooks that are named


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    organisation = model.current.settings.organisation
    canvas.title(
        model.title,
        " · ".join(part for part in (organisation, model.say("overview.about")) if part),
        back=False,
    )
    places = [(LEFT + first, LEFT + last) for first, last in _CARDS]
    draw_cards(canvas, cards(model, len(_CARDS)), places)
    canvas.gap(6)
    _compared(canvas)
    board = model.derived.get("board")
    ranked = board is not None and any(value != "" for value in board["team"].values)
    if board is not None and (_measured(board) or has_star(board)):
        _charts(canvas, board)
    canvas.beside(
        lambda: _ranking(canvas, board) if board is not None and ranked else None,
        lambda: _risks(canvas) if "urgent" in model.derived else None,
    )
    canvas.gap(12)
    canvas.beside(lambda: _missing(canvas), lambda: _contents(canvas))
    canvas.sheet.view.activate()


def _compared(canvas: Canvas) -> None:
    """Whose scores the changes compare, a line for each quarter before."""
    model, teams = canvas.model, canvas.model.derived["teams"]
    look = styles.NOTE.but(size=9, shrink=True)
    for name in compared(teams):
        canvas.high(canvas.row, 18)
        canvas.sheet.merge(canvas.row, LEFT, canvas.row, canvas.last - 1, None, look)
        canvas.put(canvas.row, LEFT, compared_teams(model, name), look)
        first = CellRef(teams.first_row, teams[f"{name}_unlike"].number)
        made = link_to(figure(cell_target(teams.title, first)))
        canvas.put(canvas.row, canvas.last, made, look.but(align="right", color=styles.BLUE))
        canvas.row += 1
    canvas.gap(6)


def _measured(board: Grid) -> bool:
    """Whether some team has a score or attained goals."""
    return any(value != "" for value in board["overall"].values)


def _charts(canvas: Canvas, board: Grid) -> None:
    """The teams, and beside them the months where the main metric has any."""
    months = canvas.model.derived.get("months")
    last = canvas.last if months is None else _LEFT_END
    canvas.beside(
        lambda: _by_team(canvas, board, last),
        lambda: _by_month(canvas, months) if months is not None else None,
    )
    canvas.gap(10)


def _by_team(canvas: Canvas, board: Grid, last: int) -> None:
    say = canvas.model.say
    board = canvas.model.derived.get("drawn", board)
    if has_star(board):
        title = say("overview.by_team", metric=star_title(canvas.model))
        names = (say("charts.actual"), say("charts.target"))
        columns = (board["label"], board["star_actual"], board["star_target"])
        chart = bullet(canvas.book, *columns, names)
    else:
        title = say("overview.goals_by_team")
        chart = bars(canvas.book, board["team"], board["overall"], number="0%")
    canvas.section(title, last=last, rows=board)
    canvas.chart(chart, height=_CHART_HEIGHT, last=last)


def _by_month(canvas: Canvas, months: Grid) -> None:
    say = canvas.model.say
    canvas.section(say("overview.trend", metric=star_title(canvas.model)), _RIGHT, rows=months)
    names = (say("charts.actual"), say("charts.target"))
    chart = trend(canvas.book, months["label"], months["actual"], months["target"], names)
    canvas.chart(chart, height=_CHART_HEIGHT, first=_RIGHT)


def _ranking(canvas: Canvas, board: Grid) -> None:
    """Ranked teams in their live order, of many the first and the last; the others apart."""
    model, say = canvas.model, canvas.model.say
    cut = len(model.derived["teams"]["ranked"].numbers) > board.count
    note = say("overview.cut", first=SHOWN - LAST, last=LAST) if cut else ""
    canvas.section(say("overview.ranking"), last=_LEFT_END, note=note)
    _team_list(canvas, board)
    apart = model.derived.get("apart")
    if apart is not None:
        teams = model.derived["teams"]
        more = teams["has"].values.count(1) - len(teams["ranked"].numbers) - apart.count
        note = say("overview.apart_more", count=more) if more > 0 else ""
        canvas.section(say("overview.apart"), last=_LEFT_END, note=note)
        _team_list(canvas, apart)


def _team_list(canvas: Canvas, board: Grid) -> None:
    """Teams with rank, score, what counts in it, and attainment."""
    model, say, rows = canvas.model, canvas.model.say, Rows.all(board)
    score, before = rows.cell("score"), rows.cell("before")
    change = choose(known(before), choose(known(score), score - before, "-"), "-")
    changed = styles.TABLE_NUMBER.but(number="+0.0;-0.0;0.0", color=styles.MUTED)
    points = styles.TABLE_NUMBER.but(number=styles.SCORE, bold=True)
    columns = [
        Show("rank", "#", styles.TABLE_CENTER.but(bold=True)),
        Show("team", say("data.team"), TEAM, span=2),
        Show("score", say("outcome.score"), points),
        Show("change", say("overview.change"), changed, change),
        Show("standing", say("outcome.counted"), _STANDING, _standing(model, rows), span=3),
        *attained(model, "overall", say("overview.overall"), bars=3.5),
        _link(model, "teams", rows),
    ]
    draw_list(canvas, rows, columns, last=_LEFT_END)


def _standing(model: Model, rows: Rows) -> Figure:
    """How many metrics count; why a team is not ranked."""
    lacking, counted, of = (rows.cell(name) for name in ("lacking", "counted", "rows"))
    incomplete = every(known(lacking), lacking > 0)
    return cases(
        (incomplete, sentence(model.template("overview.incomplete"), counted, of)),
        (every(known(of), of > 0), sentence(model.template("overview.of"), counted, of)),
        (known(rows.cell("goals")), model.say("overview.goals_only")),
        otherwise="-",
    )


def _risks(canvas: Canvas) -> None:
    """The most urgent tasks now; the Alerts page has all."""
    model, say = canvas.model, canvas.model.say
    rows, task = Rows.all(model.derived["urgent"]), model.derived["urgent"]["task"]
    some = how_many(model.derived["states"]["order"]) > 0
    first = choose(some, or_nothing(task.at(0)), say("overview.no_risks"))
    tasks = [first, *(or_nothing(task.at(row)) for row in range(1, task.grid.count))]
    columns = [
        Show("state", say("alerts.state"), STATE, quiet=True, looks=state_looks(model)),
        Show("team", say("alerts.team"), WORDS, quiet=True, span=2),
        Show("task", say("alerts.task"), WORDS, Each(tasks), span=3),
        Show("owner", say("alerts.owner"), WORDS, quiet=True),
        Show("days", say("alerts.days"), styles.TABLE_NUMBER, quiet=True),
        _link(model, "states", rows),
    ]
    canvas.section(say("overview.risks"), _RIGHT)
    draw_list(canvas, rows, columns, first=_RIGHT)


def _link(model: Model, name: str, rows: Rows) -> Show:
    """Where another page shows the team or task that stands in the line now."""
    source = model.derived[name]
    places = [model.places.get((name, row)) for row in range(source.count)]
    if "on_page" not in source:
        put(model, source, "on_page", places)
    made = link_to(Nth(source["on_page"], rows.cell("row")))
    return Show("link", model.say("data.row_link"), LINKED, made)


def _contents(canvas: Canvas) -> None:
    """A link to every other page."""
    model = canvas.model
    canvas.section(model.say("overview.contents"), _RIGHT)
    for place, name in enumerate(model.contents):
        row, column = divmod(place, len(_LINKS))
        target = cell_target(model.titles[name], "A1")
        at = (canvas.row + row, _RIGHT + _LINKS[column])
        canvas.sheet.link(*at, target, model.titles[name], styles.LINK.but(size=9))
    for _ in range(0, len(model.contents), len(_LINKS)):
        canvas.high(canvas.row, 20)
        canvas.row += 1


def _missing(canvas: Canvas) -> None:
    """Who has not sent what, what was not counted, and pages without data."""
    model = canvas.model
    canvas.section(model.say("overview.missing"), last=_LEFT_END)
    named = {"not_sent": _not_sent(model), "not_counted": _excluded(model)}
    named["no_data"] = [title for title, _ in model.left_out]
    if "moved" in model.derived:
        moved = model.derived["moved"].count
        line = model.say("overview.changed", teams=len(model.added), moved=moved)
        _note(canvas, line, "changes")
    lines = [(key, found) for key, found in named.items() if found]
    for key, found in lines:
        shown = model.say("list_separator").join(found[:_NAMED])
        more = len(found) - _NAMED
        shown += model.say("overview.and_more", count=more) if more > 0 else ""
        text = model.say(f"overview.{key}", count=len(found), names=shown)
        _note(canvas, text, "quality")
    if not lines:
        canvas.text(model.say("overview.complete"), last=_LEFT_END)


def _note(canvas: Canvas, text: str, page: str) -> None:
    """A line that leads to the page with more of it."""
    target = cell_target(canvas.model.titles[page], "A1")
    canvas.text(text, style=styles.NOTE.but(size=9), last=_LEFT_END, target=target)


def _not_sent(model: Model) -> list[str]:
    names, missing = model.current.catalog.definitions, model.current.missing
    return [f"{team}·{names[name].title[model.lang]}" for team, name in missing if name in names]


def _excluded(model: Model) -> list[str]:
    sent = (one.file for one in model.current.submissions if one.excluded)
    return [file.replace("\\", "/").rpartition("/")[2] for file in sent]


_STANDING = MARK.but(color=styles.MUTED)
PAGE = Page("overview", draw, _WIDTHS, titled=False)

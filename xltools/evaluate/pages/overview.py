"""总览: how we did, who leads and lags, what is at risk, what is missing; on one printed page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from xltools.evaluate.blocks.canvas import LEFT, ROW_HEIGHT, Canvas
from xltools.evaluate.blocks.card_row import draw_cards
from xltools.evaluate.blocks.charts import trend
from xltools.evaluate.blocks.list_columns import Rows, Show, light_of
from xltools.evaluate.blocks.list_table import LINKED, draw_list, live_link
from xltools.evaluate.declared.page_columns import Span
from xltools.evaluate.facts.channels import TOTALS
from xltools.evaluate.facts.number_keys import put
from xltools.evaluate.facts.outcome import main_metric
from xltools.evaluate.facts.ranking import LAST, SHOWN
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    Figure,
    as_number,
    as_percent,
    cases,
    choose,
    every,
    figure,
    known,
    sentence,
)
from xltools.evaluate.figures.value_formats import ATTAINED, MARK, TEAM, WORDS
from xltools.evaluate.grid_expressions import alone, compute
from xltools.evaluate.pages.cards import cards, compared, compared_teams, numbers
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import as_change, link_to
from xltools.evaluate.submitted_rows import file_name
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.ground.cells import CellRef

_GUTTER = 14
_WIDTHS = (
    44, 168, _GUTTER, 70, 70, 76, _GUTTER, 44, 90, 46, 36, _GUTTER,
    110, 104, _GUTTER, 126, 90, _GUTTER, 116, 66, 36,
)  # fmt: skip
_CARDS = ((0, 1), (3, 5), (7, 10), (12, 13), (15, 16), (18, 20))
_RIGHT = LEFT + 12  # where the right half begins
_LEFT_END = _RIGHT - 2  # where the left half ends
_HALVES = ((LEFT, _LEFT_END), (_RIGHT, LEFT + 20))
Block = Callable[[Canvas, Span], None]
_CHART_ROWS = 7  # at least; beside a longer ranking as many as it has
_LINKS = (0, 1, 3, 4, 6, 7)  # columns of the contents, from the middle
_NAMED = 4  # missing workbooks that are named


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    about = (model.current.settings.organisation, model.say("overview.about"))
    canvas.title(model.title, " · ".join(filter(None, about)), back=False)
    places = [(LEFT + first, LEFT + last) for first, last in _CARDS]
    draw_cards(canvas, cards(model, len(_CARDS)), places)
    canvas.gap(6)
    _compared(canvas)
    for blocks in _ROWS:
        there = [block for block, names in blocks if model.derived.keys() >= set(names)]
        pairs = zip(there, _HALVES, strict=False)
        canvas.beside(partial(block, canvas, half) for block, half in pairs)
        canvas.gap(8)
    canvas.beside([lambda: _missing(canvas), lambda: _contents(canvas)])
    canvas.sheet.view.activate()


def _compared(canvas: Canvas) -> None:
    """Whose scores the changes compare, a line for each quarter before."""
    model, teams = canvas.model, canvas.model.derived["teams"]
    for name in compared(teams):
        first = CellRef(teams.first_row, teams[f"{name}_unlike"].number)
        made, target = compared_teams(model, name), cell_target(teams.title, first)
        canvas.says(made, target, LEFT, canvas.last, style=_SMALL, height=18)
    canvas.gap(6)


def _block(
    canvas: Canvas, half: Span, title: str, told: Figure, page: str, rows: Grid, note: str = ""
) -> None:
    """A heading and a sentence with a link to all of it: a page, or a data sheet without one."""
    titles, there = canvas.model.titles, page in canvas.model.contents
    whole = cell_target(titles[page], "A1") if there else rows.target()
    canvas.section(title, *half, note=note)
    look = _SMALL.but(bold=True, color=styles.INK)
    canvas.says(told, whole, *half, style=look, height=20)


def _first_lines(canvas: Canvas, half: Span, name: str, source: Grid, columns: list[Show]) -> None:
    """The first rows of a live order, each with a link to its row of the whole list."""
    rows = canvas.model.derived[name]
    columns.append(live_link(canvas.model, source, rows["row"].here))
    draw_list(canvas, Rows.all(rows), columns, first=half[0], last=half[1])


def _ranking(canvas: Canvas, half: Span) -> None:
    """Ranked teams in their live order, of many the first and the last; who moved most."""
    model, say, board = canvas.model, canvas.model.say, canvas.model.derived["board"]
    cut = len(model.derived["teams"]["ranked"].numbers) > board.count
    note = say("overview.cut", first=SHOWN - LAST, last=LAST) if cut else ""
    _block(canvas, half, say("overview.ranking"), _standings(model), "matrix", board, note)
    rows = Rows.all(board)
    columns = [
        *scored(model, rows, team=2, standing=3),
        Show("overall", say("overview.overall"), ATTAINED, bars=3.5),
        light_of(model, "overall"),
        team_link(model, rows),
    ]
    draw_list(canvas, rows, columns, first=half[0], last=half[1])


def scored(model: Model, rows: Rows, *, team: int = 1, standing: int = 1) -> list[Show]:
    """Rank, team, score, its change since the quarter before, how many metrics count.

    ``team`` and ``standing`` are how many columns of the page the team and the last one take.
    """
    say, score, before = model.say, rows.cell("score"), rows.cell("before")
    change = choose(known(before), choose(known(score), score - before, "-"), "-")
    changed = styles.TABLE_NUMBER.but(number="+0.0;-0.0;0.0", color=styles.MUTED)
    points = styles.TABLE_NUMBER.but(number=styles.SCORE, bold=True)
    counted = MARK.but(color=styles.MUTED)
    return [
        Show("rank", "#", styles.TABLE_CENTER.but(bold=True)),
        Show("team", say("data.team"), _TEAM, span=team),
        Show("score", say("outcome.score"), points),
        Show("change", say("overview.change"), changed, change),
        Show("standing", say("outcome.counted"), counted, _standing(model, rows), span=standing),
    ]


def _standings(model: Model) -> Figure:
    """How many teams are below the lower light, and who rose and fell most since last quarter."""
    limit = as_percent(model.parameter("at_risk"), 0)
    low = "count(teams.overall, overall=less_than(parameters.at_risk))"
    parts = [*numbers(model, "count(teams.overall)", low), limit]
    whole = sentence(model.template("overview.below"), *parts)
    return sentence("{0}{1}{2}", whole, _moved(model, "riser", 1), _moved(model, "faller", -1))


def _moved(model: Model, name: str, way: int) -> Figure:
    """The team that moved most in one direction; nothing where none did."""
    change = alone(model, f"total(teams.change, {name}=1)")
    team = alone(model, f"lookup(teams.team, {name}=1)")
    told = sentence(model.template(f"overview.{name}"), team, as_change(change, figure(0)))
    return choose(known(change), choose(change * way > 0, told, ""), "")


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


def _by_month(canvas: Canvas, half: Span) -> None:
    """The main metric month by month: how many months met their target, and a chart."""
    model, say, months = canvas.model, canvas.model.say, canvas.model.derived["months"]
    counts = ("count(months.actual, first_key=0)", "count(months.met, first_key=0, met=1)")
    so_far = "ratio(total(months.actual, first_key=0), total(months.target, first_key=0))"
    parts = [*numbers(model, *counts), as_percent(alone(model, so_far))]
    told = sentence(model.template("overview.months_met"), *parts)
    title = say("overview.trend", metric=main_metric(model))
    _block(canvas, half, title, told, "", months)
    names = (say("charts.actual"), say("charts.target"))
    chart = trend(canvas.book, months["label"], months["actual"], months["target"], names)
    board = model.derived.get("board")
    rows = max(_CHART_ROWS, board.count + 1 if board else 0)
    canvas.chart(chart, height=rows * ROW_HEIGHT, first=half[0], last=half[1])


def _low_results(canvas: Canvas, half: Span) -> None:
    """Results below the floor, each with the process metric that drives it down most."""
    model, say, drivers = canvas.model, canvas.model.say, canvas.model.derived["drivers"]
    low = alone(model, "count(drivers.low_order)")
    limit = as_percent(model.parameter("traceback_floor"), 0)
    told = sentence(model.template("overview.low"), as_number(low), limit)
    made = choose(low > 0, told, sentence(model.template("overview.no_low"), limit))
    _block(canvas, half, say("overview.low_results"), made, "traceback", drivers)
    columns = [
        Show("team", say("data.team"), _LINE, quiet=True, span=2),
        Show("metric", say("traceback.result"), _TEAM, quiet=True, span=2),
        Show("attainment", say("overview.overall"), _SHARE, quiet=True),
        Show("process", say("overview.driver"), _LINE, quiet=True, span=3),
        Show("process_attainment", say("overview.overall"), _SHARE, quiet=True, span=2),
    ]
    _first_lines(canvas, half, "low_results", drivers, columns)


def _late(canvas: Canvas, half: Span) -> None:
    """Overdue work as a number by team."""
    model, say, lineup = canvas.model, canvas.model.say, canvas.model.derived["lineup"]
    late, bare = "coalesce(total(lineup.overdue), 0)", "coalesce(total(states.unanswered), 0)"
    parts = numbers(model, late, "count(lineup.late_order)", bare)
    told = sentence(model.template("overview.late_told"), *parts)
    made = choose(alone(model, late) > 0, told, say("overview.no_late"))
    _block(canvas, half, say("overview.late"), made, "alerts", lineup)
    words = model.choices("goals", "task_state")
    columns = [
        Show("team", say("data.team"), _TEAM, quiet=True, span=4),
        Show("overdue", words["overdue"], _NUMBER, quiet=True),
        Show("seriously_behind", words["seriously_behind"], _NUMBER, quiet=True, span=2),
        Show("unanswered", say("overview.unanswered"), _NUMBER, quiet=True),
    ]
    _first_lines(canvas, half, "late_teams", lineup, columns)


def _channels(canvas: Canvas, half: Span) -> None:
    """Channels to add to and to cut."""
    model, say, totals = canvas.model, canvas.model.say, canvas.model.derived[TOTALS]
    kinds = (
        f"count({TOTALS}.decision, decision=choices.decision.{one})" for one in ("more", "cut")
    )
    parts = numbers(model, f"count({TOTALS}.return)", *kinds, of="plan")
    told = sentence(model.template("overview.channels_told"), *parts)
    _block(canvas, half, say("overview.channels"), told, "channels", totals)
    looks = {
        model.choice("plan", "decision", "more"): styles.LIGHT_GREEN,
        model.choice("plan", "decision", "cut"): styles.LIGHT_RED,
    }
    columns = [
        Show("channel", say("data.channel"), _TEAM, quiet=True, span=2),
        Show("spend", say("data.spend"), _NUMBER, quiet=True, span=2),
        Show("revenue", say("data.revenue"), _NUMBER, quiet=True),
        Show("return", say("cards.return"), _NUMBER.but(number=styles.RATIO), quiet=True, span=2),
        Show("decision", say("data.decision"), MARK, quiet=True, span=3, looks=looks),
    ]
    _first_lines(canvas, half, "best_channels", totals, columns)


def _decided(canvas: Canvas, half: Span) -> None:
    """What the reviews decided for the lowest attainments."""
    model, say = canvas.model, canvas.model.say
    review = model.grids[model.key("goals", "review")]
    decided = numbers(model, "count(goals_review.action_order)")
    told = sentence(model.template("overview.decided_told"), *decided)
    _block(canvas, half, say("overview.decided"), told, "review", review)
    columns = [
        Show("team", say("data.team"), _LINE, quiet=True, span=2),
        Show("next_action", say("overview.action"), _LINE, quiet=True, span=4),
        Show("owner", say("data.owner"), _LINE, quiet=True),
        Show("due", say("data.due"), MARK, quiet=True),
    ]
    _first_lines(canvas, half, "decided", review, columns)


def team_link(model: Model, rows: Rows) -> Show:
    """The links of a list in live order, each to where a page, or the data sheet, has the team."""
    source = model.derived["teams"]
    places = [model.places.get(("teams", n), source.target(n)) for n in range(source.count)]
    if "on_page" not in source:
        put(model, source, "on_page", places)
    if "on_page" not in rows.grid:
        compute(model, rows.grid, {"on_page": "lookup(teams.on_page, key=row)"})
    return Show("link", model.say("data.row_link"), LINKED, link_to(rows.cell("on_page")))


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
        canvas.gap(20)


def _missing(canvas: Canvas) -> None:
    """Who has not sent what, what was not counted, and pages without data."""
    model = canvas.model
    canvas.section(model.say("overview.missing"), last=_LEFT_END)
    excluded = (one for one in model.current.submissions if one.excluded)
    known_as, missing = model.current.catalog.definitions, model.current.missing
    pairs = [(team, known_as[of]) for team, of in missing if of in known_as]
    not_sent = [f"{team}·{of.title[model.lang]}" for team, of in pairs]
    named = {"not_sent": not_sent, "not_counted": [file_name(one.file) for one in excluded]}
    named["no_data"] = [title for title, _ in model.left_out]
    lines: list[tuple[str, str]] = []  # each with the page that has more of it
    if "moved" in model.derived:
        moved = model.derived["moved"].count
        line = model.say("overview.changed", teams=len(model.added), moved=moved)
        lines.append((line, "changes"))
    for key, found in named.items():
        if found:
            names = some_of(model, found, _NAMED)
            lines.append((model.say(f"overview.{key}", count=len(found), names=names), "quality"))
    for line, page in lines:
        target = cell_target(model.titles[page], "A1")
        canvas.text(line, style=styles.NOTE.but(size=9), last=_LEFT_END, target=target)
    if not any(named.values()):
        canvas.text(model.say("overview.complete"), last=_LEFT_END)


def some_of(model: Model, names: Sequence[str], most: int) -> str:
    """Names in a sentence; of more than ``most`` how many there are besides the first."""
    more = len(names) - most
    told = model.say("overview.and_more", count=more) if more > 0 else ""
    return model.say("list_separator").join(names[:most]) + told


_SMALL = styles.NOTE.but(size=9, shrink=True)
_TEAM, _LINE = TEAM.but(wrap=False), WORDS.but(wrap=False)
_NUMBER = styles.TABLE_NUMBER
_SHARE = styles.TABLE_PERCENT
_ROWS: tuple[tuple[tuple[Block, tuple[str, ...]], ...], ...] = (
    ((_ranking, ("board",)), (_by_month, ("months",))),
    ((_low_results, ("drivers",)), (_late, ("lineup", "states"))),
    ((_channels, ("best_channels",)), (_decided, ("decided",))),
)
"""Blocks side by side, each with the data sheets without which it has nothing to show."""
PAGE = Page("overview", draw, _WIDTHS, titled=False)

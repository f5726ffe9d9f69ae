"""总览: how we did, who leads and lags, what is at risk, what is missing; on one printed page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.card_row import draw_cards
from xltools.evaluate.blocks.list_columns import LINK, Rows, Show, light_of
from xltools.evaluate.blocks.list_table import LINKED, draw_list
from xltools.evaluate.declared.page_columns import Span, room
from xltools.evaluate.facts.number_keys import put
from xltools.evaluate.facts.ranking import LAST, SHOWN
from xltools.evaluate.figures.live_figure import (
    Figure,
    as_percent,
    choose,
    sentence,
)
from xltools.evaluate.figures.value_formats import ATTAINED, MARK, TEAM
from xltools.evaluate.grid_expressions import alone, compute
from xltools.evaluate.pages.cards import cards, compared, compared_teams, numbers
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import as_signed, link_to
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
_LINKS = (0, 1, 3, 4, 6, 7)  # columns of the contents, from the middle
_NAMED = 4  # missing workbooks that are named


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, canvas.wrapping = canvas.model, False
    about = (model.current.settings.organisation, model.say("overview.about"))
    canvas.title(model.title, " · ".join(filter(None, about)), back=False)
    places = [(LEFT + first, LEFT + last) for first, last in _CARDS]
    draw_cards(canvas, cards(model, len(_CARDS)), places)
    canvas.gap(6)
    _compared(canvas)
    for blocks in _rows(canvas):
        canvas.beside(partial(block, canvas, span) for block, span in blocks)
        canvas.gap(8)
    canvas.beside([lambda: _missing(canvas), lambda: _contents(canvas)])
    canvas.sheet.view.activate()


def _rows(canvas: Canvas) -> list[list[tuple[Block, Span]]]:
    """The ranking and declared blocks, two beside each other; a wide one by itself."""
    ranking: list[tuple[int, Block]] = [(0, _ranking)] if "board" in canvas.model.derived else []
    found: list[list[tuple[Block, Span]]] = []
    left, right = _HALVES
    for columns, block in (*ranking, *canvas.model.blocks):
        if columns > room(canvas.widths, right):
            found.append([(block, (LEFT, canvas.last))])
        elif found and [span for _, span in found[-1]] == [left]:
            found[-1].append((block, right))
        else:
            found.append([(block, left)])
    return found


def _compared(canvas: Canvas) -> None:
    """Whose scores the changes compare, a line for each quarter before."""
    model, teams = canvas.model, canvas.model.derived["teams"]
    for name in compared(teams):
        first = CellRef(teams.first_row, teams[f"{name}_unlike"].number)
        made, target = compared_teams(model, name), cell_target(teams.title, first)
        canvas.says(made, target, LEFT, canvas.last, style=_SMALL, height=18)
    canvas.gap(6)


def _ranking(canvas: Canvas, half: Span) -> None:
    """Ranked teams in their live order, of many the first and the last; who moved most."""
    model, say, board = canvas.model, canvas.model.say, canvas.model.derived["board"]
    cut = len(model.derived["teams"]["ranked"].numbers) > board.count
    note = say("overview.cut", first=SHOWN - LAST, last=LAST) if cut else ""
    canvas.section(say("overview.ranking"), *half, note=note)
    look = _SMALL.but(bold=True, color=styles.INK)
    target = cell_target(model.titles["matrix"], "A1")
    canvas.says(_standings(model), target, *half, style=look, height=20)
    rows = Rows.all(board)
    columns = [
        *scored(model, team=2, standing=3),
        Show("overall", say("overview.overall"), ATTAINED, bars=3.5),
        light_of(model, "overall"),
        team_link(model, rows),
    ]
    draw_list(canvas, rows, columns, first=half[0], last=half[1])


def scored(model: Model, *, team: int = 1, standing: int = 1) -> list[Show]:
    """Rank, team, score, its change since the quarter before, how many metrics count.

    ``team`` and ``standing`` are how many columns of the page the team and the last one take.
    """
    say = model.say
    changed = styles.TABLE_NUMBER.but(number="+0.0;-0.0;0.0", color=styles.MUTED)
    points = styles.TABLE_NUMBER.but(number=styles.SCORE, bold=True)
    counted = MARK.but(color=styles.MUTED)
    return [
        Show("rank", "#", styles.TABLE_CENTER.but(bold=True)),
        Show("team", say("data.team"), TEAM, span=team),
        Show("score", say("outcome.score"), points),
        Show("change", say("overview.change"), changed),
        Show("standing", say("outcome.counted"), counted, span=standing),
    ]


def _standings(model: Model) -> Figure:
    """How many teams are below the lower light, and who rose and fell most since last quarter."""
    limit = as_percent(model.parameter("at_risk"), 0)
    low = "count(teams.overall, overall=less_than(parameters.at_risk))"
    parts = [*numbers(model, "count(teams.overall)", low), limit]
    whole = sentence(model.template("overview.below"), *parts)
    return sentence("{0}{1}{2}", whole, _moved(model, "riser", ">"), _moved(model, "faller", "<"))


def _moved(model: Model, name: str, way: str) -> Figure:
    """The team that moved most in one direction; nothing where none did."""
    change, team = f"total(teams.change, {name}=1)", f"lookup(teams.team, {name}=1)"
    parts = alone(model, team), as_signed(alone(model, change))
    test = alone(model, f"1 if {change} {way} 0 else 0")
    return choose(test, sentence(model.template(f"overview.{name}"), *parts), "")


def team_link(model: Model, rows: Rows) -> Show:
    """The links of a list in live order, each to where a page, or the data sheet, has the team."""
    source = model.derived["teams"]
    places = [model.places.get(("teams", n), source.target(n)) for n in range(source.count)]
    if "on_page" not in source:
        put(model, source, "on_page", places)
    if "on_page" not in rows.grid:
        compute(model, rows.grid, {"on_page": "lookup(teams.on_page, key=row)"})
    return Show(LINK, model.say("data.row_link"), LINKED, link_to(rows.cell("on_page")))


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
PAGE = Page("overview", draw, _WIDTHS, titled=False)

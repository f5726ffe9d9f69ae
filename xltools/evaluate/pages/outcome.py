"""效果评估: team × dimension × metric, subtotals, lights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from xltools.evaluate.blocks.canvas import LEFT, Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show, achieved, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.figures.aggregates import Where, count, total, where
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    as_number,
    choose,
    every,
    figure,
    or_dash,
    or_nothing,
    ratio,
    sentence,
)
from xltools.evaluate.figures.value_formats import ATTAINED, MARK, TEAM, UNIT, WORDS, measured
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Style

KEY = ("expansion", "outcome")
_WIDTHS = (212, 58, 92, 92, 92, 62, 120, 40, 72, 120, 240, 40)


class Line(NamedTuple):
    """One line of the page: a metric's row, a dimension's subtotal (``place``) or a team's."""

    team: int
    first: int  # its row on the data sheet; of several the first
    place: int = 0
    metric: bool = False


OfLine = Callable[[Model, Line], Figure]


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, top = canvas.model, canvas.row
    lines = _lines(model, model.grids[KEY])
    _list(canvas, lines)
    for row, line in enumerate(lines, top + 1):
        if not (line.place or line.metric):
            model.places["teams", line.team - 1] = cell_target(canvas.sheet.title, f"B{row}")
    canvas.gap(6)
    canvas.text(model.say("outcome.note"))
    canvas.sheet.view.freeze(top + 1, LEFT + 1)
    canvas.sheet.view.repeat_rows(top, top)


def _lines(model: Model, outcome: Grid) -> list[Line]:
    found: list[Line] = []
    rows, places = model.rows(*KEY), outcome["place"].values
    for team in range(1, len(model.teams) + 1):
        mine = [row for row in outcome["key"].index.get(team, []) if row in rows]
        found += [Line(team, row) for row in mine[:1]]
        for place in sorted({int(places[row] or 0) for row in mine}):
            own = [row for row in mine if places[row] == place]
            found += [Line(team, own[0], place)] if place else []
            found += [Line(team, row, place, metric=True) for row in own]
    return found


def _list(canvas: Canvas, lines: list[Line]) -> None:
    """Team by team, dimension by dimension."""
    model, say, outcome = canvas.model, canvas.model.say, canvas.model.grids[KEY]
    own = [line.first if line.metric else None for line in lines]
    rows = Rows(outcome, own, _settled(model, lines))
    looks = _Looks(lines, rows)
    attainment, lights = attained(model, "attainment", say("outcome.attainment"))
    points = styles.TABLE_NUMBER.but(number=styles.SCORE)

    def column(name: str, style: Style, made: Figure, heads: OfLine | None = None) -> Show:
        """A figure of metrics, and another one of the heads above them."""
        figures = [
            made if line.metric else heads(model, line) if heads else NOTHING for line in lines
        ]
        return Show(name, say(f"outcome.{name}"), looks.of(style), Each(figures))

    def typed(name: str, style: Style) -> Show:
        return column(name, style, or_dash(rows.cell(name)))

    columns = [
        replace(column("metric", TEAM, or_dash(rows.cell("metric")), _title), style=looks.title),
        column("unit", UNIT, or_nothing(rows.cell("unit"))),
        replace(typed("target", UNIT), style=looks.measured("target", styles.TABLE_TARGET)),
        replace(typed("actual", UNIT), style=looks.measured("actual", styles.TABLE_ACTUAL)),
        typed("basis_used", UNIT),
        typed("weight", styles.TABLE_PERCENT.but(number="0%", color=styles.MUTED)),
        replace(
            column("attainment", ATTAINED, or_dash(rows.cell("attainment")), _weighted),
            bars=attainment.bars,
        ),
        replace(lights, style=looks.of(styles.TABLE_LIGHT)),
        column("score", points, _share(rows), _score),
        column("counted", MARK, NOTHING, _standing),
        column("analysis", WORDS, or_nothing(rows.cell("analysis"))),
    ]
    draw_list(canvas, rows, columns, links=[(outcome, line.first) for line in lines])


def _settled(model: Model, lines: list[Line]) -> list[bool]:
    """Metrics on target or not counted, and dimensions that have none but those."""
    cells = Rows(model.grids[KEY], [line.first for line in lines])
    on_target = achieved(model, cells.cell("attainment"))
    uncounted = every(cells.cell("counts").equals(0), cells.cell("lacks").equals(0))
    needed = [
        line.metric and not (on_target.value(row) or uncounted.value(row))
        for row, line in enumerate(lines)
    ]
    heads = {(line.team, line.place) for line, shown in zip(lines, needed, strict=True) if shown}
    return [
        not shown if line.metric else line.place > 0 and (line.team, line.place) not in heads
        for line, shown in zip(lines, needed, strict=True)
    ]


class _Looks:
    """Styles by line: teams stand out, subtotals less, metrics are plain."""

    def __init__(self, lines: list[Line], rows: Rows) -> None:
        self._lines, self._rows = lines, rows

    def of(self, style: Style) -> Callable[[int], Style]:
        """The style, raised on the heads."""
        return lambda index: self._raised(index, style)

    def title(self, index: int) -> Style:
        """The first column, indented by depth."""
        line = self._lines[index]
        indent = 3 if line.metric else 2 if line.place else 1
        return self._raised(index, TEAM.but(indent=indent))

    def measured(self, name: str, style: Style) -> Callable[[int], Style]:
        """As each metric's unit asks."""
        pairs = zip(self._rows.values("unit"), self._rows.values(name), strict=True)
        looks = [measured(style, unit, value) for unit, value in pairs]
        return lambda index: self._raised(index, looks[index])

    def _raised(self, index: int, style: Style) -> Style:
        line = self._lines[index]
        if line.metric:
            return style
        if line.place:
            return style.but(bold=True, fill=styles.CARD, color=styles.NAVY)
        edge = (styles.MEDIUM, styles.NAVY)
        return style.but(bold=True, fill=styles.BAND, color=styles.INK, top=edge)


def _title(model: Model, line: Line) -> Figure:
    names = list(model.choices("expansion", "dimension").values())
    if line.place:
        return figure(names[line.place - 1])
    return model.derived["teams"]["team"].at(line.team - 1)


def _conditions(outcome: Grid, line: Line) -> list[Where]:
    """Which rows a head stands for."""
    mine = [where(outcome["key"], line.team)]
    return [*mine, where(outcome["place"], line.place)] if line.place else mine


def _weighted(model: Model, line: Line) -> Figure:
    """The weighted attainment of a head's rows; ``-`` where none has one."""
    if not line.place:
        return or_dash(model.derived["teams"]["attainment"].at(line.team - 1))
    outcome = model.grids[KEY]
    mine = _conditions(outcome, line)
    weights = total(outcome["weighed"], *mine)
    return or_dash(choose(weights > 0, ratio(total(outcome["attained"], *mine), weights), NOTHING))


def _share(rows: Rows) -> Figure:
    """What a row adds to its team's score."""
    assert rows.grid is not None
    weights = total(rows.grid["weighed"], where(rows.grid["key"], rows.cell("key")))
    share = choose(weights > 0, ratio(rows.cell("points"), weights) * 100, "-")
    return choose(rows.cell("counts").equals(1), share, "-")


def _score(model: Model, line: Line) -> Figure:
    if line.place:
        return NOTHING
    return or_dash(model.derived["teams"]["score"].at(line.team - 1))


def _standing(model: Model, line: Line) -> Figure:
    """Rows counted, of a team with its rank or that it is incomplete."""
    if line.place:
        outcome = model.grids[KEY]
        mine = _conditions(outcome, line)
        counted = count(*mine, where(outcome["counts"], 1))
        return sentence(model.template("outcome.of"), as_number(counted), as_number(count(*mine)))
    teams, row = model.derived["teams"], line.team - 1
    parts = [teams[name].at(row) for name in ("rank", "counted", "rows", "lacking")]
    rank, counted, rows, lacking = parts
    ranked = sentence(model.template("outcome.rank"), as_number(rank), counted, rows)
    lacks = sentence(model.template("outcome.incomplete"), counted, rows)
    return choose(lacking > 0, lacks, choose(rank.equals(""), "-", ranked))


PAGE = Page("outcome", draw, _WIDTHS, (KEY,))

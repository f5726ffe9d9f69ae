"""效果评估: team × dimension × metric, subtotals, lights."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from xltools.evaluate.aggregates import Where, count, total, where
from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.figures import (
    NOTHING,
    Constant,
    Each,
    Figure,
    as_number,
    choose,
    or_dash,
    or_nothing,
    ratio,
    sentence,
)
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import measured
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.evaluate.words import light
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.styles import Style

KEY = ("expansion", "outcome")
_WIDTHS = (212, 58, 92, 92, 92, 62, 120, 36, 72, 120, 240, 40)
_ANALYSIS = _WIDTHS[10]


class Line(NamedTuple):
    """One line of the page: a metric's row, a dimension's subtotal (row None) or a team's."""

    team: int
    place: int = 0
    row: int | None = None


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    outcome = model.grids[KEY]
    lines = _lines(model, outcome)
    listing = Listing(canvas, len(lines))
    _columns(model, outcome, lines, listing)
    analysis = outcome["analysis"].values if "analysis" in outcome else []
    heights = [
        row_pixels([(str(analysis[line.row] or ""), _ANALYSIS)], size=9, minimum=24)
        if line.row is not None and analysis
        else 26
        for line in lines
    ]
    listing.write(heights=heights)
    listing.lights("light")
    listing.bars("attainment")
    canvas.gap(6)
    canvas.text(model.say("outcome.note"))
    sheet, top = canvas.sheet, listing.grid.first_row - 1
    sheet.view.freeze(top + 1, LEFT + 1)
    sheet.view.repeat_rows(top, top)


def _lines(model: Model, outcome: Grid) -> list[Line]:
    found: list[Line] = []
    rows = model.rows(*KEY)
    for team in range(1, len(model.teams) + 1):
        mine = [row for row in outcome["key"].index.get(team, []) if row in rows]
        if not mine:
            continue
        found.append(Line(team))
        places = outcome["place"].values
        for place in dict.fromkeys(sorted(int(places[row] or 0) for row in mine)):
            found.append(Line(team, place))
            found += [Line(team, place, row) for row in mine if places[row] == place]
    return found


def _columns(model: Model, outcome: Grid, lines: list[Line], listing: Listing) -> None:
    say, teams = model.say, model.derived["teams"]
    rows = [line.row for line in lines]
    look = _Looks(lines, outcome)

    def mixed(
        metric: Figure, part: Callable[[Line], Figure], team: Callable[[Line], Figure]
    ) -> Figure:
        return Each(
            [
                metric if line.row is not None else part(line) if line.place else team(line)
                for line in lines
            ]
        )

    def nothing(_line: Line) -> Figure:
        return NOTHING

    def cell(name: str) -> Figure:
        return or_dash(outcome[name].rows(rows))

    names = list(model.choices("expansion", "dimension").values())
    listing.add(
        "name",
        say("outcome.metric"),
        mixed(
            cell("metric"),
            lambda line: Constant(names[line.place - 1]),
            lambda line: teams["team"].at(line.team - 1),
        ),
        style_of=look.name,
    )
    listing.add(
        "unit",
        say("outcome.unit"),
        mixed(or_nothing(outcome["unit"].rows(rows)), nothing, nothing),
        style_of=look.of(styles.TABLE_CENTER.but(color=styles.MUTED)),
    )
    listing.add(
        "target",
        say("outcome.target"),
        mixed(cell("target"), nothing, nothing),
        style_of=look.value("target", styles.TABLE_TARGET),
    )
    listing.add(
        "actual",
        say("outcome.actual"),
        mixed(cell("actual"), nothing, nothing),
        style_of=look.value("actual", styles.TABLE_ACTUAL),
    )
    listing.add(
        "basis",
        say("outcome.basis"),
        mixed(cell("basis_used"), nothing, nothing),
        style_of=look.of(styles.TABLE_CENTER.but(color=styles.MUTED, size=9)),
    )
    listing.add(
        "weight",
        say("outcome.weight"),
        mixed(cell("weight"), nothing, nothing),
        style_of=look.of(styles.TABLE_PERCENT.but(number="0%", color=styles.MUTED)),
    )
    attainment = listing.add(
        "attainment",
        say("outcome.attainment"),
        mixed(
            cell("attainment"),
            lambda line: or_dash(_weighted(outcome, *_part(outcome, line))),
            lambda line: or_dash(_weighted(outcome, where(outcome["key"], line.team))),
        ),
        style_of=look.of(styles.TABLE_PERCENT.but(indent=0)),
    ).here
    listing.add("light", "", light(model, attainment), style_of=look.of(styles.TABLE_LIGHT))
    scored = choose(outcome["counts"].rows(rows).equals(1), _share(outcome, rows), "-")
    listing.add(
        "score",
        say("outcome.score"),
        mixed(scored, nothing, lambda line: or_dash(teams["score"].at(line.team - 1))),
        style_of=look.of(styles.TABLE_NUMBER.but(number=styles.SCORE)),
    )
    listing.add(
        "counted",
        say("outcome.counted"),
        mixed(
            NOTHING,
            lambda line: _counted(model, *_part(outcome, line), outcome=outcome),
            lambda line: _standing(model, teams, line.team - 1),
        ),
        style_of=look.of(styles.TABLE_CENTER.but(size=9)),
    )
    listing.add(
        "analysis",
        say("outcome.analysis"),
        mixed(or_nothing(outcome["analysis"].rows(rows)), nothing, nothing),
        style_of=look.of(styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)),
    )
    listing.link(outcome, rows)
    listing.row_styles["link"] = look.of(styles.TABLE_CENTER.but(color=styles.BLUE))


def _part(outcome: Grid, line: Line) -> tuple[Where, Where]:
    return where(outcome["key"], line.team), where(outcome["place"], line.place)


def _weighted(outcome: Grid, *conditions: Where) -> Figure:
    """The weighted attainment of some rows; nothing where none has one."""
    weights = total(outcome["weighed"], *conditions)
    return choose(weights > 0, ratio(total(outcome["attained"], *conditions), weights), NOTHING)


def _share(outcome: Grid, rows: list[int | None]) -> Figure:
    """What a row adds to its team's score."""
    weights = total(outcome["weighed"], where(outcome["key"], outcome["key"].rows(rows)))
    points = outcome["points"].rows(rows)
    return choose(weights > 0, ratio(points, weights) * 100, "-")


def _counted(model: Model, *conditions: Where, outcome: Grid) -> Figure:
    counted = count(*conditions, where(outcome["counts"], 1))
    return sentence(model.template("outcome.of"), as_number(counted), as_number(count(*conditions)))


def _standing(model: Model, teams: Grid, row: int) -> Figure:
    """Rank and counted rows of a team, or that it is incomplete."""
    parts = [teams[name].at(row) for name in ("rank", "counted", "rows", "lacking")]
    rank, counted, rows, lacking = parts
    ranked = sentence(model.template("outcome.rank"), as_number(rank), counted, rows)
    lacks = sentence(model.template("outcome.incomplete"), counted, rows)
    return choose(lacking > 0, lacks, choose(rank.equals(""), "-", ranked))


class _Looks:
    """Styles by line: teams stand out, subtotals less, metrics are plain."""

    def __init__(self, lines: list[Line], outcome: Grid) -> None:
        self._lines = lines
        self._outcome = outcome

    def name(self, index: int) -> Style:
        line = self._lines[index]
        if line.row is not None:
            return styles.TABLE_FIRST.but(indent=3)
        return self._raised(line, styles.TABLE_FIRST.but(indent=2 if line.place else 1))

    def of(self, style: Style) -> Callable[[int], Style]:
        return lambda index: self._raised(self._lines[index], style)

    def value(self, name: str, style: Style) -> Callable[[int], Style]:
        def styled(index: int) -> Style:
            row = self._lines[index].row
            if row is None:
                return self._raised(self._lines[index], style)
            return measured(
                style, self._outcome["unit"].values[row], self._outcome[name].values[row]
            )

        return styled

    def _raised(self, line: Line, style: Style) -> Style:
        if line.row is not None:
            return style
        if line.place:
            return style.but(bold=True, fill=styles.CARD, color=styles.NAVY)
        return style.but(
            bold=True, fill=styles.BAND, color=styles.INK, top=(styles.MEDIUM, styles.NAVY)
        )


PAGE = Page("outcome", draw, _WIDTHS, (KEY,))

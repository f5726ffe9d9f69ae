"""The printed report behind its first pages: of each topic one block, what needs eyes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.blocks.list_columns import Rows, Show, achieved, attained
from xltools.evaluate.blocks.list_table import draw_list
from xltools.evaluate.facts.breakdown import KEY as BREAKDOWN
from xltools.evaluate.facts.diagnosis import KEY as DIAGNOSIS
from xltools.evaluate.facts.outcome import KEY as OUTCOME
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import choose, is_number
from xltools.evaluate.figures.value_formats import (
    GROWTH,
    MARK,
    STATE,
    TEAM,
    UNIT,
    WORDS,
    amount_format,
)
from xltools.evaluate.pages.alerts import state_looks
from xltools.evaluate.pages.goals import REVIEW
from xltools.evaluate.pages.page import Page
from xltools.evaluate.pages.stages import KEY as STAGES
from xltools.evaluate.quarter_model import Model, SheetKey
from xltools.excel import styles
from xltools.excel.styles import Emphasis, Style

COLUMNS = (20,) * 72  # narrow ones, on which every block has its own
_TALLEST = 0.44  # of a printed page, so that two blocks have room on each
_GAP = 14
_HEADING = 28  # of the block itself, below that of its page
_NUMBER, _SHARE, _SIGN = 90, 110, 36  # pixels of columns
_TEAM = ("team", 190, TEAM)
_NUMBERS = (("target", styles.TABLE_TARGET), ("actual", styles.TABLE_ACTUAL))


class Listed(NamedTuple):
    """A block before it is drawn: its lines, and its columns with their pixels."""

    rows: Rows
    columns: Sequence[tuple[int, Show]]


def draw(canvas: Canvas, pages: Sequence[Page]) -> None:
    """The block of every page that has one; a page of paper begins where a block has no room."""
    one_page, used = canvas.one_page, canvas.height(1, canvas.row)
    breaks: list[int] = []
    for page in pages:
        top = canvas.row
        _block(canvas, page, one_page * _TALLEST)
        height = canvas.height(top, canvas.row)
        if used + height > one_page:
            breaks.append(top)
            used = 0.0
        used += height
    canvas.finish(breaks)


def _block(canvas: Canvas, page: Page, room: float) -> None:
    """The first block of a declared page, or the list that stands for a page of ours."""
    model = canvas.model
    if page.declared:
        part = canvas.part(page.declared.widths(), room - _HEADING)
        page.declared.draw_first(part)
    elif listed := _LISTED[page.name](model) if page.name in _LISTED else None:
        part = canvas.part([width for width, _ in listed.columns], room)
        part.section(model.titles[page.name], note=model.say(f"{page.name}.about"))
        draw_list(part, listed.rows, [show for _, show in listed.columns])
    else:
        return
    canvas.row = part.row
    canvas.gap(_GAP)


def _lowest(model: Model, grid: Grid, key: SheetKey, name: str = "attainment") -> Rows:
    """This quarter's rows, the lowest attainment first; what is on target is settled."""
    values = grid[name].values
    known = [row for row in model.rows(*key) if is_number(values[row])]
    known.sort(key=lambda row: float(values[row] or 0))
    rows = Rows(grid, known)
    return rows.open_first(achieved(model, rows.cell(name)))


def _measured(model: Model, grid: Grid, name: str = "attainment") -> list[tuple[int, Show]]:
    """Unit, target, actual, attainment and its light."""
    share, light = attained(model, name, grid[name].label)
    return [
        *_columns(grid, ("unit", 56, UNIT)),
        *((_NUMBER, _by_unit(grid, *one)) for one in _NUMBERS if one[0] in grid),
        (_SHARE, share),
        (_SIGN, light),
    ]


def _by_unit(grid: Grid, name: str, style: Style) -> Show:
    return Show(name, grid[name].label, style, by_unit=True)


def _columns(grid: Grid, *wanted: tuple[str, int, Style]) -> list[tuple[int, Show]]:
    """Columns of a data sheet under their own labels, those that it has."""
    return [
        (width, Show(name, grid[name].label, style, quiet=True))
        for name, width, style in wanted
        if name in grid
    ]


def _outcome(model: Model) -> Listed | None:
    grid = model.grids[OUTCOME]
    return Listed(
        _lowest(model, grid, OUTCOME),
        [
            *_columns(grid, _TEAM, ("dimension", 130, WORDS), ("metric", 170, TEAM)),
            *_measured(model, grid),
            *_columns(grid, ("analysis", 330, WORDS)),
        ],
    )


def _goals(model: Model) -> Listed | None:
    """Reviewed goals below their target, with what comes next."""
    grid = model.grid(*REVIEW)
    if grid is None:
        return None
    return Listed(
        _lowest(model, grid, REVIEW),
        [
            *_columns(grid, _TEAM, ("goal", 240, TEAM)),
            *_measured(model, grid),
            *_columns(grid, ("owner", 90, WORDS), ("next_action", 330, WORDS)),
        ],
    )


def _alerts(model: Model) -> Listed | None:
    grid, looks = model.derived["states"], state_looks(model)
    order = grid["order"].values
    urgent = sorted(range(grid.count), key=lambda row: float(order[row] or 0))
    listed = Rows(grid, urgent)
    rows = listed.open_first(listed.cell("order").equals(""))
    due, percent = model.say("alerts.answer_due"), styles.TABLE_PERCENT.but(number="0%")
    answer = choose(rows.cell("unanswered").equals(1), due, "")
    return Listed(
        rows,
        [
            *_columns(grid, _TEAM, ("task", 330, TEAM), ("owner", 90, WORDS)),
            *_columns(grid, ("due", 96, styles.TABLE_DATE), ("actual", 76, percent)),
            (90, Show("state", model.say("alerts.state"), STATE, looks=looks)),
            *_columns(grid, ("days", 60, styles.TABLE_NUMBER), ("countermeasure", 280, WORDS)),
            (
                116,
                Show(
                    "unanswered",
                    model.say("alerts.unanswered"),
                    MARK,
                    answer,
                    looks={due: styles.ALERT},
                ),
            ),
        ],
    )


def _stages(model: Model) -> Listed | None:
    grid = model.grids[STAGES]
    growths = ("last_quarter_growth", "last_year_growth")
    return Listed(
        _lowest(model, grid, STAGES),
        [
            *_columns(grid, _TEAM, ("metric", 170, TEAM)),
            *_measured(model, grid),
            (_NUMBER, _by_unit(grid, "last_quarter", styles.TABLE_TARGET)),
            *_columns(grid, *((name, _NUMBER, GROWTH) for name in growths)),
        ],
    )


def _channels(model: Model) -> Listed | None:
    grid = model.derived.get("channel_totals")
    if grid is None:
        return None
    say, number, share = model.say, styles.TABLE_NUMBER, styles.TABLE_PERCENT

    def measure(name: str) -> tuple[int, Show]:
        style = number.but(number=amount_format(grid[name].values))
        return 110, Show(name, say(f"channels.{name}"), style)

    colors = {"more": styles.GREEN, "cut": styles.RED, "keep": styles.MUTED}
    looks = {
        model.choice("plan", "decision", name): Emphasis(color=color, bold=True)
        for name, color in colors.items()
    }
    return Listed(
        Rows.all(grid),
        [
            *_columns(grid, ("channel", 190, TEAM)),
            *map(measure, ("spend", "leads", "customers", "revenue")),
            *_columns(grid, ("conversion", 90, share)),
            (150, Show("acquisition_cost", say("channels.acquisition_cost"), number)),
            *_columns(grid, ("return", 90, styles.TABLE_RATIO)),
            (100, Show("decision", grid["decision"].label, MARK, looks=looks)),
        ],
    )


def _traceback(model: Model) -> Listed | None:
    grid = model.derived.get("drivers")
    if grid is None:
        return None
    rows, share = Rows.all(grid), styles.TABLE_PERCENT
    return Listed(
        rows.open_first(rows.cell("low").equals(0)),
        [
            *_columns(grid, _TEAM, ("metric", 150, TEAM), ("attainment", _SHARE, share)),
            *_columns(grid, ("process", 170, TEAM), ("process_attainment", _SHARE, share)),
            *_columns(grid, ("cause", 280, WORDS), ("action", 280, WORDS)),
        ],
    )


def _breakdown(model: Model) -> Listed | None:
    grid = model.grid(*BREAKDOWN)
    if grid is None:
        return None
    share, light = attained(model, "ytd_attainment", grid["ytd_attainment"].label)
    names = ("annual_target", "ytd_target", "ytd_actual")
    return Listed(
        _lowest(model, grid, BREAKDOWN, "ytd_attainment"),
        [
            *_columns(grid, _TEAM, ("code", 110, WORDS), ("metric", 170, TEAM)),
            *_columns(grid, ("unit", 56, UNIT)),
            *((_NUMBER, _by_unit(grid, name, styles.TABLE_NUMBER)) for name in names),
            (_SHARE, share),
            (_SIGN, light),
            *_columns(grid, ("owner", 90, WORDS)),
        ],
    )


def _diagnosis(model: Model) -> Listed | None:
    grid = model.grid(*DIAGNOSIS)
    if grid is None:
        return None
    scores = grid["score"].values
    lowest = sorted(model.rows(*DIAGNOSIS), key=lambda row: float(scores[row] or 0))
    listed = Rows(grid, lowest)
    return Listed(
        listed.open_first(listed.cell("score") > model.parameter("score_floor")),
        [
            *_columns(grid, _TEAM, ("dimension", 110, WORDS), ("item", 190, TEAM)),
            *_columns(grid, ("score", 70, styles.TABLE_NUMBER.but(bold=True))),
            *_columns(grid, ("evidence", 280, WORDS), ("improvement", 280, WORDS)),
        ],
    )


_LISTED: Mapping[str, Callable[[Model], Listed | None]] = {
    "outcome": _outcome,
    "goals": _goals,
    "alerts": _alerts,
    "stages": _stages,
    "channels": _channels,
    "traceback": _traceback,
    "breakdown": _breakdown,
    "diagnosis": _diagnosis,
}

"""What the first page says in a sentence and a few lines: who moved, what is low, late, decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from xltools.evaluate.facts.channels import TOTALS
from xltools.evaluate.facts.number_keys import add, put
from xltools.evaluate.figures.aggregates import Found, Nth, Where, count, where
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Figure,
    choose,
    every,
    known,
    largest,
    present,
    round_to,
)
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER, SCORE

REVIEW = ("goals", "review")
_CHANGE = BULK_NUMBER.but(number=SCORE)
_LOW, _LATE, _CHANNELS, _ACTIONS = 5, 5, 5, 4  # lines on the first page
_NO_DRIVER = 1_000_000  # behind every attainment


def derive(model: Model) -> None:
    """Add the order of what the first page names, and the rows that it shows."""
    teams = model.derived["teams"]
    if not teams.count:
        return
    _movers(model, teams)
    _low_results(model)
    _late_teams(model)
    _channels(model)
    _actions(model)


def _movers(model: Model, teams: Grid) -> None:
    """Add each team's place by the change of its score, from the best and from the worst."""
    now, before = teams["ranked"].here, teams["before"].here
    change = choose(every(known(now), known(before)), round_to(now - before, 6), NOTHING)
    change = add(model, teams, "change", change, _CHANGE)
    add(model, teams, "riser", _place(model, teams, "change", change, ">"))
    add(model, teams, "faller", _place(model, teams, "change", change, "<"))


def _low_results(model: Model) -> None:
    """Results below the floor, the lowest first, each with the process metric that is worst."""
    drivers = model.derived.get("drivers")
    if drivers is None:
        return
    own = drivers["process_attainment"].here
    driving = add(model, drivers, "driving", choose(known(own), own, _NO_DRIVER))
    same = where(drivers["number"], drivers["number"].here)
    worst = _place(model, drivers, "driving", driving, "<", same).equals(1)
    attained = drivers["attainment"].here
    shown = choose(every(drivers["low"].here.equals(1), worst), attained, NOTHING)
    shown = add(model, drivers, "low_by", shown)
    add(model, drivers, "low_order", _place(model, drivers, "low_by", shown, "<"))
    names = ("team", "metric", "attainment", "process", "process_attainment")
    _first(model, "low_results", drivers, "low_order", _LOW, names)


def _late_teams(model: Model) -> None:
    """Teams by their overdue tasks."""
    lineup = model.derived.get("lineup")
    if lineup is None or "overdue" not in lineup:
        return
    late = lineup["overdue"].here
    late = add(model, lineup, "late_by", choose(late > 0, late, NOTHING))
    add(model, lineup, "late_order", _place(model, lineup, "late_by", late, ">"))
    names = ("team", "overdue", "seriously_behind", "unanswered")
    _first(model, "late_teams", lineup, "late_order", _LATE, names)


def _channels(model: Model) -> None:
    """Channels of all teams: those first whose return is farthest from that of all channels."""
    totals = model.derived.get(TOTALS)
    if totals is None:
        return
    back, base = totals["return"].here, totals["baseline"].here
    away = back - base
    apart = round_to(largest(away, away * -1), 6)
    apart = choose(every(known(back), known(base)), apart, NOTHING)
    away = add(model, totals, "return_apart", apart, BULK_NUMBER)
    add(model, totals, "return_order", _place(model, totals, "return_apart", away, ">"))
    names = ("channel", "spend", "revenue", "return", "decision")
    _first(model, "best_channels", totals, "return_order", _CHANNELS, names)


def _actions(model: Model) -> None:
    """Actions that this quarter's reviews decided, those of the lowest attainments first."""
    review = model.grid(*REVIEW)
    if review is None:
        return
    attained, key = review["attainment"].here, review["key"].here
    decided = every(present(review["next_action"].here), known(attained), key < EARLIER)
    by = add(model, review, "action_by", choose(decided, attained, NOTHING))
    add(model, review, "action_order", _place(model, review, "action_by", by, "<"))
    names = ("team", "next_action", "owner", "due", "attainment")
    _first(model, "decided", review, "action_order", _ACTIONS, names)


def _place(
    model: Model, grid: Grid, name: str, value: Figure, before: Literal["<", ">"], *among: Where
) -> Figure:
    """The place of a row by a column, of equals the upper first; nothing where it has no number."""
    if "line" not in grid:
        put(model, grid, "line", list(range(1, grid.count + 1)))
    ahead = count(*among, where(grid[name], value, before))
    equal = count(*among, where(grid[name], value), where(grid["line"], grid["line"].here, "<="))
    return choose(known(value), ahead + equal, NOTHING)


def _first(
    model: Model, name: str, source: Grid, order: str, most: int, columns: Sequence[str]
) -> None:
    """Open a grid of the first rows of a live order, some of their columns each.

    Lines are blank where an edit of the workbook leaves fewer rows.
    """
    lines = min(most, source.count)
    grid = model.open(name, lines)
    place = put(model, grid, "place", list(range(1, lines + 1))).here
    row = add(model, grid, "row", Found(place, source[order]))
    for column in columns:
        add(model, grid, column, Nth(source[column], row), source[column].style or BULK_NUMBER)

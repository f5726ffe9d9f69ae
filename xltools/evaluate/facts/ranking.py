"""What the Overview's ranking and charts read: teams in their live order."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, number_rows, order_text, put
from xltools.evaluate.facts.outcome import north_star
from xltools.evaluate.facts.teams import due
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Figure,
    as_percent,
    choose,
    figure,
    sentence,
)
from xltools.evaluate.grid_expressions import compute, stated
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT, SCORE

SHOWN, LAST = 10, 4  # ranked teams on the Overview, and how many of them from the end
_FROM_TEAMS = (
    "team", "score", "rank", "counted", "rows", "lacking", "goals", "change", "overall",
    "star_target", "star_actual",
)  # fmt: skip
# Who rose and who fell most since the quarter before.
_MOVED = {
    "riser": order_text("change", line="key"),
    "faller": order_text("change", rising=True, line="key"),
}
_LATE = {
    "overdue": "count(states.key, key=row, severity=4)",
    "seriously_behind": "count(states.key, key=row, severity=3)",
    "behind": "count(states.key, key=row, severity=2)",
    "unanswered": "count(states.key, key=row, unanswered=1)",
}


def derive(model: Model) -> None:
    """The grids of the ranking, and of all teams in their order, where some team has figures."""
    teams = model.derived["teams"]
    everyone = teams["has"].values.count(1)
    if not everyone:
        return
    compute(model, teams, {"change": "ranked - before"}, BULK_NUMBER.but(number=SCORE))
    compute(model, teams, _MOVED)
    _star(model, teams)
    ranked = len(teams["ranked"].numbers)
    shown = min(ranked or everyone, SHOWN)
    # Of more teams than fit the first ranked ones, and behind them the last ranked.
    tail = f"count(teams.ranked) - {shown} + line"
    place = f"line if line <= {shown - LAST} else {tail}" if ranked > shown else "line"
    _teams(model, "board", shown, place)
    _drawn(model)
    lineup = _teams(model, "lineup", everyone, "line")
    if "states" in model.derived:
        compute(model, lineup, _LATE)


def _teams(model: Model, name: str, lines: int, place: str) -> Grid:
    """Open a grid of the teams at these places of the live order."""
    teams = model.derived["teams"]
    grid = model.open(name, lines)
    number_rows(model, grid)
    compute(model, grid, {"place": place, "row": "lookup(teams.key, order=place)"})
    for column in _FROM_TEAMS:
        text = f"lookup(teams.{column}, key=row)"
        compute(model, grid, {column: text}, teams[column].style or BULK_NUMBER)
    compute(model, grid, {"star_share": "ratio(star_actual, star_target)"}, BULK_PERCENT)
    team, shown = grid["team"].here, "star_share" if has_star(teams) else "overall"
    words = sentence("{0}  {1}", team, as_percent(grid[shown].here, 0))
    there = stated(model, grid, f"0 if blank({shown}) else 1")
    add(model, grid, "label", choose(there, words, team))
    add(model, grid, "standing", _standing(model, grid))
    return grid


def _standing(model: Model, grid: Grid) -> Figure:
    """How many metrics count; why a team is not ranked."""
    counted = grid["counted"].here, grid["rows"].here
    words = {
        "lacking > 0": sentence(model.template("overview.incomplete"), *counted),
        "rows > 0": sentence(model.template("overview.of"), *counted),
        "not blank(goals)": figure(model.say("overview.goals_only")),
    }
    told: Figure = NOTHING
    for test, said in reversed(words.items()):
        told = choose(stated(model, grid, f"1 if {test} else 0"), said, told)
    return told


def has_star(grid: Grid) -> bool:
    """Whether some team has a target of the main metric."""
    return any(value != "" for value in grid["star_target"].values)


def _drawn(model: Model) -> None:
    """Open a grid of the board's teams that have what the chart shows, where some have not."""
    board = model.derived["board"]
    name = "star_target" if has_star(board) else "overall"
    there = len(board[name].numbers)
    if not 0 < there < board.count:
        return
    upto = f"count({name}, place=at_most(place)) if not blank({name}) else None"
    compute(model, board, {"drawn": upto})
    _teams(model, "drawn", there, "lookup(board.place, drawn=line)")


def _star(model: Model, teams: Grid) -> None:
    """Target and actual of the main metric by team, over rows that have an attainment."""
    outcome = model.grid("expansion", "outcome")
    for name in ("target", "actual"):
        text = f"total(expansion_outcome.{name}, key=key, star=1, counts=1)"
        made = text if north_star(model) else "None"
        compute(model, teams, {f"star_{name}": made}, BULK_NUMBER)
    put(model, teams, "star_due", due(model, "expansion", outcome, "star"))

"""What the Overview's ranking and charts read: teams in their live order."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.facts.number_keys import add, put
from xltools.evaluate.facts.outcome import north_star
from xltools.evaluate.facts.tasks import labels
from xltools.evaluate.facts.teams import due
from xltools.evaluate.figures.aggregates import (
    Found,
    Nth,
    count,
    how_many,
    numeric,
    total,
    where,
    where_text,
)
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    as_percent,
    choose,
    figure,
    known,
    ratio,
    sentence,
)
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT

SHOWN, LAST = 10, 4  # ranked teams on the Overview, and how many of them from the end
_FROM_TEAMS = (
    "team", "score", "rank", "counted", "rows", "lacking", "goals", "before", "overall",
    "star_target", "star_actual",
)  # fmt: skip


def derive(model: Model) -> None:
    """The grids of the ranking, and of all teams in their order."""
    teams = model.derived["teams"]
    if not teams.count:
        return
    _star(model, teams)
    ranked, everyone = len(teams["ranked"].numbers), teams["has"].values.count(1)
    shown = max(1, min(ranked or everyone, SHOWN))
    _teams(model, "board", _places(teams, shown, ranked))
    _drawn(model)
    if everyone:
        _teams(model, "lineup", [figure(place) for place in range(1, everyone + 1)])
        _late(model)


def _late(model: Model) -> None:
    """Tasks of each team by the states that need somebody."""
    states, lineup = model.derived.get("states"), model.derived["lineup"]
    if states is None:
        return
    words, mine = labels(model), where(states["key"], lineup["row"].here)
    for name in ("overdue", "seriously_behind", "behind"):
        add(model, lineup, name, count(mine, where_text(states["state"], words[name])))
    add(model, lineup, "unanswered", count(mine, where(states["unanswered"], 1)))


def _teams(model: Model, name: str, places: Sequence[Figure]) -> None:
    """Open a grid of the teams at these places of the live order."""
    teams = model.derived["teams"]
    grid = model.open(name, len(places))
    row = add(model, grid, "row", Found(add(model, grid, "place", Each(places)), teams["order"]))
    for column in _FROM_TEAMS:
        add(model, grid, column, Nth(teams[column], row), teams[column].style or BULK_NUMBER)
    team, target, actual = (grid[one].here for one in ("team", "star_target", "star_actual"))
    share = add(model, grid, "star_share", ratio(actual, target), BULK_PERCENT)
    shown = share if has_star(teams) else grid["overall"].here
    words = choose(known(shown), sentence("{0}  {1}", team, as_percent(shown, 0)), team)
    add(model, grid, "label", words)


def has_star(grid: Grid) -> bool:
    """Whether some team has a target of the main metric."""
    return any(value != "" for value in grid["star_target"].values)


def _drawn(model: Model) -> None:
    """Open a grid of the board's teams that have what the chart shows, where some have not."""
    board = model.derived["board"]
    measure = board["star_target" if has_star(board) else "overall"]
    there = len(measure.numbers)
    if not 0 < there < board.count:
        return
    upto = count(numeric(measure), where(board["place"], board["place"].here, "<="))
    add(model, board, "drawn", choose(known(measure.here), upto, NOTHING))
    places = [Nth(board["place"], Found(figure(n), board["drawn"])) for n in range(1, there + 1)]
    _teams(model, "drawn", places)


def _places(teams: Grid, shown: int, ranked: int) -> list[Figure]:
    """The first ranked teams, and where there are more than fit, behind them the last ranked."""
    if ranked <= shown:
        return [figure(number) for number in range(1, shown + 1)]
    tail = [how_many(teams["ranked"]) - behind for behind in reversed(range(LAST))]
    return [figure(number) for number in range(1, shown - LAST + 1)] + tail


def _star(model: Model, teams: Grid) -> None:
    """Target and actual of the main metric by team, over rows that have an attainment."""
    outcome = model.grid("expansion", "outcome")
    for name in ("target", "actual"):
        made: Figure = NOTHING
        if outcome is not None and north_star(model):
            mine = (
                where(outcome["key"], teams["key"].here),
                where(outcome["star"], 1),
                where(outcome["counts"], 1),
            )
            made = choose(count(*mine) > 0, total(outcome[name], *mine), NOTHING)
        label = model.say(f"data.star_{name}")
        teams.add(f"star_{name}", made, Look(label, BULK_NUMBER, 84))
    put(model, teams, "star_due", due(model, "expansion", outcome, "star"))

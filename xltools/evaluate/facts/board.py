"""What the Overview's ranking and charts read: teams in live order, months of the main metric."""

from __future__ import annotations

from xltools.evaluate.aggregates import Found, Nth, count, total, where
from xltools.evaluate.facts.keys import add, put
from xltools.evaluate.facts.outcome import north_star
from xltools.evaluate.figures import (
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
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import HELPER
from xltools.evaluate.model import EARLIER, Model
from xltools.evaluate.rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT
from xltools.folding import fold

SHOWN, LAST = 10, 4  # teams on the Overview, and how many of them from the end
_RISKS = 8  # urgent tasks on the Overview, or as many as teams
_QUARTERS = 3  # quarters before this one in the trend
_FROM_TEAMS = ("team", "score", "rank", "counted", "rows", "lacking", "goals", "before")


def derive(model: Model) -> None:
    """The grids of the ranking and of the months."""
    teams = model.derived["teams"]
    _star(model, teams)
    shown = max(1, min(teams["has"].values.count(1), SHOWN))
    grid = Grid(model.titles["board"], FIRST_ROW, shown, "board")
    model.derived["board"] = grid
    place = add(model, grid, "place", _places(teams, shown))
    row = add(model, grid, "row", Found(place, teams["order"]))
    for name in (*_FROM_TEAMS, "star_target", "star_actual"):
        add(model, grid, name, Nth(teams[name], row), BULK_NUMBER)
    team, target, actual, score = (
        grid[name].here for name in ("team", "star_target", "star_actual", "score")
    )
    share = add(model, grid, "attainment", ratio(actual, target), BULK_PERCENT)
    whole = choose(known(score), ratio(score, figure(100)), grid["goals"].here)
    overall = add(model, grid, "overall", whole, BULK_PERCENT)
    starred = any(value != "" for value in teams["star_target"].values)
    shown_share = share if starred else overall
    add(
        model,
        grid,
        "label",
        choose(known(shown_share), sentence("{0}  {1}", team, as_percent(shown_share, 0)), team),
    )
    _months(model)
    _urgent(model, shown)


def _places(teams: Grid, shown: int) -> Figure:
    """The first teams, and where there are more than fit, behind them the last ones."""
    if teams["has"].values.count(1) <= shown:
        return Each([figure(number) for number in range(1, shown + 1)])
    everyone = total(teams["has"])
    tail = [everyone - behind for behind in reversed(range(LAST))]
    return Each([figure(number) for number in range(1, shown - LAST + 1)] + tail)


def _urgent(model: Model, shown: int) -> None:
    """The most urgent tasks in their live order."""
    states = model.derived.get("states")
    if states is None:
        return
    grid = Grid(model.titles["urgent"], FIRST_ROW, min(states.count, max(shown, _RISKS)), "urgent")
    model.derived["urgent"] = grid
    place = put(model, grid, "place", list(range(1, grid.count + 1))).here
    row = add(model, grid, "row", Found(place, states["order"]))
    for source, name in (
        ("shown", "state"),
        ("team", "team"),
        ("task", "task"),
        ("owner", "owner"),
        ("days", "days"),
    ):
        add(model, grid, name, Nth(states[source], row))


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
        teams.add(f"star_{name}", made, label=label, style=BULK_NUMBER, width=84)


def _months(model: Model) -> None:
    """Target and actual of the main metric by month, earlier quarters first."""
    stages = model.grid("expansion", "stages")
    words = {fold(name) for name in north_star(model)}
    if stages is None or not words or model.period is None:
        return
    star = [int(fold(str(metric)) in words) for metric in stages["metric"].values]
    stages.put("star", star, label=model.say("data.star"), style=HELPER, width=60)
    if not any(star[row] for row in model.rows("expansion", "stages")):
        return
    shifts = [(quarters, model.earlier_key(quarters)) for quarters in range(_QUARTERS, 0, -1)]
    shown = [(quarters, shift) for quarters, shift in shifts if shift is not None] + [(0, 0)]
    places = [(quarters, shift, month) for quarters, shift in shown for month in (1, 2, 3)]
    grid = Grid(model.titles["months"], FIRST_ROW, len(places), "months")
    model.derived["months"] = grid
    put(model, grid, "month", [_month(model, quarters, month) for quarters, _, month in places])
    first = put(model, grid, "first_key", [shift for _, shift, _ in places]).here
    number = put(model, grid, "number", [month for _, _, month in places]).here
    mine = (
        where(stages["star"], 1),
        where(stages["key"], first, ">"),
        where(stages["key"], first + EARLIER, "<"),
    )
    for name in ("target", "actual"):
        made: Figure = NOTHING
        for month in (3, 2, 1):
            column = stages[f"{name}_{month}"]
            has = count(*mine, where(column, 0, ">=")) > 0
            made = choose(number.equals(month), choose(has, total(column, *mine), ""), made)
        value = add(model, grid, name, made, BULK_NUMBER)
        # Whose quarter's months so far: the running sum starts anew with every quarter.
        so_far = (where(grid["first_key"], first), where(grid["number"], number, "<="))
        running = choose(known(value), total(grid[name], *so_far), "")
        add(model, grid, f"{name}_to_date", running, BULK_NUMBER)


def _month(model: Model, quarters: int, month: int) -> str:
    assert model.period is not None
    quarter = model.period.shift(-quarters)
    return model.say("month", year=quarter.year, month=quarter.months[month - 1])

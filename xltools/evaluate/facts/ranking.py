"""What the Overview's ranking and charts read: teams in live order, months of the main metric."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.facts.number_keys import add, put
from xltools.evaluate.facts.outcome import north_star
from xltools.evaluate.facts.tasks import labels
from xltools.evaluate.facts.teams import due
from xltools.evaluate.figures.aggregates import (
    Found,
    Nth,
    Where,
    count,
    how_many,
    numeric,
    total,
    where,
    where_text,
)
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    LINE_BREAK,
    NOTHING,
    Each,
    Figure,
    as_number,
    as_percent,
    choose,
    every,
    figure,
    known,
    ratio,
    sentence,
)
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.evaluate.submitted_rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT
from xltools.ground.folding import fold

SHOWN, LAST = 10, 4  # ranked teams on the Overview, and how many of them from the end
_QUARTERS = 3  # quarters before this one in the trend
_FROM_TEAMS = (
    "team", "score", "rank", "counted", "rows", "lacking", "goals", "before", "attainment",
    "star_target", "star_actual",
)  # fmt: skip


def derive(model: Model) -> None:
    """The grids of the ranking, of all teams in their order, and of the months."""
    teams = model.derived["teams"]
    if not teams.count:
        return
    _star(model, teams)
    ranked, everyone = len(teams["ranked"].numbers), teams["has"].values.count(1)
    shown = max(1, min(ranked or everyone, SHOWN))
    _teams(model, "board", _places(teams, shown, ranked))
    _drawn(model)
    _months(model)
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
    """The teams at these places of the live order."""
    teams = model.derived["teams"]
    grid = Grid(model.titles[name], FIRST_ROW, len(places), name)
    model.derived[name] = grid
    row = add(model, grid, "row", Found(add(model, grid, "place", Each(places)), teams["order"]))
    for column in _FROM_TEAMS:
        add(model, grid, column, Nth(teams[column], row), BULK_NUMBER)
    team, target, actual, rows = (
        grid[column].here for column in ("team", "star_target", "star_actual", "rows")
    )
    share = add(model, grid, "star_share", ratio(actual, target), BULK_PERCENT)
    own = choose(every(known(rows), rows > 0), grid["attainment"].here, grid["goals"].here)
    overall = add(model, grid, "overall", own, BULK_PERCENT)
    shown = share if has_star(teams) else overall
    words = choose(known(shown), sentence("{0}  {1}", team, as_percent(shown, 0)), team)
    add(model, grid, "label", words)


def has_star(grid: Grid) -> bool:
    """Whether some team has a target of the main metric."""
    return any(value != "" for value in grid["star_target"].values)


def _drawn(model: Model) -> None:
    """Of the board's teams those that the chart can show: the others would be empty slots."""
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
        teams.add(f"star_{name}", made, label=label, style=BULK_NUMBER, width=84)
    put(model, teams, "star_due", due(model, "expansion", outcome, "star"))


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
    put(model, grid, "teams_due", [_behind(model, stages, shift) for _, shift, _ in places])
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
            has = count(*mine, numeric(column)) > 0
            made = choose(number.equals(month), choose(has, total(column, *mine), ""), made)
        value = add(model, grid, name, made, BULK_NUMBER)
        if name == "actual":
            add(model, grid, "met", choose(known(value), _met(grid), NOTHING))
            _label(model, grid, stages, mine)
        # Whose quarter's months so far: the running sum starts anew with every quarter.
        so_far = (where(grid["first_key"], first), where(grid["number"], number, "<="))
        running = choose(known(value), total(grid[name], *so_far), "")
        add(model, grid, f"{name}_to_date", running, BULK_NUMBER)


def _met(grid: Grid) -> Figure:
    """1 where a month's actual reached its target; nothing where either is missing."""
    actual, target = grid["actual"].here, grid["target"].here
    return choose(known(target), choose(actual >= target, 1, 0), NOTHING)


def _behind(model: Model, stages: Grid, shift: int) -> int:
    """How many teams have the main metric in a quarter's months, or owe their workbook."""
    of = model.current if not shift else model.earlier[shift // EARLIER - 1]
    rows = zip(stages["key"].values, stages["star"].values, strict=True)
    there = {key for key, star in rows if star and shift < int(key or 0) < shift + EARLIER}
    owing = {model.team_key(team) for team, name in of.missing if name == "expansion"}
    return len(there | {key + shift for key in owing if key})


def _label(model: Model, grid: Grid, stages: Grid, mine: Sequence[Where]) -> None:
    """The month, and how many teams stand behind it where some are missing."""
    month, due, number = (grid[name].here for name in ("month", "teams_due", "number"))
    known_teams: Figure = figure(0)
    for one in (3, 2, 1):
        there = count(*mine, numeric(stages[f"actual_{one}"]))
        known_teams = choose(number.equals(one), there, known_teams)
    there = add(model, grid, "teams_there", known_teams)
    parts = (month, LINE_BREAK, as_number(there), as_number(due))
    words = sentence(model.template("month_part"), *parts)
    add(model, grid, "label", choose(every(there > 0, there < due), words, month))


def _month(model: Model, quarters: int, month: int) -> str:
    assert model.period is not None
    quarter = model.period.shift(-quarters)
    return model.say("month", year=quarter.year, month=quarter.months[month - 1])

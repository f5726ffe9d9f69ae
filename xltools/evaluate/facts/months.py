"""The main metric month by month over all teams, this quarter and the ones before."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.facts.number_keys import add, metric_names, put
from xltools.evaluate.facts.outcome import north_star
from xltools.evaluate.figures.aggregates import Where, count, numeric, total, where
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import (
    LINE_BREAK,
    NOTHING,
    Figure,
    as_number,
    choose,
    every,
    figure,
    known,
    sentence,
)
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER
from xltools.ground.folding import fold

_QUARTERS = 3  # quarters before this one


def derive(model: Model) -> None:
    """Target and actual of the main metric by month, earlier quarters first.

    The stages' rows get the one name of their metric by which quarters are compared.
    """
    stages = model.grid("expansion", "stages")
    if stages is not None:
        known_as = metric_names(model)
        put(model, stages, "known_as", [known_as(str(name)) for name in stages["metric"].values])
    words = {fold(name) for name in north_star(model)}
    if stages is None or not words or model.period is None or "months" not in model.filled:
        return
    star = [int(fold(str(metric)) in words) for metric in stages["metric"].values]
    stages.put("star", star, Look(model.say("data.star"), HELPER, 60))
    if not any(star[row] for row in model.rows("expansion", "stages")):
        return
    shifts = [(quarters, model.earlier_key(quarters)) for quarters in range(_QUARTERS, 0, -1)]
    shown = [(quarters, shift) for quarters, shift in shifts if shift is not None] + [(0, 0)]
    places = [(quarters, shift, month) for quarters, shift in shown for month in (1, 2, 3)]
    grid = model.open("months", len(places))
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
            target = grid["target"].here
            met = choose(known(target), choose(value >= target, 1, 0), NOTHING)
            add(model, grid, "met", choose(known(value), met, NOTHING))
            _label(model, grid, stages, mine)
        # Whose quarter's months so far: the running sum starts anew with every quarter.
        so_far = (where(grid["first_key"], first), where(grid["number"], number, "<="))
        running = choose(known(value), total(grid[name], *so_far), "")
        add(model, grid, f"{name}_to_date", running, BULK_NUMBER)


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

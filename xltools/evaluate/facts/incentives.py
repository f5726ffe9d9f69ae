"""Members and teams: growth over two quarters, honours, the team pool."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, put
from xltools.evaluate.figures.aggregates import count, highest, numeric, total, where
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Figure,
    cases,
    choose,
    every,
    known,
    least,
    or_nothing,
    ratio,
    round_to,
)
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.evaluate.submitted_rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT
from xltools.ground.folding import fold

KEY = ("plan", "incentives")


def derive(model: Model) -> None:
    """Honours and growth beside the members, and the grid of team pools."""
    grid = model.grid(*KEY)
    if grid is None:
        return
    now = grid["key"].here < EARLIER
    for source, name in (("actual", "sales_now"), ("satisfaction", "satisfaction_now")):
        add(model, grid, name, choose(now, or_nothing(grid[source].here), NOTHING), BULK_NUMBER)
    add(model, grid, "top_sales", _top(grid, "sales_now"))
    add(model, grid, "top_service", _top(grid, "satisfaction_now"))
    before = _before(model, grid)
    if before is not None:
        last = or_nothing(grid["attainment"].rows(before))
        add(model, grid, "last_attainment", last, BULK_PERCENT)
        _growth(model, grid, grid["attainment"].here)
    _pools(model, grid)


def _top(grid: Grid, name: str) -> Figure:
    """1 where the number is the highest of the quarter, above 0; ties share."""
    mine = grid[name].here
    first = every(known(mine), mine > 0, mine >= highest(grid[name]))
    return choose(first, 1, 0)


def _before(model: Model, grid: Grid) -> list[int | None] | None:
    """Each member's row of the quarter before, where that quarter was given."""
    shift = model.earlier_key(1)
    if shift is None:
        return None
    names = [
        (key, fold(str(name)))
        for key, name in zip(grid["key"].values, grid["member"].values, strict=True)
    ]
    places = {name: row for row, name in enumerate(names)}
    return [places.get((int(key) + shift, name)) if key else None for key, name in names]


def _growth(model: Model, grid: Grid, now: Figure) -> None:
    """1 at the growth line in this quarter and the one before."""
    limit, last = model.parameter("growth_floor"), grid["last_attainment"].here
    both = every(known(now), known(last), now >= limit, last >= limit)
    add(model, grid, "growth", choose(both, 1, 0))


def _pools(model: Model, members: Grid) -> None:
    teams = model.derived["teams"]
    keys = [
        key
        for key in teams["key"].values
        if any(members["key"].values[row] == key for row in model.rows(*KEY))
    ]
    grid = Grid(model.titles["pools"], FIRST_ROW, len(keys), "pools")
    model.derived["pools"] = grid
    rows = [int(key) - 1 for key in keys]  # type: ignore[arg-type]
    put(model, grid, "key", keys)
    grid.add(
        "team",
        teams["team"].rows(rows),
        label=model.say("data.team"),
        style=data_style("text"),
        width=110,
    )
    add(model, grid, "bonus", or_nothing(teams["bonus"].rows(rows)), BULK_NUMBER)
    attainment = _overall(model, members, grid, 0)
    share = cases(
        (attainment < model.parameter("pool_floor"), 0),
        otherwise=least(attainment, model.parameter("pool_cap")),
    )
    bonus = grid["bonus"].here
    pool = round_to(bonus * model.parameter("pool_rate") * share, 2)
    add(
        model,
        grid,
        "pool",
        choose(every(known(bonus), known(attainment)), pool, NOTHING),
        BULK_NUMBER,
    )
    add(
        model,
        grid,
        "commission",
        total(members["commission"], where(members["key"], grid["key"].here)),
        BULK_NUMBER,
    )
    shift = model.earlier_key(1)
    if shift is not None:
        _overall(model, members, grid, shift)
        _growth(model, grid, attainment)


def _overall(model: Model, members: Grid, grid: Grid, shift: int) -> Figure:
    """Σ actual by Σ target of the members who have both, negative and zero ones included."""
    prefix = "last_" if shift else ""
    mine = (
        where(members["key"], grid["key"].here + shift if shift else grid["key"].here),
        numeric(members["actual"]),
        numeric(members["sales_target"]),
    )
    for source, name in (("sales_target", "target"), ("actual", "actual")):
        made = choose(count(*mine) > 0, total(members[source], *mine), NOTHING)
        add(model, grid, f"{prefix}{name}", made, BULK_NUMBER)
    target = grid[f"{prefix}target"].here
    share = choose(
        every(known(target), target > 0), ratio(grid[f"{prefix}actual"].here, target), ""
    )
    return add(model, grid, f"{prefix}attainment", share, BULK_PERCENT)

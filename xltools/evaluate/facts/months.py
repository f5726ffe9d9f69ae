"""The main metric month by month over all teams, this quarter and the ones before."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, metric_names, put
from xltools.evaluate.facts.outcome import north_star
from xltools.evaluate.facts.teams import due
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    LINE_BREAK,
    Value,
    as_number,
    choose,
    sentence,
)
from xltools.evaluate.grid_expressions import compute, stated
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER
from xltools.ground.folding import fold

_QUARTERS = 3  # quarters before this one
_MINE = "star=1, first_key=first_key"  # the main metric's rows of the quarter


def derive(model: Model) -> None:
    """Target and actual of the main metric by month, earlier quarters first.

    The stages' rows get the one name of their metric by which quarters are compared.
    """
    stages = model.grid("expansion", "stages")
    if stages is None:
        return
    known_as = metric_names(model)
    put(model, stages, "known_as", [known_as(str(name)) for name in stages["metric"].values])
    words = {fold(name) for name in north_star(model)}
    if not words or model.period is None or "months" not in model.declared:
        return
    star = [int(fold(str(metric)) in words) for metric in stages["metric"].values]
    put(model, stages, "star", star)
    if not any(star[row] for row in model.rows("expansion", "stages")):
        return
    put(model, stages, "first_key", [_first_key(key) for key in stages["key"].values])
    keys = [(ago, 0 if ago == 0 else model.earlier_key(ago)) for ago in range(_QUARTERS, -1, -1)]
    shown = [(model.period.shift(-ago), shift) for ago, shift in keys if shift is not None]
    places = [(quarter, shift, number) for quarter, shift in shown for number in (1, 2, 3)]
    grid = model.open("months", len(places))
    months = [(quarter.year, quarter.months[number - 1]) for quarter, _, number in places]
    put(model, grid, "month", [model.say("month", year=year, month=one) for year, one in months])
    behind = [sum(due(model, "expansion", stages, "star", shift)) for _, shift, _ in places]
    put(model, grid, "teams_due", behind)
    put(model, grid, "first_key", [shift for _, shift, _ in places])
    put(model, grid, "number", [number for _, _, number in places])
    for name in ("target", "actual"):
        whole = _by_month(f"total(expansion_stages.{name}_{{month}}, {_MINE})")
        # Whose quarter's months so far: the running sum starts anew with every quarter.
        so_far = f"total({name}, first_key=first_key, number=at_most(number))"
        so_far = f"None if blank({name}) else {so_far}"
        compute(model, grid, {name: whole, f"{name}_to_date": so_far}, BULK_NUMBER)
    there = _by_month(f"count(expansion_stages.actual_{{month}}, {_MINE})")
    compute(model, grid, {"teams_there": there})
    _label(model, grid)


def _by_month(text: str) -> str:
    """What is computed from one of three columns, that of the row's month."""
    first, second, third = (text.format(month=month) for month in (1, 2, 3))
    return f"{first} if number == 1 else {second} if number == 2 else {third}"


def _first_key(key: Value) -> int | None:
    """The number before those of the teams of a row's quarter; none where no team is known."""
    quarter, team = divmod(int(key or 0), EARLIER)
    return quarter * EARLIER if team else None


def _label(model: Model, grid: Grid) -> None:
    """The month, and how many teams stand behind it where some are missing."""
    month, due, there = (grid[name].here for name in ("month", "teams_due", "teams_there"))
    parts = (month, LINE_BREAK, as_number(there), as_number(due))
    words = sentence(model.template("month_part"), *parts)
    some = stated(model, grid, "1 if teams_there > 0 and teams_there < teams_due else 0")
    add(model, grid, "label", choose(some, words, month))

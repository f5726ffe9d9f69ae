"""Mean scores by team and dimension, and the teams that the radar shows: the lowest."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, put
from xltools.evaluate.figures.aggregates import (
    Found,
    Nth,
    Rank,
    count,
    numeric,
    total,
    where,
    where_text,
)
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    Each,
    Figure,
    choose,
    every,
    known,
    or_nothing,
    ratio,
)
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER

KEY = ("plan", "diagnosis")
TEAMS = 4  # in the radar, beside the mean of all


def derive(model: Model) -> None:
    """The grids of means, all teams first, and of the radar."""
    diagnosis = model.grid(*KEY)
    if diagnosis is None:
        return
    teams = model.derived["teams"]
    keys = [key for key in teams["key"].values if key in diagnosis["key"].index]
    grid = Grid(model.titles["means"], FIRST_ROW, 1 + len(keys), "means")
    model.derived["means"] = grid
    put(model, grid, "key", [None, *keys])
    names = [teams["team"].values[int(str(key)) - 1] for key in keys]
    every_team = model.say("diagnosis.all")
    label, style = model.say("data.team"), data_style("text")
    grid.put("team", [every_team, *names], label=label, style=style, width=110, given=True)
    labels = list(model.choices("plan", "diagnosis").values())
    for place, word in enumerate([*labels, ""]):
        made = Each([_mean(diagnosis, word, key) for key in (None, *keys)])
        column = grid.add(mean_name(place), made, style=BULK_NUMBER, width=84)
        column.label = word or model.say("diagnosis.mean")
    _radar(model, grid, len(labels))


def mean_name(place: int) -> str:
    """The column of a dimension's means; behind the last stands the mean of all."""
    return f"mean_{place}"


def _mean(diagnosis: Grid, label: str, key: object) -> Figure:
    mine = [numeric(diagnosis["score"])]
    if label:
        mine.append(where_text(diagnosis["dimension"], label))
    if key is not None:
        mine.append(where(diagnosis["key"], int(str(key))))
    found = count(*mine)
    return choose(found > 0, ratio(total(diagnosis["score"], *mine), found), "")


def _radar(model: Model, means: Grid, dimensions: int) -> None:
    """All teams together, and behind them the lowest of those with a score in every dimension."""
    parts = [means[mean_name(place)].here for place in range(dimensions)]
    of_team = every(known(means["key"].here), *map(known, parts))
    mean = means[mean_name(dimensions)].here
    add(model, means, "lowness", choose(of_team, mean * -1, ""))
    low, key = means["lowness"], means["key"]
    ties = count(where(low, low.here), where(key, key.here, "<"))
    add(model, means, "order", choose(known(low.here), Rank(low.here, low) + ties, ""))
    drawn = min(len(low.numbers), TEAMS)
    grid = Grid(model.titles["radar"], FIRST_ROW, 1 + drawn, "radar")
    model.derived["radar"] = grid
    place = put(model, grid, "place", list(range(drawn + 1))).here
    row = add(model, grid, "row", choose(place.equals(0), 1, Found(place, means["order"])))
    add(model, grid, "team", Nth(means["team"], row), data_style("text"))
    for number in range(dimensions):
        column = means[mean_name(number)]
        added = grid.add(column.name, or_nothing(Nth(column, row)), style=BULK_NUMBER, width=84)
        added.label = column.label

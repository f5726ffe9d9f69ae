"""Outcome rows: which count, with what weight; and the metric that stands for the whole."""

from __future__ import annotations

from collections import Counter

from xltools.evaluate.facts.number_keys import metric_names, put
from xltools.evaluate.grid_expressions import add_declared
from xltools.evaluate.quarter_model import Model
from xltools.ground.folding import fold
from xltools.settings import Metric

KEY = ("expansion", "outcome")
_READ = ("basis_used", "weight_used", "counts", "points", "attained", "weighed", "lacks")


def derive(model: Model) -> None:
    """Add which rows stand for the main metric, and the declared figures that other facts read."""
    grid = model.grid(*KEY)
    if grid is None:
        return
    known_as, star = metric_names(model), {fold(name) for name in north_star(model)}
    names = [str(name) for name in grid["metric"].values]
    put(model, grid, "known_as", [known_as(name) for name in names])
    put(model, grid, "star", [int(fold(name) in star) for name in names])
    add_declared(model, grid, model.sheet(*KEY).figures, _READ)


def north_star(model: Model) -> tuple[str, ...]:
    """The names of the metric that the Overview shows: the library's north star where it is used.

    Else the additive metric nearest to it: in its unit, a result, used by most; or none.
    """
    grid = model.grid(*KEY)
    if grid is None:
        return ()
    known_as = metric_names(model)
    used = Counter(known_as(str(grid["metric"].values[row])) for row in model.rows(*KEY))
    additive = [one for one in model.current.settings.metrics if one.additive == "yes"]
    star = next((one for one in additive if one.north_star == "yes"), None)

    def near(one: Metric) -> tuple[bool, bool, bool, int]:
        alike = star is not None and one.unit == star.unit
        return one is star, alike, one.dimension == "result", used[fold(one.metric)]

    metric = max((one for one in additive if used[fold(one.metric)]), key=near, default=None)
    return (metric.metric, *metric.aliases) if metric else ()


def main_metric(model: Model) -> str:
    """That metric with its unit, as the rows spell them, else the library's; "" where none is."""
    names = north_star(model)
    if not names:
        return ""
    outcome = model.grids[model.key(*KEY)]
    rows = [row for row, star in enumerate(outcome["star"].values) if star]
    typed = (outcome["unit"].values[row] for row in rows)
    library = (one.unit for one in model.current.settings.metrics if one.metric == names[0])
    unit = next((str(unit) for unit in (*typed, *library) if unit), "")
    metric = str(outcome["metric"].values[rows[0]])
    return model.say("cards.with_unit", metric=metric, unit=unit) if unit else metric

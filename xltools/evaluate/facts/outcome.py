"""Outcome rows: which count, with what weight; and the metric that stands for the whole."""

from __future__ import annotations

from collections import Counter

from xltools.evaluate.facts.number_keys import add, metric_names, put
from xltools.evaluate.figures.aggregates import count, numeric, total, where
from xltools.evaluate.figures.live_figure import choose, every, known, least, negated, present
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import add_expression
from xltools.ground.folding import fold

KEY = ("expansion", "outcome")


def derive(model: Model) -> None:
    """Add weight used, counted or not, points and lacking actuals to the outcome rows."""
    grid = model.grid(*KEY)
    if grid is None:
        return
    basis = add_expression(
        model, KEY, "basis_used", "basis_of(basis, dimension, metric)", words="basis"
    )
    not_counted = model.choice("expansion", "basis", "not_counted")
    key, weight, attainment = (grid[name].here for name in ("key", "weight", "attainment"))
    given = count(where(grid["key"], key), numeric(grid["weight"]))
    used = add(model, grid, "weight_used", choose(given > 0, choose(known(weight), weight, 0), 1))
    add(model, grid, "counts", choose(known(attainment), 1, 0))
    capped = least(attainment, model.parameter("attainment_cap"))
    add(model, grid, "points", choose(known(attainment), used * capped, 0))
    add(model, grid, "attained", choose(known(attainment), used * attainment, 0))
    add(model, grid, "weighed", choose(known(attainment), used, 0))
    add(model, grid, "team_weight", total(grid["weighed"], where(grid["key"], key)))
    counted = every(negated(basis.here.equals(not_counted)), used > 0)
    lacks = every(counted, negated(present(grid["actual"].here)))
    add(model, grid, "lacks", choose(lacks, 1, 0))
    known_as = metric_names(model)
    put(model, grid, "known_as", [known_as(str(name)) for name in grid["metric"].values])
    star = {fold(name) for name in north_star(model)}
    put(model, grid, "star", [int(fold(str(name)) in star) for name in grid["metric"].values])


def north_star(model: Model) -> tuple[str, ...]:
    """The names of the metric that the Overview shows: the library's north star where it is used.

    Else the additive metric nearest to it: in its unit, a result, used by most; or none.
    """
    grid = model.grid(*KEY)
    if grid is None:
        return ()
    used = Counter(fold(str(grid["metric"].values[row])) for row in model.rows(*KEY))
    additive = [one for one in model.current.settings.metrics if one.additive == "yes"]
    star = next((one for one in additive if one.north_star == "yes"), None)
    found: list[tuple[bool, bool, bool, int, int]] = []
    for place, one in enumerate(additive):
        times = sum(used[name] for name in {fold(one.metric), *map(fold, one.aliases)})
        alike = star is not None and one.unit == star.unit
        if times:
            found.append((one is star, alike, one.dimension == "result", times, -place))
    if not found:
        return ()
    metric = additive[-max(found)[-1]]
    return metric.metric, *metric.aliases


def main_metric(model: Model) -> str:
    """That metric with its unit, as the rows spell them, else the library's; "" where none is."""
    names = north_star(model)
    if not names:
        return ""
    outcome = model.grids[KEY]
    rows = [row for row, star in enumerate(outcome["star"].values) if star]
    typed = (outcome["unit"].values[row] for row in rows)
    library = (one.unit for one in model.current.settings.metrics if one.metric == names[0])
    unit = next((str(unit) for unit in (*typed, *library) if unit), "")
    metric = str(outcome["metric"].values[rows[0]])
    return model.say("cards.with_unit", metric=metric, unit=unit) if unit else metric

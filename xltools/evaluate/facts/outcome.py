"""Outcome rows: which count, with what weight; and the metric that stands for the whole."""

from __future__ import annotations

from collections import Counter

from xltools.evaluate.aggregates import count, where
from xltools.evaluate.facts.keys import add, put
from xltools.evaluate.figures import choose, every, known, least, negated, present
from xltools.evaluate.model import Model
from xltools.evaluate.rows import add_expression
from xltools.folding import fold

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
    given = count(where(grid["key"], key), where(grid["weight"], 0, ">="))
    used = add(model, grid, "weight_used", choose(given > 0, choose(known(weight), weight, 0), 1))
    add(model, grid, "counts", choose(known(attainment), 1, 0))
    capped = least(attainment, model.parameter("attainment_cap"))
    add(model, grid, "points", choose(known(attainment), used * capped, 0))
    add(model, grid, "attained", choose(known(attainment), used * attainment, 0))
    add(model, grid, "weighed", choose(known(attainment), used, 0))
    counted = every(negated(basis.here.equals(not_counted)), used > 0)
    lacks = every(counted, negated(present(grid["actual"].here)))
    add(model, grid, "lacks", choose(lacks, 1, 0))
    labels = list(model.choices("expansion", "dimension").values())
    places = [
        labels.index(str(label)) + 1 if label in labels else 0 for label in grid["dimension"].values
    ]
    put(model, grid, "place", places)
    star = {fold(name) for name in north_star(model)}
    put(model, grid, "star", [int(fold(str(name)) in star) for name in grid["metric"].values])


def north_star(model: Model) -> tuple[str, ...]:
    """The names of the metric that the Overview shows: the library's north star where it is used.

    Else the additive result metric that most teams have; empty where there is none.
    """
    grid = model.grid(*KEY)
    if grid is None:
        return ()
    used = Counter(fold(str(grid["metric"].values[row])) for row in model.rows(*KEY))
    additive = [one for one in model.current.settings.metrics if one.additive == "yes"]
    names = [(one, {fold(one.metric), *map(fold, one.aliases)}) for one in additive]
    found = [
        (
            one.north_star == "yes",
            one.dimension == "result",
            sum(used[name] for name in words),
            -place,
        )
        for place, (one, words) in enumerate(names)
        if any(used[name] for name in words)
    ]
    if not found:
        return ()
    metric = names[-max(found)[-1]][0]
    return metric.metric, *metric.aliases

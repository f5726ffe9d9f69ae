"""Stages: attainment month by month, and the same metric in earlier quarters."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, metric_names
from xltools.evaluate.figures.live_figure import choose, every, known, or_nothing, ratio
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import add_expression
from xltools.excel.styles import BULK_PERCENT

KEY = ("expansion", "stages")


def derive(model: Model) -> None:
    """Add monthly attainment, last quarter and last year."""
    grid = model.grid(*KEY)
    if grid is None:
        return
    actual = grid["actual"]
    for month in (1, 2, 3):
        text = f"attainment(actual_{month}, target_{month}, basis_of(None, None, metric))"
        add_expression(model, KEY, f"attainment_{month}", text, style=BULK_PERCENT)
    for name, quarters in (("last_quarter", 1), ("last_year", 4)):
        rows = _earlier_rows(model, quarters)
        if rows is None:
            continue
        then = add(model, grid, name, or_nothing(actual.rows(rows)))
        both = every(known(actual.here), known(then))
        growth = choose(both, ratio(actual.here - then, then), "")
        add(model, grid, f"{name}_growth", growth, BULK_PERCENT)


def _earlier_rows(model: Model, quarters: int) -> list[int | None] | None:
    """Each row's metric and team in a quarter before, where that quarter was given."""
    shift = model.earlier_key(quarters)
    if shift is None:
        return None
    grid, alike = model.grids[KEY], metric_names(model)
    names = [
        (int(key or 0), alike(str(metric)))
        for key, metric in zip(grid["key"].values, grid["metric"].values, strict=True)
    ]
    places = {name: row for row, name in enumerate(names)}
    return [places.get((key + shift, metric)) for key, metric in names]

"""Budgets of the quarter: planned for a project, spent and brought by the channel so named."""

from __future__ import annotations

from xltools.evaluate.facts.channels import BUDGET
from xltools.evaluate.facts.number_keys import add, put, put_source
from xltools.evaluate.figures.aggregates import count, numeric, total, where, where_text
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import NOTHING, Figure, choose, or_nothing, ratio
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT, BULK_RATIO


def derive(model: Model) -> None:
    """The grid of this quarter's budgets, one row a team and project."""
    budget = model.grid(*BUDGET)
    if budget is None:
        return
    quarter = model.choice("plan", "quarter", f"q{model.quarter}")
    names = ("key", "channel_key", "quarter")
    given = enumerate(zip(*(budget[name].values for name in names), strict=True))
    firsts: dict[object, int] = {}
    for row, (key, project, planned_for) in given:
        if project is not None and planned_for == quarter:
            firsts.setdefault((key, project), row)
    if not firsts:
        return
    rows = sorted(firsts.values(), key=lambda row: (int(budget["key"].values[row] or 0), row))
    grid = Grid(model.titles["budgets"], FIRST_ROW, len(rows), "budgets")
    model.derived["budgets"] = grid
    for name in ("team", "project"):
        values = [budget[name].values[row] for row in rows]
        grid.put(name, values, label=model.say(f"data.{name}"), style=data_style("text"), width=120)
    for name in ("key", "channel_key"):
        put(model, grid, name, [budget[name].values[row] for row in rows])
    for name, style in (("priority", data_style("text")), ("expected_return", BULK_RATIO)):
        add(model, grid, name, or_nothing(budget[name].rows(rows)), style)
    _figures(model, grid, budget, quarter)
    put_source(model, grid, [(budget, row) for row in rows])


def _figures(model: Model, grid: Grid, budget: Grid, quarter: str) -> None:
    """Planned, spent, the share used, and the return, over the rows of the same name."""
    mine = (
        where(budget["key"], grid["key"].here),
        where(budget["channel_key"], grid["channel_key"].here),
    )
    planned = total(budget["amount"], *mine, where_text(budget["quarter"], quarter))
    planned = add(model, grid, "planned_amount", planned, BULK_NUMBER)
    spent = add(model, grid, "spend", _spent(model, grid, "spend"), BULK_NUMBER)
    earned = add(model, grid, "revenue", _spent(model, grid, "revenue"), BULK_NUMBER)
    add(model, grid, "used", ratio(spent, planned), BULK_PERCENT)
    add(model, grid, "return", ratio(earned, spent), BULK_RATIO)


def _spent(model: Model, grid: Grid, name: str) -> Figure:
    """What the team's channel of that name spent or brought; nothing where it reports none."""
    channels = model.derived.get("channel_teams")
    if channels is None:
        return NOTHING
    mine = (
        where(channels["key"], grid["key"].here),
        where(channels["channel_key"], grid["channel_key"].here),
    )
    has = count(*mine, numeric(channels[name])) > 0
    return choose(has, total(channels[name], *mine), NOTHING)

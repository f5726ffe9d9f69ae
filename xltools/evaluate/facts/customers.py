"""Customers in their live order, and the largest of them for the Pareto chart."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, put, put_labels
from xltools.evaluate.figures.aggregates import Found, Nth, Operator, Rank, count, total, where
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import cases, choose, known, negated, ratio
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT

KEY = ("plan", "customers")
_SHOWN = 20  # customers in the Pareto chart
_SHARES: dict[str, Operator] = {"upto_share": ">=", "above_share": ">"}  # of larger customers


def derive(model: Model) -> None:
    """Add order and grades over all teams, and the grid of the largest."""
    grid = model.grid(*KEY)
    if grid is None:
        return
    row = put(model, grid, "row", list(range(1, grid.count + 1)))
    revenue = grid["annual_revenue"]
    ties = count(where(revenue, revenue.here), where(row, row.here, "<"))
    order = choose(known(revenue.here), Rank(revenue.here, revenue) + ties, "")
    add(model, grid, "order", order)
    _grades(model, grid)
    labels = put_labels(model, grid, "customer")
    top = Grid(model.titles["pareto"], FIRST_ROW, min(grid.count, _SHOWN), "pareto")
    model.derived["pareto"] = top
    place = put(model, top, "place", list(range(1, top.count + 1))).here
    found = add(model, top, "row", Found(place, grid["order"]))
    add(model, top, "label", Nth(labels, found), data_style("text"))
    add(model, top, "annual_revenue", Nth(revenue, found), BULK_NUMBER)
    add(model, top, "upto_share", Nth(grid["upto_share"], found), BULK_PERCENT)


def _grades(model: Model, grid: Grid) -> None:
    """Share, cumulative share and grade among the customers of all teams."""
    revenue = grid["annual_revenue"]
    mine, whole = revenue.here, total(revenue)
    add(model, grid, "all_share", ratio(mine, whole), BULK_PERCENT)
    for name, compare in _SHARES.items():
        part = total(revenue, where(revenue, mine, compare))
        add(model, grid, name, choose(known(mine), ratio(part, whole), ""), BULK_PERCENT)
    before = grid["above_share"].here
    a, b, c = (model.choice("plan", "grade", name) for name in "abc")
    grade = cases(
        (negated(known(before)), ""),
        (before < model.parameter("abc_a"), a),
        (before < model.parameter("abc_b"), b),
        otherwise=c,
    )
    add(model, grid, "all_grade", grade, data_style("text"))

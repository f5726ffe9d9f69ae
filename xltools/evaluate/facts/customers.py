"""Customers in their live order, and the largest of them for the Pareto chart."""

from __future__ import annotations

from xltools.evaluate.aggregates import Found, Nth, Rank, count, total, where
from xltools.evaluate.facts.keys import add, put
from xltools.evaluate.figures import choose, known, ratio
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import data_style
from xltools.evaluate.model import Model
from xltools.evaluate.rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT

KEY = ("plan", "customers")
_SHOWN = 20  # customers in the Pareto chart


def derive(model: Model) -> None:
    """Add the order over all teams, and the grid of the largest."""
    grid = model.grid(*KEY)
    if grid is None:
        return
    row = put(model, grid, "row", list(range(1, grid.count + 1)))
    revenue = grid["annual_revenue"]
    ties = count(where(revenue, revenue.here), where(row, row.here, "<"))
    order = choose(known(revenue.here), Rank(revenue.here, revenue) + ties, "")
    add(model, grid, "order", order)
    top = Grid(model.titles["pareto"], FIRST_ROW, min(grid.count, _SHOWN), "pareto")
    model.derived["pareto"] = top
    place = put(model, top, "place", list(range(1, top.count + 1))).here
    found = add(model, top, "row", Found(place, grid["order"]))
    add(model, top, "customer", Nth(grid["customer"], found), data_style("text"))
    mine = add(model, top, "annual_revenue", Nth(revenue, found), BULK_NUMBER)
    above = total(grid["annual_revenue"], where(grid["order"], place, "<="))
    share = choose(known(mine), ratio(above, total(grid["annual_revenue"])), "")
    add(model, top, "cumulative_share", share, BULK_PERCENT)

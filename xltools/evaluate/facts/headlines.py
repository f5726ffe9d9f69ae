"""What the first page says in a sentence and a few lines: who moved, what is low, late, decided."""

from __future__ import annotations

from xltools.evaluate.facts.channels import TOTALS
from xltools.evaluate.facts.number_keys import number_rows, put
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER, SCORE

REVIEW = ("goals", "review")
_CHANGE = BULK_NUMBER.but(number=SCORE)
# The lists of the first page: how many lines at most, and what they show.
_LISTS = {
    "low_results": (5, ("team", "metric", "attainment", "process", "process_attainment")),
    "late_teams": (5, ("team", "overdue", "seriously_behind", "unanswered")),
    "best_channels": (5, ("channel", "spend", "revenue", "return", "decision")),
    "decided": (4, ("team", "next_action", "owner", "due", "attainment")),
}


def derive(model: Model) -> None:
    """Add the order of what the first page names, and the rows that it shows."""
    teams = model.derived["teams"]
    if not teams.count:
        return
    compute(model, teams, {"change": "ranked - before"}, _CHANGE)
    _place(model, teams, "riser", "change", "more_than")
    _place(model, teams, "faller", "change", "less_than")
    _low_results(model)
    _late_teams(model)
    _channels(model)
    _actions(model)


def _low_results(model: Model) -> None:
    """Results below the floor, the lowest first, each with the process metric that is worst."""
    drivers = model.derived.get("drivers")
    if drivers is None:
        return
    # A result without a driver stands behind those that have an attainment.
    compute(model, drivers, {"driving": "coalesce(process_attainment, 1000000)"})
    _place(model, drivers, "driving_order", "driving", "less_than", "number=number")
    compute(model, drivers, {"low_by": "attainment if low == 1 and driving_order == 1 else None"})
    _place(model, drivers, "low_order", "low_by", "less_than")
    _first(model, "low_results", drivers, "low_order")


def _late_teams(model: Model) -> None:
    """Teams by their overdue tasks."""
    lineup = model.derived.get("lineup")
    if lineup is None or "overdue" not in lineup:
        return
    compute(model, lineup, {"late_by": "overdue if overdue > 0 else None"})
    _place(model, lineup, "late_order", "late_by", "more_than")
    _first(model, "late_teams", lineup, "late_order")


def _channels(model: Model) -> None:
    """Channels of all teams: those first whose return is farthest from that of all channels."""
    totals = model.derived.get(TOTALS)
    if totals is None:
        return
    compute(model, totals, {"return_apart": "abs(return - baseline)"}, BULK_NUMBER)
    _place(model, totals, "return_order", "return_apart", "more_than")
    _first(model, "best_channels", totals, "return_order")


def _actions(model: Model) -> None:
    """Actions that this quarter's reviews decided, those of the lowest attainments first."""
    review = model.grid(*REVIEW)
    if review is None:
        return
    decided = f"attainment if not blank(next_action) and key < {EARLIER} else None"
    compute(model, review, {"action_by": decided})
    _place(model, review, "action_order", "action_by", "less_than")
    _first(model, "decided", review, "action_order")


def _place(model: Model, grid: Grid, name: str, by: str, before: str, among: str = "") -> None:
    """Add the place of a row by a column, of equals the upper first; blank where that is."""
    number_rows(model, grid)
    asked = f"{among}, " if among else ""
    ahead = f"count({by}, {asked}{by}={before}({by}))"
    equal = f"count({by}, {asked}{by}={by}, line=at_most(line))"
    compute(model, grid, {name: f"None if blank({by}) else {ahead} + {equal}"})


def _first(model: Model, name: str, source: Grid, order: str) -> None:
    """Open the grid of a list: the first rows of a live order.

    Lines are blank where an edit of the workbook leaves fewer rows.
    """
    most, columns = _LISTS[name]
    lines = min(most, source.count)
    grid = model.open(name, lines)
    put(model, grid, "place", range(1, lines + 1))
    compute(model, grid, {"row": f"lookup({source.name}.line, {order}=place)"})
    for column in columns:
        text = f"lookup({source.name}.{column}, line=row)"
        compute(model, grid, {column: text}, source[column].style or BULK_NUMBER)

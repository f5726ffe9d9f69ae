"""One row a team: score, rank, counts; everything that pages say about a team as a whole."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import put, together
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT, SCORE

_SCORE = BULK_NUMBER.but(number=SCORE)
_EARLIER = (("before", 1), ("year_before", 4))  # quarters before

# Points, or attainments as they are, by the weight of the rows that have one.
_WEIGHED = "coalesce(total(expansion_outcome.weighed, key={key}), 0)"
_BY_WEIGHT = "ratio(coalesce(total(expansion_outcome.{of}, key={key}), 0), {weight})"
_MEAN = f"{_BY_WEIGHT} if {_WEIGHED} > 0 else None".replace("{weight}", _WEIGHED)
_SCORED = f"100 * {_MEAN}".format(of="points", key="{key}")

_COUNTS = {
    "rows": "count(expansion_outcome.key, key=key)",
    "counted": "count(expansion_outcome.key, key=key, counts=1)",
    "lacking": "count(expansion_outcome.key, key=key, lacks=1)",
    "on_target": "count(expansion_outcome.attainment, key=key,"
    " attainment=at_least(parameters.on_target))",
}
_GOALS = {
    "goals": "ratio(total(goals_review.attainment, key=key),"
    " count(goals_review.attainment, key=key))",
}
_WHOLE = {
    "goals_whole": "1 if not blank(goals) and count(goals_review.key, key=key)"
    " == count(goals_review.actual, key=key) else 0",
}
# Ranked teams by score, then those not ranked, then those with goals only, then the rest.
_ORDER = {
    "group": "1 if not blank(ranked) else 2 if not blank(score) else 3 if rows > 0"
    " else 4 if not blank(goals) else 5",
    "sorting": "coalesce(score, goals, 0)",
    "order": "count(key, group=less_than(group)) + count(key, group=group,"
    " sorting=more_than(sorting)) + count(key, group=group, sorting=sorting,"
    " key=less_than(key)) + 1",
    "has": "1 if group < 5 else 0",
}


def derive(model: Model) -> None:
    """The grid of teams."""
    grid = model.open("teams", len(model.teams))
    text = data_style("text")
    put(model, grid, "key", range(1, grid.count + 1))
    for name in ("team", "lead", "department", "region"):
        values = [getattr(team, name) or None for team in model.teams]
        put(model, grid, name, values, text, 104, given=name == "team")
    put(model, grid, "bonus", [team.bonus for team in model.teams], text, 104, given=False)
    put(model, grid, "outcome_due", due(model, "expansion", model.grid("expansion", "outcome")))
    put(model, grid, "goals_due", due(model, "goals", model.grid("goals", "review")))
    channels = model.derived.get("channel_teams")
    put(model, grid, "channels_due", due(model, "expansion", channels))
    both = "count(channel_teams.spend, key=key) > 0 and count(channel_teams.revenue, key=key) > 0"
    compute(model, grid, {"channels_whole": f"1 if {both} else 0"})
    _outcome(model, grid)
    _before(model, grid)
    compute(model, grid, _GOALS, BULK_PERCENT)
    compute(model, grid, _WHOLE)
    compute(model, grid, {"overall": "attainment if rows > 0 else goals"}, BULK_PERCENT)
    compute(model, grid, _ORDER)


def due(
    model: Model, definition: str, rows: Grid | None, flag: str = "key", shift: int = 0
) -> list[int]:
    """1 for the teams behind a figure: those with rows (flagged), those that sent no workbook.

    ``shift`` is what their keys have more in an earlier quarter.
    """
    of = model.earlier[shift // EARLIER - 1] if shift else model.current
    behind = {model.team_key(team) for team, name in of.missing if name == definition}
    if rows is not None:
        behind |= {int(key or 0) - shift for key, flagged in together(rows, "key", flag) if flagged}
    return [int(number in behind) for number in range(1, len(model.teams) + 1)]


def _outcome(model: Model, grid: Grid) -> None:
    """Add what the outcome rows of each team come to: counts, score and rank."""
    outcome = model.grid("expansion", "outcome")
    compute(model, grid, _COUNTS)
    compute(model, grid, {"attainment": _MEAN.format(of="attained", key="key")}, BULK_PERCENT)
    ranked = "None if lacking > 0 else score"
    compute(model, grid, {"score": _SCORED.format(key="key"), "ranked": ranked}, _SCORE)
    compute(model, grid, {"rank": "rank(ranked)"})
    if outcome is not None:
        compute(model, outcome, {"team_rank": "lookup(teams.rank, key=key)"})


def _before(model: Model, grid: Grid) -> None:
    """Scores of earlier quarters; both quarters' scores of the teams that have them in both.

    Teams that have one of the two are numbered as ``unlike``, so that a page can name them.
    """
    for name, quarters in _EARLIER:
        shift = model.earlier_key(quarters)
        then = "None" if shift is None else _SCORED.format(key=f"key + {shift}")
        alike = {
            name: then,
            f"{name}_like_now": f"None if blank({name}) else ranked",
            f"{name}_like_then": f"None if blank(ranked) else {name}",
        }
        compute(model, grid, alike, _SCORE)
        alone = f"{name}_alone"
        upto = f"count(key, {alone}=1, key=at_most(key))"
        one = f"(0 if blank(ranked) else 1) if blank({name}) else 1 if blank(ranked) else 0"
        unlike = f"{upto} if {alone} == 1 else None"
        compute(model, grid, {alone: one, f"{name}_unlike": unlike})

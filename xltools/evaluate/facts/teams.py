"""One row a team: score, rank, counts; everything that pages say about a team as a whole."""

from __future__ import annotations

from xltools.evaluate.aggregates import Rank, count, total, where
from xltools.evaluate.facts.keys import add
from xltools.evaluate.figures import (
    NOTHING,
    Figure,
    cases,
    choose,
    known,
    ratio,
    round_to,
)
from xltools.evaluate.grid import Grid
from xltools.evaluate.looks import data_style
from xltools.evaluate.model import Model
from xltools.evaluate.rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT, SCORE

_SCORE = BULK_NUMBER.but(number=SCORE)
_OF_OUTCOME = (
    "rows", "counted", "lacking", "on_target", "score", "ranked", "rank", "before", "year_before",
)  # fmt: skip
_WITHOUT_RANK = 1_000  # below every ranked team
_GOALS_ONLY = 10_000  # below every team with a score
_NOTHING = 100_000


def derive(model: Model) -> None:
    """The grid of teams."""
    grid = Grid(model.titles["teams"], FIRST_ROW, len(model.teams), "teams")
    model.derived["teams"] = grid
    text = data_style("text")
    columns = {
        "key": list(range(1, grid.count + 1)),
        "team": [team.team for team in model.teams],
        "lead": [team.lead or None for team in model.teams],
        "region": [team.region or None for team in model.teams],
        "bonus": [team.bonus for team in model.teams],
    }
    for name, values in columns.items():
        grid.put(name, values, label=model.say(f"data.{name}"), style=text, width=104)  # type: ignore[arg-type]
    _outcome(model, grid)
    _goals(model, grid)
    _order(model, grid)


def score_of(model: Model, key: Figure) -> Figure:
    """The weighted score of the outcome rows of one key; nothing where none has an attainment."""
    outcome = model.grids["expansion", "outcome"]
    mine = where(outcome["key"], key)
    points, weights = total(outcome["points"], mine), total(outcome["weighed"], mine)
    return choose(weights > 0, round_to(ratio(points, weights) * 100, 6), NOTHING)


def _outcome(model: Model, grid: Grid) -> None:
    outcome = model.grid("expansion", "outcome")
    if outcome is None:
        for name in _OF_OUTCOME:
            add(model, grid, name, NOTHING)
        return
    key = grid["key"].here
    mine = where(outcome["key"], key)
    add(model, grid, "rows", count(mine))
    add(model, grid, "counted", count(mine, where(outcome["counts"], 1)))
    lacking = add(model, grid, "lacking", count(mine, where(outcome["lacks"], 1)))
    limit = model.parameter("on_target")
    add(model, grid, "on_target", count(mine, where(outcome["attainment"], limit, ">=")))
    score = add(model, grid, "score", score_of(model, key), _SCORE)
    ranked = add(model, grid, "ranked", choose(lacking > 0, NOTHING, score), _SCORE)
    add(model, grid, "rank", Rank(ranked, grid["ranked"]))
    for name, quarters in (("before", 1), ("year_before", 4)):
        shift = model.earlier_key(quarters)
        made = NOTHING if shift is None else score_of(model, key + shift)
        add(model, grid, name, made, _SCORE)


def _goals(model: Model, grid: Grid) -> None:
    review = model.grid("goals", "review")
    if review is None:
        add(model, grid, "goals", NOTHING)
        return
    mine = (where(review["key"], grid["key"].here), where(review["attainment"], 0, ">="))
    found = choose(
        count(*mine) > 0, ratio(total(review["attainment"], *mine), count(*mine)), NOTHING
    )
    add(model, grid, "goals", found, BULK_PERCENT)


def _order(model: Model, grid: Grid) -> None:
    """Ranked teams by score, then those not ranked, then those with goals only, then the rest."""
    score, ranked, goals = (grid[name].here for name in ("score", "ranked", "goals"))
    by = cases(
        (known(ranked), ranked),
        (known(score), score - _WITHOUT_RANK),
        (known(goals), goals * 100 - _GOALS_ONLY),
        otherwise=-_NOTHING,
    )
    sorting = add(model, grid, "sorting", by)
    ties = count(where(grid["sorting"], sorting), where(grid["key"], grid["key"].here, "<"))
    add(model, grid, "order", Rank(sorting, grid["sorting"]) + ties)
    add(model, grid, "has", choose(sorting > -_NOTHING, 1, 0))

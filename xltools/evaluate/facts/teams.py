"""One row a team: score, rank, counts; everything that pages say about a team as a whole."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, put
from xltools.evaluate.figures.aggregates import Rank, count, numeric, total, where
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Figure,
    cases,
    choose,
    every,
    figure,
    known,
    or_nothing,
    ratio,
    round_to,
)
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT, SCORE

_SCORE = BULK_NUMBER.but(number=SCORE)
_OF_OUTCOME = (
    "rows", "counted", "lacking", "on_target", "attainment", "score", "ranked", "rank",
)  # fmt: skip
_EARLIER = (("before", 1), ("year_before", 4))  # quarters before
_NOTHING = 5  # the group of teams that have nothing to show


def derive(model: Model) -> None:
    """The grid of teams."""
    grid = model.open("teams", len(model.teams))
    text = data_style("text")
    columns = {
        "key": list(range(1, grid.count + 1)),
        "team": [team.team for team in model.teams],
        "lead": [team.lead or None for team in model.teams],
        "department": [team.department or None for team in model.teams],
        "region": [team.region or None for team in model.teams],
        "bonus": [team.bonus for team in model.teams],
    }
    for name, values in columns.items():
        grid.put(name, values, Look(model.say(f"data.{name}"), text, 104))  # type: ignore[arg-type]
    put(model, grid, "outcome_due", due(model, "expansion", model.grid("expansion", "outcome")))
    put(model, grid, "goals_due", due(model, "goals", model.grid("goals", "review")))
    _channels(model, grid)
    _outcome(model, grid)
    _before(model, grid)
    _goals(model, grid)
    _order(model, grid)


def due(model: Model, definition: str, rows: Grid | None, flag: str = "key") -> list[int]:
    """1 for the teams behind a figure: those with rows (flagged), those that sent no workbook."""
    there: set[object] = set()
    if rows is not None:
        pairs = zip(rows["key"].values, rows[flag].values, strict=True)
        there = {key for key, flagged in pairs if flagged}
    owing = {model.team_key(team) for team, name in model.current.missing if name == definition}
    return [int(number in there | owing) for number in range(1, len(model.teams) + 1)]


def _channels(model: Model, grid: Grid) -> None:
    """Whose channels have both spending and revenue, of those that have channels or owe them."""
    rows = model.derived.get("channel_teams")
    put(model, grid, "channels_due", due(model, "expansion", rows))
    made: Figure = figure(0)
    if rows is not None:
        mine = where(rows["key"], grid["key"].here)
        both = (count(mine, numeric(rows[name])) > 0 for name in ("spend", "revenue"))
        made = choose(every(*both), 1, 0)
    add(model, grid, "channels_whole", made)


def score_of(model: Model, key: Figure) -> Figure:
    """The weighted score of the outcome rows of one key; nothing where none has an attainment."""
    share = _weighted(model, "points", key)
    return choose(known(share), round_to(share * 100, 6), NOTHING)


def _weighted(model: Model, name: str, key: Figure) -> Figure:
    """Points, or attainments as they are, by the weight of the rows that have one."""
    outcome = model.grids["expansion", "outcome"]
    mine = where(outcome["key"], key)
    weights = total(outcome["weighed"], mine)
    return choose(weights > 0, ratio(total(outcome[name], mine), weights), NOTHING)


def _outcome(model: Model, grid: Grid) -> None:
    """Add what the outcome rows of each team come to: counts, score and rank."""
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
    add(model, grid, "attainment", _weighted(model, "attained", key), BULK_PERCENT)
    score = add(model, grid, "score", score_of(model, key), _SCORE)
    ranked = add(model, grid, "ranked", choose(lacking > 0, NOTHING, score), _SCORE)
    add(model, grid, "rank", Rank(ranked, grid["ranked"]))
    keys = (int(one or 0) for one in outcome["key"].values)
    lines = [one - 1 if 0 < one <= grid.count else None for one in keys]
    add(model, outcome, "team_rank", or_nothing(grid["rank"].rows(lines)))


def _before(model: Model, grid: Grid) -> None:
    """Scores of earlier quarters; both quarters' scores of the teams that have them in both.

    Teams that have one of the two are numbered as ``unlike``, so that a page can name them.
    """
    given, ranked = model.grid("expansion", "outcome"), grid["ranked"].here
    for name, quarters in _EARLIER:
        shift = model.earlier_key(quarters)
        made: Figure = NOTHING
        if shift is not None and given is not None:
            made = score_of(model, grid["key"].here + shift)
        then = add(model, grid, name, made, _SCORE)
        both = every(known(ranked), known(then))
        add(model, grid, f"{name}_like_now", choose(both, ranked, NOTHING), _SCORE)
        add(model, grid, f"{name}_like_then", choose(both, then, NOTHING), _SCORE)
        one = choose(known(then), choose(known(ranked), 0, 1), choose(known(ranked), 1, 0))
        alone = add(model, grid, f"{name}_alone", one)
        upto = count(where(grid[f"{name}_alone"], 1), where(grid["key"], grid["key"].here, "<="))
        add(model, grid, f"{name}_unlike", choose(alone.equals(1), upto, NOTHING))


def _goals(model: Model, grid: Grid) -> None:
    """Add the mean attainment of each team's goals, and whether all of them have an actual."""
    review = model.grid("goals", "review")
    if review is None:
        add(model, grid, "goals", NOTHING)
        add(model, grid, "goals_whole", 0)
        return
    own = where(review["key"], grid["key"].here)
    mine = (own, numeric(review["attainment"]))
    found = choose(
        count(*mine) > 0, ratio(total(review["attainment"], *mine), count(*mine)), NOTHING
    )
    goals = add(model, grid, "goals", found, BULK_PERCENT)
    whole = every(known(goals), count(own).equals(count(own, numeric(review["actual"]))))
    add(model, grid, "goals_whole", choose(whole, 1, 0))


def _order(model: Model, grid: Grid) -> None:
    """Ranked teams by score, then those not ranked, then those with goals only, then the rest."""
    score, ranked, goals, rows = (grid[name].here for name in ("score", "ranked", "goals", "rows"))
    groups = cases(
        (known(ranked), 1),
        (known(score), 2),
        (every(known(rows), rows > 0), 3),
        (known(goals), 4),
        otherwise=_NOTHING,
    )
    own = choose(
        every(known(rows), rows > 0), or_nothing(grid["attainment"].here), or_nothing(goals)
    )
    add(model, grid, "overall", own, BULK_PERCENT)
    group = add(model, grid, "group", groups)
    by = cases((known(score), score), (known(goals), goals), otherwise=0)
    sorting = add(model, grid, "sorting", by)
    same = where(grid["group"], group)
    better = count(where(grid["group"], group, "<"))
    better = better + count(same, where(grid["sorting"], sorting, ">"))
    ties = count(same, where(grid["sorting"], sorting), where(grid["key"], grid["key"].here, "<"))
    add(model, grid, "order", better + ties + 1)
    add(model, grid, "has", choose(group < _NOTHING, 1, 0))

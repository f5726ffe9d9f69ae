"""What changed since the last report: workbooks that came or went, figures that moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xltools.evaluate.facts.number_keys import add
from xltools.evaluate.figures.figure_grid import Look
from xltools.evaluate.figures.live_figure import (
    Each,
    Figure,
    Value,
    figure,
    is_number,
)
from xltools.evaluate.figures.value_formats import data_style, measured
from xltools.evaluate.pages.cards import cards
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.report_snapshot import CARD, OUTCOME, TEAM, WORKBOOK, Key, Known, Since, same
from xltools.evaluate.spoken_figures import difference
from xltools.excel.styles import BULK_NUMBER, INTEGER, PERCENT, SCORE, TABLE_NUMBER, Style

_OF_TEAM = {"score": SCORE, "rank": INTEGER, "goals": PERCENT}


class Entry(NamedTuple):
    """A figure of this report and how it looks."""

    key: Key
    figure: Figure
    style: Style


def entries(model: Model) -> list[Entry]:
    """The figures by which reports are compared, the headlines first."""
    return [*_cards(model), *_of_teams(model), *_outcome(model)]


def workbooks(model: Model) -> dict[Key, Value]:
    """Every workbook that counts, by its content."""
    return {
        (WORKBOOK, sent.team, sent.template): sent.sha256 or sent.modified
        for sent in model.current.submissions
        if sent.template and not sent.excluded
    }


def _cards(model: Model) -> Iterator[Entry]:
    for card in cards(model, 100):
        yield Entry((CARD, "", card.label), card.value, TABLE_NUMBER.but(number=card.number))


def _of_teams(model: Model) -> Iterator[Entry]:
    grid = model.derived["teams"]
    for name, number in _OF_TEAM.items():
        for row, team in enumerate(grid["team"].values):
            key = (TEAM, str(team), grid[name].label)
            yield Entry(key, grid[name].at(row), TABLE_NUMBER.but(number=number))


def _outcome(model: Model) -> Iterable[Entry]:
    """The actual of each metric of a team, of several rows the first."""
    grid = model.grid("expansion", "outcome")
    if grid is None:
        return ()
    found: dict[Key, Entry] = {}
    for row in model.rows("expansion", "outcome"):
        names = ("team", "metric", "unit", "actual")
        team, metric, unit, actual = (grid[name].values[row] for name in names)
        key = (OUTCOME, str(team), str(metric))
        style = measured(TABLE_NUMBER, unit, actual)
        found.setdefault(key, Entry(key, grid["actual"].at(row), style))
    return found.values()


def derive(model: Model, listed: Sequence[Entry], now: dict[Key, Value], before: Since) -> None:
    """Sentences on workbooks in ``model.news``, and the grid of figures that moved."""
    model.added.extend(sorted(_teams(now) - _teams(before.known)))
    model.news.extend(_news(model, now, before))
    moved = [one for one in listed if _moved(one.key, now, before)]
    if not moved and not model.news:
        return
    grid = model.open("moved", len(moved))
    text = data_style("text")
    teams, figures = [one.key[1] or None for one in moved], [one.key[2] for one in moved]
    grid.put("team", teams, model.look(grid, "team", text, 160))
    grid.put("figure", figures, model.look(grid, "figure", text, 160))
    then = [before.known.get(one.key) for one in moved]
    grid.put("then", then, Look(model.say("data.then", day=before.day), BULK_NUMBER, 110))
    here = add(model, grid, "now", Each([one.figure for one in moved]), BULK_NUMBER, 90)
    both = [is_number(now.get(one.key)) and is_number(before.known.get(one.key)) for one in moved]
    change = difference(here, grid["then"].here)
    made = Each([change if number else figure("-") for number in both])
    add(model, grid, "moved", made, BULK_NUMBER, 90)
    model.looks[:] = [one.style for one in moved]


def _moved(key: Key, now: dict[Key, Value], before: Since) -> bool:
    """Whether both reports say something of the team, and not the same."""
    team, then = key[1], before.known
    both = team in _teams(now) and team in _teams(then) if team else key in then
    return both and not same(now.get(key), then.get(key))


def _teams(values: Known) -> set[str]:
    """The teams that sent a workbook."""
    return {team for kind, team, _ in values if kind == WORKBOOK}


def _news(model: Model, now: dict[Key, Value], before: Since) -> list[str]:
    """Teams and workbooks that are new, corrected or gone."""
    then = {key: value for key, value in before.known.items() if key[0] == WORKBOOK}
    mine = {key: value for key, value in now.items() if key[0] == WORKBOOK}
    fresh = model.added
    found = {
        "teams": fresh,
        "added": [_name(model, key) for key in mine if key not in then and key[1] not in fresh],
        "corrected": [_name(model, key) for key in mine if key in then and mine[key] != then[key]],
        "gone": [_name(model, key) for key in then if key not in mine],
    }
    separator = model.say("list_separator")
    return [
        model.say(f"changes.{name}", count=len(names), names=separator.join(names))
        for name, names in found.items()
        if names
    ]


def _name(model: Model, key: Key) -> str:
    definition = model.current.catalog.definitions.get(key[2])
    return f"{key[1]}·{definition.title[model.lang] if definition else key[2]}"

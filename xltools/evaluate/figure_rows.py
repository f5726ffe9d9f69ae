"""What the evaluation figured out, as plain rows: of each team, and of each attainment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltools.definition import Definition, Summary
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.quarter_model import Model, SheetKey

Row = Mapping[str, object]

# Sheets that have attainments, and the column that says of what.
_SUBJECTS: Mapping[SheetKey, str] = {
    ("expansion", "outcome"): "metric",
    ("expansion", "stages"): "metric",
    ("goals", "review"): "goal",
    ("plan", "metrics"): "metric",
    ("plan", "incentives"): "member",
}
# Columns of a team's row: the name that a database has, and the column of the teams' grid.
_SCORES = {
    "score": "score",
    "ranking": "rank",
    "attainment": "attainment",
    "goal_attainment": "goals",
    "row_count": "rows",
    "counted": "counted",
    "lacking": "lacking",
    "on_target": "on_target",
}


def figure_rows(model: Model) -> Mapping[tuple[str, str], tuple[Row, ...]]:
    """Tables by definition and summary, "" for no definition; a team's rows name the team."""
    declared = {
        (definition.name, summary.name): tuple(_lines(model, definition, summary))
        for definition in model.current.catalog.team_definitions
        for summary in definition.summaries
    }
    return declared | {
        ("", "scores"): tuple(_scores(model)),
        ("", "attainments"): tuple(_attainments(model)),
    }


def _lines(model: Model, definition: Definition, summary: Summary) -> Iterator[Row]:
    """The lines of a summary; choices by name."""
    grid = model.derived.get(f"{definition.name}_{summary.name}")
    if grid is None:
        return
    lists = definition.whole.sheet(summary.source).lists
    lists |= {one.name: one.choices for one in summary.columns if one.choices}
    names: dict[str, dict[object, str]] = {}
    for column, chosen in lists.items():
        words = model.choices(definition.name, chosen)
        names[column] = {label: name for name, label in words.items()}
    wanted = [*summary.by, *(one.name for one in summary.columns)]
    for index in range(grid.count):
        found = {name: grid[name].values[index] for name in wanted if name in grid}
        told = {name: names.get(name, {}).get(value, value) for name, value in found.items()}
        told = {name: None if value == "" else value for name, value in told.items()}
        yield {"_team" if name == "team" else name: value for name, value in told.items()}


def _scores(model: Model) -> Iterator[Row]:
    grid = model.derived["teams"]
    for index, team in enumerate(grid["team"].values):
        found = {name: _number(grid, source, index) for name, source in _SCORES.items()}
        yield {"_team": team, **found}


def _attainments(model: Model) -> Iterator[Row]:
    for (definition, sheet), subject in _SUBJECTS.items():
        grid = model.grid(definition, sheet)
        if grid is None or not {"attainment", subject} <= grid.columns.keys():
            continue
        for index in model.rows(definition, sheet):
            key = grid["key"].values[index]
            if not isinstance(key, int | float):
                continue
            attainment = _number(grid, "attainment", index)
            yield {
                "_team": model.teams[int(key) - 1].team,
                "workbook": definition,
                "sheet": model.key(definition, sheet)[1],
                "subject": _text(grid, subject, index),
                "unit": _text(grid, "unit", index),
                "target": _number(grid, "target", index),
                "actual": _number(grid, "actual", index),
                "attainment": attainment,
                "light": _light(model, attainment),
            }


def _light(model: Model, attainment: float | None) -> str | None:
    if attainment is None:
        return None
    if attainment >= model.parameters["on_target"]:
        return "green"
    return "amber" if attainment >= model.parameters["at_risk"] else "red"


def _number(grid: Grid, name: str, index: int) -> float | None:
    """A number; None where there is none, or no such column."""
    value = grid[name].values[index] if name in grid else None
    return float(value) if isinstance(value, int | float) else None


def _text(grid: Grid, name: str, index: int) -> str | None:
    value = grid[name].values[index] if name in grid else None
    return str(value) if value not in (None, "") else None

"""Every metric of every team with its attainment, and which process metrics drive which results."""

from __future__ import annotations

from typing import NamedTuple

from xltools.evaluate.facts.number_keys import (
    Source,
    mark_latest,
    metric_names,
    number_rows,
    number_texts,
    put,
    put_said,
    put_source,
    said,
)
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_PERCENT
from xltools.excel.writing.serial_values import serial_number
from xltools.ground.folding import fold
from xltools.ground.period import Quarter

OUTCOME, METRICS = ("expansion", "outcome"), ("plan", "metrics")
Link = tuple[int, int | None]  # lines of a result, and of a process metric that drives it


# Of an additive metric Σ by Σ over the quarter's months, else its last month.
_OVER_MONTHS = {
    "adds": "lookup(plan_metrics.adds, line=metrics_row)",
    "basis_used": "lookup(plan_metrics.basis_used, line=metrics_row)",
    "target": "total(plan_metrics.target, metric_key=metric_key, stands=at_least(2 - adds))",
    "actual": "total(plan_metrics.actual, metric_key=metric_key, stands=at_least(2 - adds))",
    "months_attained": "attainment(actual, target, basis_used)",
    "latest_row": "total(plan_metrics.line, metric_key=metric_key, latest=1)",
}
_NO_MONTHS = {"months_attained": "None", "latest_row": "None"}
_ATTAINED = {
    "outcome_attained": "lookup(expansion_outcome.attainment, line=outcome_row)",
    "attainment": "coalesce(outcome_attained, months_attained)",
}
_WORDS = {
    "cause": "lookup(plan_metrics.cause, line=latest_row) if blank(outcome_attained)"
    " else lookup(expansion_outcome.analysis, line=outcome_row)",
    "action": "lookup(plan_metrics.action, line=latest_row) if blank(outcome_attained) else None",
}
_DRIVEN = {
    "attainment": "lookup(measures.attainment, line=number)",
    "process_attainment": "lookup(measures.attainment, line=driver)",
    "cause": "lookup(measures.cause, line=driver)",
    "action": "lookup(measures.action, line=driver)",
}


class Measure(NamedTuple):
    """A metric of a team by its one name, and its first line on outcome and on metrics."""

    team: int
    metric: str
    outcome: int | None
    metrics: int | None


def derive(model: Model) -> None:
    """The latest rows of metrics, and the grid of measures."""
    metrics = model.grid(*METRICS)
    keys = number_texts(model, "metric_key", [(metrics, "metric")], alike=metric_names(model))
    if metrics is not None:
        mark_latest(model, metrics, "metric_key")
        _months(model, metrics)
    measures = _measures(model)
    if not measures:
        return
    grid = model.open("measures", len(measures))
    sources = [_source(model, one) for one in measures]
    text = data_style("text")
    put(model, grid, "key", [one.team for one in measures])
    number_rows(model, grid)
    number_rows(model, model.grid(*OUTCOME))
    numbers: dict[str, int] = {}
    named = [numbers.setdefault(one.metric, len(numbers) + 1) for one in measures]
    put(model, grid, "metric_number", named)
    teams = [model.teams[one.team - 1].team for one in measures]
    put(model, grid, "team", teams, text, 110, given=False)
    put(model, grid, "metric", said(sources, "metric"), text, 130, given=False)
    put(model, grid, "outcome_row", [one.outcome for one in measures])
    put(model, grid, "metrics_row", [one.metrics for one in measures])
    put(model, grid, "metric_key", [keys.get((one.team, one.metric)) for one in measures])
    # Attainment of the outcome row, else over the months of metrics; the words beside it.
    compute(model, grid, _OVER_MONTHS if metrics else _NO_MONTHS, of="plan")
    compute(model, grid, _ATTAINED, BULK_PERCENT)
    compute(model, grid, _WORDS, text, width=110)
    put_source(model, grid, sources)
    _pairs(model, grid, measures)


def _months(model: Model, metrics: Grid) -> None:
    """Which rows stand for the quarter: its months that have both numbers; and the last of them."""
    quarter = model.period or Quarter.of(model.as_of)
    begin, end = serial_number(quarter.start), serial_number(quarter.end)
    inside = f"as_of >= {begin} and as_of <= {end} and as_of <= parameters.as_of"
    both = "not blank(target) and not blank(actual)"
    compute(model, metrics, {"in_quarter": f"1 if {inside} and {both} else 0"})
    mark_latest(model, metrics, "metric_key", "quarter_latest", among="in_quarter")
    compute(
        model,
        metrics,
        {
            "stands": "in_quarter + quarter_latest",  # 2 in the last month, 1 in others, else 0
            "adds": "1 if additive(metric, unit) else 0",
            "basis_used": "basis_of(None, None, metric)",
        },
    )


def _pairs(model: Model, grid: Grid, measures: list[Measure]) -> None:
    """Open the grid of results, a row for each process metric that drives one.

    The lowest attainments of now come first; which driver is the worst is a figure.
    """
    values = grid["attainment"].values
    low = [float(one) if isinstance(one, (int, float)) else 1e9 for one in values]  # missing: last

    def place(pair: Link) -> tuple[float, int, float, int]:
        result, driver = pair
        return low[result - 1], result, low[(driver or result) - 1], driver or 0

    pairs = sorted(_links(model, measures), key=place)
    if not pairs or "drivers" not in model.declared:
        return
    made = model.open("drivers", len(pairs))
    put(model, made, "number", [result for result, _ in pairs])
    put(model, made, "driver", [driver for _, driver in pairs])
    results, text = [(grid, result - 1) for result, _ in pairs], data_style("text")
    put_said(model, made, results, ("team", "metric"), text)
    none, metrics = model.say("traceback.no_driver"), grid["metric"].values
    put(model, made, "process", [metrics[one - 1] if one else none for _, one in pairs], text)
    compute(model, made, _DRIVEN)
    number_rows(model, made)
    put_source(model, made, [(grid, (driver or result) - 1) for result, driver in pairs])


def _source(model: Model, one: Measure) -> Source:
    """The row that a measure was first read from."""
    key, line = (OUTCOME, one.outcome) if one.outcome else (METRICS, one.metrics or 1)
    return model.grids[model.key(*key)], line - 1


def _measures(model: Model) -> list[Measure]:
    """Every metric that a team has on outcome or on metrics, once; team by team."""
    outcome, metrics = _firsts(model, OUTCOME), _firsts(model, METRICS)
    found = [Measure(*key, outcome.get(key), metrics.get(key)) for key in outcome | metrics]
    return sorted(found, key=lambda one: one.team)


def _firsts(model: Model, key: tuple[str, str]) -> dict[tuple[int, str], int]:
    """The line of every team's metric, its first of this quarter."""
    grid, alike = model.grid(*key), metric_names(model)
    found: dict[tuple[int, str], int] = {}
    if grid is None:
        return found
    for row in model.rows(*key):
        metric = grid["metric"].values[row]
        if metric:
            found.setdefault((int(grid["key"].values[row] or 0), alike(str(metric))), row + 1)
    return found


def _is(model: Model, one: Measure, kind: str) -> bool:
    """Whether a measure is a result, or a process metric, by either of its rows."""
    for key, column, line in ((OUTCOME, "dimension", one.outcome), (METRICS, "class", one.metrics)):
        if line is not None:
            label = model.choices(key[0], column).get(kind, kind)
            if model.grids[model.key(*key)][column].values[line - 1] == label:
                return True
    return False


def _links(model: Model, measures: list[Measure]) -> list[Link]:
    """Every result with each process metric of its team that drives it, or with none."""
    alike = metric_names(model)
    library = {
        fold(one.metric): alike(one.drives) for one in model.current.settings.metrics if one.drives
    }
    results = [(line, one) for line, one in enumerate(measures, 1) if _is(model, one, "result")]
    found: list[Link] = []
    for driver, one in enumerate(measures, 1):
        if not _is(model, one, "process"):
            continue
        own = one.metrics and model.grids[model.key(*METRICS)]["drives"].values[one.metrics - 1]
        step = alike(str(own)) if own else library.get(one.metric, "")
        reached: list[str] = []
        while step and step not in reached:
            reached.append(step)
            step = library.get(step, "")
        found += [
            (line, driver)
            for line, result in results
            if result.team == one.team and result.metric in reached
        ]
    driven = {result for result, _ in found}
    return found + [(line, None) for line, _ in results if line not in driven]

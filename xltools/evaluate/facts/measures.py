"""Every metric of every team with its attainment, and which process metrics drive which results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xltools.evaluate.facts.number_keys import (
    mark_latest,
    metric_names,
    number_rows,
    number_texts,
    put,
    put_source,
)
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import Value
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import Model
from xltools.excel.styles import BULK_PERCENT
from xltools.excel.writing.serial_values import serial_number
from xltools.ground.folding import fold
from xltools.ground.period import Quarter

OUTCOME, METRICS = ("expansion", "outcome"), ("plan", "metrics")
Link = tuple[int, int | None]  # a result, and a process metric that drives it


_OF_OUTCOME = "lookup(expansion_outcome.{of}, line=outcome_row)"
_OF_METRICS = "lookup(plan_metrics.{of}, line={row})"
_OF_MONTHS = "total(plan_metrics.{of}, metric_key=metric_key, stands=at_least(2 - adds))"
# Of an additive metric Σ by Σ over the quarter's months, else its last month.
_OVER_MONTHS = {
    "adds": _OF_METRICS.format(of="adds", row="metrics_row"),
    "basis_used": _OF_METRICS.format(of="basis_used", row="metrics_row"),
    "target": _OF_MONTHS.format(of="target"),
    "actual": _OF_MONTHS.format(of="actual"),
    "months_attained": "attainment(actual, target, basis_used)",
    "latest_row": "total(plan_metrics.line, metric_key=metric_key, latest=1)",
}
_NO_MONTHS = dict.fromkeys(("months_attained", "latest_row"), "None")
_ATTAINED = {
    "outcome_attained": _OF_OUTCOME.format(of="attainment"),
    "attainment": "coalesce(outcome_attained, months_attained)",
}
_WORDS = {
    "cause": f"{_OF_METRICS.format(of='cause', row='latest_row')} if blank(outcome_attained)"
    f" else {_OF_OUTCOME.format(of='analysis')}",
    "action": f"{_OF_METRICS.format(of='action', row='latest_row')} if blank(outcome_attained)"
    " else None",
}
# The lowest attainment of a result's drivers is the first; ties share.
_WORSE = (
    "count(process_attainment, number=number, process_attainment=less_than(process_attainment))"
)
_DRIVEN = {
    "attainment": "lookup(measures.attainment, line=number)",
    "process_attainment": "lookup(measures.attainment, line=driver)",
    "cause": "lookup(measures.cause, line=driver)",
    "action": "lookup(measures.action, line=driver)",
    "low": "1 if attainment < parameters.traceback_floor else 0",
    "worst": f"{_WORSE} + 1 if low == 1 and not blank(process_attainment) else None",
}


@dataclass(frozen=True)
class Measure:
    """A metric of a team: its first row on outcome and on metrics, what it is, what it drives."""

    team: int
    metric: str
    title: str
    outcome: int | None
    metrics: int | None
    result: bool
    process: bool
    drives: str


def derive(model: Model) -> None:
    """The latest rows of metrics, and the grid of measures."""
    metrics = model.grid(*METRICS)
    alike = metric_names(model)
    number_texts(model, "metric_key", [(metrics, "metric")], alike=alike)
    if metrics is not None:
        mark_latest(model, metrics, "metric_key")
        _months(model, metrics)
    measures = sorted(_measures(model), key=lambda one: one.team)
    if not measures:
        return
    grid = model.open("measures", len(measures))
    text = data_style("text")
    put(model, grid, "key", [one.team for one in measures])
    number_rows(model, grid)
    for key in (OUTCOME, METRICS):
        number_rows(model, model.grid(*key))
    numbers: dict[str, int] = {}
    put(
        model,
        grid,
        "metric_number",
        [numbers.setdefault(one.metric, len(numbers) + 1) for one in measures],
    )
    teams: list[Value] = [model.teams[one.team - 1].team for one in measures]
    grid.put("team", teams, Look(model.say("data.team"), text, 110))
    titles: list[Value] = [one.title for one in measures]
    grid.put("metric", titles, Look(model.say("data.metric"), text, 130))
    _values(model, grid, measures)
    put_source(model, grid, [_source(model, one) for one in measures])
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


def _pairs(model: Model, measures: Grid, given: list[Measure]) -> None:
    """Open the grid of results, a row for each process metric that drives one.

    The lowest attainments of now come first; which driver is the worst is a figure.
    """
    attained = measures["attainment"].values

    def place(pair: Link) -> tuple[float, int, float, int]:
        result, driver = pair
        driving = _low(attained[driver]) if driver is not None else 0
        return _low(attained[result]), result, driving, driver or 0

    pairs = sorted(_links(model, given), key=place)
    if not pairs or "drivers" not in model.declared:
        return
    grid = model.open("drivers", len(pairs))
    results, drivers = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    put(model, grid, "number", [one + 1 for one in results])
    put(model, grid, "driver", [None if one is None else one + 1 for one in drivers])
    none = model.say("traceback.no_driver")
    names = {
        "team": [measures["team"].values[one] for one in results],
        "metric": [measures["metric"].values[one] for one in results],
        "process": [none if one is None else measures["metric"].values[one] for one in drivers],
    }
    for name, values in names.items():
        put(model, grid, name, values, data_style("text"))
    compute(model, grid, _DRIVEN)
    rows = [result if driver is None else driver for result, driver in pairs]
    put_source(model, grid, [_source(model, given[one]) for one in rows])


def _low(value: Value) -> float:
    """Sorts attainments, those that are missing behind all others."""
    return float(value) if isinstance(value, (int, float)) else 1e9


def _values(model: Model, grid: Grid, measures: list[Measure]) -> None:
    """Attainment of the outcome row, else over the months of metrics; the words beside it."""
    metrics = model.grid(*METRICS)
    keys = metrics["metric_key"].values if metrics else []
    put(model, grid, "outcome_row", [_number(one.outcome) for one in measures])
    put(model, grid, "metrics_row", [_number(one.metrics) for one in measures])
    own = [None if one.metrics is None else keys[one.metrics] for one in measures]
    put(model, grid, "metric_key", own)
    words = data_style("text")
    compute(model, grid, _OVER_MONTHS if metrics else _NO_MONTHS, of="plan")
    compute(model, grid, _ATTAINED, BULK_PERCENT)
    compute(model, grid, _WORDS, words, width=110)


def _number(row: int | None) -> int | None:
    return None if row is None else row + 1


def _source(model: Model, one: Measure) -> tuple[Grid, int]:
    """The row that a measure was first read from."""
    if one.outcome is not None:
        return model.grids[OUTCOME], one.outcome
    return model.grids[METRICS], one.metrics or 0


def _measures(model: Model) -> Iterator[Measure]:
    """Every metric that a team has on outcome or on metrics, once."""
    outcome, metrics = _firsts(model, OUTCOME), _firsts(model, METRICS)
    library = {fold(one.metric): one for one in model.current.settings.metrics}
    alike = metric_names(model)
    for team, metric in dict.fromkeys([*outcome, *metrics]):
        first, second = outcome.get((team, metric)), metrics.get((team, metric))
        kinds = {_kind(model, OUTCOME, "dimension", first), _kind(model, METRICS, "class", second)}
        known_as = library.get(metric)
        own = model.grids[METRICS]["drives"].values[second] if second is not None else None
        drives = str(own or (known_as.drives if known_as else ""))
        source, row = (OUTCOME, first) if first is not None else (METRICS, second)
        yield Measure(
            team=team,
            metric=metric,
            title=str(model.grids[source]["metric"].values[row or 0]),
            outcome=first,
            metrics=second,
            result="result" in kinds,
            process="process" in kinds,
            drives=alike(drives) if drives else "",
        )


def _firsts(model: Model, key: tuple[str, str]) -> dict[tuple[int, str], int]:
    """The first row of every team's metric, this quarter."""
    grid, alike = model.grid(*key), metric_names(model)
    found: dict[tuple[int, str], int] = {}
    if grid is None:
        return found
    for row in model.rows(*key):
        metric = grid["metric"].values[row]
        if metric:
            found.setdefault((int(grid["key"].values[row] or 0), alike(str(metric))), row)
    return found


def _kind(model: Model, key: tuple[str, str], column: str, row: int | None) -> str:
    """The name of the choice in a row."""
    if row is None:
        return ""
    labels = model.choices(key[0], column)
    label = model.grids[key][column].values[row]
    return next((name for name, text in labels.items() if text == label), "")


def _links(model: Model, measures: list[Measure]) -> list[Link]:
    """Every result with each process metric of its team that drives it, or with none."""
    alike = metric_names(model)
    library = {
        fold(one.metric): alike(one.drives) for one in model.current.settings.metrics if one.drives
    }
    found: list[Link] = []
    for place, one in enumerate(measures):
        if not one.process:
            continue
        reached: list[str] = []
        step = one.drives
        while step and step not in reached:
            reached.append(step)
            step = library.get(step, "")
        found += [
            (at, place)
            for at, other in enumerate(measures)
            if other.result and other.team == one.team and other.metric in reached
        ]
    driven = {result for result, _ in found}
    return found + [
        (at, None) for at, one in enumerate(measures) if one.result and at not in driven
    ]

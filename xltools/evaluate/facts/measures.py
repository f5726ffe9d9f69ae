"""Every metric of every team with its attainment, and which process metrics drive which results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xltools.evaluate.facts.number_keys import (
    add,
    mark_latest,
    metric_names,
    number_texts,
    put,
    put_source,
)
from xltools.evaluate.figures.aggregates import Nth, count, total, where
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    Value,
    cases,
    choose,
    every,
    figure,
    known,
    or_nothing,
    ratio,
)
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import add_expression
from xltools.excel.styles import BULK_PERCENT
from xltools.excel.writing.serial_values import serial_number
from xltools.ground.folding import fold
from xltools.ground.period import Quarter

OUTCOME, METRICS = ("expansion", "outcome"), ("plan", "metrics")
Link = tuple[int, int | None]  # a result, and a process metric that drives it


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
    begin, end = (figure(serial_number(day) or 0) for day in (quarter.start, quarter.end))
    day, numbers = metrics["as_of"].here, (metrics["target"].here, metrics["actual"].here)
    inside = every(known(day), day >= begin, day <= end, day <= model.today, *map(known, numbers))
    add(model, metrics, "in_quarter", choose(inside, 1, 0))
    mark_latest(model, metrics, "metric_key", "quarter_latest", among="in_quarter")
    add_expression(model, METRICS, "adds", "1 if additive(metric, unit) else 0")
    text = "basis_of(None, None, metric)"
    add_expression(model, METRICS, "basis_used", text, words="basis")


def _over_months(model: Model, metrics: Grid, row: int) -> Figure:
    """A metric's attainment over the quarter: of an additive one Σ by Σ, else its last month."""
    mine = where(metrics["metric_key"], figure(metrics["metric_key"].values[row] or 0))
    every_month, last = where(metrics["in_quarter"], 1), where(metrics["quarter_latest"], 1)
    adds, basis = metrics["adds"].at(row).equals(1), metrics["basis_used"].at(row)
    actual, target = (
        choose(adds, total(metrics[name], mine, every_month), total(metrics[name], mine, last))
        for name in ("actual", "target")
    )
    return cases(
        (count(mine, every_month).equals(0), NOTHING),
        (target <= 0, NOTHING),
        (basis.equals(model.choice("plan", "basis", "not_counted")), NOTHING),
        (basis.equals(model.choice("plan", "basis", "higher")), ratio(actual, target)),
        (actual <= 0, model.parameter("attainment_cap")),
        otherwise=ratio(target, actual),
    )


def _pairs(model: Model, measures: Grid, given: list[Measure]) -> None:
    """Open the grid of results, a row for each process metric that drives one.

    The lowest attainments of now come first; which driver is the worst is a figure.
    """
    values = measures["attainment"].values

    def place(pair: Link) -> tuple[float, int, float, int]:
        result, driver = pair
        driving = _low(values[driver]) if driver is not None else 0
        return _low(values[result]), result, driving, driver or 0

    pairs = sorted(_links(model, given), key=place)
    if not pairs or "drivers" not in model.filled:
        return
    grid = model.open("drivers", len(pairs))
    results, drivers = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    put(model, grid, "number", [one + 1 for one in results])
    put(model, grid, "driver", [None if one is None else one + 1 for one in drivers])
    none = figure(model.say("traceback.no_driver"))
    process = [none if one is None else measures["metric"].at(one) for one in drivers]
    sources = {
        "team": measures["team"].rows(results),
        "metric": measures["metric"].rows(results),
        "attainment": or_nothing(measures["attainment"].rows(results)),
        "process": Each(process),
        "process_attainment": or_nothing(measures["attainment"].rows(drivers)),
        "cause": or_nothing(measures["cause"].rows(drivers)),
        "action": or_nothing(measures["action"].rows(drivers)),
    }
    for name, made in sources.items():
        add(model, grid, name, made)
    attained, driving = grid["attainment"].here, grid["process_attainment"].here
    low = every(known(attained), attained < model.parameter("traceback_floor"))
    traced = add(model, grid, "low", choose(low, 1, 0))
    same = where(grid["number"], grid["number"].here)
    worse = count(same, where(grid["process_attainment"], driving, "<")) + 1
    rank = choose(every(traced.equals(1), known(driving)), worse, "")
    add(model, grid, "worst", rank)
    rows = [result if driver is None else driver for result, driver in pairs]
    put_source(model, grid, [_source(model, given[one]) for one in rows])


def _low(value: Value) -> float:
    """Sorts attainments, those that are missing behind all others."""
    return float(value) if isinstance(value, (int, float)) else 1e9


def _values(model: Model, grid: Grid, measures: list[Measure]) -> None:
    """Attainment of the outcome row, else over the months of metrics; the words beside it."""
    outcome, metrics = model.grid(*OUTCOME), model.grid(*METRICS)

    def theirs(one: Measure, name: str) -> Figure:
        if metrics is None or one.metrics is None:
            return NOTHING
        if name == "attainment":
            return _over_months(model, metrics, one.metrics)
        return Nth(metrics[name], _latest(metrics, metrics["metric_key"].values[one.metrics]))

    def said(one: Measure, own: str, name: str) -> Figure:
        if outcome is None or one.outcome is None or not own:
            return theirs(one, name)
        counts = known(outcome["attainment"].at(one.outcome))
        return choose(counts, or_nothing(outcome[own].at(one.outcome)), theirs(one, name))

    for name, own, style in (
        ("attainment", "attainment", BULK_PERCENT),
        ("cause", "analysis", data_style("text")),
        ("action", "", data_style("text")),
    ):
        made = Each([said(one, own, name) for one in measures])
        grid.add(name, made, Look(model.say(f"data.{name}"), style, 110))


def _source(model: Model, one: Measure) -> tuple[Grid, int]:
    """The row that a measure was first read from."""
    if one.outcome is not None:
        return model.grids[OUTCOME], one.outcome
    return model.grids[METRICS], one.metrics or 0


def _latest(metrics: Grid, key: Value) -> Figure:
    """The number of a metric's row that counts."""
    mine = where(metrics["metric_key"], figure(key or 0))
    return total(metrics["row"], mine, where(metrics["latest"], 1))


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

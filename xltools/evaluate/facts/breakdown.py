"""Annual targets: the sum of their children, and what was attained this year."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import add, mark_latest, metric_names, number_rows, put
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    LINE_BREAK,
    NOTHING,
    Call,
    Each,
    Figure,
    Value,
    as_number,
    choose,
    day_of,
    every,
    figure,
    is_number,
    known,
    largest,
    round_to,
    sentence,
)
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER
from xltools.excel.writing.serial_values import serial_number
from xltools.ground.folding import fold

KEY, METRICS = ("plan", "breakdown"), ("plan", "metrics")
# This year's sum of a goal's own metric; of others than additive ones the latest.
_ACTUAL = (
    "total(plan_metrics.actual, goal_row=line, in_year=1) if adds == 1"
    " else total(plan_metrics.actual, goal_row=line, goal_latest=1)"
)


def derive(model: Model) -> None:
    """Add the children's sums and what goals attained this year."""
    targets = model.grid(*KEY)
    if targets is not None:
        _targets(model, targets)


def _targets(model: Model, grid: Grid) -> None:
    """Children's sums, and the actual of the year to date."""
    metrics = model.grid(*METRICS)
    number_rows(model, grid)
    compute(model, grid, {"adds": "1 if additive(metric, unit) else 0"})
    _children(model, grid)
    if metrics is not None:
        _year(model, grid, metrics)
    compute(model, grid, {"ytd_actual": _ACTUAL}, BULK_NUMBER)


def _children(model: Model, grid: Grid) -> None:
    """The sum of a goal's children in each dimension, and how many of these sums are off."""
    sums: list[Figure] = []
    off: list[Figure] = []
    for row, children in enumerate(_by_parent(grid)):
        annual, adds = grid["annual_target"].at(row), grid["adds"].at(row).equals(1)
        amounts = {
            word: _sum(grid, rows) for word, rows in _by_dimension(grid, row, children).items()
        }
        wrong = {word: beyond(model, one - annual, annual) for word, one in amounts.items()}
        counted = figure(0)
        for one in wrong.values():
            counted = counted + choose(one, 1, 0)
        sums.append(choose(adds, _told(amounts, wrong), NOTHING) if amounts else NOTHING)
        off.append(choose(every(adds, known(annual)), counted, 0) if amounts else figure(0))
    add(model, grid, "children_sum", Each(sums), BULK_NUMBER)
    add(model, grid, "children_off", Each(off))


def _told(amounts: dict[str, Figure], wrong: dict[str, Figure]) -> Figure:
    """The sum of one dimension as a number; several as text, each with whether its sum fits."""
    if len(amounts) == 1:
        return next(iter(amounts.values()))
    whole = all(float(one.value(0) or 0).is_integer() for one in amounts.values())
    parts = [
        sentence(
            "{0}\u00a0{1}\u00a0{2}",
            figure(word),
            as_number(one, 0 if whole else 2),
            choose(wrong[word], "✗", "✓"),
        )
        for word, one in amounts.items()
    ]
    told, *others = parts
    for one in others:
        told = sentence("{0}{1}{2}", told, LINE_BREAK, one)
    return told


def _by_parent(grid: Grid) -> list[list[int]]:
    """For every goal the rows of its children; none is a child of itself."""
    columns = zip(*(grid[name].values for name in ("key", "code", "parent")), strict=True)
    names = [(key, fold(str(code)), fold(str(parent or ""))) for key, code, parent in columns]
    children: dict[tuple[Value, str], list[int]] = {}
    for row, (key, code, parent) in enumerate(names):
        if parent and parent != code:
            children.setdefault((key, parent), []).append(row)
    return [children.get((key, code), []) for key, code, _ in names]


def _by_dimension(grid: Grid, row: int, children: list[int]) -> dict[str, list[int]]:
    """Children that measure what their parent measures, by dimension."""

    def measures(one: int) -> tuple[str, str]:
        return fold(str(grid["metric"].values[one])), fold(str(grid["unit"].values[one]))

    found: dict[str, list[int]] = {}
    for child in children:
        if measures(child) == measures(row):
            found.setdefault(str(grid["dimension"].values[child] or "-"), []).append(child)
    return found


def _sum(grid: Grid, rows: list[int]) -> Figure:
    cells = [grid["annual_target"].at(row) for row in rows]
    slots = ",".join(f"{{{place}}}" for place in range(len(cells)))
    return Call(f"SUM({slots})", lambda *given: sum(filter(is_number, given)), *cells)


def beyond(model: Model, difference: Figure, annual: Figure) -> Figure:
    """Whether a difference is more than the tolerance of an annual target."""
    apart = round_to(difference, 6)
    allowed = choose(known(annual), annual * model.parameter("sum_tolerance"), 0)
    size = choose(known(apart), largest(apart, apart * -1), 0)
    return size > largest(allowed, allowed * -1)


def _year(model: Model, grid: Grid, metrics: Grid) -> None:
    """Which rows of metrics are this year's actuals of a goal, and which is its last."""
    put(model, metrics, "goal_row", _goal_rows(model, grid, metrics))
    day = metrics["as_of"].here
    within = every(
        known(day),
        day >= year_start(model.today),
        day <= model.today,
        known(metrics["actual"].here),
    )
    add(model, metrics, "in_year", choose(within, 1, 0))
    mark_latest(model, metrics, "goal_row", "goal_latest", among="in_year")


def year_start(day: Figure) -> Figure:
    """The first day of a date's year."""
    return Call(
        "DATE(YEAR({0}),1,1)",
        lambda given: serial_number(day_of(given).replace(month=1, day=1)),
        day,
    )


def _goal_rows(model: Model, grid: Grid, metrics: Grid) -> list[Value]:
    """For each row of metrics the number of its goal's row, where that has the same metric.

    Rows of earlier quarters count, too, but a day that a later workbook repeats only there.
    """
    alike = metric_names(model)
    columns = (grid[name].values for name in ("key", "code", "metric"))
    places = {
        (key, fold(str(code)), alike(str(metric))): row
        for row, (key, code, metric) in enumerate(zip(*columns, strict=True), 1)
    }
    sources: dict[tuple[int, int], int] = {}  # (goal's row, day) → the quarter that counts
    found: list[Value] = []
    own = (metrics[name].values for name in ("key", "goal", "metric", "as_of"))
    for key, goal, metric, day in zip(*own, strict=True):
        quarter, team = divmod(int(key or 0), EARLIER)
        row = places.get((team, fold(str(goal)), alike(str(metric))))
        counts = row is not None and sources.setdefault((row, int(day or 0)), quarter) == quarter
        found.append(row if counts else None)
    return found

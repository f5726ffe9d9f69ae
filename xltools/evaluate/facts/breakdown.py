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
    known,
    sentence,
)
from xltools.evaluate.grid_expressions import compute, stated
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER
from xltools.excel.writing.serial_values import serial_number
from xltools.ground.folding import fold

KEY, METRICS = ("plan", "breakdown"), ("plan", "metrics")
# The sum of a goal's children in one dimension, and whether it is off by more than the tolerance.
_SUM = "coalesce(total(annual_target, parent_row=line, dimension_no={number}), 0)"
_OFF = "1 if abs({sum} - annual_target) > abs(annual_target * parameters.sum_tolerance) else 0"
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
    words: dict[str, int] = {}
    dimensions: list[dict[str, int]] = []  # those of each goal's children
    parents: list[int | None] = [None] * grid.count
    numbers: list[int | None] = [None] * grid.count
    for row, children in enumerate(_by_parent(grid)):
        found = _by_dimension(grid, row, children)
        dimensions.append({word: words.setdefault(word, len(words) + 1) for word in found})
        for word, rows in found.items():
            for child in rows:
                parents[child], numbers[child] = row + 1, words[word]
    put(model, grid, "parent_row", parents)
    put(model, grid, "dimension_no", numbers)
    sums = {one: stated(model, grid, _SUM.format(number=one)) for one in words.values()}
    wrong = {one: stated(model, grid, _OFF.format(sum=_SUM.format(number=one))) for one in sums}
    adds = grid["adds"].here.equals(1)
    told = [
        choose(adds, _told({word: (sums[n], wrong[n]) for word, n in mine.items()}, row), NOTHING)
        for row, mine in enumerate(dimensions)
    ]
    add(model, grid, "children_sum", Each(told), BULK_NUMBER)
    off = [sum((wrong[n] for n in mine.values()), figure(0)) for mine in dimensions]
    add(model, grid, "children_off", Each([choose(adds, one, 0) for one in off]))


def _told(sums: dict[str, tuple[Figure, Figure]], row: int) -> Figure:
    """The sum of one dimension as a number; several as text, each with whether its sum fits."""
    if len(sums) < 2:
        return next((one for one, _ in sums.values()), NOTHING)
    whole = all(float(one.value(row) or 0).is_integer() for one, _ in sums.values())
    told, *others = (
        sentence(
            "{0}\u00a0{1}\u00a0{2}",
            figure(word),
            as_number(one, 0 if whole else 2),
            choose(off > 0, "✗", "✓"),
        )
        for word, (one, off) in sums.items()
    )
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

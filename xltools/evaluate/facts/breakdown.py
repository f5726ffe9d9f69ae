"""Annual targets: the sum of their children, and what was attained this year."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import (
    add,
    mark_latest,
    metric_names,
    number_rows,
    put,
    together,
)
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
    figure,
    is_number,
    sentence,
)
from xltools.evaluate.grid_expressions import compute, stated
from xltools.evaluate.quarter_model import EARLIER, Model
from xltools.excel.styles import BULK_NUMBER
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
    grid, metrics = model.grid(*KEY), model.grid(*METRICS)
    if grid is None:
        return
    number_rows(model, grid)
    compute(model, grid, {"adds": "1 if additive(metric, unit) else 0"})
    _children(model, grid)
    if metrics is not None:
        _year(model, grid, metrics)
    compute(model, grid, {"ytd_actual": _ACTUAL}, BULK_NUMBER)


def _children(model: Model, grid: Grid) -> None:
    """The sum of a goal's children in each dimension, and how many of these sums are off."""
    children = _by_dimension(grid)
    words: dict[str, int] = {}
    parents: list[int | None] = [None] * grid.count
    numbers: list[int | None] = [None] * grid.count
    for line, found in enumerate(children, 1):
        for word, rows in found.items():
            number = words.setdefault(word, len(words) + 1)
            for child in rows:
                parents[child], numbers[child] = line, number
    put(model, grid, "parent_row", parents)
    put(model, grid, "dimension_no", numbers)
    texts = {word: _SUM.format(number=number) for word, number in words.items()}
    offs = {word: f"({_OFF.format(sum=text)})" for word, text in texts.items()}
    sums = {
        word: (stated(model, grid, texts[word]), stated(model, grid, offs[word])) for word in words
    }
    told = [_told({word: sums[word] for word in mine}, row) for row, mine in enumerate(children)]
    totals = [" + ".join(offs[word] for word in mine) or "0" for mine in children]
    off = {text: stated(model, grid, text) for text in dict.fromkeys(totals)}
    adds = grid["adds"].here
    add(model, grid, "children_sum", choose(adds, Each(told), NOTHING), BULK_NUMBER)
    add(model, grid, "children_off", choose(adds, Each([off[text] for text in totals]), 0))


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
            choose(off, "✗", "✓"),
        )
        for word, (one, off) in sums.items()
    )
    for one in others:
        told = sentence("{0}{1}{2}", told, LINE_BREAK, one)
    return told


def _by_dimension(grid: Grid) -> list[dict[str, list[int]]]:
    """For every goal the rows of its children by dimension; none is a child of itself.

    Only those are summed that measure what their parent measures.
    """
    keys = grid["key"].values
    codes, parents, metrics, units = (
        [fold(str(value or "")) for value in grid[name].values]
        for name in ("code", "parent", "metric", "unit")
    )
    goals = list(zip(keys, codes, metrics, units, strict=True))
    children: dict[tuple[Value, ...], dict[str, list[int]]] = {}
    for row, above in enumerate(zip(keys, parents, metrics, units, strict=True)):
        if parents[row] and above != goals[row]:
            word = str(grid["dimension"].values[row] or "-")
            children.setdefault(above, {}).setdefault(word, []).append(row)
    return [children.get(goal, {}) for goal in goals]


def _year(model: Model, grid: Grid, metrics: Grid) -> None:
    """Which rows of metrics are this year's actuals of a goal, and which is its last."""
    put(model, metrics, "goal_row", _goal_rows(model, grid, metrics))
    day, actual = metrics["as_of"].here, metrics["actual"].here
    # What somebody types over a day later may be no day at all.
    text = "IFERROR(IF(AND(ISNUMBER({0}),YEAR({0})=YEAR({1}),{0}<={1},ISNUMBER({2})),1,0),0)"
    add(model, metrics, "in_year", Call(text, _in_year, day, model.today, actual))
    mark_latest(model, metrics, "goal_row", "goal_latest", among="in_year")


def _in_year(day: Value, today: float, actual: Value) -> Value:
    there = is_number(day) and day_of(day).year == day_of(today).year and day <= today
    return int(there and is_number(actual))


def _goal_rows(model: Model, grid: Grid, metrics: Grid) -> list[Value]:
    """For each row of metrics the number of its goal's row, where that has the same metric.

    Rows of earlier quarters count, too, but a day that a later workbook repeats only there.
    """
    alike = metric_names(model)
    goals = enumerate(together(grid, "key", "code", "metric"), 1)
    places = {
        (key, fold(str(code)), alike(str(metric))): line for line, (key, code, metric) in goals
    }
    sources: dict[tuple[int, int], int] = {}  # (goal's row, day) → the quarter that counts
    found: list[Value] = []
    for key, goal, metric, day in together(metrics, "key", "goal", "metric", "as_of"):
        quarter, team = divmod(int(key or 0), EARLIER)
        row = places.get((team, fold(str(goal)), alike(str(metric))))
        counts = row is not None and sources.setdefault((row, int(day or 0)), quarter) == quarter
        found.append(row if counts else None)
    return found

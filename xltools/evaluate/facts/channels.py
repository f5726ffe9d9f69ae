"""Channels: what each team spent and got, and all teams together; with a decision."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import (
    add,
    first_rows,
    number_texts,
    put,
    put_labels,
    put_source,
)
from xltools.evaluate.figures.aggregates import count, numeric, total, where
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    Value,
    cases,
    choose,
    every,
    known,
    negated,
    or_nothing,
    ratio,
    round_to,
)
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.submitted_rows import FIRST_ROW
from xltools.excel.styles import BULK_NUMBER, BULK_PERCENT, BULK_RATIO

SPENDING, CHANNELS, BUDGET = (
    ("expansion", "spending"),
    ("plan", "channels"),
    ("plan", "budget"),
)
_MEASURES = ("spend", "leads", "customers", "revenue")
_CNY = 10_000  # 元 in 万元


def derive(model: Model) -> None:
    """The grids of channels by team and of all teams together."""
    spending, channels = model.grid(*SPENDING), model.grid(*CHANNELS)
    names = ((spending, "channel"), (channels, "channel"), (model.grid(*BUDGET), "project"))
    number_texts(model, "channel_key", names, by_team=False)
    rows = _rows(spending, channels)
    if not rows:
        return
    grid = Grid(model.titles["channel_teams"], FIRST_ROW, len(rows), "channel_teams")
    model.derived["channel_teams"] = grid
    text = data_style("text")
    sources = [source for source, _ in rows]
    for name in ("team", "channel"):
        values = [source[name].values[row] for source, row in rows]
        grid.put(name, values, label=model.say(f"data.{name}"), style=text, width=120)
    for name in ("key", "channel_key"):
        put(model, grid, name, [source[name].values[row] for source, row in rows])
    for name in _MEASURES:
        figures = [
            _planned(channels, name, row) if source is channels else _spent(spending, grid, name)
            for source, row in rows
        ]
        add(model, grid, name, Each(figures), BULK_NUMBER)
    put(model, grid, "planned_only", [int(source is channels) for source in sources])
    base = ratio(total(grid["revenue"]), total(grid["spend"]))
    _returns(model, grid, base)
    put_source(model, grid, rows)
    _together(model, grid, base)


def _rows(spending: Grid | None, channels: Grid | None) -> list[tuple[Grid, int]]:
    """A team's channels from its spending, from its plan only where it sent no spending."""
    found: list[tuple[Grid, int]] = []
    sent: set[object] = set(spending["key"].values) if spending else set()
    for grid in (spending, channels):
        if grid is None:
            continue
        seen: set[tuple[Value, Value]] = set()
        columns = zip(grid["key"].values, grid["channel_key"].values, strict=True)
        for row, (key, channel) in enumerate(columns):
            wanted = channel is not None and (grid is spending or key not in sent)
            if wanted and (key, channel) not in seen:
                found.append((grid, row))
            seen.add((key, channel))
    return sorted(found, key=lambda pair: (pair[0]["key"].values[pair[1]] or 0, pair[1]))


def _spent(spending: Grid | None, grid: Grid, name: str) -> Figure:
    """The sum of a team's rows of a channel; nothing where all are blank."""
    if spending is None:
        return NOTHING
    column = spending["amount" if name == "spend" else name]
    mine = (
        where(spending["key"], grid["key"].here),
        where(spending["channel_key"], grid["channel_key"].here),
    )
    has = count(*mine, numeric(column)) > 0
    return choose(has, total(column, *mine), NOTHING)


def _planned(channels: Grid, name: str, row: int) -> Figure:
    return or_nothing(channels[name].at(row))


def _together(model: Model, teams: Grid, base: Figure) -> None:
    """One row a channel over all teams."""
    first = list(first_rows(teams["channel_key"].values, range(teams.count)))
    grid = Grid(model.titles["channel_totals"], FIRST_ROW, len(first), "channel_totals")
    model.derived["channel_totals"] = grid
    put(model, grid, "channel_key", [key for key, _ in first])
    names = [teams["channel"].values[row] for _, row in first]
    grid.put("channel", names, label=model.say("data.channel"), style=data_style("text"), width=120)
    put_labels(model, grid, "channel")
    for name in _MEASURES:
        mine = where(teams["channel_key"], grid["channel_key"].here)
        has = count(mine, numeric(teams[name])) > 0
        add(model, grid, name, choose(has, total(teams[name], mine), NOTHING), BULK_NUMBER)
    _returns(model, grid, base)


def _returns(model: Model, grid: Grid, base: Figure) -> None:
    """Conversion, acquisition cost, return, and the decision against what all channels return."""
    spend, leads, customers, revenue = (grid[name].here for name in _MEASURES)
    add(model, grid, "conversion", ratio(customers, leads), BULK_PERCENT)
    cost = choose(known(spend), ratio_of_cost(spend, customers), NOTHING)
    add(model, grid, "acquisition_cost", cost, BULK_NUMBER)
    back = add(model, grid, "return", ratio(revenue, spend), BULK_RATIO)
    overall = add(model, grid, "baseline", base, BULK_RATIO)
    much, little = (
        round_to(overall * model.parameter(f"channel_{name}"), 6) for name in ("more", "cut")
    )
    decision = cases(
        (negated(every(known(back), known(overall), overall > 0)), "-"),
        (back >= much, model.choice("plan", "decision", "more")),
        (back < little, model.choice("plan", "decision", "cut")),
        otherwise=model.choice("plan", "decision", "keep"),
    )
    add(model, grid, "decision", decision, data_style("text"))


def ratio_of_cost(spend: Figure, customers: Figure) -> Figure:
    """元 spent for one customer."""
    return ratio(spend * _CNY, customers)

"""Channels: what each team spent and got, from two sheets as one table."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import (
    Source,
    first_rows,
    number_rows,
    number_texts,
    put,
    put_said,
    put_source,
    rows_of,
    said,
)
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import Value
from xltools.evaluate.grid_expressions import compute
from xltools.evaluate.quarter_model import Model

SPENDING, CHANNELS = ("expansion", "spending"), ("plan", "channels")
TOTALS = "plan_channel_totals"  # the summary of the table, over all teams
_OF = {"spend": "amount"}  # what spending calls it
# The sum of a team's rows of a channel; blank where all are. What a plan says in one row.
_SPENT = "total(expansion_spending.{of}, key=key, channel_key=channel_key)"
_PLANNED = "lookup(plan_channels.{of}, line=planned_row)"


def derive(model: Model) -> None:
    """The table of channels by team."""
    spending, channels = model.grid(*SPENDING), model.grid(*CHANNELS)
    sources = ((spending, "channel"), (channels, "channel"))
    number_texts(model, "channel_key", sources, by_team=False)
    rows = _rows(spending, channels)
    if not rows or "channel_teams" not in model.declared:
        return
    grid = model.open("channel_teams", len(rows))
    put_said(model, grid, rows, ("team", "key", "channel_key"))
    spelled: dict[Value, Value] = {}  # one name for each channel: its first
    names = zip(grid["channel_key"].values, said(rows, "channel"), strict=True)
    put(model, grid, "channel", [spelled.setdefault(key, name) for key, name in names])
    plans = [row + 1 if source is channels else None for source, row in rows]
    put(model, grid, "planned_row", plans)
    number_rows(model, channels)
    for name in ("spend", "leads", "customers", "revenue"):
        spent, planned = _SPENT.format(of=_OF.get(name, name)), _PLANNED.format(of=name)
        made = f"{spent} if blank(planned_row) else {planned}" if any(plans) else spent
        compute(model, grid, {name: made})
    put_source(model, grid, rows)


def _rows(spending: Grid | None, channels: Grid | None) -> list[Source]:
    """A team's channels from its spending, from its plan only where it sent no spending."""
    sent = set(spending["key"].values) if spending else set()
    planned = [(of, row) for of, row in rows_of(channels) if of["key"].values[row] not in sent]
    found = first_rows([*rows_of(spending), *planned], "channel_key")
    return sorted(found, key=lambda one: one[0]["key"].values[one[1]] or 0)

"""The next quarter's settings, and where the annual breakdown and what happened disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.rollover.decisions import plain
from xltools.settings import Settings, Target

if TYPE_CHECKING:
    from xltools.consolidate.combine.consolidation import Consolidation

PLAN = "plan"
BREAKDOWN = "breakdown"


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """A team's metric where next quarter's target is for the analyst to decide.

    ``proposed`` is what the settings now hold: the annual breakdown's quarter where there is one,
    else this quarter's target.
    """

    team: str
    metric: str
    target: float | None
    actual: float | None
    planned: float | None
    proposed: float | None


def next_settings(found: Consolidation, to: Quarter) -> tuple[Settings, list[Deviation]]:
    """Everything carried, period and deadline moved, targets from the annual breakdown."""
    settings, period = found.settings, found.period

    def moved_on(deadline: date | None) -> date | None:
        """As many days after the next quarter's end as it was after this one's."""
        return to.end + (deadline - period.end) if deadline and period else deadline

    teams = tuple(
        msgspec.structs.replace(team, deadline=moved_on(team.deadline)) for team in settings.teams
    )
    planned = _planned(found, to)
    targets, deviations = [], []
    for one in settings.targets:
        plan = planned.get((fold(one.team), fold(one.metric)))
        proposed = plan if plan is not None else one.target
        actual = _actual(found, one)
        targets.append(msgspec.structs.replace(one, target=proposed, file="", sheet="", cell=""))
        if plan != one.target or actual is None or one.target is None or actual != one.target:
            deviations.append(
                Deviation(
                    team=one.team,
                    metric=one.metric,
                    target=one.target,
                    actual=actual,
                    planned=plan,
                    proposed=proposed,
                )
            )
    moved = msgspec.structs.replace(
        settings,
        period=to,
        deadline=moved_on(settings.deadline),
        teams=teams,
        targets=tuple(targets),
        file="",
    )
    return moved, deviations


def _planned(found: Consolidation, to: Quarter) -> dict[tuple[str, str], float]:
    """Next quarter's target by (team, metric): the breakdown's rows without a parent."""
    table = found.table(PLAN, BREAKDOWN) if found.catalog.has(PLAN, BREAKDOWN) else None
    if table is None or found.period is None or to.year != found.period.year:
        return {}
    values: dict[tuple[str, str], float] = {}
    for _, row in table.iterrows():
        value = plain(row[f"q{to.number}"])
        if plain(row["parent"]) is None and isinstance(value, int | float):
            values.setdefault((fold(row["_team"]), fold(str(row["metric"]))), float(value))
    return values


def _actual(found: Consolidation, target: Target) -> float | None:
    known = found.catalog.has("expansion", "outcome")
    table = found.table("expansion", "outcome") if known else None
    if table is None:
        return None
    for team, metric, actual in zip(table["_team"], table["metric"], table["actual"], strict=True):
        same = fold(str(team)) == fold(target.team)
        if same and metric is not None and fold(str(metric)) == fold(target.metric):
            value = plain(actual)
            return float(value) if isinstance(value, int | float) else None
    return None

"""Quarters beside each other: of the same teams, under the names that these go by today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import msgspec

from xltools.consolidate.combine.annual_sheets import with_annual
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.errors import UsageError
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.settings import Settings, Team


def compared(
    whole: Consolidation, previous: Sequence[Consolidation], teams: Sequence[str]
) -> tuple[Consolidation, tuple[Consolidation, ...]]:
    """This quarter and the earlier ones, the latest first, of some or all teams.

    Annual rows are those of the year, and teams of earlier quarters go by their names of today.
    """
    known = (of_teams(as_of_today(one, whole.settings), teams) for one in previous)
    earlier = tuple(sorted(known, key=lambda one: one.period or Quarter(1, 1), reverse=True))
    return with_annual(of_teams(whole, teams), earlier), earlier


def as_of_today(earlier: Consolidation, settings: Settings) -> Consolidation:
    """An earlier quarter with the names that its teams go by today; who joined later had none."""
    if not any(team.former_names or team.joined for team in settings.teams):
        return earlier
    tables = {
        key: table.assign(_team=[settings.known_as(str(team)) for team in table["_team"]])
        for key, table in earlier.tables.items()
    }
    submissions = [
        msgspec.structs.replace(sent, team=settings.known_as(sent.team))
        for sent in earlier.submissions
    ]
    named = {str(team) for table in tables.values() for team in table["_team"].unique()}
    named |= {sent.team for sent in submissions}
    there = [
        team
        for team in named
        if not (known := settings.team(team)) or known.was_there(earlier.period)
    ]
    return of_teams(replace(earlier, tables=tables, submissions=tuple(submissions)), there)


def of_teams(whole: Consolidation, teams: Sequence[str]) -> Consolidation:
    """The same consolidation with the rows, files and problems of some teams only."""
    if not teams:
        return whole
    wanted = {fold(team) for team in teams}
    tables = {
        key: table.loc[[fold(str(team)) in wanted for team in table["_team"]]].reset_index(
            drop=True
        )
        for key, table in whole.tables.items()
    }
    submissions = tuple(sent for sent in whole.submissions if fold(sent.team) in wanted)
    files = {sent.file for sent in submissions}
    settings = whole.settings
    known = tuple(team for team in settings.teams if fold(team.team) in wanted)
    return replace(
        whole,
        tables=tables,
        submissions=submissions,
        settings=msgspec.structs.replace(settings, teams=known),
        issues=tuple(issue for issue in whole.issues if issue.file in files),
        missing=tuple(pair for pair in whole.missing if fold(pair[0]) in wanted),
    )


def all_teams(current: Consolidation, earlier: Sequence[Consolidation]) -> tuple[Team, ...]:
    """The teams of the settings, then others in the order in which their rows stand."""
    settings = current.settings
    found = {fold(team.team): team for team in settings.teams_in(current.period)}
    for one in (current, *earlier):
        names = [name for table in one.tables.values() for name in table["_team"].unique()]
        names += [sent.team for sent in one.submissions if sent.team and not sent.excluded]
        for name in names:
            found.setdefault(fold(str(name)), settings.team(str(name)) or Team(team=str(name)))
    return tuple(found.values())


def last_day(current: Consolidation) -> date:
    """The latest date in the rows, the as-of date where no period is known.

    UsageError where the rows hold no date.
    """
    days: list[date] = [
        day.date()
        for table in current.tables.values()
        for column in table.select_dtypes("datetime")
        for day in table[column].dropna()
    ]
    if not days:
        raise UsageError("errors.evaluate.no_date")
    return max(days)

"""Who should send what, by the settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xltools.check.submission import Submission
from xltools.definition import Catalog
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.settings import Settings


def expected(
    catalog: Catalog, settings: Settings, period: Quarter | None, teams: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """(team, definition name) of every workbook that is due, in the order of the settings."""
    wanted = {fold(team) for team in teams}
    names = [definition.name for definition in catalog.team_definitions]
    return [
        (team.team, name)
        for team in settings.teams_in(period)
        if not wanted or fold(team.team) in wanted
        for name in names
        if not team.workbooks or name in team.workbooks
    ]


def missing(due: Iterable[tuple[str, str]], sent: Iterable[Submission]) -> list[tuple[str, str]]:
    """Those of the due workbooks that nobody sent; one that is excluded is as good as not sent."""
    there = {(fold(one.team), one.template) for one in sent if not one.excluded}
    return [(team, name) for team, name in due if (fold(team), name) not in there]

"""How to read: all that a worker needs. Imports little, so that a worker starts at once."""

from __future__ import annotations

import msgspec

from xltools.definition import Catalog
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.settings import Settings

Key = tuple[str, str]
"""A definition's name and the name of one of its sheets."""


class ReadingPlan(msgspec.Struct, frozen=True):
    """Definitions, settings, whose workbooks are wanted, and what holds where one does not say.

    ``teams`` are the teams whose workbooks are wanted, empty for all. ``template`` (a definition's
    name), ``team``, ``period`` and ``lang`` are taken where a workbook does not say its own.
    """

    catalog: Catalog
    settings: Settings
    template: str = ""
    team: str = ""
    teams: tuple[str, ...] = ()
    period: Quarter | None = None
    lang: str = "zh"

    def wants(self, team: str) -> bool:
        """Whether a team's workbooks are wanted; those that name no team ("") always are."""
        return not self.teams or not team or fold(team) in map(fold, self.teams)

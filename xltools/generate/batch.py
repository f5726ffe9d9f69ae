"""What is generated: whose workbooks, of which definitions, and the files that they become."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import msgspec

from xltools.definition import Catalog, Definition
from xltools.errors import UsageError
from xltools.ground.filenames import safe_name
from xltools.ground.period import Quarter
from xltools.settings import Settings


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """The workbooks of one quarter in one language.

    ``names`` are definitions, all without any; ``teams`` are those of the settings unless named.
    """

    catalog: Catalog
    settings: Settings
    period: Quarter
    lang: str
    names: Sequence[str] = ()
    teams: Sequence[str] = ()

    def path(self, folder: Path, team: str, name: str) -> Path:
        """Where a team's workbook of a definition is written."""
        return workbook_path(folder, team, self.catalog[name], self.period, self.lang)

    def paths(self, folder: Path) -> dict[Path, str]:
        """All that are written, and the team of each; raises UsageError as `fillers` does."""
        return {
            self.path(folder, team, name): team
            for name, teams in self.fillers().items()
            for team in teams
        }

    def fillers(self) -> dict[str, list[str]]:
        """By definition the teams that fill it in.

        Raises UsageError where workbooks of two teams, or two of one team, would be one file.
        """
        present = [team.team for team in self.settings.teams_in(self.period)]
        self._refuse_shared([*present, *self.teams])
        found: dict[str, list[str]] = {}
        for definition in self.catalog.team_definitions:
            if self.names and definition.name not in self.names:
                continue
            for team in dict.fromkeys(self.teams or present):
                known = self.settings.team(team)
                own = known.workbooks if known and not self.names else ()
                if not own or definition.name in own:
                    found.setdefault(definition.name, []).append(team)
        return found

    def _refuse_shared(self, teams: Sequence[str]) -> None:
        """Windows and macOS take names for equal that differ in case or in how accents are put."""
        taken: dict[str, str] = {}
        for team in dict.fromkeys(teams):
            for definition in self.catalog.team_definitions:
                path = self.path(Path(), team, definition.name)
                meant = f"{team} · {definition.title[self.lang]}"
                first = taken.setdefault(unicodedata.normalize("NFC", str(path).casefold()), meant)
                if first != meant:
                    raise UsageError("usage.same_file", first=first, second=meant, path=path)


def workbook_path(
    folder: Path, team: str, definition: Definition, period: Quarter, lang: str
) -> Path:
    """Where a team's workbook is written: names that every system takes."""
    name = safe_name(team)
    return folder / name / f"{name}-{safe_name(definition.title[lang])}-{period}.xlsx"

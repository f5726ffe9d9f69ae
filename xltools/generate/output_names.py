"""Where a team's workbooks are written: names that every system takes and no two share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from xltools.definition import Definition
from xltools.errors import UsageError
from xltools.ground.filenames import safe_name
from xltools.ground.period import Quarter


def workbook_path(
    folder: Path, team: str, definition: Definition, period: Quarter, lang: str
) -> Path:
    """Where a team's workbook is written."""
    name = safe_name(team)
    return folder / name / f"{name}-{safe_name(definition.title[lang])}-{period}.xlsx"


def refuse_shared(
    teams: Iterable[str], definitions: Iterable[Definition], period: Quarter, lang: str
) -> None:
    """UsageError where workbooks of two teams, or two of one team, would be one file.

    Windows and macOS take names for equal that differ in case or in how accents are written.
    """
    definitions = list(definitions)
    taken: dict[str, str] = {}
    for team in dict.fromkeys(teams):
        for definition in definitions:
            path = workbook_path(Path(), team, definition, period, lang)
            meant = f"{team} · {definition.title[lang]}"
            first = taken.setdefault(unicodedata.normalize("NFC", str(path).casefold()), meant)
            if first != meant:
                raise UsageError("usage.same_file", first=first, second=meant, path=path)

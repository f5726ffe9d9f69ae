"""Where a team's workbooks are written: names that every system takes and no two share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from xltools.definition import Definition
from xltools.errors import UsageError
from xltools.period import Quarter

_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
# Windows keeps these for devices, whatever stands behind a dot; ¹²³ count as digits there.
_RESERVED = re.compile(r"(con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))", re.IGNORECASE)
_LOCK_FILE = re.compile(r"^~(?=\$)")  # Office's own begin with ~$, and are not read
_LONGEST, _MOST_BYTES = 80, 140  # Linux takes 255 bytes in all, Windows 260 characters of a path


def workbook_path(
    folder: Path, team: str, definition: Definition, period: Quarter, lang: str
) -> Path:
    """Where a team's workbook is written."""
    name = safe_name(team)
    return folder / name / f"{name}-{safe_name(definition.title[lang])}-{period}.xlsx"


def safe_name(text: str) -> str:
    """A text as part of a file name on any system."""
    shown = "".join(filter(None, map(_shown, text.translate(_FORBIDDEN))))
    name = _LOCK_FILE.sub("_", " ".join(shown.split()).strip(". "))[:_LONGEST]
    while len(name.encode("utf-8")) > _MOST_BYTES:
        name = name[:-1]
    return _RESERVED.sub(r"\1_", name.strip(". "), count=1) or "_"


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


def _shown(character: str) -> str:
    """A control character is an underscore; what cannot be seen, or turns text around, goes."""
    kind = unicodedata.category(character)
    if kind == "Cc" and not character.isspace():
        return "_"
    return "" if kind in ("Cf", "Cs") else character

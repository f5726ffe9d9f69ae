"""Every team's workbooks into a folder: layouts once, then a copy for each team."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from xltools.definition import Catalog, Definition
from xltools.excel.output import write_bytes
from xltools.generate.workbook import Rows, workbooks
from xltools.period import Quarter
from xltools.settings import Settings

_AT_ONCE = 50
_FORBIDDEN = str.maketrans({character: "_" for character in '<>:"/\\|?*\0'})
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_LONGEST = 80

RowsOf = Callable[[str, str], Rows | None]  # told the team and the definition's name


def generate(
    folder: Path,
    *,
    catalog: Catalog,
    settings: Settings,
    names: Sequence[str] = (),
    teams: Sequence[str] = (),
    period: Quarter,
    lang: str,
    capacity: int | None = None,
    rows: RowsOf | None = None,
    workers: int | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write ``<team>/<team>-<title>-<period>.xlsx`` for every team and workbook it fills.

    ``teams`` are those of the settings unless named; ``progress`` is told how many are done of all.
    """
    wanted = _wanted(catalog, settings, names, teams or [team.team for team in settings.teams])
    total = sum(len(of_one) for of_one in wanted.values())
    written: dict[tuple[str, str], Path] = {}
    for definition, of_one in ((catalog[name], of_one) for name, of_one in wanted.items()):
        for start in range(0, len(of_one), _AT_ONCE):
            some = of_one[start : start + _AT_ONCE]
            contents = workbooks(
                catalog=catalog,
                definition=definition,
                settings=settings,
                teams=some,
                period=period,
                lang=lang,
                rows=[rows(team, definition.name) if rows else None for team in some],
                capacity=capacity,
            )
            for team, content in zip(some, contents, strict=True):
                path = workbook_path(folder, team, definition, period, lang)
                write_bytes(path, content, force=force)
                written[team, definition.name] = path
                if progress:
                    progress(len(written), total)
    order = {team: index for index, team in enumerate(dict.fromkeys(t for t, _ in written))}
    return [written[key] for key in sorted(written, key=lambda key: (order[key[0]], key[1]))]


def workbook_path(
    folder: Path, team: str, definition: Definition, period: Quarter, lang: str
) -> Path:
    """Where a team's workbook is written."""
    name = safe_name(team)
    return folder / name / f"{name}-{safe_name(definition.title[lang])}-{period}.xlsx"


def safe_name(text: str) -> str:
    """A text as part of a file name on any system."""
    name = " ".join(text.translate(_FORBIDDEN).split()).strip(". ")[:_LONGEST].strip(". ")
    return f"{name}_" if name.casefold() in _RESERVED else name or "_"


def _wanted(
    catalog: Catalog, settings: Settings, names: Sequence[str], teams: Sequence[str]
) -> Mapping[str, list[str]]:
    """By definition the teams that fill it in."""
    found: dict[str, list[str]] = {}
    for definition in catalog.team_definitions:
        if names and definition.name not in names:
            continue
        for team in dict.fromkeys(teams):
            known = settings.team(team)
            if not known or not known.workbooks or definition.name in known.workbooks or names:
                found.setdefault(definition.name, []).append(team)
    return found

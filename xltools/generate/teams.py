"""Every team's workbooks into a folder: layouts once, then a copy for each team."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xltools.definition import Catalog, Definition
from xltools.errors import UsageError
from xltools.excel.output import write_bytes
from xltools.generate.workbook import Rows, Series
from xltools.period import Quarter
from xltools.settings import Settings

_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*\0', "_"))
_PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
_RESERVED = {"con", "prn", "aux", "nul", *_PORTS}
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
    skip: Collection[Path] = (),
    replace: Collection[Path] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write ``<team>/<team>-<title>-<period>.xlsx`` for every team and workbook it fills.

    ``teams`` are those of the settings unless named, ``skip`` are paths that are left alone,
    ``replace`` those whose file gives way. ``progress`` is told how many are done of all.
    Deflating and writing, most of the work, run in ``workers`` threads beside one another.
    """
    wanted = _wanted(
        catalog, settings, names, teams or [team.team for team in settings.teams_in(period)]
    )
    total = sum(len(of_one) for of_one in wanted.values())
    written: list[tuple[int, Path]] = []
    done = 0
    every = dict.fromkeys(team for of_one in wanted.values() for team in of_one)
    order = {team: index for index, team in enumerate(every)}
    for name, of_one in wanted.items():
        series = Series(
            catalog=catalog,
            definition=catalog[name],
            settings=settings,
            teams=of_one,
            period=period,
            lang=lang,
            rows=[rows(team, name) if rows else None for team in of_one],
            capacity=capacity,
        )

        def write(index: int, series: Series = series) -> tuple[int, Path] | None:
            team = series.teams[index]
            path = workbook_path(folder, team, series.definition, period, lang)
            if path in skip:
                return None
            write_bytes(path, series.content(index), force=path in replace)
            return order[team], path

        with ThreadPoolExecutor(workers) as pool:
            for made in pool.map(write, range(len(of_one))):
                done += 1
                if made:
                    written.append(made)
                if progress:
                    progress(done, total)
    return [path for _, path in sorted(written, key=lambda pair: pair[0])]


def workbook_paths(
    folder: Path,
    *,
    catalog: Catalog,
    settings: Settings,
    names: Sequence[str] = (),
    teams: Sequence[str] = (),
    period: Quarter,
    lang: str,
) -> dict[Path, str]:
    """The paths that `generate` writes to, and the team of each.

    Raises UsageError where two workbooks would be one file.
    """
    found: dict[Path, str] = {}
    taken: dict[str, str] = {}
    wanted = _wanted(catalog, settings, names, teams or [t.team for t in settings.teams_in(period)])
    for name, of_one in wanted.items():
        for team in of_one:
            path = workbook_path(folder, team, catalog[name], period, lang)
            mine = f"{team} · {name}"
            other = taken.setdefault(os.fspath(path).casefold(), mine)
            if other != mine:
                raise UsageError("usage.same_file", path=path, first=other, second=mine)
            found[path] = team
    return found


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

"""Every team's workbooks into a folder: layouts once, then a copy for each team."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xltools.definition import Catalog, Definition
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
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write ``<team>/<team>-<title>-<period>.xlsx`` for every team and workbook it fills.

    ``teams`` are those of the settings unless named; ``progress`` is told how many are done of all.
    Deflating and writing, most of the work, run in ``workers`` threads beside one another.
    """
    wanted = _wanted(
        catalog, settings, names, teams or [team.team for team in settings.teams_in(period)]
    )
    total = sum(len(of_one) for of_one in wanted.values())
    written: list[tuple[int, Path]] = []
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

        def write(index: int, series: Series = series) -> tuple[int, Path]:
            team = series.teams[index]
            path = workbook_path(folder, team, series.definition, period, lang)
            write_bytes(path, series.content(index), force=force)
            return order[team], path

        with ThreadPoolExecutor(workers) as pool:
            for done in pool.map(write, range(len(of_one))):
                written.append(done)
                if progress:
                    progress(len(written), total)
    return [path for _, path in sorted(written, key=lambda pair: pair[0])]


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

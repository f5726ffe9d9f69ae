"""Every team's workbooks into a folder: layouts once, then a copy for each team."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xltools.definition import Catalog
from xltools.excel.atomic_output import write_bytes
from xltools.generate.output_names import refuse_shared, workbook_path
from xltools.generate.workbook_series import Rows, Series
from xltools.ground.period import Quarter
from xltools.settings import Settings

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
    present = [team.team for team in settings.teams_in(period)]
    refuse_shared([*present, *teams], catalog.team_definitions, period, lang)
    wanted = _wanted(catalog, settings, names, teams or present)
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
    present = [team.team for team in settings.teams_in(period)]
    refuse_shared([*present, *teams], catalog.team_definitions, period, lang)
    wanted = _wanted(catalog, settings, names, teams or present)
    return {
        workbook_path(folder, team, catalog[name], period, lang): team
        for name, of_one in wanted.items()
        for team in of_one
    }


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

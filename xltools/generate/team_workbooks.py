"""Every team's workbooks into a folder: layouts once, then a copy for each team."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xltools.excel.atomic_output import write_bytes
from xltools.generate.batch import Batch
from xltools.generate.fill.starting_rows import Rows
from xltools.generate.workbook_series import Series

RowsOf = Callable[[str, str], Rows | None]
"""Given a team and a definition's name: the rows that the workbook begins with."""


def generate(
    batch: Batch,
    folder: Path,
    *,
    capacity: int | None = None,
    rows: RowsOf | None = None,
    workers: int | None = None,
    skip: Collection[Path] = (),
    replace: Collection[Path] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write ``<team>/<team>-<title>-<period>.xlsx`` for every team and workbook it fills.

    ``skip`` are paths that are left alone, ``replace`` those whose file gives way. ``progress``
    gets the number of files done, and of all. Deflating and writing, most of the work, run in
    ``workers`` threads beside one another. Raises UsageError where two workbooks would be one
    file, WriteError.
    """
    fillers = batch.fillers()
    total = sum(map(len, fillers.values()))
    written: dict[str, list[Path]] = {team: [] for teams in fillers.values() for team in teams}
    done = 0
    for name, teams in fillers.items():
        given = [rows(team, name) if rows else None for team in teams]
        series = Series(batch, batch.catalog[name], teams, given, capacity)

        def write(index: int, series: Series = series) -> Path | None:
            path = batch.path(folder, series.teams[index], series.definition.name)
            if path in skip:
                return None
            write_bytes(path, series.content(index), force=path in replace)
            return path

        with ThreadPoolExecutor(workers) as pool:
            for team, path in zip(teams, pool.map(write, range(len(teams))), strict=True):
                done += 1
                if path:
                    written[team].append(path)
                if progress:
                    progress(done, total)
    return [path for paths in written.values() for path in paths]

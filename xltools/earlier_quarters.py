"""The earlier quarters to compare with: named, among the paths, or beside the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xltools.errors import ReadError, UsageError, XltoolsError
from xltools.ground.period import Quarter
from xltools.inbox import Progress, consolidation_of, sent_paths
from xltools.run import Run, start
from xltools.workspace import Workspace

if TYPE_CHECKING:
    from xltools.consolidate.combine.consolidation import Consolidation

_LOOKING_BACK = 4  # quarters: trends look at the last three, changes at the year before as well


def quarters_in(
    run: Run, paths: Sequence[Path | str], progress: Progress | None
) -> tuple[Consolidation, list[Consolidation]]:
    """The quarter itself, and those of whole folders whose workbooks are all of an earlier one."""
    from xltools.bundles import find_workbooks
    from xltools.excel.input_paths import printable

    found = consolidation_of(run, paths, progress=progress)
    periods = {sent.file: Quarter.parse(sent.period) for sent in found.submissions if sent.period}
    earlier: dict[Path | str, Quarter] = {}
    for path in sent_paths(paths) if len(paths) > 1 else ():
        if Path(path).is_dir():
            inside = [printable(one.path) for one in find_workbooks([path])[0]]
            own = {periods[file] for file in inside if file in periods}
            if own and run.period and max(own) < run.period:
                earlier[path] = max(own)
    rest = [path for path in sent_paths(paths) if path not in earlier]
    if not earlier or not rest:
        return found, []
    alone = replace(run, workspace=None)
    others = [
        consolidation_of(replace(alone, period=period), [path]) for path, period in earlier.items()
    ]
    return consolidation_of(run, rest, progress=progress), others


def named_quarters(run: Run, current: Consolidation, path: Path | str) -> list[Consolidation]:
    """The quarter in a consolidated workbook, or beside an evaluation; those of a database.

    Raises ReadError where it says no quarter, UsageError where it is not earlier than ``current``.
    """
    if "://" in str(path):
        return _of_database(run, current, str(path))
    path = _consolidated(Path(path))
    found = consolidation_of(replace(run, period=None, workspace=None), [path])
    if found.period is None:
        raise ReadError("paths.no_quarter", path=path)
    if not _is_before(found.period, current):
        raise UsageError("usage.previous", path=path, previous=found.period, period=current.period)
    return [found]


def _of_database(run: Run, current: Consolidation, url: str) -> list[Consolidation]:
    """The quarters of a database that pages look back to."""
    from xltools.database.read_quarters import read_quarters

    if current.period is None:
        raise UsageError("usage.no_period")
    return read_quarters(
        url,
        current.period.shift(-_LOOKING_BACK),
        current.period,
        catalog=run.catalog,
        settings=run.settings,
        teams=run.teams,
    )


def neighbouring_quarters(
    run: Run, current: Consolidation
) -> tuple[list[Consolidation], list[tuple[Path, XltoolsError]]]:
    """The earlier quarters in the folders beside the workspace, and those that cannot be read."""
    found: list[Consolidation] = []
    unread: list[tuple[Path, XltoolsError]] = []
    for workspace in run.workspace.beside() if run.workspace else ():
        try:
            one = _neighbour(run, current, workspace)
        except XltoolsError as fault:
            unread.append((workspace.root, fault))
        else:
            if one and one.period and _is_before(one.period, current):
                found.append(one)
    return found, unread


def _consolidated(path: Path) -> Path:
    """Of an evaluation the consolidated workbook beside it, which holds the rows; else the path."""
    from xltools.consolidate.read_back.consolidated_reader import is_consolidated, is_report

    if not is_report(path, "evaluation"):
        return path
    beside = [one for one in sorted(path.parent.glob("*.xlsx")) if is_consolidated(one)]
    if len(beside) != 1:
        raise UsageError("usage.previous_evaluation", path=path, folder=path.absolute().parent)
    return beside[0]


def _neighbour(run: Run, current: Consolidation, workspace: Workspace) -> Consolidation | None:
    """Another quarter, consolidated or as it was sent; None where its settings say it is later."""
    if workspace.consolidated.is_file():
        alone = replace(run, period=None, workspace=None)
        return consolidation_of(alone, [workspace.consolidated])
    own = start(lang=run.lang, folder=workspace.root)
    if own.period and not _is_before(own.period, current):
        return None
    if _versions(own) != _versions(run):
        # Read by the current definitions, for which its store must not be made anew.
        own = replace(own, catalog=run.catalog, workspace=None)
    return consolidation_of(replace(own, teams=run.teams), [workspace.inbox])


def _versions(run: Run) -> dict[str, int]:
    return {definition.name: definition.version for definition in run.catalog}


def _is_before(period: Quarter, current: Consolidation) -> bool:
    return current.period is None or period < current.period

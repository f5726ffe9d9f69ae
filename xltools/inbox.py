"""What teams sent: which paths are read, when it arrived, what is missing, all of it together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xltools.run import Run
from xltools.workspace import Workspace

if TYPE_CHECKING:
    from xltools.check.submission import Submission
    from xltools.consolidate.combine.consolidation import Consolidation
    from xltools.consolidate.store.arrivals import Arrival

Progress = Callable[[int, int], None]
"""Called with the number of files done, and of all."""


def sent_paths(paths: Sequence[Path | str]) -> list[Path | str]:
    """The paths, with the inbox in place of a quarter's folder: what went out is not read."""
    return [made.inbox if (made := Workspace(Path(path))).is_made else path for path in paths]


def is_whole(run: Run, paths: Sequence[Path | str]) -> bool:
    """Whether the paths hold all that a workspace's teams sent."""
    inbox = run.workspace and run.workspace.inbox.absolute()
    return any(Path(path).absolute() == inbox for path in sent_paths(paths))


def missing_of(
    run: Run, sent: Sequence[Submission]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(team, workbook) of all that are due in the quarter, and of those that nobody sent."""
    from xltools.consolidate.combine.expected_submissions import expected, missing

    due = expected(run.catalog, run.settings, run.period, run.teams)
    ours = [one for one in sent if not run.period or one.period in ("", str(run.period))]
    return due, missing(due, ours)


def arrivals_of(
    run: Run, paths: Sequence[Path | str], submissions: Sequence[Submission]
) -> dict[tuple[str, str, str], Arrival]:
    """Record what is new in the workspace's inbox; all known arrivals, none without a workspace."""
    from xltools.consolidate.store.arrivals import clock, note_arrivals

    if run.workspace is None:
        return {}
    return note_arrivals(
        run.workspace.arrivals,
        submissions,
        run.settings,
        inbox=run.workspace.inbox.absolute(),
        complete=not run.teams and is_whole(run, paths),
        now=clock(),
    )


def consolidation_of(
    run: Run,
    paths: Sequence[Path | str],
    *,
    workers: int | None = None,
    scheduler: str = "",
    fresh: bool = False,
    progress: Progress | None = None,
) -> Consolidation:
    """All workbooks of one period as tables; raises as `collect` does."""
    from xltools.consolidate.collect_submissions import collect

    found = collect(
        sent_paths(paths),
        run.plan(),
        workers=workers,
        scheduler=scheduler,
        store=run.workspace.store if run.workspace else None,
        fresh=fresh,
        progress=progress,
    )
    return dataclasses.replace(found, arrivals=arrivals_of(run, paths, found.submissions))

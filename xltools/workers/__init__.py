"""One function over many files, each guarded: what kills a worker costs one file, never the run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from xltools.workers.file_outcome import Outcome, Refusal, Setup

T = TypeVar("T")

# Bytes: five to ten workbooks. A second worker that reads less comes too late to be of use.
_WORTH_A_WORKER = 1_000_000
_USUAL = 100_000  # of a workbook

__all__ = ["Outcome", "Refusal", "run", "work_beside_threads"]


def run(
    function: Callable[[str], T],
    paths: Sequence[str],
    *,
    workers: int | None,
    scheduler: str = "",
    progress: Callable[[int], None] | None = None,
    setup: Setup = None,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Outcome]:
    """Call ``function(path)`` for every path and yield the outcomes in the order of ``paths``.

    Works in ``workers`` guarded local processes (None: as many as there are processors and enough
    to read), or on the Dask cluster at ``scheduler``; raises UsageError where none answers.
    ``function`` and ``setup``, which each worker calls before its first file, must be picklable.
    ``progress`` is called with the number of files done so far.
    ``meanwhile`` is called once while local workers read their first files: for slow imports.
    """
    if scheduler:
        from xltools.workers.dask_cluster import run_on_cluster

        return run_on_cluster(function, paths, scheduler, progress=progress, setup=setup)
    from xltools.workers.process_pool import run_locally

    size = workers or _worth(paths)
    return run_locally(function, paths, size, progress=progress, setup=setup, meanwhile=meanwhile)


def work_beside_threads(modules: Sequence[str]) -> None:
    """Start workers so that the threads of this program cannot lock them up, from now on.

    ``modules`` are imported once, for all of them, where this system forks.
    """
    from xltools.workers import worker_limits

    worker_limits.BESIDE_THREADS = True
    if worker_limits.FORKS:
        from multiprocessing.forkserver import ensure_running, set_forkserver_preload

        set_forkserver_preload([*modules])
        ensure_running()


def _worth(paths: Sequence[str]) -> int:
    """How many workers have more to read than it takes until they are there and know the forms."""
    processors, size = os.cpu_count() or 1, 0
    for path in paths:
        try:
            size += Path(path).stat().st_size
        except (
            OSError,
            ValueError,
        ):  # one of a bundle; what cannot be read is the reader's to tell
            size += _USUAL
        if size > processors * _WORTH_A_WORKER:
            break
    return max(1, min(processors, size // _WORTH_A_WORKER))

"""One function over many files, each guarded: what kills a worker costs one file, never the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from xltools.workers.file_outcome import Outcome, Refusal

T = TypeVar("T")

__all__ = ["Outcome", "Refusal", "run"]


def run(
    function: Callable[[str], T],
    paths: Sequence[str],
    *,
    workers: int,
    scheduler: str = "",
    progress: Callable[[int], None] | None = None,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Outcome]:
    """Call ``function(path)`` for every path and yield the outcomes in the order of ``paths``.

    Works in ``workers`` guarded local processes, or on the Dask cluster at ``scheduler``.
    ``function`` must be picklable; ``progress`` is called with the number of files done so far.
    ``meanwhile`` is called once while local workers read their first files: for slow imports.
    """
    setup = initializer, initargs
    if scheduler:
        from xltools.workers.dask_cluster import run_on_cluster

        return run_on_cluster(function, paths, scheduler, progress=progress, setup=setup)
    from xltools.workers.process_pool import run_locally

    return run_locally(
        function, paths, workers, progress=progress, setup=setup, meanwhile=meanwhile
    )

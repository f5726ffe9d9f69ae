"""Guarded processes on this machine: a memory limit each, a time limit a file, nothing orphaned."""

from __future__ import annotations

import multiprocessing
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from pebble import CONSTS, ProcessExpired, ProcessFuture, ProcessPool

from xltools.workers import guard
from xltools.workers.outcome import Outcome, Setup, death, packed, too_slow

# Files handed out ahead of the one the caller waits for, per worker: enough that no worker
# idles behind a slow file, few enough that finished results do not pile up.
LOOK_AHEAD = 8

# pebble's loops poll; at its 0.1 s a few files wait longer than they are worked on
CONSTS.sleep_unit = 0.01


def run_locally(
    function: Callable[[str], Any],
    paths: Sequence[str],
    workers: int,
    *,
    progress: Callable[[int], None] | None,
    setup: Setup,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Outcome]:
    """Outcomes in the order of ``paths``; at most ``LOOK_AHEAD`` files a worker are in flight."""
    if not paths:
        return
    with TemporaryDirectory(prefix="xltools-workers-") as folder:
        pool = ProcessPool(
            max_workers=max(1, min(workers, len(paths))),
            initializer=_begin,
            initargs=(folder, *setup),
            context=multiprocessing.get_context("fork" if guard.FORKS else "spawn"),
        )
        most = LOOK_AHEAD * max(workers, 1)
        flights = _in_order(pool, partial(packed, function), paths, most, meanwhile)
        try:
            for done, (path, future) in enumerate(flights, 1):
                outcome = _outcome(path, future, folder)
                if progress is not None:
                    progress(done)
                yield outcome
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def _begin(folder: str, initializer: Callable[..., object] | None, initargs: Any) -> None:
    guard.enter(folder)
    if initializer is not None:
        initializer(*initargs)


def _in_order(
    pool: ProcessPool,
    task: Callable[[str], bytes],
    paths: Sequence[str],
    most: int,
    meanwhile: Callable[[], object] | None,
) -> Iterator[tuple[str, ProcessFuture[bytes]]]:
    """Every path with its result to come, at most ``most`` of them under way."""
    flying: deque[tuple[str, ProcessFuture[bytes]]] = deque()
    waiting = iter(paths)
    while True:
        while len(flying) < most:
            path = next(waiting, None)
            if path is None:
                break
            flying.append((path, pool.schedule(task, args=[path], timeout=guard.TIME_PER_FILE)))
        if meanwhile is not None:
            meanwhile()  # the workers have been forked: what is imported now does not disturb them
            meanwhile = None
        if not flying:
            return
        yield flying.popleft()


def _outcome(path: str, future: ProcessFuture[bytes], folder: str) -> Outcome:
    try:
        outcome: Outcome = pickle.loads(future.result())
        return outcome
    except TookTooLong:
        refusal = too_slow(int(guard.TIME_PER_FILE))
    except ProcessExpired as expired:
        refusal = death(guard.last_words(folder, expired.pid), expired.exitcode)
    return Outcome(path, refusal=refusal)

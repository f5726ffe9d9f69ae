"""Guarded processes on this machine: a memory limit each, a time limit a file, nothing orphaned.

Each worker has a pipe of its own, through which its answers come in the order of its questions. So
whatever ends a worker, the first question without an answer names the file that did it; a pool
with one queue for all (pebble's was tried) can blame the file before it.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from xltools.ground.scratch import clean_up_with, scratch_folder
from xltools.workers import worker_limits
from xltools.workers.file_outcome import (
    Outcome,
    Setup,
    attempt,
    death_refusal,
    pickled_outcome,
    slow_refusal,
)

# Outcomes held while the caller waits for an earlier file, per worker: enough that no worker idles
# behind a slow file, few enough that memory stays flat.
LOOK_AHEAD = 8
# Files given to a worker at once: it reads the next while its answer is taken.
IN_HAND = 2

_READY = b""  # a worker's first message

Job = tuple[int, str]  # place in the caller's order, path


def run_locally(
    function: Callable[[str], Any],
    paths: Sequence[str],
    workers: int,
    *,
    progress: Callable[[int], None] | None,
    setup: Setup,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Outcome]:
    """Outcomes in the order of ``paths``, whose first are read from now on.

    ``meanwhile`` runs while they are.
    """
    if not paths:
        return iter(())
    pool = _Pool(function, setup, max(1, min(workers, len(paths))), enumerate(paths))
    pool.assign_jobs()
    return _outcomes(pool, len(paths), progress, meanwhile)


def _outcomes(
    pool: _Pool,
    total: int,
    progress: Callable[[int], None] | None,
    meanwhile: Callable[[], object] | None,
) -> Iterator[Outcome]:
    try:
        if meanwhile is not None:
            meanwhile()  # the workers have been forked: imports do not disturb them
        for place in range(total):
            while place not in pool.done:
                pool.step()
            outcome = pool.take(place)
            if progress is not None:
                progress(place + 1)
            yield outcome
    finally:
        pool.stop()


class _Worker:
    """One process, its pipe, and its jobs, the one under way first."""

    def __init__(self, function: Callable[[str], Any], setup: Setup, folder: Path) -> None:
        method = worker_limits.start_method()
        context = multiprocessing.get_context(method)
        parent = 0 if method == "forkserver" else os.getpid()
        self.pipe, other = context.Pipe()
        self.jobs: deque[Job] = deque()
        self.begun = False
        self.deadline = time.monotonic() + worker_limits.TIME_TO_BEGIN
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(other, function, setup, str(folder), parent), daemon=True
        )
        with worker_limits.interrupts_blocked():
            self.process.start()
        other.close()  # so that the pipe ends with the process

    def assign(self, job: Job) -> bool:
        """Hand over a job; False when the process is gone."""
        try:
            self.pipe.send(job[1])
        except OSError:
            return False
        if self.begun and not self.jobs:
            self.start_clock()
        self.jobs.append(job)
        return True

    def start_clock(self) -> None:
        """Start the time limit of the first job: a spawned process takes seconds to begin."""
        self.begun = True
        self.deadline = time.monotonic() + worker_limits.TIME_PER_FILE

    def finish(self) -> Job:
        """The job under way, which is over; start the time limit of the next."""
        self.start_clock()
        return self.jobs.popleft()

    def end(self) -> int:
        """Kill the process if it still runs; its exit code."""
        self.pipe.close()
        self.process.kill()
        self.process.join()
        code: int = self.process.exitcode or 0
        return code


class _Pool:
    """The workers, the jobs that wait for them, and the outcomes not yet taken by the caller."""

    def __init__(
        self,
        function: Callable[[str], Any],
        setup: Setup,
        size: int,
        jobs: Iterator[Job],
    ) -> None:
        self.folder = folder = scratch_folder()
        self.workers: list[_Worker] = []
        self.stop = clean_up_with(self, partial(_end_all, self.workers), folder)
        self.make: Callable[[], _Worker] = lambda: _Worker(function, setup, folder)
        self.waiting = jobs
        self.returned: deque[Job] = deque()  # of workers that died before they came to them
        self.limit = LOOK_AHEAD * size
        self.taken = 0
        self.done: dict[int, Outcome] = {}
        for _ in range(size):
            self.workers.append(self.make())

    def take(self, place: int) -> Outcome:
        """An outcome that is there, handed to the caller."""
        self.taken += 1
        return self.done.pop(place)

    def assign_jobs(self) -> None:
        """Give every worker its jobs, evenly, at most ``limit`` files ahead of the caller."""
        for _ in range(IN_HAND):
            for number, worker in enumerate(self.workers):
                if len(worker.jobs) >= IN_HAND:
                    continue
                job = self._next()
                if job is None:
                    return
                if not worker.assign(job):
                    self.returned.appendleft(job)
                    self._replace_worker(number)

    def step(self) -> None:
        """Assign jobs, wait for answers, and end workers whose time is over."""
        self.assign_jobs()
        busy = [worker for worker in self.workers if worker.jobs]
        patience = min(worker.deadline for worker in busy) - time.monotonic()
        ready = wait([worker.pipe for worker in busy], max(0.0, patience))
        for number, worker in enumerate(self.workers):
            if worker.pipe in ready:
                self._receive(number)
            elif worker.jobs and time.monotonic() > worker.deadline:
                place, path = worker.finish()
                refusal = slow_refusal(int(worker_limits.TIME_PER_FILE))
                self.done[place] = Outcome(path, refusal=refusal)
                self._replace_worker(number)

    def _next(self) -> Job | None:
        if self.returned:
            return self.returned.popleft()
        in_hand = sum(len(worker.jobs) for worker in self.workers)
        if in_hand + len(self.done) >= self.limit:
            return None
        return next(self.waiting, None)

    def _receive(self, number: int) -> None:
        worker = self.workers[number]
        try:
            answer = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._worker_died(number)
            return
        if answer == _READY:
            worker.start_clock()
            return
        place, _ = worker.finish()
        self.done[place] = pickle.loads(answer)

    def _worker_died(self, number: int) -> None:
        """Record the refusal of the job over which a worker died."""
        worker = self.workers[number]
        job = worker.finish() if worker.jobs else None
        code = self._replace_worker(number)
        if job is not None:
            words = worker_limits.stderr_of(str(self.folder), worker.process.pid or 0)
            self.done[job[0]] = Outcome(job[1], refusal=death_refusal(words, code))

    def _replace_worker(self, number: int) -> int:
        """End a worker, start a new one in its place, and return its jobs; its exit code."""
        worker = self.workers[number]
        self.returned.extend(worker.jobs)
        worker.jobs.clear()
        code = worker.end()
        self.workers[number] = self.make()
        return code


def _end_all(workers: Sequence[_Worker]) -> None:
    """End every worker; they hold nothing that could be lost."""
    for worker in workers:
        worker.end()


def _serve(
    pipe: Connection, function: Callable[[str], Any], setup: Setup, folder: str, parent: int
) -> None:
    """The loop of a worker: an outcome for every path, until the pipe ends."""
    worker_limits.limit_process(folder, parent)
    begun = attempt(lambda _: setup() if setup else None, "")
    pipe.send_bytes(_READY)
    while True:
        try:
            path = pipe.recv()
        except (EOFError, OSError):
            return
        if begun.refusal is None:
            pipe.send_bytes(pickled_outcome(function, path))
        else:
            pipe.send_bytes(pickle.dumps(Outcome(path, refusal=begun.refusal)))

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

from xltools.ground.scratch import leave_with, scratch_folder
from xltools.workers import worker_limits
from xltools.workers.file_outcome import Outcome, Setup, attempt, death, packed, too_slow

# Results kept for a caller who waits for an earlier file, per worker: enough that no worker idles
# behind a slow file, few enough that memory stays flat.
LOOK_AHEAD = 8
# Files given to a worker at once: it reads the next while its answer is taken.
IN_HAND = 2

_READY = b""  # a worker's first words

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
    """Outcomes in the order of ``paths``; ``meanwhile`` runs while the first files are read."""
    if not paths:
        return
    crew = _Crew(function, setup, max(1, min(workers, len(paths))), enumerate(paths))
    try:
        crew.hand_out()
        if meanwhile is not None:
            meanwhile()  # the workers have been forked: imports do not disturb them
        for place in range(len(paths)):
            while place not in crew.done:
                crew.step()
            outcome = crew.take(place)
            if progress is not None:
                progress(place + 1)
            yield outcome
    finally:
        crew.stop()


class _Worker:
    """One process, its pipe, and the jobs in its hands, the one under way first."""

    def __init__(self, function: Callable[[str], Any], setup: Setup, folder: Path) -> None:
        context = multiprocessing.get_context("fork" if worker_limits.FORKS else "spawn")
        self.pipe, other = context.Pipe()
        self.jobs: deque[Job] = deque()
        self.begun = False
        self.deadline = time.monotonic() + worker_limits.TIME_TO_BEGIN
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(other, function, setup, str(folder), os.getpid()), daemon=True
        )
        with worker_limits.interrupts_held():
            self.process.start()
        other.close()  # so that the pipe ends with the process

    def give(self, job: Job) -> bool:
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
        """The time of the first job begins: a process that is spawned takes seconds to be there."""
        self.begun = True
        self.deadline = time.monotonic() + worker_limits.TIME_PER_FILE

    def finish(self) -> Job:
        """The job under way is over; the next one's time begins."""
        self.start_clock()
        return self.jobs.popleft()

    def end(self) -> int:
        """Kill the process if it still runs; its exit code."""
        self.pipe.close()
        self.process.kill()
        self.process.join()
        code: int = self.process.exitcode or 0
        return code


class _Crew:
    """The workers, what waits for them, and what they have done."""

    def __init__(
        self,
        function: Callable[[str], Any],
        setup: Setup,
        size: int,
        jobs: Iterator[Job],
    ) -> None:
        self.folder = folder = scratch_folder()
        self.workers: list[_Worker] = []
        self.stop = leave_with(self, partial(_end_all, self.workers), folder)
        self.make: Callable[[], _Worker] = lambda: _Worker(function, setup, folder)
        self.waiting = jobs
        self.returned: deque[Job] = deque()  # of workers that died before they came to them
        self.ahead = LOOK_AHEAD * size
        self.taken = 0
        self.done: dict[int, Outcome] = {}
        for _ in range(size):
            self.workers.append(self.make())

    def take(self, place: int) -> Outcome:
        """An outcome that is there, handed to the caller."""
        self.taken += 1
        return self.done.pop(place)

    def hand_out(self) -> None:
        """Fill the hands of all workers, evenly, as far ahead of the caller as is allowed."""
        for _ in range(IN_HAND):
            for number, worker in enumerate(self.workers):
                if len(worker.jobs) >= IN_HAND:
                    continue
                job = self._next()
                if job is None:
                    return
                if not worker.give(job):
                    self.returned.appendleft(job)
                    self._bury(number)

    def step(self) -> None:
        """Hand out, wait for answers, and end those whose time is over."""
        self.hand_out()
        busy = [worker for worker in self.workers if worker.jobs]
        patience = min(worker.deadline for worker in busy) - time.monotonic()
        ready = wait([worker.pipe for worker in busy], max(0.0, patience))
        for number, worker in enumerate(self.workers):
            if worker.pipe in ready:
                self._receive(number)
            elif worker.jobs and time.monotonic() > worker.deadline:
                place, path = worker.finish()
                refusal = too_slow(int(worker_limits.TIME_PER_FILE))
                self.done[place] = Outcome(path, refusal=refusal)
                self._bury(number)

    def _next(self) -> Job | None:
        if self.returned:
            return self.returned.popleft()
        in_hand = sum(len(worker.jobs) for worker in self.workers)
        if in_hand + len(self.done) >= self.ahead:
            return None
        return next(self.waiting, None)

    def _receive(self, number: int) -> None:
        worker = self.workers[number]
        try:
            answer = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._blame(number)
            return
        if answer == _READY:
            worker.start_clock()
            return
        place, _ = worker.finish()
        self.done[place] = pickle.loads(answer)

    def _blame(self, number: int) -> None:
        """A worker died over the job under way."""
        worker = self.workers[number]
        job = worker.finish() if worker.jobs else None
        code = self._bury(number)
        if job is not None:
            words = worker_limits.last_words(str(self.folder), worker.process.pid or 0)
            self.done[job[0]] = Outcome(job[1], refusal=death(words, code))

    def _bury(self, number: int) -> int:
        """Put a new worker in the place of one that ended; its other jobs go to whoever is free."""
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
    """A worker's life: an answer for every path, until the pipe ends."""
    worker_limits.enter(folder, parent)
    initializer, initargs = setup
    begun = attempt(lambda _: initializer(*initargs) if initializer else None, "")
    pipe.send_bytes(_READY)
    while True:
        try:
            path = pipe.recv()
        except (EOFError, OSError):
            return
        if begun.refusal is None:
            pipe.send_bytes(packed(function, path))
        else:
            pipe.send_bytes(pickle.dumps(Outcome(path, refusal=begun.refusal)))

"""Long runs: one at a time, beside the pages, each with its progress and a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Literal, NamedTuple

from xltools.inbox import Progress

State = Literal["waiting", "running", "done", "failed", "stopped"]
_REMEMBERED = 12


class Done(NamedTuple):
    """What a run says at its end, and the files and folders that it wrote."""

    sentences: list[str]
    written: list[Path]


Work = Callable[[Progress], Done]


class Job:
    """One run of a step; ``done`` of ``total`` files are read or written so far."""

    def __init__(self, number: int, step: str) -> None:
        self.number = number
        self.step = step
        self.state: State = "waiting"
        self.done = 0
        self.total = 0
        self.result = Done([], [])
        self.fault = ""
        self.stopping = False

    @property
    def going(self) -> bool:
        """Whether it is not over yet."""
        return self.state in ("waiting", "running")

    def stop(self) -> None:
        """End it at its next file; one that is writing its last results finishes them.

        Raising in the other thread would stop it sooner, and leave whatever lock it held locked.
        """
        self.stopping = True

    def run(self, work: Work, told: Callable[[Exception], str]) -> None:
        """Do the work, and note how it ended; ``told`` puts a fault into words."""
        try:
            self._look_up()
            self.state = "running"
            self.result = work(self._progress)
            self.state = "done"
        except _Stopped:
            self.state = "stopped"
        except Exception as fault:  # noqa: BLE001  (the page says it)
            self.fault, self.state = told(fault), "failed"

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self._look_up()

    def _look_up(self) -> None:
        if self.stopping:
            raise _Stopped


class Jobs:
    """The runs of this desk, the latest first.

    ``reading`` is held while one runs; ``over`` is called, in its thread, when one is over.
    ``told`` puts what went wrong into words.
    """

    def __init__(
        self,
        reading: threading.Lock,
        over: Callable[[], None],
        told: Callable[[Exception], str],
    ) -> None:
        self.all: list[Job] = []
        self._told = told
        self._reading = reading
        self._over = over
        self._thread = ThreadPoolExecutor(1, "xltools-job")

    @property
    def going(self) -> bool:
        """Whether any run is not over yet."""
        return any(job.going for job in self.all)

    def start(self, step: str, work: Work) -> Job:
        """Run ``work`` when all that were started before are over.

        A step that waits or runs already is not started twice.
        """
        for job in self.all:
            if job.step == step and job.going and not job.stopping:
                return job
        job = Job(self.all[0].number + 1 if self.all else 1, step)
        self.all = [job, *self.all][:_REMEMBERED]
        # What is said on the way is said in the language of whoever started it.
        self._thread.submit(copy_context().run, self._run, job, work)
        return job

    def stop(self, number: int) -> None:
        """Stop a run."""
        for job in self.all:
            if job.number == number:
                job.stop()

    def end(self) -> None:
        """Stop everything, and wait until it has stopped."""
        for job in self.all:
            job.stop()
        self._thread.shutdown()

    def _run(self, job: Job, work: Work) -> None:
        with self._reading:
            job.run(work, self._told)
        self._over()


class _Stopped(BaseException):
    """Somebody asked for it; like KeyboardInterrupt nothing but an end, which no `except` takes."""

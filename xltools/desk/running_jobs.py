"""Long runs: one at a time, beside the pages, each with its progress and a way to stop it."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Literal, NamedTuple

from xltools.inbox import Progress

State = Literal["waiting", "running", "done", "failed", "stopped"]
_REMEMBERED = 12
_AGAIN = 0.02  # seconds


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
        self._thread = 0
        self._lock = threading.Lock()
        self._stopped = type("Stopped", (_Stopped,), {"job": self})

    @property
    def going(self) -> bool:
        """Whether it is not over yet."""
        return self.state in ("waiting", "running")

    def stop(self) -> None:
        """End it as Ctrl-C ends a command: wherever it is, with nothing half written."""
        with self._lock:
            self.stopping = True
            if self._thread:
                _raise_in(self._thread, self._stopped)

    def run(self, work: Work, told: Callable[[Exception], str]) -> None:
        """Do the work, and note how it ended; ``told`` puts a fault into words."""
        try:
            self.result = self._interruptibly(work)
            self.state = "done"
        except _Stopped:
            self.state = "stopped"
        except Exception as fault:  # noqa: BLE001  (the page says it)
            self.fault, self.state = told(fault), "failed"

    def _interruptibly(self, work: Work) -> Done:
        with self._lock:
            if self.stopping:
                raise _Stopped
            self._thread = threading.get_ident()
        try:
            self.state = "running"
            return work(self._progress)
        finally:
            with self._lock:
                self._thread = 0
                _raise_in(threading.get_ident(), None)

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total


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

    job: Job


def never_lose_a_stop(lost: sys.UnraisableHookArgs) -> None:
    """A ``sys.unraisablehook``: a stop that came while an object was deleted is raised again."""
    if issubclass(lost.exc_type, _Stopped):
        # Not here, where it would be lost again; by then the run may be over, which it looks to.
        threading.Timer(_AGAIN, lost.exc_type.job.stop).start()
    else:
        sys.__unraisablehook__(lost)


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Raise in another thread at its next step; with None what was not raised yet never is."""
    given = ctypes.py_object(kind) if kind is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), given)

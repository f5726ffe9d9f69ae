"""One file alone, in one forked child: guarded as in a pool, without a pool's start-up time."""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from xltools.workers import worker_limits
from xltools.workers.file_outcome import Outcome, Setup, death, packed, too_slow

_CHUNK = 1 << 20


def run_alone(
    function: Callable[[str], Any],
    path: str,
    setup: Setup,
    meanwhile: Callable[[], object] | None,
) -> Outcome:
    """The outcome of ``function(path)``; ``meanwhile`` runs here while the child works."""
    with TemporaryDirectory(prefix="xltools-worker-") as folder:
        reading, writing = os.pipe()
        deadline = time.monotonic() + worker_limits.TIME_PER_FILE
        parent = os.getpid()
        with worker_limits.interrupts_held():
            child = os.fork()
            if child == 0:
                os.close(reading)
                _work(function, path, setup, folder, writing, parent)
        os.close(writing)
        try:
            if meanwhile is not None:
                meanwhile()
            answer = _received(reading, deadline)
        except BaseException:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        finally:
            os.close(reading)
        return _outcome(path, child, answer, folder)


def _work(
    function: Callable[[str], Any], path: str, setup: Setup, folder: str, writing: int, parent: int
) -> None:
    """The child's whole life; it never returns."""
    try:
        worker_limits.enter(folder, parent)
        initializer, initargs = setup
        if initializer is not None:
            initializer(*initargs)
        with os.fdopen(writing, "wb") as stream:
            stream.write(packed(function, path))
    except BaseException:  # noqa: BLE001 - the parent hears of it by the missing answer
        os._exit(1)
    os._exit(0)


def _received(reading: int, deadline: float) -> bytes | None:
    """All that the child sends; None when it is not done in time."""
    pieces: list[bytes] = []
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return None
        piece = os.read(reading, _CHUNK)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def _outcome(path: str, child: int, answer: bytes | None, folder: str) -> Outcome:
    if answer is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return Outcome(path, refusal=too_slow(int(worker_limits.TIME_PER_FILE)))
    _, status = os.waitpid(child, 0)
    if status == 0:
        outcome: Outcome = pickle.loads(answer)
        return outcome
    words = worker_limits.last_words(folder, child)
    return Outcome(path, refusal=death(words, os.waitstatus_to_exitcode(status)))

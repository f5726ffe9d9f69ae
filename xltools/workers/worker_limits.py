"""The memory, time and signals of a worker process."""

from __future__ import annotations

import faulthandler
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path

# One file's parser may take this much beyond what the process holds when it starts; a million
# cells are read within 256 MB.
MEMORY_PER_WORKER = 1024 * 1024 * 1024
# Seconds for one file; the slowest honest one (a million cells) takes five.
TIME_PER_FILE = 60.0

# Seconds for a worker to be there; where it is spawned, its imports take some.
TIME_TO_BEGIN = 120.0

# Linux forks, in milliseconds; elsewhere a forked child of a threaded parent may hang.
FORKS = sys.platform.startswith("linux")

# A program of many threads must not fork itself: a lock that another thread holds stays locked in
# the child. Where this is set, a process of one thread that was started before forks for it.
BESIDE_THREADS = False

_STDERR = 2
# Cells are lists of plain values, which make no cycles: looking for some cost a tenth of reading.
_COLLECT_SELDOM = (100_000, 50, 100)
_PARENT_CHECK = 0.5  # seconds


def start_method() -> str:
    """How workers start, as `multiprocessing` calls it."""
    if not FORKS:
        return "spawn"
    return "forkserver" if BESIDE_THREADS else "fork"


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C while a worker is forked: until it ignores it, it would print a trace."""
    if not FORKS:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def limit_process(folder: str, parent: int) -> None:
    """Limit this process, silence it, leave Ctrl-C to its parent, and end when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if FORKS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.environ["RUST_BACKTRACE"] = "0"
    faulthandler.disable()
    words = os.open(
        _stderr_file(folder, os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
    )
    os.dup2(words, _STDERR)  # Rust prints its own report before it aborts
    os.close(words)
    gc.freeze()  # what the parent made need not be looked through
    gc.set_threshold(*_COLLECT_SELDOM)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    limit_memory(MEMORY_PER_WORKER)


def stderr_of(folder: str, worker: int) -> bytes:
    """What a worker wrote to stderr before it died."""
    try:
        return _stderr_file(folder, worker).read_bytes()
    except OSError:  # it died before it began
        return b""


def _stderr_file(folder: str, worker: int) -> Path:
    return Path(folder, f"{worker}.log")


def _leave_with(parent: int) -> None:
    """End this process when its parent was killed and so could not end it.

    ``parent`` is 0 where another process forked this one for it.
    """
    if parent:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK)
    elif (above := multiprocessing.parent_process()) is not None:
        wait([above.sentinel])
    os._exit(1)


def limit_memory(headroom: int) -> None:
    """Let this process allocate ``headroom`` bytes more than it has now.

    Windows has no such limit: there the time limit alone guards. macOS accepts it and enforces
    little of it.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _address_space() + headroom
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        if sys.platform.startswith("linux"):
            raise


def _address_space() -> int:
    try:
        with open("/proc/self/statm", "rb") as stream:
            return int(stream.read().split()[0]) * os.sysconf("SC_PAGESIZE")
    except OSError:  # no /proc: macOS, where Python maps some 400 GB of shared cache
        return 0 if sys.platform.startswith("linux") else 2**40

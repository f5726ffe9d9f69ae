"""The limits a worker lives under."""

from __future__ import annotations

import os
import signal
import sys
import tempfile

# One file's parser may take this much beyond what the process holds when it starts; a million
# cells are read within 256 MB.
MEMORY_PER_WORKER = 1024 * 1024 * 1024
# Seconds for one file; the slowest honest one (a million cells) takes five.
TIME_PER_FILE = 60.0

_STDERR = 2


def enter(stderr: str) -> None:
    """Limit this process, silence it, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["RUST_BACKTRACE"] = "0"
    descriptor = os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, _STDERR)  # Rust prints its own report before it aborts
    os.close(descriptor)
    limit_memory(MEMORY_PER_WORKER)


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


def stderr_file() -> str:
    """A fresh file for what workers print."""
    descriptor, path = tempfile.mkstemp(prefix="xltools-worker-", suffix=".log")
    os.close(descriptor)
    return path

"""The outcome of one file: the function's result, or a refusal."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import msgspec

from xltools.errors import FileRefused

_OUT_OF_MEMORY = b"memory allocation of"  # what Rust prints before it aborts

Setup = Callable[[], object] | None
"""What a worker calls before its first file."""


class Refusal(msgspec.Struct):
    """Why a file has no result: the issue code, the sentence's key and its values."""

    code: str
    reason: str
    values: dict[str, object]

    @classmethod
    def of(cls, refused: FileRefused) -> Refusal:
        """The refusal that an exception carries."""
        return cls(refused.code, refused.reason, refused.values)


class Outcome(msgspec.Struct):
    """A file's path with the function's result, or with its refusal."""

    path: str
    result: Any = None
    refusal: Refusal | None = None


def attempt(function: Callable[[str], Any], path: str) -> Outcome:
    """Call ``function``; whatever it raises, even a panic of foreign code, becomes a refusal."""
    try:
        return Outcome(path, function(path))
    except FileRefused as refused:
        return Outcome(path, refusal=Refusal.of(refused))
    except MemoryError:
        return Outcome(path, refusal=Refusal("file-too-large", "refused.out_of_memory", {}))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # noqa: BLE001  a Rust panic is no Exception, and cannot be pickled
        return Outcome(path, refusal=_unexpected(fault))


def _unexpected(fault: BaseException) -> Refusal:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" ({trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno})"
    detail = f"{type(fault).__name__}: {fault}"[:300] + place
    return Refusal("file-unreadable", "refused.reader_failed", {"detail": detail})


def pickled_outcome(function: Callable[[str], Any], path: str) -> bytes:
    """The outcome, pickled; a refusal where the result cannot be pickled."""
    outcome = attempt(function, path)
    tried = attempt(lambda _: pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL), path)
    if tried.refusal is not None:
        return pickle.dumps(tried, pickle.HIGHEST_PROTOCOL)
    assert isinstance(tried.result, bytes)
    return tried.result


def death_refusal(words: bytes, code: int | None) -> Refusal:
    """The refusal of a file over which a worker died; out of memory where its stderr says so."""
    if _OUT_OF_MEMORY in words:
        return Refusal("file-too-large", "refused.out_of_memory", {})
    return Refusal("file-unreadable", "refused.reader_died", {"code": code})


def slow_refusal(limit: int) -> Refusal:
    """The refusal of a file that exceeded the time limit (seconds)."""
    return Refusal("file-too-large", "refused.too_slow", {"limit": limit})

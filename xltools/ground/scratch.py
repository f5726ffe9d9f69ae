"""Temporary folders, removed when their owner goes and after all that is open in them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path


def scratch_folder() -> Path:
    """A new folder that only this user may enter."""
    return Path(tempfile.mkdtemp(prefix="xltools-"))


def leave_with(
    owner: object, close: Callable[[], object], folder: Path | None
) -> Callable[[], None]:
    """Call ``close``, then remove the folder, once: when called, with the owner, or at the end.

    Windows does not remove what is open, and team data would stay behind. ``close`` must not hold
    the owner, which would then never go.
    """
    return weakref.finalize(owner, _leave, close, folder)


def _leave(close: Callable[[], object], folder: Path | None) -> None:
    close()
    if folder is not None:
        # It may be gone already, or a virus scanner looks into it: no reason to stop.
        shutil.rmtree(folder, ignore_errors=True)

"""Temporary folders that are removed with the object that owns them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path


def scratch_folder() -> Path:
    """A new folder that only this user may enter."""
    return Path(tempfile.mkdtemp(prefix="xltools-"))


def clean_up_with(
    owner: object, close: Callable[[], object], folder: Path | None
) -> Callable[[], None]:
    """Call ``close``, then remove the folder, once: when the returned function is called, the owner
    is garbage collected, or the program ends.

    ``close`` goes first, as Windows does not remove open files. It must not refer to the owner,
    which would then never be collected.
    """
    return weakref.finalize(owner, _leave, close, folder)


def _leave(close: Callable[[], object], folder: Path | None) -> None:
    close()
    if folder is not None:
        # It may be gone already, or a virus scanner looks into it: no reason to stop.
        shutil.rmtree(folder, ignore_errors=True)

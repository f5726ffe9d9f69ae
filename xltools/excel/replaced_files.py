"""Copies of files that are replaced, named after the day on which they were last written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

from xltools.excel.atomic_output import unwritable, write_bytes


def set_aside(path: Path, folder: Path) -> Path:
    """Copy a file into ``folder`` as ``name-2024-10-12.xlsx``; one that holds the same will do.

    Raises WriteError; the file itself stays as it is.
    """
    try:
        content = path.read_bytes()
        day = date.fromtimestamp(path.stat().st_mtime)
        for number in count(1):
            more = f" ({number})" if number > 1 else ""
            kept = folder / f"{path.stem}-{day}{more}{path.suffix}"
            if not kept.exists():
                write_bytes(kept, content, force=False)
                return kept
            if kept.read_bytes() == content:
                return kept
    except OSError as fault:
        raise unwritable(folder, fault) from fault
    raise AssertionError


@contextmanager
def keeping_old(target: Path, *, force: bool) -> Iterator[list[Path]]:
    """Keep a copy of ``target`` beside it, if what the block writes there differs.

    The list names the copy at the end. Without ``force`` nothing is replaced, so nothing is kept.
    """
    kept: list[Path] = []
    if not force or not target.is_file():
        yield kept
        return
    before = target.read_bytes()
    known = set(target.parent.iterdir())
    aside = set_aside(target, target.parent)
    try:
        yield kept
    finally:
        same = target.is_file() and target.read_bytes() == before
        if same and aside not in known:
            aside.unlink(missing_ok=True)
        elif not same:
            kept.append(aside)

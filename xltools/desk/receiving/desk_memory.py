"""What the desk itself must remember: one SQLite file in the quarter's folder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from xltools.errors import WriteError
from xltools.workspace import Workspace

_PATIENCE = 60  # seconds for another to let go of the file
_TABLES = """
CREATE TABLE IF NOT EXISTS sendings (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, told TEXT NOT NULL, issues TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS links (
  period TEXT NOT NULL, team TEXT NOT NULL, key TEXT UNIQUE NOT NULL, PRIMARY KEY (period, team)
);
"""


@contextmanager
def remembering(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """A transaction, on the disk when the block ends and undone where it fails.

    Only one at a time may write, in this process or another. Raises WriteError.
    """
    with _opened(workspace) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


@contextmanager
def remembered(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """What there is, to read. Raises WriteError."""
    with _opened(workspace) as connection:
        yield connection


@contextmanager
def _opened(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    file = workspace.store.with_name("desk.sqlite")
    try:
        _make(file)
        with closing(sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)) as connection:
            # An answer may rest on what is written here: it has to outlive a power cut.
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_TABLES)
            yield connection
    except sqlite3.DatabaseError as fault:
        raise WriteError("desk.memory", path=file, reason=fault) from fault


def _make(file: Path) -> None:
    """An empty file that only this user may read, as it holds the keys of links.

    Where others may write, a link could lead it to what is not ours.
    """
    for part in (file.parent, file):
        if part.is_symlink():
            raise WriteError("output.stray_link", path=part, real=part.resolve())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as fault:
        raise WriteError("output.unwritable", path=file, reason=fault) from fault

"""The store of what was read: one SQLite file; deleting it costs only the time to read again.

A *reading* is one file as one run read it; its number is the ``id`` of its row in ``readings``.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import warnings
from collections.abc import Iterable, Mapping, Sequence
from hmac import compare_digest
from pathlib import Path

from xltools.check.submission import SheetRows, Submission
from xltools.consolidate.store.reading_key import digest
from xltools.consolidate.store.row_signature import signature, user_key
from xltools.consolidate.store.row_tables import FIXED, FORMAT, tables_for
from xltools.consolidate.store.submission_json import Pool, decode, encode
from xltools.definition import Catalog
from xltools.errors import XltoolsWarning
from xltools.excel.cell_text import visible
from xltools.ground.scratch import clean_up_with, scratch_folder
from xltools.version import __version__

_PATIENCE = 10  # seconds for another run to let go of the file
_FORGET_AFTER = 10  # runs that did not need a reading
_SIGNED = (
    "SELECT template, key, file, team, period, modified, sha256, submission"
    " FROM readings WHERE id = ?"
)
_SHEETS = "SELECT sheet, title, stored FROM sheets WHERE reading = ? ORDER BY sheet"
_BEGIN = "BEGIN IMMEDIATE"  # from now on only this run writes
_ALL_MADE = "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'table')"
_COMPANIONS = ("", "-journal", "-wal", "-shm")


def is_damage(fault: sqlite3.DatabaseError) -> bool:
    """Whether a file can only be made anew; another may be locked, full or out of reach."""
    if isinstance(fault, sqlite3.OperationalError):
        return getattr(fault, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR
    return True


class Store:
    """Readings of workbooks by key; SQL views show the rows that counted in the last run.

    Until `finish_run` no other run may write to the file; then this one only reads, and others
    leave what it reads as it is. Without a path, or where another run has locked the file, the
    store is a temporary one. A file that is damaged, or of other definitions or another version of
    the program, is made anew. With ``fresh`` nothing that was read before is found.
    """

    def __init__(self, path: Path | None, catalog: Catalog, *, fresh: bool = False) -> None:
        self.tables = tables_for(catalog)
        self._schema = digest(FORMAT, __version__, [*catalog])
        self._pool: Pool = {}
        self._key = user_key()
        self._fresh = fresh
        self._folder: Path | None = None
        try:
            self._connection = self._connect(path)
        except (sqlite3.OperationalError, OSError):  # locked, or no place to write
            self._connection = self._connect(None)
        self._close = clean_up_with(self, self._connection.close, self._folder)
        self._run = 1 + self._runs()

    def close(self) -> None:
        """Close the file, and delete it where it was temporary."""
        self._close()

    def discard(self) -> bool:
        """Close the file, which is damaged, and delete it; False where that is not possible."""
        self.close()
        return self._remove()

    def commit(self) -> None:
        """Write to the file what was put so far."""
        self._connection.commit()
        self._connection.execute(_BEGIN)

    def known(self) -> dict[str, int]:
        """The numbers of readings by key."""
        if self._fresh:
            return {}
        return dict(self._connection.execute("SELECT key, id FROM readings"))

    def is_authentic(self, reading: int) -> bool:
        """Whether a reading is as this user's program wrote it, by its signature."""
        found = self._connection.execute("SELECT signature FROM readings WHERE id = ?", [reading])
        try:
            return compare_digest(found.fetchone()[0], self._signature(reading))
        except (sqlite3.OperationalError, TypeError, ValueError):  # of other types, or no text
            return False

    def put(self, key: str, submission: Submission) -> int:
        """Store a reading in place of any other of that key, whose number it takes; its number."""
        found = self._connection.execute("SELECT id FROM readings WHERE key = ?", [key]).fetchone()
        if found:
            self._delete([found[0]])
        cursor = self._connection.execute(
            "INSERT INTO readings"
            " (id, key, last_run, file, template, team, period, modified, sha256, submission)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                found and found[0],
                key,
                self._run,
                visible(submission.file),
                submission.template,
                visible(submission.team),
                submission.period,
                visible(submission.modified),
                submission.sha256,
                encode(submission),
            ],
        )
        reading = int(cursor.lastrowid or 0)
        for rows in submission.sheets.values():
            self._put_sheet(reading, submission.template, rows)
        # From what the file gives back, which is what is compared later.
        self._connection.execute(
            "UPDATE readings SET signature = ? WHERE id = ?", [self._signature(reading), reading]
        )
        return reading

    def submission(self, reading: int, file: str = "") -> Submission:
        """A reading without the values in its rows, as of ``file`` where that has moved."""
        statement = "SELECT file, submission FROM readings WHERE id = ?"
        first_file, text = self._connection.execute(statement, [reading]).fetchone()
        return decode(text, file or first_file, self._pool)

    def submission_json(self, reading: int) -> str:
        """The same as JSON, without the file's name."""
        found = self._connection.execute("SELECT submission FROM readings WHERE id = ?", [reading])
        return str(found.fetchone()[0])

    def stored(self, sheet: str) -> dict[int, int]:
        """How many rows of a sheet there are, by reading."""
        statement = "SELECT reading, stored FROM sheets WHERE sheet = ?"
        return dict(self._connection.execute(statement, [sheet]))

    def select(self, statement: str, reading: int, *arguments: object) -> list[tuple[object, ...]]:
        """What a statement of a `Table` finds of one reading."""
        return self._connection.execute(statement, [reading, *arguments]).fetchall()

    def finish_run(
        self,
        files: Sequence[tuple[str, str, int, bool]],
        counted: Mapping[str, Sequence[int]],
    ) -> None:
        """Record the run's files as (path, team, reading, excluded); delete unneeded readings.

        ``counted`` are the positions in ``files`` whose rows count, by sheet.
        """
        run = self._connection
        run.execute("DELETE FROM files")
        run.execute("DELETE FROM counted")
        run.executemany(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?)",
            ((position, *file) for position, file in enumerate(files)),
        )
        run.executemany(
            "INSERT INTO counted VALUES (?, ?)",
            ((sheet, position) for sheet, places in counted.items() for position in places),
        )
        run.executemany(
            "UPDATE readings SET last_run = ? WHERE id = ?",
            ((self._run, reading) for _, _, reading, _ in files),
        )
        old = run.execute(
            "SELECT id FROM readings WHERE last_run <= ?", [self._run - _FORGET_AFTER]
        ).fetchall()
        self._delete([reading for (reading,) in old])
        run.execute("REPLACE INTO about VALUES ('run', ?)", [self._run])
        run.commit()

    def _put_sheet(self, reading: int, template: str, rows: SheetRows) -> None:
        table = self.tables.get((template, rows.name))
        stored = len(rows.rows) if table is not None and rows.columns else 0
        self._connection.execute(
            "INSERT INTO sheets VALUES (?, ?, ?, ?)",
            [reading, rows.name, None if rows.titles else visible(rows.title), stored],
        )
        if table is not None and stored:
            self._connection.executemany(table.insert, table.encoded(reading, rows))

    def _signature(self, reading: int) -> bytes:
        """What signs all that is stored of a workbook."""
        signed = self.select(_SIGNED, reading)
        sheets = self.select(_SHEETS, reading)
        rows = [
            self.select(table.select, reading)
            for template, *_ in signed
            for name, _, stored in sheets
            if stored and (table := self.tables.get((str(template), str(name))))
        ]
        return signature(self._key, [self._schema, signed, sheets, rows])

    def _delete(self, readings: Iterable[int]) -> None:
        for reading in readings:
            self._connection.execute("DELETE FROM readings WHERE id = ?", [reading])
            self._connection.execute("DELETE FROM sheets WHERE reading = ?", [reading])
            for table in self.tables.values():
                self._connection.execute(table.delete, [reading])

    def _connect(self, path: Path | None) -> sqlite3.Connection:
        if path is None:
            self._folder = scratch_folder()
            path = self._folder / "store.sqlite"
        if path.is_symlink() or path.parent.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))  # not ours to remake
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._open()
        except sqlite3.DatabaseError as fault:
            if not is_damage(fault):
                raise
            if not self._remove():
                raise OSError from fault
            return self._open()

    def _open(self) -> sqlite3.Connection:
        """A connection to a sound store of this schema; DatabaseError where there is none."""
        connection = sqlite3.connect(
            self.path,
            timeout=_PATIENCE,
            isolation_level=None,
            check_same_thread=False,  # whichever thread lets go of the store closes it
        )
        try:
            # A killed run must not damage the file; a power cut may: it can be made anew.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            # Written to the file only when committed: others may read it until then.
            connection.execute("PRAGMA cache_spill = OFF")
            connection.execute(_BEGIN)
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("damaged")
            if self._schema_in(connection) != self._schema:
                self._create(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self, connection: sqlite3.Connection) -> None:
        """Make the tables and views in place of all that is there."""
        for kind, name in connection.execute(_ALL_MADE).fetchall():
            connection.execute(f'DROP {kind} "{name}"')
        for script in (FIXED, *(table.create for table in self.tables.values())):
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute("INSERT INTO about VALUES ('schema', ?)", [self._schema])
        connection.commit()
        connection.execute(_BEGIN)

    def _schema_in(self, connection: sqlite3.Connection) -> str:
        ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone()
        if not ours:
            return ""
        found = connection.execute("SELECT value FROM about WHERE name = 'schema'").fetchone()
        return str(found[0]) if found else ""

    def _runs(self) -> int:
        found = self._connection.execute("SELECT value FROM about WHERE name = 'run'").fetchone()
        return int(found[0]) if found and str(found[0]).isdecimal() else 0

    def _remove(self) -> bool:
        """Delete a damaged file and warn; False where that is not possible."""
        try:
            for companion in _COMPANIONS:
                Path(f"{self.path}{companion}").unlink(missing_ok=True)
        except OSError as fault:  # on Windows, while another program has it open
            warnings.warn(XltoolsWarning("store.kept", path=self.path, reason=fault), stacklevel=2)
            return False
        warnings.warn(XltoolsWarning("store.rebuilt", path=self.path), stacklevel=2)
        return True

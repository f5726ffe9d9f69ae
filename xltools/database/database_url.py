"""A database by its URL: one writer at a time, passwords out of sight, every fault one sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltools.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

PASSWORD = "XLTOOLS_DATABASE_PASSWORD"  # and, with _FILE behind it, the file that holds it

_PATIENCE = 60  # seconds for another run to let go of the database
_SECRET = re.compile("pass|secret|token", re.IGNORECASE)
_MYSQL = (
    f"SET SESSION lock_wait_timeout = {_PATIENCE}",
    f"SELECT GET_LOCK(CONCAT('xltools ', DATABASE()), {_PATIENCE})",
)
_LOCKS = {
    "postgresql": (
        f"SET LOCAL lock_timeout = '{_PATIENCE}s'",
        "SELECT pg_advisory_xact_lock(847523)",
    ),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
"""One writer at a time until the connection closes; SQLite's transactions see to it themselves."""
_LONGEST_REASON = 300


@contextmanager
def writing(text: str) -> Iterator[Connection]:
    """A transaction that no other run of ours writes beside; all of it counts or nothing.

    Raises DatabaseError.
    """
    url = _parsed(text)
    engine = _engine(url, begin="BEGIN IMMEDIATE")
    with _faults_as_sentences(url, "database.write"), engine.begin() as connection:
        patience, lock = _LOCKS.get(connection.dialect.name, ("", ""))
        if lock:
            connection.exec_driver_sql(patience)
            if connection.exec_driver_sql(lock).scalar() == 0:
                raise DatabaseError("database.busy", url=shown(url))
        yield connection


@contextmanager
def reading(text: str) -> Iterator[Connection]:
    """A connection that sees one state of the database; DatabaseError where there is none."""
    url = _parsed(text)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise DatabaseError("database.missing", url=shown(url))
    engine = _engine(url, begin="BEGIN")
    with _faults_as_sentences(url, "database.read"), engine.connect() as connection:
        yield connection


def _parsed(text: str) -> URL:
    """The URL, with the password that environment or file hold where it has none itself."""
    try:
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError:
        raise DatabaseError("database.library") from None
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DatabaseError("database.url", url=_begin_of(text)) from None
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise DatabaseError("database.url", url=_begin_of(text))
        return url
    return url if url.password or not url.username else url.set(password=_given_password())


def _given_password() -> str | None:
    path = os.environ.get(f"{PASSWORD}_FILE")
    if not path:
        return os.environ.get(PASSWORD) or None
    try:
        return Path(path).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise DatabaseError("database.password_file", path=path) from None


def _engine(url: URL, begin: str) -> Engine:
    from sqlalchemy import NullPool, create_engine, event
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"connect_args": {"timeout": _PATIENCE}} if sqlite else {}
    try:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, **options)
    except ModuleNotFoundError as fault:
        raise DatabaseError("database.driver", url=shown(url), driver=fault.name) from None
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise DatabaseError("database.url", url=shown(url)) from None
    if sqlite:  # whose Python driver begins transactions late, and none before a table is changed
        event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


@contextmanager
def _faults_as_sentences(url: URL, key: str) -> Iterator[None]:
    """What the database or its driver says, as the sentence of that key."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, RuntimeError) as fault:  # drivers raise the latter where they lack
        said = fault.orig if isinstance(fault, DBAPIError) else fault  # a part of themselves
        reason = _reason(str(said), url)
        # Without the fault itself: its text, in a log, might hold what is hidden here.
        if key == "database.write":
            raise DatabaseError("database.write", url=shown(url), reason=reason) from None
        raise DatabaseError("database.read", url=shown(url), reason=reason) from None


def _reason(said: str, url: URL) -> str:
    secrets = [url.password or ""]
    secrets += [str(value) for name, value in url.query.items() if _SECRET.search(name)]
    for secret in filter(None, secrets):
        said = said.replace(secret, "***")
    return " ".join(said.split())[:_LONGEST_REASON] or "-"


def shown(url: URL) -> str:
    """The URL without user, password and options."""
    host = f"{url.host or ''}{f':{url.port}' if url.port else ''}"
    return f"{url.drivername}://{host}/{url.database or ''}"


def _begin_of(text: str) -> str:
    """What may be shown of a text that is no URL: it may hold a password anywhere."""
    scheme, mark, _ = text.partition("://")
    if mark:
        return f"{scheme}://…"
    return text if "@" not in text and ":" not in text else "…"

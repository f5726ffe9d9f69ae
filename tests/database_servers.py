"""PostgreSQL and MariaDB as Debian packs them, started on loopback and in a folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

PASSWORD = "s3cret/p@ss"  # what a URL must quote
_USER = "xltools"
_STARTING = 60  # seconds
_FRESH = ("-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync")


def _program(name: str) -> str | None:
    """A program, also where Debian keeps it out of the path."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return str(kept[0]) if kept else found


def absent(server: str) -> str:
    """Why there can be no such server here; "" where it can be started."""
    wanted = {"postgresql": ("initdb", "postgres"), "mariadb": ("mariadb-install-db", "mariadbd")}
    lacking = [name for name in wanted[server] if _program(name) is None]
    if lacking:
        package = {"postgresql": "postgresql", "mariadb": "mariadb-server"}[server]
        return (
            f"{server} is not installed ({', '.join(lacking)}; Debian: apt-get install {package})"
        )
    return ""


def _as_user(folder: Path, name: str) -> dict[str, Any]:
    """Whose process it is: servers refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd  # which no other system than POSIX has

    user = pwd.getpwnam(name)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The URL of an empty database, without the database's name."""
    port, user = _free_port(), _as_user(folder, "postgres")
    initdb, server = str(_program("initdb")), str(_program("postgres"))
    secret = folder / "secret"
    secret.write_text(PASSWORD, "utf-8")
    secret.chmod(0o644)
    _run(
        [initdb, "-D", str(folder / "data"), "-U", _USER, f"--pwfile={secret}", *_FRESH],
        user,
    )
    command = [server, "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with _running(command, user, port, folder):
        yield f"postgresql+psycopg://{_USER}:{_quoted()}@127.0.0.1:{port}/"


@contextmanager
def mariadb(folder: Path) -> Iterator[str]:
    """The same of MariaDB."""
    port, user = _free_port(), _as_user(folder, "mysql")
    data, path = str(folder / "data"), folder / "start.sql"
    path.write_text(
        f"CREATE USER '{_USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
        f"GRANT ALL ON *.* TO '{_USER}'@'127.0.0.1' WITH GRANT OPTION;\n",
        "utf-8",
    )
    path.chmod(0o644)
    install = str(_program("mariadb-install-db"))
    _run(
        [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"],
        user,
    )
    command = [str(_program("mariadbd")), "--no-defaults", f"--datadir={data}", f"--port={port}"]
    command += ["--bind-address=127.0.0.1", f"--socket={folder / 'sock'}", "--skip-name-resolve"]
    command += ["--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0"]
    command += [f"--init-file={path}", f"--pid-file={folder / 'pid'}"]
    with _running(command, user, port, folder):
        yield f"mariadb+pymysql://{_USER}:{_quoted()}@127.0.0.1:{port}/"


def _quoted() -> str:
    return quote_plus(PASSWORD)


def _run(command: Sequence[str], user: dict[str, Any]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **user)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _running(
    command: Sequence[str], user: dict[str, Any], port: int, folder: Path
) -> Iterator[None]:
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **user)
    try:
        _wait(server, port, folder / "log")
        yield
    finally:
        server.terminate()
        server.wait(_STARTING)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _STARTING
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))

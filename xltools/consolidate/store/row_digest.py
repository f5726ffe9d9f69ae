"""What proves that remembered rows are the ones this program read: a digest that needs a key.

The store lies where others may write; the key lies with the user. Whoever changes the store without
the key is found out, and the workbook is read anew.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sys
from functools import cache
from pathlib import Path

import msgspec

_SIZE = 32  # bytes
_BINARY = getattr(os, "O_BINARY", 0)


def digest_with(key: bytes, parts: object) -> bytes:
    """The same for the same parts and key; nobody else can make it."""
    return hmac.digest(key, msgspec.msgpack.encode(parts), "sha256")


def desk_key() -> bytes:
    """This user's key, made when it is first needed; where it has no place, one for this run."""
    try:
        return _kept(_place())
    except (OSError, RuntimeError):  # no home, or one where nothing can be written
        return _passing()


def _place() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "xltools/key"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/xltools/key"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "xltools/key"


def _kept(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = path.with_name(f"key-{secrets.token_hex(8)}")
        handle = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(_SIZE))
        made.replace(path)
    key = path.read_bytes()
    return key if len(key) == _SIZE else _passing()


@cache
def _passing() -> bytes:
    return secrets.token_bytes(_SIZE)

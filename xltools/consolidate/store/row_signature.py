"""Signatures (HMAC) of stored rows, by which rows that somebody else changed are recognised.

The store lies where others may write, the key in the user's own configuration folder. A workbook
whose rows in the store do not match their signature is read anew.
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


def signature(key: bytes, parts: object) -> bytes:
    """The HMAC of plain values; the same for the same parts and key."""
    return hmac.digest(key, msgspec.msgpack.encode(parts), "sha256")


def user_key() -> bytes:
    """This user's key, made when first needed; where it cannot be stored, one for this process."""
    try:
        return _stored_key(_key_file())
    except (OSError, RuntimeError):  # no home, or one where nothing can be written
        return _process_key()


def _key_file() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "xltools/key"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/xltools/key"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "xltools/key"


def _stored_key(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"key-{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(_SIZE))
        fresh.replace(path)
    key = path.read_bytes()
    return key if len(key) == _SIZE else _process_key()


# Once a process, so that what one run of it stored the next recognises; constant from then on. Two
# threads that ask at once may differ: the readings of one are then read again.
@cache
def _process_key() -> bytes:
    return secrets.token_bytes(_SIZE)

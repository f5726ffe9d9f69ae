"""The key of a reading: the same content, file name, definitions and settings give the same."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import msgspec

from xltools.bundles import Source
from xltools.ground.member_paths import own_name


def digest(*parts: object) -> str:
    """The same text for the same parts, on every machine."""
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()


def content_hash(path: Path) -> str:
    """A regular file's SHA-256; "" for what cannot be read, of which the store has nothing."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def reading_key(sha256: str, source: Source, context: str) -> str:
    """The key of a reading: the name may tell team and period, ``context`` how it was read."""
    name = own_name(source.path).encode("utf-8", "surrogateescape").hex()
    mail = (source.sender, source.mailed) if source.mailed or source.sender else ()
    return digest(sha256, name, context, *mail)

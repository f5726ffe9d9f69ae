"""What went to whom: a line a mail, written at once, so that nothing is sent twice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from xltools.errors import WriteError
from xltools.excel.atomic_output import unwritable
from xltools.ground.folding import fold
from xltools.mail.letters import Mailing


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that a server took; ``key`` tells what was in it."""

    at: str
    letter: str
    team: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    subject: str
    files: tuple[str, ...]
    key: str


class SentLog:
    """The log in ``file``, one mail a line; lines that somebody broke count for nothing."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._stream: IO[str] | None = None
        self._known: set[tuple[str, str]] = set()
        try:
            lines = file.read_bytes().splitlines()
        except FileNotFoundError:
            lines = []
        for line in lines:
            try:
                one = msgspec.json.decode(line, type=Sent)
            except msgspec.DecodeError:
                continue
            self._known.add((fold(one.team), one.key))

    def __enter__(self) -> SentLog:
        """Open it before anything goes out: what cannot be noted must not be sent."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.file.open("a", encoding="utf-8", newline="\n")
        except OSError as fault:
            raise unwritable(self.file, fault) from fault
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()

    def has(self, letter: Mailing, again: Collection[str]) -> bool:
        """Whether the team got just this; those ``again`` get it once more."""
        return letter.team not in again and (fold(letter.team), key_of(letter)) in self._known

    def note(self, letter: Mailing) -> None:
        """Add a mail that went out."""
        assert self._stream is not None
        one = Sent(
            at=datetime.now().astimezone().isoformat(timespec="seconds"),
            letter=letter.kind,
            team=letter.team,
            to=letter.to,
            copies=letter.copies,
            subject=letter.subject,
            files=tuple(path.name for path in letter.files),
            key=key_of(letter),
        )
        try:
            self._stream.write(msgspec.json.encode(one).decode() + "\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except OSError as fault:
            raise WriteError("mail.log", path=self.file, team=letter.team, reason=fault) from fault


def key_of(letter: Mailing) -> str:
    """The same for the same workbooks; a reminder is another one every day."""
    day = datetime.now().date().isoformat() if letter.kind == "reminder" else ""
    files = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in letter.files]
    content = msgspec.json.encode([letter.kind, day, letter.text if day else "", files])
    return hashlib.sha256(content).hexdigest()

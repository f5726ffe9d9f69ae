"""The log of what came through the desk; where a workbook lies now is looked up, not noted."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from xltools.desk.receiving.desk_memory import remembered
from xltools.ground.folding import fold
from xltools.issues import Issue
from xltools.settings import Settings
from xltools.workspace import Workspace

Key = tuple[str, str, str]  # folded team, template, period
State = Literal["inbox", "replaced", "set_aside", "refused", "gone"]
Verdict = Literal["fine", "warnings", "errors", "refused"]

_TOLD = "SELECT told FROM sendings ORDER BY number"
_ISSUES = msgspec.json.Decoder(tuple[Issue, ...])


class Refusal(msgspec.Struct, frozen=True):
    """Why a file was not taken: the key of a sentence, and its values."""

    key: str
    values: dict[str, str | int | float] = {}


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """One workbook that came through the desk.

    ``name`` is ours in the inbox, "" where it was refused; ``original`` is what the sender called
    it. ``rows`` by sheet. Of one that could not be read, template and period are "".
    """

    id: str
    received: str  # 2024-10-08T01:02:03Z
    by: Literal["desk", "team"]
    original: str
    size: int
    sha256: str = ""
    team: str = ""
    template: str = ""
    period: str = ""
    name: str = ""
    rows: dict[str, int] = {}
    verdict: Verdict = "refused"
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    refusal: Refusal | None = None

    @property
    def key(self) -> Key:
        """What later sendings of the same workbook share with it."""
        return fold(self.team), self.template, self.period

    @property
    def time(self) -> datetime:
        """When it was received, by the clock of this place."""
        return datetime.fromisoformat(self.received).astimezone()


def new_id() -> str:
    """A name for addresses that says nothing of what others sent."""
    return secrets.token_urlsafe(12)


def now() -> str:
    """The time for the log: a proof is of the clock, not of the period."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def note(connection: sqlite3.Connection, sending: Sending, issues: Iterable[Issue]) -> None:
    """Add a sending to the log."""
    connection.execute(
        "INSERT INTO sendings (id, told, issues) VALUES (?, ?, ?)",
        [
            sending.id,
            msgspec.json.encode(sending).decode(),
            msgspec.json.encode(tuple(issues)).decode(),
        ],
    )


def logged(connection: sqlite3.Connection) -> list[Sending]:
    """All sendings, the earliest first."""
    return [msgspec.json.decode(told, type=Sending) for (told,) in connection.execute(_TOLD)]


def all_sendings(workspace: Workspace) -> list[Sending]:
    """All sendings of the quarter's folder, the earliest first."""
    with remembered(workspace) as connection:
        return logged(connection)


def sendings_of(workspace: Workspace, settings: Settings, team: str) -> list[Sending]:
    """What came through a team's own page, under whatever name it went then; the latest first."""
    wanted = fold(team)
    found = [
        one
        for one in all_sendings(workspace)
        if one.by == "team" and fold(settings.known_as(one.team)) == wanted
    ]
    return found[::-1]


def find_sending(workspace: Workspace, identity: str) -> tuple[Sending, tuple[Issue, ...]] | None:
    """A sending and what was wrong with it; None for an id that is none."""
    with remembered(workspace) as connection:
        row = connection.execute(
            "SELECT told, issues FROM sendings WHERE id = ?", [identity]
        ).fetchone()
    if row is None:
        return None
    return msgspec.json.decode(row[0], type=Sending), _ISSUES.decode(row[1])


def place_of(workspace: Workspace, sending: Sending) -> Path | None:
    """Where the workbook lies now; None where it was refused, or somebody moved it."""
    if sending.name:
        for folder in (workspace.inbox, workspace.set_aside):
            if (folder / sending.name).is_file():
                return folder / sending.name
    return None


def state_of(workspace: Workspace, sending: Sending, every: Sequence[Sending]) -> State:
    """What became of a sending; ``every`` are all of the quarter."""
    if sending.refusal is not None or not sending.name:
        return "refused"
    place = place_of(workspace, sending)
    if place is None:
        return "gone"
    if place.parent == workspace.inbox:
        return "inbox"
    others = {one.name for one in every if one.name and one.key == sending.key} - {sending.name}
    return "replaced" if any((workspace.inbox / name).is_file() for name in others) else "set_aside"

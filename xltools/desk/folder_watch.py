"""The folder as it changes: names, sizes and times are compared, and files are read on change."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from xltools.desk.own_threads import beside
from xltools.desk.quarter_look import Look, first_look, look
from xltools.workspace import Workspace

_EVERY, _LATE = 1.0, 2.0  # seconds

Signature = frozenset[tuple[str, int, int]]


class FolderWatch:
    """The last look at the folder, and a number that grows whenever there is a new one."""

    def __init__(self, folder: Path, lang: str) -> None:
        self.folder = folder
        self.number = 0
        self.looked = Look(lang=lang)
        self.reading = threading.Lock()
        """Held by whoever uses the store: another run would have to do without it."""
        self.chosen = lang
        self.ended = False
        self._seen: Signature = frozenset()
        self._new = asyncio.Condition()
        self._nudged = asyncio.Event()
        self._late: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def begin(self) -> None:
        """Read the settings, so that pages can be made before the inbox is read."""
        self._loop = asyncio.get_running_loop()
        self.looked = await beside(first_look, self.folder, self.chosen)

    async def follow(self) -> None:
        """Look again whenever something changes, until cancelled."""
        while True:
            await self.look_if_changed()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), _EVERY)
            self._nudged.clear()

    def nudge(self) -> None:
        """Something was changed just now: do not wait to look."""
        self._nudged.set()

    def nudge_from_thread(self) -> None:
        """The same from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.nudge)

    def end(self) -> None:
        """Let nobody wait any longer; for a signal's handler."""
        self.ended = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self._wake()))

    async def _wake(self) -> None:
        async with self._new:
            self._new.notify_all()

    async def look_if_changed(self) -> None:
        """Look again if something changed since the last look."""
        seen = await beside(self._signature)
        if seen != self._seen or not self.number:
            await self.look_again()

    async def look_again(self) -> None:
        """Look now, and tell everybody who waits."""
        looked, seen = await beside(self._look)
        async with self._new:
            self.looked, self._seen = looked, seen
            self.number += 1
            self._new.notify_all()

    async def look_soon(self) -> None:
        """Look now, but do not wait for a run that has the store: then the look is late."""
        if self._late is None or self._late.done():
            self._late = asyncio.create_task(self.look_again())
        await asyncio.wait({self._late}, timeout=_LATE)

    async def newer_than(self, number: int, patience: float) -> int:
        """The number of a look newer than that one, or the same one when nothing came in time."""
        async with self._new:
            try:
                await asyncio.wait_for(
                    self._new.wait_for(lambda: self.ended or self.number > number), patience
                )
            except TimeoutError:
                return number
        return self.number

    def _look(self) -> tuple[Look, Signature]:
        # The files first: what changes while they are read makes another look.
        with self.reading:
            seen = self._signature()
            return look(self.folder, self.chosen), seen

    def _signature(self) -> Signature:
        workspace = Workspace(self.folder)
        parts = (
            workspace.settings,
            workspace.templates,
            workspace.inbox,
            workspace.outbox,
            workspace.set_aside,
            workspace.reports,
        )
        return frozenset(one for part in parts for one in _files(part))


def _files(path: Path) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of a file, or of all files below a folder."""
    try:
        if path.is_dir():
            with os.scandir(path) as entries:
                for entry in entries:
                    yield from _files(Path(entry.path))
        else:
            about = path.stat()
            yield str(path), about.st_size, about.st_mtime_ns
    except OSError:
        return  # gone meanwhile, or out of reach: the look says what there is to say

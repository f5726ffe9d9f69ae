"""A form with files as a browser sends it → sendings; size, number and haste are bounded."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from xltools.desk.receiving.uploads import Sent, receive
from xltools.errors import UsageError
from xltools.run import Run

MOST_FILES = 30
MOST_BYTES = 300 * 2**20
_MOST_DRAINED = 2**31
_PIECE = 2**18
_PATIENCE = 120  # seconds for the next piece


class Reception:
    """Takes in forms: as many files at once as there are processors, the others wait."""

    def __init__(self) -> None:
        # Of its own: those who wait here must not keep pages from being made.
        self._turns = CapacityLimiter(os.cpu_count() or 1)
        self._order: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take_in(self, request: Request, run: Run, team: str = "") -> list[Sent]:
        """Receive all files of a form in their order; see `receive`.

        What one team sends is received in the order in which it was there as a whole. Raises
        UsageError where there is nothing, or more than may be sent at once, and ClientDisconnect.
        """
        async with _form(request) as form:
            files = [one for _, one in form.multi_items() if isinstance(one, UploadFile)]
            files = [one for one in files if one.filename]  # browsers send an empty one for none
            if not files:
                raise UsageError("desk.no_file")
            sent: list[Sent] = []
            async with self._order[team]:
                for file in files:
                    sent += await to_thread.run_sync(
                        receive, run, str(file.filename), _pieces(file), team, limiter=self._turns
                    )
            return sent


def reception_of(request: Request) -> Reception:
    """The one that takes in what is sent to this desk."""
    found: Reception = request.app.state.reception
    return found


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    """The form, its files spooled to the disk; they are gone at the end."""
    stream = request.stream()
    parser = MultiPartParser(
        request.headers, _bounded(stream), max_files=MOST_FILES, max_fields=MOST_FILES
    )
    try:
        form = await parser.parse()
    except (MultiPartException, UsageError, KeyError) as fault:
        await _drain(stream)
        if isinstance(fault, UsageError):
            raise
        if isinstance(fault, MultiPartException) and fault.message.startswith("Too many files"):
            raise UsageError("desk.many_files", limit=MOST_FILES) from fault
        raise UsageError("desk.no_form") from fault
    try:
        yield form
    finally:
        await form.close()


async def _bounded(stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """What comes, up to the limit; whoever sends nothing for minutes has gone."""
    size = 0
    while True:
        try:
            async with asyncio.timeout(_PATIENCE):
                piece = await anext(stream, None)
        except TimeoutError:
            raise ClientDisconnect from None
        if piece is None:
            return
        size += len(piece)
        if size > MOST_BYTES:
            raise UsageError("desk.large_form", limit=MOST_BYTES // 2**20)
        yield piece


async def _drain(stream: AsyncGenerator[bytes, None]) -> None:
    """Read on: a browser shows no answer to a form that it could not send to its end."""
    size = 0
    async for piece in stream:
        size += len(piece)
        if size > _MOST_DRAINED:
            return


def _pieces(file: UploadFile) -> Iterator[bytes]:
    while piece := file.file.read(_PIECE):
        yield piece

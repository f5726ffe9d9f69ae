"""The desk served: which addresses it listens on, and what is told of them."""

from __future__ import annotations

import asyncio
import socket
import warnings
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn

from xltools.desk.application import application
from xltools.desk.desk_state import NEAR, Desk
from xltools.desk.receiving.uploads import clear_landings
from xltools.errors import UsageError, XltoolsWarning
from xltools.workers import work_beside_threads

PORT = 8520
_EVERYWHERE = "0.0.0.0"


def serve(
    folder: Path,
    *,
    port: int | None = None,
    lan: bool = False,
    browser: bool = True,
    lang: str = "",
    tell: Callable[[Desk], None],
) -> None:
    """Serve a folder until interrupted; ``tell`` is called once it can be opened.

    Without ``port`` the usual one is taken, or any other that is free; not for teams, whose
    addresses name it. Raises UsageError for a port that is taken.
    """
    work_beside_threads(["xltools.check.read_submission", "xltools.check.identify.vocabulary"])
    # Every look at the folder would say the same again.
    warnings.simplefilter("default", XltoolsWarning)
    listening = _listen(_EVERYWHERE, port or PORT) if lan else _listen(NEAR[0], port)
    desk = Desk(
        folder.absolute(),
        listening.getsockname()[1],
        lang=lang,
        lan=own_addresses() if lan else (),
    )
    clear_landings(desk.workspace)
    config = uvicorn.Config(
        application(desk),
        access_log=False,  # it would hold the teams' keys
        log_level="critical",
        proxy_headers=False,  # nobody may say that he asks from this machine
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    tell(desk)
    if browser:
        webbrowser.open(desk.address)
    with listening, suppress(KeyboardInterrupt):
        asyncio.run(_Server(config, desk).serve([listening]))


class _Server(uvicorn.Server):
    """Ends the streams of open pages when it is to end itself: it would wait for them."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._desk.watch.end()
        super().handle_exit(sig, frame)


def _listen(host: str, port: int | None) -> socket.socket:
    for wanted in (PORT, 0) if port is None else (port,):
        made = socket.socket()
        # Without it a port that was just given up is taken for minutes; Windows would share it.
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, wanted))
            made.listen()
        except OSError as fault:
            made.close()
            reason = fault
        else:
            return made
    raise UsageError("usage.port", port=wanted, reason=reason)


def own_addresses() -> tuple[str, ...]:
    """The addresses under which other machines reach this one, the usual one first."""
    found: dict[str, None] = {}
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("192.0.2.1", 9))  # nothing is sent: only the way out is asked for
        found[asking.getsockname()[0]] = None
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            found[str(address[0])] = None
    return tuple(one for one in found if not one.startswith("127."))

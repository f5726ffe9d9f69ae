"""A browser on the analyst's machine."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from xltools.desk.application import application
from xltools.desk.desk_state import Desk

PORT = 8520
OWN = f"http://127.0.0.1:{PORT}"
NEAR = ("127.0.0.1", 50000)


def opened(folder: Path, lang: str = "zh", lan: tuple[str, ...] = ()) -> TestClient:
    """The desk of a folder as ``desk``, in a browser that still has to enter by its address."""
    desk = Desk(folder, PORT, lang=lang, lan=lan)
    client = TestClient(application(desk), OWN, client=NEAR)
    client.desk = desk
    client.headers["origin"] = OWN
    return client

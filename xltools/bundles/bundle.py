"""What a bundle is to its readers: named entries whose bytes are there when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Entry(NamedTuple):
    """A file in a bundle by its names, folders first; ``read`` may raise FileRefused."""

    names: tuple[str, ...]
    read: Callable[[], bytes]


class Bundle(NamedTuple):
    """What a zip bundle or a mail holds; who sent the mail, and when by the sender's clock."""

    entries: list[Entry]
    sender: str = ""
    mailed: str = ""

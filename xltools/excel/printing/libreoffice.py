"""LibreOffice's program, where systems install it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_NAMES = ("soffice", "libreoffice")
_ON_WINDOWS = ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)", "LOCALAPPDATA")
_ON_MACOS = "Applications/LibreOffice.app/Contents/MacOS/soffice"


def find_office() -> str | None:
    """The program to call: on the search path, else where its installer puts it."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    return next((str(place) for place in _usual_places() if place.is_file()), None)


def _usual_places() -> Iterator[Path]:
    for variable in _ON_WINDOWS:
        if root := os.environ.get(variable):
            program = Path(root, "LibreOffice", "program")
            yield program / "soffice.com"  # waits until all is done, which soffice.exe may not
            yield program / "soffice.exe"
    yield Path("/", _ON_MACOS)
    yield Path.home() / _ON_MACOS

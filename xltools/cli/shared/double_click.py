"""The program that brings its own Python: words are commands, a double click opens the desk."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER = "xltools"
"""Below the user's own folder: where the quarters lie that a double click opens."""


def run() -> None:
    """The commands; without words, as a double click gives none, the desk."""
    _leave_libraries_to_others()
    from xltools.cli import main

    if sys.argv[1:]:
        main()
        return
    sys.argv += ["desk", str(_quarter(Path.home() / FOLDER))]
    try:
        main()
    except SystemExit as end:
        if end.code:
            _wait()  # the window would close before anybody could read why
        raise


def _quarter(home: Path) -> Path:
    """The latest quarter that lies there; without any, the one of today, to be begun."""
    from datetime import date

    from xltools.ground.period import Quarter
    from xltools.workspace import Workspace

    inside = sorted(home.iterdir()) if home.is_dir() else []
    made = [folder for folder in inside if Workspace(folder).is_made]
    return made[-1] if made else home / str(Quarter.of(date.today()))


def _wait() -> None:
    from xltools.cli.shared.run_language import text

    try:
        input(text("desk.wait"))
    except EOFError:
        return  # nobody is there to read


def _leave_libraries_to_others() -> None:
    """A browser or LibreOffice that is started from here loads its own libraries, not ours."""
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)  # PyInstaller's
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif getattr(sys, "frozen", False):
        os.environ.pop("LD_LIBRARY_PATH", None)

"""Workbooks as PDF, through LibreOffice; data sheets do not print."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from xltools.errors import WriteError, XltoolsError
from xltools.excel.atomic_output import replacing
from xltools.excel.printing.libreoffice import find_office

_SECONDS, _SECONDS_EACH = 300, 20


def to_pdf(targets: Mapping[Path, Path], *, force: bool = True) -> None:
    """Print workbooks, each to its target; XltoolsError where LibreOffice is missing or fails.

    The workbooks have names of their own: the program puts all prints into one folder.
    """
    program = find_office()
    if program is None:
        raise XltoolsError("errors.evaluate.no_office")
    with TemporaryDirectory() as folder:
        _convert(program, targets, Path(folder))
        for book, target in targets.items():
            with replacing(target, force=force) as temporary:
                shutil.copyfile(Path(folder, f"{book.stem}.pdf"), temporary)


def _convert(program: str, targets: Mapping[Path, Path], folder: Path) -> None:
    profile = (folder / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), *map(str, targets)]
    limit = _SECONDS + _SECONDS_EACH * len(targets)
    try:
        done = subprocess.run(command, capture_output=True, timeout=limit, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        first = next(iter(targets.values()))
        raise WriteError("errors.evaluate.pdf", path=first, reason=fault) from fault
    for book, target in targets.items():
        # The program says that all is well even where it could not load a file.
        if not Path(folder, f"{book.stem}.pdf").is_file():
            reason = done.stderr.decode(errors="replace").strip() or done.returncode
            raise WriteError("errors.evaluate.pdf", path=target, reason=reason)

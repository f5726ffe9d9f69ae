"""The pages of an evaluation workbook as PDF, through LibreOffice; data sheets do not print."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from xltools.errors import WriteError, XltoolsError
from xltools.evaluate.libreoffice import find_office
from xltools.excel.atomic_output import replacing

_SECONDS = 300


def to_pdf(xlsx: Path, *, force: bool = True) -> Path:
    """Print a workbook beside itself; XltoolsError where LibreOffice is missing or fails."""
    program = find_office()
    if program is None:
        raise XltoolsError("errors.evaluate.no_office")
    target = xlsx.with_suffix(".pdf")
    with TemporaryDirectory() as folder, replacing(target, force=force) as temporary:
        shutil.copyfile(_converted(program, xlsx, Path(folder)), temporary)
    return target


def _converted(program: str, xlsx: Path, folder: Path) -> Path:
    profile = (folder / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(xlsx)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise WriteError("errors.evaluate.pdf", path=xlsx, reason=fault) from fault
    made = folder / xlsx.with_suffix(".pdf").name
    # The program says that all is well even where it could not load a file.
    if not made.is_file():
        reason = done.stderr.decode(errors="replace").strip() or done.returncode
        raise WriteError("errors.evaluate.pdf", path=xlsx, reason=reason)
    return made

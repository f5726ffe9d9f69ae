"""A workbook as PDF, through LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from xltools.errors import WriteError, XltoolsError
from xltools.excel.output import replacing

_SECONDS = 300


def to_pdf(xlsx: Path, *, force: bool = True) -> Path:
    """Print a workbook beside itself; XltoolsError where LibreOffice is missing or fails."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise XltoolsError("errors.evaluate.no_office")
    target = xlsx.with_suffix(".pdf")
    with TemporaryDirectory() as folder, replacing(target, force=force) as temporary:
        made = _converted(program, xlsx, Path(folder))
        shutil.copyfile(made, temporary)
    return target


def _converted(program: str, xlsx: Path, folder: Path) -> Path:
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", "pdf", "--outdir", str(folder), str(xlsx.absolute()),
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise WriteError("errors.evaluate.pdf", path=xlsx, reason=fault) from fault
    made = folder / f"{xlsx.stem}.pdf"
    # The program says that all is well even where it could not load a file.
    if not made.is_file():
        reason = done.stderr.decode(errors="replace").strip() or done.returncode
        raise WriteError("errors.evaluate.pdf", path=xlsx, reason=reason)
    return made

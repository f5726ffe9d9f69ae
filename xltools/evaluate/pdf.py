"""The pages of an evaluation workbook as PDF, through LibreOffice; its data sheets stay out."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from xltools.errors import WriteError, XltoolsError
from xltools.evaluate.libreoffice import find_office
from xltools.excel.atomic_output import replacing

_SECONDS = 300
_BOOK = "xl/workbook.xml"
_SHEET = re.compile(r"<sheet [^>]*/>")
_LAST_PAGE = re.compile(r'<definedName name="last_page">([^<]*)!')


def to_pdf(xlsx: Path, *, force: bool = True) -> Path:
    """Print a workbook beside itself; XltoolsError where LibreOffice is missing or fails."""
    program = find_office()
    if program is None:
        raise XltoolsError("errors.evaluate.no_office")
    target = xlsx.with_suffix(".pdf")
    with TemporaryDirectory() as folder, replacing(target, force=force) as temporary:
        pages = Path(folder) / "pages.xlsx"
        _hide_data(xlsx, pages)
        shutil.copyfile(_converted(program, pages, xlsx), temporary)
    return target


def _hide_data(xlsx: Path, copy: Path) -> None:
    """The same workbook, its data sheets hidden: LibreOffice prints no hidden sheet."""
    with ZipFile(xlsx) as source, ZipFile(copy, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == _BOOK:
                content = _hidden(content.decode("utf-8")).encode("utf-8")
            target.writestr(part, content)


def _hidden(book: str) -> str:
    last = _LAST_PAGE.search(book)
    if last is None:
        return book
    title = last[1].strip("'").replace("''", "'")
    behind = False

    def hide(match: re.Match[str]) -> str:
        nonlocal behind
        sheet = match[0]
        if behind and " state=" not in sheet:
            return sheet.replace("<sheet ", '<sheet state="hidden" ', 1)
        behind = f'name="{title}"' in sheet
        return sheet

    return _SHEET.sub(hide, book)


def _converted(program: str, pages: Path, xlsx: Path) -> Path:
    profile = (pages.parent / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(pages.parent), str(pages)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise WriteError("errors.evaluate.pdf", path=xlsx, reason=fault) from fault
    made = pages.with_suffix(".pdf")
    # The program says that all is well even where it could not load a file.
    if not made.is_file():
        reason = done.stderr.decode(errors="replace").strip() or done.returncode
        raise WriteError("errors.evaluate.pdf", path=xlsx, reason=reason)
    return made

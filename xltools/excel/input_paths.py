"""Which files to read: folders searched in full, in one order on every machine."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from xltools.errors import ReadError, XltoolsError
from xltools.ground.member_paths import BUNDLES

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"})

_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")  # nobody put them there

# What teams send in a workbook's place, each with its own way to make a workbook of it.
_MISTAKEN = {
    ".rar": "skipped.archive",
    ".7z": "skipped.archive",
    ".et": "skipped.wps",
    ".wps": "skipped.wps",
    ".numbers": "skipped.numbers",
    ".csv": "skipped.csv",
}

_LONGEST_ON_WINDOWS = 259  # where nobody has switched on longer ones


class Skipped(msgspec.Struct):
    """A file or folder left out; ``reason`` names its sentence, ``count`` is how many it tells."""

    path: str
    reason: str
    count: int = 0

    @property
    def why(self) -> XltoolsError:
        """The reason with what fills its sentence."""
        if self.count:
            return XltoolsError("skipped.inside", count=self.count)
        return XltoolsError(self.reason)


def is_hidden(name: str) -> bool:
    """Whether nobody means a file of that name: hidden, or put there by the system."""
    return name.startswith(".") or name.casefold() in _OF_THE_SYSTEM


def why_skipped(name: str) -> str:
    """What there is to say of a file that is no workbook, by its name."""
    return _MISTAKEN.get(Path(name).suffix.casefold(), "skipped.other")


def find_files(paths: Iterable[str | Path]) -> tuple[list[Path], list[Skipped]]:
    """Workbooks and bundles below ``paths`` (a named file is taken whatever its suffix), and what
    was skipped.

    Raises ReadError for a path that does not exist. A file reached twice is listed once.
    """
    found: dict[str, Path] = {}
    skipped: list[Skipped] = []
    for path in map(Path, paths):
        if not os.path.lexists(path):
            raise ReadError("paths.missing", path=printable(path))
        candidates = _search(path, skipped) if path.is_dir() else iter([path])
        for candidate in candidates:
            if candidate.name.startswith("~$"):
                skipped.append(Skipped(str(candidate), "skipped.lock_file"))
            else:
                found.setdefault(_identity(candidate), candidate)
    return sorted(found.values(), key=_order), sorted(skipped, key=lambda note: note.path)


def printable(path: str | os.PathLike[str]) -> str:
    """A path that can be shown or written as UTF-8 even where its name is no valid text."""
    return os.fsencode(path).decode("utf-8", "replace")


def relative(path: str | os.PathLike[str], folder: str | os.PathLike[str] = os.curdir) -> str:
    """A path as seen from ``folder``; absolute where none leads there: another drive, a share."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return os.path.abspath(path)  # noqa: PTH100


def short_path(path: str | os.PathLike[str]) -> str:
    """A path as short as it can be named from here."""
    seen = relative(path)
    return os.fspath(path) if seen.startswith("..") else seen


def error_number(fault: OSError, path: str | os.PathLike[str]) -> int:
    """Why the system refused; Windows calls a path that is longer than it takes "not there"."""
    missing = fault.errno == errno.ENOENT and os.name == "nt"
    if missing and len(os.path.abspath(path)) > _LONGEST_ON_WINDOWS:  # noqa: PTH100
        return errno.ENAMETOOLONG
    return fault.errno or 0


def _identity(path: Path) -> str:
    """The same for every way to reach a file; a link that leads nowhere stands for itself."""
    return os.path.realpath(path)


def _order(path: Path) -> tuple[str, str]:
    return unicodedata.normalize("NFC", str(path)), str(path)


def _search(top: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """Files with a workbook's suffix; folders that links lead back to are entered once."""
    entered: set[str] = set()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        real = _identity(folder)
        if real in entered:
            continue
        entered.add(real)
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            skipped.append(Skipped(str(folder), "skipped.folder"))
            continue
        for entry in entries:
            if is_hidden(entry.name):
                continue
            if _is_folder(entry):
                waiting.append(Path(entry.path))
            elif Path(entry.name).suffix.casefold() in SUFFIXES | BUNDLES:
                yield Path(entry.path)
            else:
                skipped.append(Skipped(entry.path, why_skipped(entry.name)))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that loops
        return False

"""The folder of marked copies: those of the last check replace those of earlier ones."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Collection
from pathlib import Path

from xltools.excel.atomic_output import unwritable, write_bytes
from xltools.ground.folding import fold

LIST = ".xltools"
"""The hidden list in the folder: SHA-256 and name of every copy, as `sha256sum` writes them."""


class ReturnedFolder:
    """A folder of marked copies; a copy that somebody changed since is treated as theirs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._list = folder / LIST
        self._made: dict[str, set[str]] = {}
        if _is_own_file(self._list):
            for line in self._list.read_text("utf-8", "surrogateescape").splitlines():
                digest, _, name = line.partition("  ")
                # The list may have been written by others: only what lies here itself is ours.
                if Path(name).name == name and _is_own_file(folder / name):
                    self._made.setdefault(name, set()).add(digest)

    def others(self) -> set[str]:
        """Folded names of the files there that are not ours: no copy may take their place."""
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return {fold(path.name) for path in found if not self._is_ours(path)}

    def write(self, name: str, content: bytes, *, force: bool) -> Path:
        """Write a copy in place of an older one of ours; of others' files only by ``force``."""
        path = self.folder / name
        ours = self._is_ours(path)
        # Noted before it is there: a run that is stopped must not leave a copy that nobody knows.
        self._made.setdefault(name, set()).add(_digest(content))
        self._write_list()
        write_bytes(path, content, force=force or ours)
        return path

    def tidy(self, written: Collection[Path]) -> None:
        """Delete the copies of earlier checks, unless somebody changed them."""
        names = {path.name for path in written}
        for name in [name for name in self._made if name not in names]:
            path = self.folder / name
            try:
                if self._is_ours(path):
                    path.unlink()
            except OSError as fault:
                raise unwritable(path, fault) from fault
            del self._made[name]
        if self._made or _is_own_file(self._list):
            self._write_list()

    def _is_ours(self, path: Path) -> bool:
        digests = self._made.get(path.name, set())
        return bool(digests) and _is_own_file(path) and _digest(path.read_bytes()) in digests

    def _write_list(self) -> None:
        lines = [f"{digest}  {name}\n" for name, made in self._made.items() for digest in made]
        content = "".join(sorted(lines)).encode("utf-8", "surrogateescape")
        if self._list.is_symlink():  # writing would follow it
            self._list.unlink()
        if content:
            write_bytes(self._list, content, force=True)
        else:
            self._list.unlink()


def _is_own_file(path: Path) -> bool:
    """Whether a file lies there, and neither a link nor anything else."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):  # not there, or a name that no file can have
        return False


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

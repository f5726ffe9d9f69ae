"""A folder for one quarter, made by ``init``: where everything of the cycle has its place."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from xltools.errors import WriteError

_LANGUAGE = re.compile(r'name="xltools\.lang".*?>(zh|en)<', re.DOTALL)
_MOST = 1 << 20  # bytes of a part that is to say it; ours are a thousandth of that


class Workspace(msgspec.Struct, frozen=True):
    """The quarter's folder; its name is free, its parts are not.

    ``kept`` is where settings lie that were replaced when the folder was made again.
    """

    root: Path
    kept: Path | None = None

    @classmethod
    def around(cls, folder: Path) -> Workspace | None:
        """The workspace that a folder is, or lies in."""
        for candidate in (folder, *folder.parents):
            found = cls(candidate)
            if found.is_made:
                return found
        return None

    @classmethod
    def of_paths(cls, paths: Iterable[Path | str], here: Path) -> Workspace | None:
        """The workspace that all paths lie in; without paths, or elsewhere, the one around here."""
        # An inbox may be a link to a shared folder: what counts is where it is seen.
        found = {cls.around(Path(os.path.abspath(path))) for path in paths}  # noqa: PTH100
        only = found.pop() if len(found) == 1 else None
        return only or cls.around(here)

    @property
    def is_made(self) -> bool:
        """Whether the folder is one that ``init`` made."""
        return self.settings.is_file() and self.inbox.is_dir()

    @property
    def settings(self) -> Path:
        return self.root / "settings.xlsx"

    @property
    def language(self) -> str:
        """The language in which the settings were made; "" where they do not say."""
        try:
            with zipfile.ZipFile(self.settings) as book, book.open("docProps/custom.xml") as part:
                said = part.read(_MOST).decode("utf-8", "replace")
        except (OSError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
            return ""
        match = _LANGUAGE.search(said)
        return match[1] if match else ""

    @property
    def outbox(self) -> Path:
        """Blank workbooks, ready to send."""
        return self.root / "outbox"

    @property
    def inbox(self) -> Path:
        """What teams sent back."""
        return self.root / "inbox"

    @property
    def returned(self) -> Path:
        """Marked copies to send back."""
        return self.root / "returned"

    @property
    def set_aside(self) -> Path:
        """What was sent and does not count: replaced, or sent by mistake."""
        return self.root / "set-aside"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def consolidated(self) -> Path:
        """The quarter as one workbook, once it has been consolidated."""
        return self.reports / "consolidated.xlsx"

    @property
    def templates(self) -> Path:
        """The user's own definitions; optional."""
        return self.root / "templates"

    @property
    def store(self) -> Path:
        """The memory of what was read; may be deleted at any time."""
        return self.root / ".xltools" / "read.sqlite"

    @property
    def arrivals(self) -> Path:
        """When workbooks were first seen in the inbox."""
        return self.root / ".xltools" / "arrivals.json"

    def make(self) -> None:
        """Create the folders that are not there yet; WriteError where that cannot be."""
        for folder in (self.outbox, self.inbox, self.returned, self.reports):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as fault:
                raise WriteError("output.unwritable", path=folder, reason=fault) from fault

    def can_take(self, folder: Path) -> bool:
        """Whether the definitions of a folder can be this quarter's: it has none, or the same."""
        return not self.templates.exists() or _definitions(self.templates) == _definitions(folder)

    def take_definitions(self, folder: Path) -> None:
        """Copy the user's own definitions into this quarter's folder, where it has none.

        Raises WriteError.
        """
        if not folder.is_dir() or self.templates.exists():
            return
        try:
            self.templates.mkdir(parents=True)
            for name, content in _definitions(folder).items():
                (self.templates / name).write_bytes(content)
        except OSError as fault:
            raise WriteError("output.unwritable", path=self.templates, reason=fault) from fault

    def beside(self) -> list[Workspace]:
        """The workspaces of other quarters that lie beside this one and hold what teams sent."""
        others = (Workspace(folder) for folder in sorted(self.root.parent.iterdir()))
        return [
            one
            for one in others
            if one.root != self.root
            and (one.consolidated.is_file() or (one.is_made and any(one.inbox.iterdir())))
        ]


def _definitions(folder: Path) -> dict[str, bytes]:
    """The definition files of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}

"""A folder for one quarter, made by ``init``: where everything of the cycle has its place."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xltools.errors import WriteError


class Workspace(msgspec.Struct, frozen=True):
    """The quarter's folder; its name is free, its parts are not."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Workspace | None:
        """The workspace that a folder is, or lies in."""
        for candidate in (folder, *folder.parents):
            found = cls(candidate)
            if found.is_made:
                return found
        return None

    @property
    def is_made(self) -> bool:
        """Whether the folder is one that ``init`` made."""
        return self.settings.is_file() and self.inbox.is_dir()

    @property
    def settings(self) -> Path:
        return self.root / "settings.xlsx"

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
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def templates(self) -> Path:
        """The user's own definitions; optional."""
        return self.root / "templates"

    @property
    def store(self) -> Path:
        """The memory of what was read; may be deleted at any time."""
        return self.root / ".xltools" / "read.sqlite"

    def make(self) -> None:
        """Create the folders that are not there yet; WriteError where that cannot be."""
        for folder in (self.outbox, self.inbox, self.returned, self.reports):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as fault:
                raise WriteError("output.unwritable", path=folder, reason=fault) from fault

    def hand_on(self, later: Workspace) -> None:
        """Copy the user's own definitions into another quarter's folder, where it has none.

        Raises WriteError.
        """
        if not self.templates.is_dir() or later.templates.exists():
            return
        try:
            later.templates.mkdir(parents=True)
            for path in sorted(self.templates.glob("*.toml")):
                (later.templates / path.name).write_bytes(path.read_bytes())
        except OSError as fault:
            raise WriteError("output.unwritable", path=later.templates, reason=fault) from fault

    def previous(self) -> list[Path]:
        """Consolidated workbooks of earlier quarters: of the workspaces beside this one."""
        return sorted(
            path
            for path in self.root.parent.glob("*/reports/consolidated.xlsx")
            if path.parent.parent != self.root
        )

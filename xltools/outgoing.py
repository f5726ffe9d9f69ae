"""Which workbooks a command writes, and which it leaves alone: decided before the first is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.read_submission import read_submission
from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import SheetRows
from xltools.definition import Catalog, SheetDef
from xltools.definition.definition_model import CARRIED_COLUMNS
from xltools.errors import FileRefused
from xltools.excel.atomic_output import write_bytes
from xltools.excel.reading.workbook_reader import read_workbook
from xltools.excel.replaced_files import set_aside
from xltools.generate.batch import Batch
from xltools.ground.folding import fold
from xltools.settings import Settings

ASIDE = "replaced"
"""The folder beside the one that is written to: what was replaced by name lies there."""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """``kept`` stay as they are, ``held`` of these because somebody's rows are in them.

    ``replaced`` give way to new ones; ``aside`` are the copies of those whose team was named.
    """

    kept: frozenset[Path]
    held: frozenset[Path]
    replaced: frozenset[Path]
    aside: Mapping[Path, Path]


class Written(list[Path]):
    """The paths written; ``kept`` and ``held`` were there and stay, ``aside`` hold what was."""

    def __init__(self, paths: Sequence[Path], outgoing: Outgoing) -> None:
        super().__init__(paths)
        self.kept = sorted(outgoing.kept - outgoing.held)
        self.held = sorted(outgoing.held)
        self.aside = list(outgoing.aside.values())
        self._originals = outgoing.aside

    def withdraw(self) -> None:
        """Remove what was written, and put back what was set aside."""
        for path in self:
            path.unlink(missing_ok=True)
        for path, copy in self._originals.items():
            write_bytes(path, copy.read_bytes(), force=True)


def make_way(batch: Batch, folder: Path, *, force: bool, replace: Collection[str]) -> Outgoing:
    """What becomes of the workbooks that are there; those of the teams in ``replace`` are copied.

    ``force`` replaces those that hold nothing of anybody; only those of the named teams are
    replaced whatever they hold. The copies lie beside ``folder``. Raises UsageError where two
    workbooks would be one file, WriteError.
    """
    targets, settings = batch.paths(folder), batch.settings
    named = {fold(settings.known_as(team)) for team in replace}
    there = [path for path in targets if path.exists()]
    asked = [path for path in there if fold(targets[path]) in named]
    others = [path for path in there if path not in asked]
    held = [path for path in others if force and holds_something(path, batch.catalog, settings)]
    kept = frozenset(held if force else others)
    place = folder.absolute().parent / ASIDE
    return Outgoing(
        kept=kept,
        held=frozenset(held),
        replaced=frozenset(there) - kept,
        aside={path: set_aside(path, place) for path in asked},
    )


def holds_something(path: Path, catalog: Catalog, settings: Settings) -> bool:
    """Whether a workbook holds rows that came from anywhere but the settings.

    One that somebody saved, that cannot be read or is not ours counts as such: who knows.
    """
    try:
        book = read_workbook(path, sheets=lambda _: False)
        if not book.created or book.created != book.modified:
            return True
        submission = read_submission(str(path), Vocabulary(ReadingPlan(catalog, settings)))
    except FileRefused:
        return True
    if not submission.identified or submission.excluded:
        return True
    definition = catalog[submission.template]
    if definition.filled_by == "desk":
        return False  # its rows are the defaults, and nobody saved it since
    return any(_typed(definition.sheet(rows.name), rows) for rows in submission.sheets.values())


def _typed(sheet: SheetDef, rows: SheetRows) -> bool:
    """Whether a row was carried, or has something in a column that settings do not fill."""
    given = sheet.prefill.set if sheet.prefill else {}
    typed = {c.name for c in sheet.columns if c.typed and not c.default} - set(given)
    telling = typed | {name for name in CARRIED_COLUMNS if name in sheet.names}
    return any(value is not None for name in telling for value in rows.columns.get(name, ()))

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
from xltools.errors import FileRefused
from xltools.excel.reading.workbook_reader import read_workbook
from xltools.excel.replaced_files import set_aside
from xltools.ground.folding import fold
from xltools.settings import Settings

ASIDE = "replaced"
"""The folder beside the one that is written to: what was replaced by name lies there."""

_CARRIED = ("id", "carried_since", "carried_from")


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """``kept`` stay as they are, ``held`` of these because somebody's rows are in them.

    ``replaced`` give way to new ones; those of teams that were named go ``aside`` first.
    """

    kept: frozenset[Path] = frozenset()
    held: frozenset[Path] = frozenset()
    replaced: frozenset[Path] = frozenset()
    aside: tuple[Path, ...] = ()


class Written(list[Path]):
    """The paths written; ``kept`` and ``held`` were there and stay, ``aside`` hold what was."""

    def __init__(self, paths: Sequence[Path], outgoing: Outgoing, aside: Sequence[Path]) -> None:
        super().__init__(paths)
        self.kept = sorted(outgoing.kept - outgoing.held)
        self.held = sorted(outgoing.held)
        self.aside = list(aside)


def plan_outgoing(
    targets: Mapping[Path, str],
    *,
    catalog: Catalog,
    settings: Settings,
    force: bool,
    replace: Collection[str] = (),
) -> Outgoing:
    """What becomes of the workbooks that are there; ``targets`` are teams by path.

    ``force`` replaces those that hold nothing of anybody; only those of the teams in ``replace``
    are replaced whatever they hold.
    """
    named = {fold(settings.known_as(team)) for team in replace}
    there = [path for path in targets if path.exists()]
    aside = [path for path in there if fold(targets[path]) in named]
    others = [path for path in there if path not in aside]
    held = [path for path in others if force and holds_something(path, catalog, settings)]
    kept = held if force else others
    return Outgoing(
        kept=frozenset(kept),
        held=frozenset(held),
        replaced=frozenset(there) - frozenset(kept),
        aside=tuple(aside),
    )


def put_aside(outgoing: Outgoing, folder: Path) -> dict[Path, Path]:
    """Copy what was asked for by name into the folder beside ``folder``; the copies by path."""
    place = folder.absolute().parent / ASIDE
    return {path: set_aside(path, place) for path in outgoing.aside}


def holds_something(path: Path, catalog: Catalog, settings: Settings) -> bool:
    """Whether a workbook holds rows that came from anywhere but the settings.

    One that somebody saved, that cannot be read or is not ours counts as such: who knows.
    """
    try:
        book = read_workbook(path, sheets=lambda _: False)
        if not book.created or book.created != book.modified:
            return True
        plan = ReadingPlan(catalog=catalog, settings=settings)
        submission = read_submission(str(path), Vocabulary(plan))
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
    told = typed | {name for name in _CARRIED if name in sheet.names}
    return any(value is not None for name in told for value in rows.columns.get(name, ()))

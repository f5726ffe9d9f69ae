"""Proof that nothing leaks: the workbooks just written are read back and held against the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from xltools.definition import Catalog, SheetDef
from xltools.errors import XltoolsError
from xltools.ground.folding import fold
from xltools.settings import Settings


class LeakError(XltoolsError):
    """A row reached another team's workbook, or an old actual a new input cell."""

    exit_code = 1


def find_leaks(
    catalog: Catalog,
    settings: Settings,
    written: Sequence[Path],
    start: Mapping[tuple[str, str], Mapping[str, Sequence[Mapping[str, object]]]],
) -> None:
    """Read every workbook; raise LeakError naming the first cell that should not be there.

    Every typed value of a row must be one that the plan gives this team's sheet, and columns that
    the definition clears at roll-over must be blank unless settings prefill them.
    """
    from xltools.check.check_files import check_all
    from xltools.check.reading_plan import ReadingPlan

    checked = check_all(written, ReadingPlan(catalog, settings))
    for sent in checked.submissions:
        definition = catalog[sent.template]
        plan = start.get((fold(sent.team), sent.template), {})
        for name, found in sent.sheets.items():
            sheet = definition.sheet(name)
            keys = {_key(sheet, row) for row in plan.get(name, ())}
            cleared = _cleared(sheet)
            for index, place in enumerate(found.rows):
                row = {column: values[index] for column, values in found.columns.items()}
                old = [column for column in cleared if row.get(column) is not None]
                if _key(sheet, row) not in keys or old:
                    raise LeakError(
                        "errors.rollover.leak", file=sent.file, sheet=found.title, row=place
                    )


def _key(sheet: SheetDef, row: Mapping[str, object]) -> tuple[str, ...]:
    texts = [c.name for c in sheet.columns if c.typed and c.kind in ("text", "reference", "person")]
    return tuple(fold(str(row.get(name) or "")) for name in texts)


def _cleared(sheet: SheetDef) -> set[str]:
    prefilled = set(sheet.prefill.set) if sheet.prefill else set()
    given = {name for carry in sheet.carry for name in carry.set}
    return (
        {name for carry in sheet.carry if not carry.into for name in carry.clear}
        - prefilled
        - given
    )

"""A data sheet of a consolidated workbook as it is read back: rows and columns found by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xltools.consolidate.write.consolidated_workbook import TEMPLATE, VERSION
from xltools.consolidate.write.sheet_columns import EXTRA
from xltools.definition import Catalog, Definition, SheetDef
from xltools.excel.identity import decode
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.kinds.typed_text import shown

_NOT_OWN = ("_", EXTRA)  # how keys begin of columns that no definition has
_KEY_ROWS = 40  # the row of keys stands above the rows; no need to look further down


class DataPage(NamedTuple):
    """One sheet's rows; ``definition`` and ``sheet`` are None where no definition has it any more.

    ``name`` is ``goals.tasks`` as the workbook says it. ``positions`` are title and row of each row
    in the consolidated workbook. ``places`` are column numbers by key, ``columns`` cells by key.
    ``unknown`` are the texts, by header, of columns that the definition does not have.
    """

    name: str
    definition: Definition | None
    sheet: SheetDef | None
    positions: list[tuple[str, int]]
    places: dict[str, int]
    columns: dict[str, list[object]]
    unknown: dict[str, list[str]]


def page_of(cells: SheetCells, catalog: Catalog) -> DataPage | None:
    """The data sheet, known by its row of keys, without blank rows; None for any other sheet."""
    found = _key_row(cells.rows)
    if found is None:
        return None
    at, name = found
    definition, sheet = _definition_of(name, catalog)
    cells.level(len(cells.rows[at]))
    keys, headers = cells.rows[at], [*cells.rows[at + 1 : at + 2], []][0]
    places = {"_row": 0} | {str(key): place for place, key in enumerate(keys) if place and key}
    own = [place for key, place in places.items() if not key.startswith(_NOT_OWN)]
    filled = [
        (number, row)
        for number, row in enumerate(cells.rows[at + 2 :], at + 3)
        if any(row[place] is not None for place in own)
    ]
    known = {name for one in sheet.columns for name in (one.name, one.was)} if sheet else set()
    taken = {place for key, place in places.items() if key in known or key.startswith(_NOT_OWN)}
    unknown = {
        str(header): [
            shown(row[place], (number, place + 1) in cells.percent).strip()
            for number, row in filled
        ]
        for place, header in enumerate(headers)
        if header is not None and place not in taken
    }
    return DataPage(
        name,
        definition,
        sheet,
        [(cells.title, number) for number, _ in filled],
        {key: place + 1 for key, place in places.items()},
        {key: [row[place] for _, row in filled] for key, place in places.items()},
        unknown,
    )


def joined(first: DataPage, more: DataPage) -> DataPage:
    """Two parts of a sheet that was split, as one."""
    size, added = len(first.positions), len(more.positions)
    nothing: list[object] = [None]
    return first._replace(
        positions=first.positions + more.positions,
        columns={
            key: first.columns.get(key, nothing * size) + more.columns.get(key, nothing * added)
            for key in first.columns | more.columns
        },
        unknown={
            header: first.unknown.get(header, [""] * size) + more.unknown.get(header, [""] * added)
            for header in first.unknown | more.unknown
        },
    )


def _key_row(rows: Sequence[Sequence[object]]) -> tuple[int, str] | None:
    """Where the row of keys stands (from 0), and which sheet it names."""
    for at, row in enumerate(rows[:_KEY_ROWS]):
        identity = decode(row[0]) if row and isinstance(row[0], str) else None
        if identity and identity.template == TEMPLATE and identity.version <= VERSION:
            return at, identity.sheet
    return None


def _definition_of(name: str, catalog: Catalog) -> tuple[Definition | None, SheetDef | None]:
    """The definition and its sheet of a name ``goals.tasks``, which may have been renamed since."""
    owner, _, wanted = name.partition(".")
    definition = catalog.definitions.get(owner)
    sheets = definition.sheets if definition else ()
    by_name = {one.was: one for one in sheets} | {one.name: one for one in sheets}
    return definition, by_name.get(wanted)

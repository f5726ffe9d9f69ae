"""A consolidated workbook → the submissions that it was made of, value for value."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from xltools.check.submission import SheetRows, Submission
from xltools.consolidate.columns import EXTRA
from xltools.consolidate.consolidation import PROVENANCE
from xltools.consolidate.light import decode, unpack
from xltools.consolidate.restore import restored
from xltools.consolidate.workbook import READINGS_SHEET, TEMPLATE, VERSION
from xltools.definition import Catalog, SheetDef
from xltools.errors import FileRefused, ReadError
from xltools.excel.identity import decode as decode_identity
from xltools.excel.reader import SheetCells, read_workbook

_PROPERTIES = "docProps/custom.xml"
_MOST_PROPERTIES = 1 << 20
_NOT_OWN = ("_", EXTRA)  # how keys begin of columns that no definition has
_KEY_ROWS = 40  # the row of keys stands above the rows; no need to look further down


class _Page(NamedTuple):
    """A data sheet of the workbook: whose rows it holds, its columns by key."""

    definition: str
    sheet: str
    columns: dict[str, list[object]]


def is_consolidated(path: Path) -> bool:
    """Whether a file says of itself that it is a consolidated workbook; a glance, not a reading."""
    try:
        if not path.is_file():
            return False
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_PROPERTIES).file_size > _MOST_PROPERTIES:
                return False
            return f">{TEMPLATE}<".encode() in package.read(_PROPERTIES)
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False  # whatever it is, reading it as a workbook will say so


def read_back(path: Path, catalog: Catalog) -> Iterator[Submission]:
    """The submissions in order; rows that somebody changed, added or deleted count as they stand.

    Raises ReadError where the workbook is damaged or of a newer version of the program.
    """
    try:
        book = read_workbook(path)
        submissions = {one.file: one for one in _submissions(book.sheets)}
    except FileRefused as refused:
        raise ReadError("read.consolidated", path=path, reason=refused) from refused
    except ValueError as fault:
        raise ReadError("read.damaged", path=path) from fault
    for sheet in book.sheets:
        page = _page(sheet)
        # What is taken need not stay: such a workbook may hold a hundred thousand rows.
        sheet.rows, sheet.formulas = [], {}
        if page is not None:
            _take(page, path, catalog, submissions)
    while submissions:
        yield submissions.pop(next(iter(submissions)))


def _submissions(sheets: Sequence[SheetCells]) -> Iterator[Submission]:
    for sheet in sheets:
        if sheet.title == READINGS_SHEET:
            for row in sheet.rows:
                file, *pieces = (cell for cell in row if isinstance(cell, str))
                yield decode(unpack("".join(pieces)), file)


def _page(sheet: SheetCells) -> _Page | None:
    """The data sheet that stands here, found by its row of keys; blank rows are left out."""
    for number, row in enumerate(sheet.rows[:_KEY_ROWS]):
        identity = decode_identity(row[0]) if row and isinstance(row[0], str) else None
        if identity is None or identity.template != TEMPLATE or identity.version > VERSION:
            continue
        places = {"_row": 0} | {str(key): place for place, key in enumerate(row) if place and key}
        own = [place for key, place in places.items() if key[0] not in _NOT_OWN]
        below = sheet.rows[number + 2 :]  # behind the headers
        filled = [cells for cells in below if any(cells[place] is not None for place in own)]
        definition, _, name = identity.sheet.partition(".")
        columns = {key: [cells[place] for cells in filled] for key, place in places.items()}
        return _Page(definition, name, columns)
    return None


def _take(page: _Page, path: Path, catalog: Catalog, submissions: dict[str, Submission]) -> None:
    """Add a data sheet's rows to the submissions they came from."""
    definition = catalog.definitions.get(page.definition)
    if definition is None or page.sheet not in (sheet.name for sheet in definition.sheets):
        return
    sheet = definition.sheet(page.sheet)
    values = restored(catalog, definition, sheet, page.columns)
    owners: dict[str, list[int]] = {}
    for at, file in enumerate(page.columns["_file"]):
        owners.setdefault(str(file or path), []).append(at)
    for file, ats in owners.items():
        ats.sort(key=lambda at: _number(page.columns["_row"][at]))
        told = {key: [page.columns[key][at] for at in ats] for key in PROVENANCE}
        if file not in submissions:
            submissions[file] = Submission(
                file=file,
                template=definition.name,
                version=definition.version,
                team=str(told["_team"][0] or ""),
                period=str(told["_period"][0] or ""),
            )
        picked = {name: [cells[at] for at in ats] for name, cells in values.items()}
        _put(submissions[file], sheet, told, picked)


def _put(
    owner: Submission,
    sheet: SheetDef,
    told: Mapping[str, Sequence[object]],
    values: dict[str, list[object]],
) -> None:
    rows = [int(_number(row)) for row in told["_row"]]
    light = owner.sheets.get(sheet.name)
    if light is not None and light.columns:  # the first part of a split sheet came before
        light.rows += rows
        for name, more in values.items():
            light.columns[name] += more
        return
    place = {row: at for at, row in enumerate(light.rows)} if light else {}
    extra = {
        header: [texts[place[row]] if row in place else "" for row in rows]
        for header, texts in (light.extra if light else {}).items()
    }
    owner.sheets = owner.sheets | {
        sheet.name: SheetRows(
            name=sheet.name,
            title=str(told["_sheet"][0] or sheet.title["zh"]),
            rows=rows,
            columns=values,
            places=light.places if light else {},
            extra=extra,
        )
    }


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0

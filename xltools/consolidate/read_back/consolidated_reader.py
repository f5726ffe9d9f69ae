"""A consolidated workbook → the submissions that it was made of, value for value."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xltools.check.submission import SheetRows, Submission, UnknownSheet
from xltools.consolidate.read_back.data_page import DataPage, joined, page_of
from xltools.consolidate.read_back.restored_values import restored
from xltools.consolidate.store.submission_json import decode, unpack
from xltools.consolidate.write.consolidated_workbook import READINGS_SHEET, TEMPLATE
from xltools.definition import Catalog, SheetDef
from xltools.errors import FileRefused, ReadError
from xltools.excel.input_paths import short_path
from xltools.excel.package.archive import DAMAGE
from xltools.excel.reading.cells.cell_places import CellMap
from xltools.excel.reading.workbook_reader import SheetCells, read_workbook
from xltools.ground.cells import CellRef
from xltools.issues import Issue, issue
from xltools.kinds import Fault

_PROPERTIES = "docProps/custom.xml"
_MOST_PROPERTIES = 1 << 20


def is_consolidated(path: Path) -> bool:
    """Whether a file says of itself that it is a consolidated workbook."""
    return is_report(path, TEMPLATE)


def is_report(path: Path, kind: str) -> bool:
    """Whether a file's properties say that it is a report of this kind; the rest is not read."""
    try:
        if not path.is_file():
            return False
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_PROPERTIES).file_size > _MOST_PROPERTIES:
                return False
            return f">{kind}<".encode() in package.read(_PROPERTIES)
    except (OSError, KeyError, *DAMAGE):
        return False  # whatever it is, reading it as a workbook will say so


def read_back(path: Path, catalog: Catalog) -> Iterator[Submission]:
    """The submissions in order; rows that somebody changed, added or deleted count as they stand.

    What today's definitions have no column or sheet for is kept as unknown content. Raises
    ReadError where the workbook is damaged or of a newer version of the program.
    """
    try:
        book = read_workbook(path)
        origin = _origin(path, book.sheets)
        submissions = {one.file: one for one in _submissions(book.sheets, origin)}
    except FileRefused as refused:
        raise ReadError("read.consolidated", path=path, reason=refused) from refused
    except ValueError as fault:
        raise ReadError("read.damaged", path=path) from fault
    pages: dict[str, DataPage] = {}
    for sheet in book.sheets:
        page = page_of(sheet, catalog)
        # Freed at once: such a workbook may hold a hundred thousand rows.
        sheet.rows, sheet.formulas = [], CellMap()
        if page is not None:
            known = pages.get(page.name)
            pages[page.name] = joined(known, page) if known else page
    while pages:
        assign_rows(pages.pop(next(iter(pages))), path, origin, catalog, submissions)
    while submissions:
        yield submissions.pop(next(iter(submissions)))


def _origin(path: Path, sheets: Sequence[SheetCells]) -> Path | None:
    """The folder that the names of files start from; None where the workbook does not say."""
    for sheet in sheets:
        if sheet.title == READINGS_SHEET and sheet.rows:
            start, *pieces = (cell for cell in sheet.rows[0] if isinstance(cell, str))
            return None if pieces else path.absolute().parent / start
    return None


def _seen_from_here(file: str, origin: Path | None) -> str:
    """The file as it is seen from here."""
    if origin is None or not file:
        return file
    return short_path(os.path.normpath(origin / file))


def _submissions(sheets: Sequence[SheetCells], origin: Path | None) -> Iterator[Submission]:
    for sheet in sheets:
        if sheet.title == READINGS_SHEET:
            for row in sheet.rows if origin is None else sheet.rows[1:]:
                file, *pieces = (cell for cell in row if isinstance(cell, str))
                yield decode(unpack("".join(pieces)), _seen_from_here(file, origin))


def assign_rows(
    page: DataPage,
    path: Path,
    origin: Path | None,
    catalog: Catalog,
    submissions: dict[str, Submission],
) -> None:
    """Add a data sheet's rows to the submissions they came from.

    ``path`` is where they lie, ``origin`` the folder that names of files start from.
    """
    seen = {file: _seen_from_here(str(file), origin) for file in set(page.columns["_file"]) if file}
    files = [seen.get(file, str(path)) for file in page.columns["_file"]]
    owners: dict[str, list[int]] = {}
    for at, file in enumerate(files):
        owners.setdefault(file, []).append(at)
    found = restored(catalog, page) if page.sheet else None
    for file, ats in owners.items():
        ats.sort(key=_in_order(page, ats))
        owner = submissions.setdefault(file, _added_by_hand(page, file, ats[0]))
        if page.sheet is None or found is None:
            _keep_as_unknown(owner, page, ats)
        else:
            picked = {name: [cells[at] for at in ats] for name, cells in found.values.items()}
            _set_sheet(owner, page, page.sheet, ats, picked)
    for column, fault in found.refused if found else ():
        submissions[files[fault.index]].issues.append(_issue(page, path, column, fault))


def _in_order(page: DataPage, ats: Sequence[int]) -> Callable[[int], tuple[int, float]]:
    """As they stood in the file: sheet by sheet, then by row."""
    sheets = page.columns["_sheet"]
    titles = {title: place for place, title in enumerate(dict.fromkeys(sheets[at] for at in ats))}
    return lambda at: (titles[sheets[at]], _number(page.columns["_row"][at]))


def _added_by_hand(page: DataPage, file: str, at: int) -> Submission:
    """A submission of which the workbook knows nothing but rows that somebody added."""
    return Submission(
        file=file,
        template=page.name.partition(".")[0],
        version=page.definition.version if page.definition else 0,
        team=str(page.columns["_team"][at] or ""),
        period=str(page.columns["_period"][at] or ""),
    )


def _set_sheet(
    owner: Submission,
    page: DataPage,
    sheet: SheetDef,
    ats: list[int],
    values: dict[str, list[object]],
) -> None:
    rows = _rows(page, ats)
    former = page.name.partition(".")[2]
    known = owner.sheets.get(former)
    titles = [str(page.columns["_sheet"][at] or sheet.title["zh"]) for at in ats]
    made = SheetRows(
        name=sheet.name,
        title=titles[0],
        rows=rows,
        columns=values,
        places=known.places if known else {},
        extra=_extra(known, page, ats),
        titles=titles if len(set(titles)) > 1 else [],
    )
    others = {sheet.name if name == former else name: one for name, one in owner.sheets.items()}
    owner.sheets = others | {sheet.name: made}


def _keep_as_unknown(owner: Submission, page: DataPage, ats: list[int]) -> None:
    """Rows of a sheet that no definition has any more: as texts under their headers."""
    rows = _rows(page, ats)
    known = owner.sheets.get(page.name.partition(".")[2])
    columns = _extra(known, page, ats)
    owner.sheets = {name: one for name, one in owner.sheets.items() if one is not known}
    header = (max(1, rows[0] - 1), list(columns))
    texts = zip(rows, map(list, zip(*columns.values(), strict=True)), strict=True)
    title = str(page.columns["_sheet"][ats[0]] or page.name)
    owner.unknown = [*owner.unknown, UnknownSheet(title=title, rows=[header, *texts])]


def _extra(sheet: SheetRows | None, page: DataPage, ats: list[int]) -> dict[str, list[str]]:
    """The texts in unknown columns of the source, and in columns that somebody added here."""
    rows = [(str(page.columns["_sheet"][at] or ""), _rows(page, [at])[0]) for at in ats]
    known = zip(sheet.row_titles, sheet.rows, strict=True) if sheet else ()
    place = {position: at for at, position in enumerate(known)}
    extra = {
        header: [texts[place[row]] if row in place else "" for row in rows]
        for header, texts in (sheet.extra if sheet else {}).items()
    }
    for header, texts in page.unknown.items():
        picked = [texts[at] for at in ats]
        if any(picked):
            extra[header if header not in extra else f"{header} (2)"] = picked
    return extra


def _issue(page: DataPage, path: Path, column: str, fault: Fault) -> Issue:
    """The issue for a value that somebody typed into the workbook and that cannot be read."""
    title, row = page.positions[fault.index]
    return issue(
        fault.code,
        severity=fault.severity,
        file=str(path),
        sheet=title,
        cell=str(CellRef(row, page.places[column])),
        column=column,
        value=fault.value,
        suggestion=fault.suggestion,
        text=fault.text,
        details={**fault.details, "of": page.name},
    )


def _rows(page: DataPage, ats: Sequence[int]) -> list[int]:
    return [int(_number(page.columns["_row"][at])) for at in ats]


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0

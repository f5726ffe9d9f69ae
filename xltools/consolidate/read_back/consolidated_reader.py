"""A consolidated workbook → the submissions that it was made of, value for value."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xltools.check.submission import SheetRows, Submission, UnknownSheet
from xltools.consolidate.read_back.data_page import Page, joined, page_of
from xltools.consolidate.read_back.restored_values import restored
from xltools.consolidate.store.submission_json import decode, unpack
from xltools.consolidate.write.consolidated_workbook import READINGS_SHEET, TEMPLATE
from xltools.definition import Catalog, SheetDef
from xltools.errors import FileRefused, ReadError
from xltools.excel.input_paths import near
from xltools.excel.package.archive import DAMAGE
from xltools.excel.reading.workbook_reader import SheetCells, read_workbook
from xltools.ground.cells import CellRef
from xltools.issues import Issue, issue
from xltools.kinds import Fault

_PROPERTIES = "docProps/custom.xml"
_MOST_PROPERTIES = 1 << 20


def is_consolidated(path: Path) -> bool:
    """Whether a file says of itself that it is a consolidated workbook."""
    return says_it_is(path, TEMPLATE)


def says_it_is(path: Path, what: str) -> bool:
    """Whether a file says of itself that it is such a report; a glance, not a reading."""
    try:
        if not path.is_file():
            return False
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_PROPERTIES).file_size > _MOST_PROPERTIES:
                return False
            return f">{what}<".encode() in package.read(_PROPERTIES)
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
    pages: dict[str, Page] = {}
    for sheet in book.sheets:
        page = page_of(sheet, catalog)
        # What is taken need not stay: such a workbook may hold a hundred thousand rows.
        sheet.rows, sheet.formulas = [], {}
        if page is not None:
            known = pages.get(page.named)
            pages[page.named] = joined(known, page) if known else page
    while pages:
        take(pages.pop(next(iter(pages))), path, origin, catalog, submissions)
    while submissions:
        yield submissions.pop(next(iter(submissions)))


def _origin(path: Path, sheets: Sequence[SheetCells]) -> Path | None:
    """The folder that the names of files start from; None where the workbook does not say."""
    for sheet in sheets:
        if sheet.title == READINGS_SHEET and sheet.rows:
            start, *pieces = (cell for cell in sheet.rows[0] if isinstance(cell, str))
            return None if pieces else path.absolute().parent / start
    return None


def _found(file: str, origin: Path | None) -> str:
    """The file as it is seen from here."""
    if origin is None or not file:
        return file
    return near(os.path.normpath(origin / file))


def _submissions(sheets: Sequence[SheetCells], origin: Path | None) -> Iterator[Submission]:
    for sheet in sheets:
        if sheet.title == READINGS_SHEET:
            for row in sheet.rows if origin is None else sheet.rows[1:]:
                file, *pieces = (cell for cell in row if isinstance(cell, str))
                yield decode(unpack("".join(pieces)), _found(file, origin))


def take(
    page: Page,
    path: Path,
    origin: Path | None,
    catalog: Catalog,
    submissions: dict[str, Submission],
) -> None:
    """Add a data sheet's rows to the submissions they came from.

    ``path`` is where they lie, ``origin`` the folder that names of files start from.
    """
    named = {file: _found(str(file), origin) for file in set(page.columns["_file"]) if file}
    files = [named.get(file, str(path)) for file in page.columns["_file"]]
    owners: dict[str, list[int]] = {}
    for at, file in enumerate(files):
        owners.setdefault(file, []).append(at)
    found = restored(catalog, page) if page.sheet else None
    for file, ats in owners.items():
        ats.sort(key=_in_order(page, ats))
        owner = submissions.setdefault(file, _stranger(page, file, ats[0]))
        if page.sheet is None or found is None:
            _keep(owner, page, ats)
        else:
            picked = {name: [cells[at] for at in ats] for name, cells in found.values.items()}
            _put(owner, page, page.sheet, ats, picked)
    for column, fault in found.refused if found else ():
        submissions[files[fault.index]].issues.append(_issue(page, path, column, fault))


def _in_order(page: Page, ats: Sequence[int]) -> Callable[[int], tuple[int, float]]:
    """As they stood in the file: sheet by sheet, then by row."""
    sheets = page.columns["_sheet"]
    titles = {title: place for place, title in enumerate(dict.fromkeys(sheets[at] for at in ats))}
    return lambda at: (titles[sheets[at]], _number(page.columns["_row"][at]))


def _stranger(page: Page, file: str, at: int) -> Submission:
    """Whose rows nobody read: somebody added them by hand."""
    return Submission(
        file=file,
        template=page.named.partition(".")[0],
        version=page.definition.version if page.definition else 0,
        team=str(page.columns["_team"][at] or ""),
        period=str(page.columns["_period"][at] or ""),
    )


def _put(
    owner: Submission, page: Page, sheet: SheetDef, ats: list[int], values: dict[str, list[object]]
) -> None:
    rows = _rows(page, ats)
    former = page.named.partition(".")[2]
    light = owner.sheets.get(former)
    titles = [str(page.columns["_sheet"][at] or sheet.title["zh"]) for at in ats]
    made = SheetRows(
        name=sheet.name,
        title=titles[0],
        rows=rows,
        columns=values,
        places=light.places if light else {},
        extra=_extra(light, page, ats),
        titles=titles if len(set(titles)) > 1 else [],
    )
    others = {sheet.name if name == former else name: one for name, one in owner.sheets.items()}
    owner.sheets = others | {sheet.name: made}


def _keep(owner: Submission, page: Page, ats: list[int]) -> None:
    """Rows of a sheet that no definition has any more: as texts under their headers."""
    rows = _rows(page, ats)
    light = owner.sheets.get(page.named.partition(".")[2])
    columns = _extra(light, page, ats)
    owner.sheets = {name: one for name, one in owner.sheets.items() if one is not light}
    header = (max(1, rows[0] - 1), list(columns))
    texts = zip(rows, map(list, zip(*columns.values(), strict=True)), strict=True)
    title = str(page.columns["_sheet"][ats[0]] or page.named)
    owner.unknown = [*owner.unknown, UnknownSheet(title=title, rows=[header, *texts])]


def _extra(light: SheetRows | None, page: Page, ats: list[int]) -> dict[str, list[str]]:
    """What stood in unknown columns of the source, and what stands here in such as no one takes."""
    rows = [(str(page.columns["_sheet"][at] or ""), _rows(page, [at])[0]) for at in ats]
    known = zip(light.row_titles, light.rows, strict=True) if light else ()
    place = {spot: at for at, spot in enumerate(known)}
    extra = {
        header: [texts[place[row]] if row in place else "" for row in rows]
        for header, texts in (light.extra if light else {}).items()
    }
    for header, texts in page.spare.items():
        picked = [texts[at] for at in ats]
        if any(picked):
            extra[header if header not in extra else f"{header} (2)"] = picked
    return extra


def _issue(page: Page, path: Path, column: str, fault: Fault) -> Issue:
    """What somebody typed here since and nobody can read: told, lest it is gone without a word."""
    title, row = page.spots[fault.index]
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
        details={**fault.details, "of": page.named},
    )


def _rows(page: Page, ats: Sequence[int]) -> list[int]:
    return [int(_number(page.columns["_row"][at])) for at in ats]


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0

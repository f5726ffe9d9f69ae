"""One copy of a workbook → a sketch: its tables with all that cells hold and declare. No pandas."""

from __future__ import annotations

from collections.abc import Mapping

from xltools.bundles import admit
from xltools.check.validate.workbook_build import is_ours
from xltools.draft.sketch.copy_sketch import (
    CopySketch,
    LeftOut,
    Place,
    Reason,
    TableSketch,
)
from xltools.draft.sketch.dropdowns import Book, dropdown_of
from xltools.draft.sketch.read_table import read_table
from xltools.draft.sketch.table_heads import Head, find_header, is_filled
from xltools.excel.input_paths import printable
from xltools.excel.package.archive import Parts
from xltools.excel.reading.workbook_reader import SheetCells, WorkbookCells, read_admitted
from xltools.excel.reading.xlsx.declared_content import Declared, read_declared
from xltools.excel.reading.xlsx.package_structure import structure


def sketch_copy(path: str) -> CopySketch:
    """Read one workbook; raises FileRefused where it cannot be read."""
    admitted, _ = admit(path)
    cells = read_admitted(admitted)
    package = admitted.parts if admitted.format == "xlsx" else None
    declared = read_declared(package) if package is not None else {}
    book = Book(
        {one.title: one for one in cells.sheets},
        cells.names,
        {one.title: declared.get(one.title, Declared()) for one in cells.sheets},
    )
    sketch = CopySketch(printable(path), [], [], _names(book), admitted.format != "xlsx")
    heads = {one.title: _head(one, book, sketch.names) for one in cells.sheets}
    lists = _lists(cells, book, heads)
    for one in cells.sheets:
        head = heads[one.title]
        table = None if head is None or one.title in lists else read_table(one, head, book)
        reason = _reason(one, lists, table)
        if reason:
            sketch.left_out.append(LeftOut(one.title, reason))
        elif table is not None:
            sketch.tables.append(table)
    sketch.left_out += [LeftOut(title, "chart") for title in _charts(package)]
    return sketch


def _charts(package: Parts | None) -> list[str]:
    """Sheets that are nothing but a chart, which reading passes over."""
    sheets = structure(package).sheets if package is not None else []
    return [one.title for one in sheets if one.kind == "chartsheet"]


def _names(book: Book) -> dict[str, Place]:
    """Defined names that mean a range, and columns of Excel tables as ``Table[Column]``.

    A sheet's own print areas and filters are none.
    """
    found: dict[str, Place] = {}
    for title, declared in book.declared.items():
        for table, (top, left, bottom, right) in declared.tables.items():
            for column in range(left, right + 1):
                header = book.sheets[title].at(top, column)
                found[f"{table}[{header}]"] = title, (top + 1, column, bottom, column)
    for name in book.names:
        if "_xlnm" not in name:
            place = book.place(name, "")
            if place is not None:
                found[name.rpartition("!")[2]] = place
    return found


def _head(cells: SheetCells, book: Book, names: Mapping[str, Place]) -> Head | None:
    if is_ours(cells.title):
        return None
    own = [box for title, box in names.values() if title == cells.title and box[1] == box[3]]
    return find_header(cells, book.declared[cells.title], own)


def _lists(cells: WorkbookCells, book: Book, heads: Mapping[str, Head | None]) -> frozenset[str]:
    """Sheets that hold words for others: dropdowns read them, and nobody fills them in."""
    read = _read_by_others(book)
    found = set()
    for one in cells.sheets:
        head, declared = heads[one.title], book.declared[one.title]
        width = len(head.columns) if head else 1
        columns = read.get(one.title, set())
        most = one.state != "visible" or len(columns) * 2 >= width
        if (columns and most and not _is_filled_in(declared, book)) or _guards_itself(one, book):
            found.add(one.title)
    return frozenset(found)


def _read_by_others(book: Book) -> dict[str, set[int]]:
    """The columns of each sheet that dropdowns of other sheets read."""
    read: dict[str, set[int]] = {}
    for title, declared in book.declared.items():
        for check in declared.validations:
            if check.kind == "list" and not check.first.startswith('"'):
                source = dropdown_of(check, title, check.ranges[0][0], book).source
                if source is not None and source[0] != title:
                    read.setdefault(source[0], set()).update(range(source[1][1], source[1][3] + 1))
    return read


def _guards_itself(cells: SheetCells, book: Book) -> bool:
    """Whether a sheet only lets stand what stands there already, as lists for lookups do."""
    own = [name for name in book.names if (book.place(name, "") or ("",))[0] == cells.title]
    checks = book.declared[cells.title].validations
    return bool(checks) and all(any(name in check.first for name in own) for check in checks)


def _is_filled_in(declared: Declared, book: Book) -> bool:
    """Whether a sheet asks for entries: open cells under protection, or checks of what is typed."""
    if declared.protected:
        return bool(declared.unlocked)
    names = book.names
    return any(not any(name in check.first for name in names) for check in declared.validations)


def _reason(cells: SheetCells, lists: frozenset[str], table: TableSketch | None) -> Reason | None:
    if is_ours(cells.title):
        return "own"
    if not any(is_filled(value) for row in cells.rows for value in row):
        return "empty"
    if cells.title in lists:
        return "list"
    if table is None:
        return "cover"
    if all(column.computed for column in table.columns):
        return "summary"
    return None

"""A workbook as plain rows: guarded, read by the fast reader, and by a second one where needed."""

from __future__ import annotations

import os
from collections.abc import Callable

from xltools.errors import FileRefused
from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import (
    BadMarkupError,
    encoding_of,
    may_have_controls,
    text_of,
    without_controls,
)
from xltools.excel.reading.cells.cell_places import CellSet
from xltools.excel.reading.cells.cell_styles import Styles, styles_of
from xltools.excel.reading.cells.reader_cache import ReaderCache
from xltools.excel.reading.cells.surroundings import Surroundings
from xltools.excel.reading.cells.typed_cells import LOST, PICTURE, Grid, Meaning
from xltools.excel.reading.foreign_content import (
    Finding,
    has_pictures,
    package_findings,
    sheet_findings,
)
from xltools.excel.reading.preflight import Admitted, admit
from xltools.excel.reading.workbook_model import CellValue, SheetCells, WorkbookCells
from xltools.excel.reading.xlsx.fast_sheet import read_plain
from xltools.excel.reading.xlsx.package_properties import properties_of
from xltools.excel.reading.xlsx.package_structure import SheetPart, Structure, structure
from xltools.excel.reading.xlsx.parsed_sheet import read_parsed
from xltools.excel.reading.xlsx.shared_strings import announced, shared_strings
from xltools.ground.cells import column_letters

__all__ = [
    "LOST",
    "PICTURE",
    "CellValue",
    "Finding",
    "SheetCells",
    "WorkbookCells",
    "read_admitted",
    "read_workbook",
]


def read_workbook(
    path: str | os.PathLike[str], *, sheets: Callable[[str], bool] | None = None
) -> WorkbookCells:
    """Read the sheets whose title ``sheets`` accepts (all by default); raises FileRefused."""
    return read_admitted(admit(path), sheets or _every)


def read_admitted(
    admitted: Admitted,
    wanted: Callable[[str], bool] | None = None,
    cache: ReaderCache | None = None,
) -> WorkbookCells:
    """Read what has passed the guard; all sheets by default.

    ``cache`` is what whoever reads many workbooks passes to each of their readings.
    """
    wanted = wanted or _every
    if admitted.parts is not None and admitted.format == "xlsx":
        return _read_package(admitted, admitted.parts, wanted, cache or ReaderCache())
    if admitted.parts is not None and admitted.format == "ods":
        from xltools.excel.reading.ods.ods_reader import read_ods

        return read_ods(admitted, admitted.parts, wanted)
    from xltools.excel.reading.legacy.calamine_reader import read_legacy

    return read_legacy(admitted, wanted)


def _every(_title: str) -> bool:
    return True


def _read_package(
    admitted: Admitted, parts: Parts, wanted: Callable[[str], bool], cache: ReaderCache
) -> WorkbookCells:
    try:
        built = structure(parts)
        properties = properties_of(parts)
    except BadMarkupError as fault:
        raise _bad_markup("workbook.xml", fault) from fault
    book = _Package(admitted, parts, built, cache)
    read = [book.sheet(part) for part in built.sheets if book.has_cells(part, wanted)]
    return WorkbookCells(
        sheets=read,
        properties=properties.custom,
        names=built.names,
        modified=properties.modified,
        findings=package_findings(parts, built.sheets) + book.findings + book.read_anew,
        sha256=admitted.sha256,
        created=properties.created,
    )


class _Package:
    """One package while its sheets are read; strings and styles are read once."""

    def __init__(
        self, admitted: Admitted, parts: Parts, built: Structure, cache: ReaderCache
    ) -> None:
        self.cache = cache
        self.content = admitted.content
        self.parts = parts
        self.built = built
        self.findings: list[Finding] = []
        self.read_anew: list[Finding] = []
        self.meaning = Meaning(
            self._strings(), self._styles(), built.date_1904, has_pictures(parts), cache
        )

    def has_cells(self, part: SheetPart, wanted: Callable[[str], bool]) -> bool:
        """Whether the sheet is a grid that was asked for; a lost worksheet refuses the file."""
        if part.kind in ("chartsheet", "dialogsheet") or not wanted(part.title):
            return False
        if not part.part:
            if part.linked and part.kind in ("worksheet", ""):
                raise FileRefused("file-unreadable", "refused.sheet_lost", sheet=part.title)
            self.findings.append(Finding("sheet-lost", part.title))
        return bool(part.part)

    def sheet(self, part: SheetPart) -> SheetCells:
        """One sheet, by openpyxl where our own reading stumbles."""
        try:
            grid, around = self._read(part)
        except BadMarkupError as fault:
            raise _bad_markup(part.title, fault) from fault
        except FileRefused as refused:
            refused.values.setdefault("sheet", part.title)
            raise
        except (ValueError, LookupError, TypeError, AttributeError):
            return self._second_reader(part)
        if self.built.uncalculated:
            grid.uncached |= CellSet(grid.formulas)
        self._note_findings(part.title, grid)
        return SheetCells(
            title=part.title,
            index=part.index,
            state=part.state,
            rows=grid.rows,
            errors=grid.errors,
            formulas=grid.formulas,
            uncached=grid.uncached,
            percent=grid.percent,
            formats=grid.formats,
            merges=around.merges,
            hidden_rows=around.hidden_rows,
            grouped_rows=around.grouped_rows,
            hidden_columns=around.hidden_columns,
        )

    def _read(self, part: SheetPart) -> tuple[Grid, Surroundings]:
        """By expressions where the sheet is ordinary, else by the parser."""
        content = self.parts[part.part]
        text = text_of(content)
        plain = read_plain(content, self.meaning) if encoding_of(content) == "utf-8" else None
        if plain is not None:
            return plain
        clean = without_controls(text)
        grid, around, faults = read_parsed(clean, self.meaning)
        if clean != text:
            faults.append("control-characters")
        self.findings.extend(Finding(fault, part.title) for fault in faults)
        return grid, around

    def _second_reader(self, part: SheetPart) -> SheetCells:
        from xltools.excel.reading.openpyxl_fallback import read_sheet

        self.read_anew.append(Finding("second-reader", part.title))
        return read_sheet(self.content, part)

    def _note_findings(self, title: str, grid: Grid) -> None:
        for kind, (row, column) in grid.odd:
            where = f"{title}!{column_letters(column)}{row}"
            self.findings.append(Finding(kind, where))
        self.findings.extend(sheet_findings(title, grid.formulas))

    def _strings(self) -> list[str]:
        content = self.parts.get(self.built.strings)
        if content is None:
            return []
        try:
            text = text_of(content)
            clean = without_controls(text) if may_have_controls(content) else text
            if clean != text:
                self.findings.append(Finding("control-characters", "sharedStrings.xml"))
            count = announced(clean)
            strings = shared_strings(clean)
        except BadMarkupError as fault:
            raise _bad_markup("sharedStrings.xml", fault) from fault
        if count not in (None, len(strings)):  # one lost would shift all that follow
            self.findings.append(Finding("strings-miscounted", "sharedStrings.xml"))
        return strings

    def _styles(self) -> Styles:
        """Number formats; a finding where they cannot be read: then numbers are just numbers."""
        if not self.built.styles:
            return Styles()
        if self.built.styles not in self.parts:
            self.findings.append(Finding("styles-unreadable", self.built.styles))
            return Styles()
        try:
            part = self.parts[self.built.styles]
            found = self.cache.styles.get(part)
            if found is None:
                found = self.cache.styles[part] = styles_of(part)
            return found
        except BadMarkupError:
            self.findings.append(Finding("styles-unreadable", "styles.xml"))
            return Styles()


def _bad_markup(part: str, fault: Exception) -> FileRefused:
    return FileRefused("file-unreadable", "refused.bad_markup", part=part, detail=str(fault))

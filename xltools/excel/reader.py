"""A workbook as plain rows: guarded, read by the fast reader, and by a second one where needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import msgspec

from xltools.cells import column_letters
from xltools.errors import FileRefused
from xltools.excel.reading.archive import Parts
from xltools.excel.reading.findings import Finding, package_findings, sheet_findings
from xltools.excel.reading.formats import Shown, shown_by_style
from xltools.excel.reading.grid import Grid, Meaning, OutOfOrder, fill, in_order
from xltools.excel.reading.markup import BadMarkup, has_controls, text_of
from xltools.excel.preflight import Admitted, admit
from xltools.excel.reading.properties import properties_of
from xltools.excel.reading.sheetxml import Box, SheetXml, parsed_sheet, plain_sheet
from xltools.excel.reading.strings import shared_strings
from xltools.excel.reading.structure import SheetPart, Structure, structure

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

__all__ = ["Finding", "ReaderNote", "SheetCells", "WorkbookCells", "read_workbook"]


class ReaderNote(msgspec.Struct):
    """A sheet that the fast reader could not take, who read it instead, and why."""

    sheet: str
    reader: str
    reason: str


class SheetCells(msgspec.Struct):
    """One sheet as read. Positions are (row, column), 1-based; ``rows[r - 1][c - 1]`` is dense."""

    title: str
    index: int
    state: str = "visible"
    rows: list[list[object]] = msgspec.field(default_factory=list)
    errors: dict[tuple[int, int], str] = msgspec.field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = msgspec.field(default_factory=dict)
    uncached: set[tuple[int, int]] = msgspec.field(default_factory=set)
    percent: set[tuple[int, int]] = msgspec.field(default_factory=set)
    merges: list[Box] = msgspec.field(default_factory=list)
    hidden_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)
    reader: str = "own"  # "own" | "calamine" | "openpyxl"


class WorkbookCells(msgspec.Struct):
    """A whole workbook as read: its sheets, what it says of itself, and what is unusual in it."""

    sheets: list[SheetCells]
    properties: dict[str, str]
    names: dict[str, str]
    modified: str
    created_by: str
    date_1904: bool
    findings: list[Finding]
    sha256: str
    size: int
    reader_notes: list[ReaderNote]


def read_workbook(
    path: str | os.PathLike[str], *, sheets: Callable[[str], bool] | None = None
) -> WorkbookCells:
    """Read the sheets whose title ``sheets`` accepts (all by default); raises FileRefused."""
    admitted = admit(path)
    wanted = sheets or _every
    if admitted.parts is None or admitted.format != "xlsx":
        from xltools.excel.reading.legacy import read_legacy

        return read_legacy(admitted, wanted)
    return _read_package(admitted, admitted.parts, wanted)


def _every(_title: str) -> bool:
    return True


def _read_package(admitted: Admitted, parts: Parts, wanted: Callable[[str], bool]) -> WorkbookCells:
    try:
        built = structure(parts)
        said = properties_of(parts)
    except BadMarkup as fault:
        raise _bad_markup("workbook.xml", fault) from fault
    book = _Package(admitted, parts, built)
    read = [book.sheet(part) for part in built.sheets if book.has_cells(part, wanted)]
    return WorkbookCells(
        sheets=read,
        properties=said.custom,
        names=built.names,
        modified=said.modified,
        created_by=said.created_by,
        date_1904=built.date_1904,
        findings=package_findings(parts, built) + book.findings,
        sha256=admitted.sha256,
        size=len(admitted.content),
        reader_notes=book.notes,
    )


class _Package:
    """One package while its sheets are read; strings and styles are read once, when needed."""

    def __init__(self, admitted: Admitted, parts: Parts, built: Structure) -> None:
        self.content = admitted.content
        self.parts = parts
        self.built = built
        self.notes: list[ReaderNote] = []
        self.findings: list[Finding] = []
        self.meaning = Meaning(self._strings(), self._shown(), built.date_1904)

    def has_cells(self, part: SheetPart, wanted: Callable[[str], bool]) -> bool:
        """Whether the sheet is a grid that was asked for; a lost worksheet refuses the file."""
        if part.kind in ("chartsheet", "dialogsheet") or not wanted(part.title):
            return False
        if part.part:
            return True
        if part.kind in ("worksheet", ""):
            raise FileRefused("file-unreadable", "refused.sheet_lost", sheet=part.title)
        return False

    def sheet(self, part: SheetPart) -> SheetCells:
        content = self.parts[part.part]
        try:
            xml, grid = self._read(part.title, text_of(content))
        except (BadMarkup, OutOfOrder) as fault:
            raise _bad_markup(part.title, fault) from fault
        except FileRefused as refused:
            refused.values.setdefault("sheet", part.title)
            raise
        except (ValueError, LookupError, TypeError, AttributeError) as fault:
            return self._second_reader(part, f"{type(fault).__name__}: {fault}")
        if has_controls(content):
            self.findings.append(Finding("control-characters", part.title, ""))
        self._note(part.title, grid)
        return SheetCells(
            title=part.title,
            index=part.index,
            state=part.state,
            rows=grid.rows,
            errors=grid.errors,
            formulas=grid.formulas,
            uncached=grid.uncached,
            percent=grid.percent,
            merges=xml.merges,
            hidden_rows=xml.hidden_rows,
            hidden_columns=xml.hidden_columns,
        )

    def _read(self, title: str, text: str) -> tuple[SheetXml, Grid]:
        """By expression where the sheet is ordinary, else by the parser, cells put in order."""
        plain = plain_sheet(text)
        if plain is not None:
            try:
                return plain, fill(plain.cells, self.meaning, plain.rows, plain.escaped)
            except OutOfOrder:
                self.findings.append(Finding("cells-out-of-order", title, ""))
        xml = parsed_sheet(text)
        cells = in_order(xml.cells)
        return xml, fill(cells, self.meaning, {cell[1] for cell in cells}, xml.escaped)

    def _second_reader(self, part: SheetPart, reason: str) -> SheetCells:
        from xltools.excel.reading.fallback import read_sheet

        self.notes.append(ReaderNote(part.title, "openpyxl", reason))
        return read_sheet(self.content, part)

    def _note(self, title: str, grid: Grid) -> None:
        for kind, (row, column), detail in grid.odd:
            where = f"{title}!{column_letters(column)}{row}"
            self.findings.append(Finding(kind, where, detail))
        self.findings.extend(sheet_findings(title, grid.formulas))

    def _strings(self) -> list[str]:
        if not self.built.strings:
            return []
        content = self.parts[self.built.strings]
        if has_controls(content):
            self.findings.append(Finding("control-characters", "sharedStrings", ""))
        try:
            return shared_strings(text_of(content))
        except BadMarkup as fault:
            raise _bad_markup("sharedStrings.xml", fault) from fault

    def _shown(self) -> dict[str, Shown]:
        """Number formats; without readable styles every number is just a number, and said so."""
        if not self.built.styles:
            return {}
        try:
            return shown_by_style(self.parts[self.built.styles])
        except BadMarkup as fault:
            self.findings.append(Finding("styles-unreadable", "styles.xml", str(fault)))
            return {}


def _bad_markup(part: str, fault: Exception) -> FileRefused:
    return FileRefused("file-unreadable", "refused.bad_markup", part=part, detail=str(fault))

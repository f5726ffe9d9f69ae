"""Cells without a value: errors, pictures, formulas that were never calculated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xltools.check.parse.column_values import ParsedTable
from xltools.definition import ColumnDef
from xltools.excel.reading.cells.cell_places import CellSet
from xltools.excel.reading.workbook_reader import LOST, PICTURE, SheetCells
from xltools.ground.cells import CellRef
from xltools.issues import Code, Severity
from xltools.kinds.typed_text import names_error

_PICTURE = re.compile(r"=?\s*(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_LITERALS = re.compile(r'"[^"]*"')
_PLACES = re.compile(r"\b(?:ROWS?|COLUMNS?)\([^()]*\)", re.IGNORECASE)  # ask where, not what
_REFERENCE = re.compile(
    r"(?<![\w.!'\]$])(\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})(?::(\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}))?"
    r"(?![\w(!.])"
)
_MOST_STEPS = 2_000

_MARKS = ("#", "=", "E", "_")  # with which a text may begin that is no value
_SUSPICIOUS = {*_MARKS, *(chr(code) for code in range(0x3001) if chr(code).isspace())}

Spot = tuple[int, int]


def report_no_values(parsed: ParsedTable) -> None:
    """Report each such cell of the typed columns; it counts as blank."""
    cells = parsed.table.cells
    errors = CellSet(cells.errors)
    for name, raw in parsed.raw.items():
        column = parsed.table.sheet.column(name)
        at = parsed.table.headers.places[name]
        places = errors.columns, cells.uncached.columns, cells.formulas.columns
        odd = set[int]().union(*(one.get(at, ()) for one in places))
        first = {value[:1] for value in raw if isinstance(value, str)}
        if odd.isdisjoint(parsed.rows) and first.isdisjoint(_SUSPICIOUS):
            continue
        indexes = [
            i
            for i, (row, value) in enumerate(zip(parsed.rows, raw, strict=True))
            if row in odd or (isinstance(value, str) and value.lstrip()[:1] in _MARKS)
        ]
        if column.computed:
            for i in indexes:
                raw[i] = cells.errors.get((parsed.rows[i], at)) or raw[i]
        elif indexes:
            _report(parsed, column, indexes)


def _report(parsed: ParsedTable, column: ColumnDef, indexes: list[int]) -> None:
    cells = parsed.table.cells
    raw = parsed.raw[column.name]
    for index in indexes:
        row = parsed.rows[index]
        spot = row, parsed.table.headers.places[column.name]
        text, value, severity = _what(cells, spot, raw[index])
        if not text:
            continue
        if column.given and text == "cell-error.uncached":
            severity = Severity.INFO  # a workbook's own formula, which nobody typed
        raw[index] = None
        parsed.issues.add(
            Code.CELL_ERROR, column.name, row, text=text, value=value, severity=severity
        )


def _what(cells: SheetCells, spot: Spot, raw: object) -> tuple[str, str, Severity | None]:
    """The sentence about a cell without a value, what it shows, and how bad that is."""
    error, formula = cells.errors.get(spot, ""), cells.formulas.get(spot, "")
    if error == PICTURE or _PICTURE.match(formula) or (type(raw) is str and _PICTURE.match(raw)):
        return "cell-error.picture", formula and f"={formula}", None
    if error == LOST:
        return "cell-error.lost", "", None
    if not error and names_error(formula):  # LibreOffice makes a formula of an error value
        error = formula
    if error:
        return Code.CELL_ERROR, error, None
    if formula and is_circular(cells.formulas, spot):
        return "cell-error.circular", f"={formula}", Severity.WARNING
    if spot in cells.uncached:
        return "cell-error.uncached", f"={formula}", None
    if isinstance(raw, str) and names_error(raw.strip()):
        return "cell-error.typed", raw.strip(), None
    return "", "", None


def is_circular(formulas: Mapping[Spot, str], spot: Spot) -> bool:
    """Whether a formula needs its own result, through others of its sheet or directly."""
    seen, waiting = {spot}, [spot]
    while waiting and len(seen) < _MOST_STEPS:
        for top, left, bottom, right in _boxes(formulas[waiting.pop()]):
            if top <= spot[0] <= bottom and left <= spot[1] <= right:
                return True
            further = _within(formulas, top, left, bottom, right) - seen
            seen |= further
            waiting += further
    return False


def _boxes(formula: str) -> Iterator[tuple[int, int, int, int]]:
    """The cells of its own sheet to which a formula refers."""
    for first, last in _REFERENCE.findall(_PLACES.sub("", _LITERALS.sub('""', formula))):
        a, b = (
            CellRef.parse(first.replace("$", "")),
            CellRef.parse((last or first).replace("$", "")),
        )
        yield min(a.row, b.row), min(a.column, b.column), max(a.row, b.row), max(a.column, b.column)


def _within(
    formulas: Mapping[Spot, str], top: int, left: int, bottom: int, right: int
) -> set[Spot]:
    """The formulas in a box."""
    if (bottom - top + 1) * (right - left + 1) < len(formulas):
        rows, columns = range(top, bottom + 1), range(left, right + 1)
        return {(r, c) for r in rows for c in columns if (r, c) in formulas}
    return {(r, c) for r, c in formulas if top <= r <= bottom and left <= c <= right}

"""What calamine leaves out of an ``.xls``: errors, formulas, percentages, what is hidden."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from xltools.excel.reading.cells.cell_places import CellMap, CellSet, Spot
from xltools.excel.reading.cells.dense_rows import MOST_SLOTS
from xltools.excel.reading.cells.format_codes import built_in_digest, digest, struck_too
from xltools.excel.reading.cells.number_formats import Shown, built_in, shown_by
from xltools.kinds.display_format import Format

_BOUND_SHEET, _FORMAT, _XF, _END = 0x85, 0x41E, 0xE0, 0x0A
_FORMULA, _NUMBER, _RK, MANY_RK, _TRUTH_OR_ERROR = 0x06, 0x203, 0x27E, 0xBD, 0x205
_TEXTS = (0xFD, 0x204, 0xD6)
CELLS = (_FORMULA, _NUMBER, _RK, MANY_RK, _TRUTH_OR_ERROR, *_TEXTS)
_ROW, _COLUMNS, EXTENT = 0x208, 0x7D, 0x200
_FONT, _UNCALCULATED = 0x31, 0x5E
_STRUCK = 0x08
_BEGINNINGS = (0x809, 0x409, 0x209, 0x09)
_OF_8 = 0x600
_NO_NUMBER = b"\xff\xff"  # ends a formula's result that is a text, truth value or error
ERRORS = {  # the same codes in .xls and .xlsb
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class Scan(msgspec.Struct):
    """One sheet's cells by place, and which rows and columns hold any.

    ``zeros`` are formulas with the result 0: LibreOffice writes it for a text, too.
    """

    title: str
    errors: dict[Spot, str] = msgspec.field(default_factory=dict)
    formulas: set[Spot] = msgspec.field(default_factory=set)
    zeros: set[Spot] = msgspec.field(default_factory=set)
    percent: CellSet = msgspec.field(default_factory=CellSet)
    formats: CellMap[Format] = msgspec.field(default_factory=CellMap)
    hidden_rows: set[int] = msgspec.field(default_factory=set)
    grouped_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)
    uncalculated: bool = False
    rows: set[int] = msgspec.field(default_factory=set)
    columns: set[int] = msgspec.field(default_factory=set)
    announced: int = 0
    """How many cells the sheet says that it spans; calamine makes room for them."""
    offset: int = 0
    """Where it begins in the stream of an ``.xls``."""
    part: str = ""
    """What it is called in the package of an ``.xlsb``."""

    @property
    def is_sparse(self) -> bool:
        """Whether the box that its outermost cells span is more than rows may take."""
        box = max(self.rows, default=0) * max(self.columns, default=0)
        return max(box, self.announced) > MOST_SLOTS


class Looks:
    """What cells of each format show, by the number of the format in the workbook's list."""

    def __init__(self) -> None:
        self.percents: set[int] = set()
        self.formats: dict[int, Format] = {}
        self.count = 0

    def add(self, number: int, code: str | None, struck: bool) -> None:
        """The next cell format: its number format, as code where it is the workbook's own."""
        shown = built_in(number) if code is None else shown_by(code)
        display = built_in_digest(number) if code is None else digest(code)
        display = struck_too(display) if struck else display
        if shown is Shown.PERCENT:
            self.percents.add(self.count)
        if display is not None:
            self.formats[self.count] = display
        self.count += 1

    def note(self, found: Scan, spot: Spot, style: int) -> None:
        """A cell with a number."""
        if style in self.percents:
            found.percent.add(spot)
        if style in self.formats:
            found.formats[spot] = self.formats[style]

    def note_text(self, found: Scan, spot: Spot, style: int) -> None:
        """A cell with a text."""
        if style in self.formats and self.formats[style].struck:
            found.formats[spot] = self.formats[style]


def scan(workbook: bytes) -> list[Scan]:
    """Every sheet of a workbook stream, in the order of its list; empty where it has none."""
    listed: list[tuple[int, str]] = []
    codes: dict[int, str] = {}
    struck: list[bool] = []
    looks = Looks()
    modern = True
    for record, body in _records(workbook, 0):
        if record in _BEGINNINGS:
            modern = body[:2] == _OF_8.to_bytes(2, "little")
        elif record == _BOUND_SHEET and len(body) >= 8:
            wide = modern and body[7] & 1
            title = body[8 if modern else 7 :].decode("utf-16-le" if wide else "latin-1", "replace")
            listed.append((int.from_bytes(body[:4], "little"), title))
        elif record == _FORMAT and len(body) > 5:
            codes[int.from_bytes(body[:2], "little")] = _code(body, modern)
        elif record == _FONT and len(body) >= 4:
            struck.append(bool(body[2] & _STRUCK))
        elif record == _XF and len(body) >= 4:
            font, number = struct.unpack_from("<2H", body)
            font -= font > 4  # there is no font of the number 4
            looks.add(number, codes.get(number), font < len(struck) and struck[font])
    return [_scan_sheet(workbook, looks, Scan(title, offset=offset)) for offset, title in listed]


def _code(body: bytes, modern: bool) -> str:
    """The text of a number format."""
    if not modern:
        return body[3:].decode("latin-1")
    return body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")


def _records(workbook: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, without its end."""
    for record, start, end in places(workbook, at):
        yield record, workbook[start:end]


def places(workbook: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Where the bodies of a substream's records begin and end."""
    depth = 0
    while at + 4 <= len(workbook):
        record, length = struct.unpack_from("<HH", workbook, at)
        if record == _END:
            depth -= 1
            if depth <= 0:
                return
        depth += record in _BEGINNINGS
        yield record, at + 4, at + 4 + length
        at += 4 + length


def _scan_sheet(workbook: bytes, looks: Looks, found: Scan) -> Scan:
    for record, body in _records(workbook, found.offset):
        if record == _ROW and len(body) >= 16:
            row = int.from_bytes(body[:2], "little") + 1
            if body[12] & 0x20 or not int.from_bytes(body[6:8], "little") & 0x7FFF:
                found.hidden_rows.add(row)
            if body[12] & 0x07:
                found.grouped_rows.add(row)
        elif record == EXTENT and len(body) >= 10:
            _, rows, _, columns = struct.unpack_from("<2I2H" if len(body) >= 14 else "<4H", body)
            found.announced = rows * columns
        elif record == _UNCALCULATED:
            found.uncalculated = True
        elif record == _COLUMNS and len(body) >= 10:
            first, last, _, _, options = struct.unpack_from("<5H", body)
            if options & 1:
                found.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        elif len(body) >= 6:
            _scan_cell(found, record, body, looks)
    return found


def _scan_cell(found: Scan, record: int, body: bytes, looks: Looks) -> None:
    row, column, style = struct.unpack_from("<3H", body)
    spot, last = (row + 1, column + 1), column + 1
    if record in (_NUMBER, _RK, _FORMULA):
        if record == _FORMULA and len(body) >= 14:
            _scan_formula(found, spot, body[6:14])
            if body[12:14] == _NO_NUMBER:
                style = -1
        looks.note(found, spot, style)
    elif record == MANY_RK:
        count = (len(body) - 6) // 6
        last = column + count
        for place in range(count):
            style = int.from_bytes(body[4 + 6 * place : 6 + 6 * place], "little")
            looks.note(found, (row + 1, column + 1 + place), style)
    elif record == _TRUTH_OR_ERROR and len(body) >= 8:
        if body[7]:
            found.errors[spot] = ERRORS.get(body[6], "#VALUE!")
    elif record not in _TEXTS:
        return
    else:
        looks.note_text(found, spot, style)
    found.rows.add(row + 1)
    found.columns.update(range(column + 1, last + 1))


def _scan_formula(found: Scan, spot: Spot, result: bytes) -> None:
    found.formulas.add(spot)
    if not any(result):
        found.zeros.add(spot)
    elif result[6:] == _NO_NUMBER and result[0] == 2:
        found.errors[spot] = ERRORS.get(result[2], "#VALUE!")

"""Workbooks whose few cells stand far apart, made small for calamine.

It makes room for the whole box that a sheet's outermost cells span. So it is given the sheet with
its cells moved together: their rows and columns numbered without those that hold nothing.
"""

from __future__ import annotations

import io
import struct
import zipfile

from xltools.excel.package.archive import Parts, part_name
from xltools.excel.package.compound_file import compound_file
from xltools.excel.reading.cells.dense_rows import check_slots
from xltools.excel.reading.legacy.biff import CELLS, EXTENT, MANY_RK, Scan, places
from xltools.excel.reading.legacy.xlsb import FILLED, ROW, bodies


def squeezed_xls(workbook: bytes, scans: list[Scan]) -> bytes:
    """The workbook as a compound file, its sparse sheets moved together."""
    moved = bytearray(workbook)
    for found in scans:
        if not found.is_sparse:
            continue
        rows, columns = _numbered(found)
        for record, at, end in places(workbook, found.offset):
            if record == EXTENT:
                moved[at:end] = bytes(len(workbook[at:end]))
            if record not in CELLS or end - at < 6 or end > len(workbook):
                continue
            row, column = struct.unpack_from("<2H", workbook, at)
            struct.pack_into("<2H", moved, at, rows[row + 1], columns[column + 1])
            if record == MANY_RK:
                count = (end - at - 6) // 6
                struct.pack_into("<H", moved, end - 2, columns[column + 1] + max(count - 1, 0))
    return compound_file(bytes(moved))


def squeezed_xlsb(content: bytes, parts: Parts, scans: list[Scan]) -> bytes:
    """The package with its sparse sheets moved together."""
    moved = {found.part: _moved(parts[found.part], found) for found in scans if found.is_sparse}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.infolist():
            name = part_name(member.filename)
            if name in parts:
                new.writestr(member.filename, moved.get(name, parts[name]))
    return made.getvalue()


def _moved(part: bytes, found: Scan) -> bytes:
    moved = bytearray(part)
    rows, columns = _numbered(found)
    for record, at, end in bodies(part):
        if end - at < 8 or end > len(part):
            continue
        number = int.from_bytes(part[at : at + 4], "little") + 1
        if record == ROW:
            struct.pack_into("<I", moved, at, rows.get(number, number - 1))
        elif record in FILLED:
            struct.pack_into("<I", moved, at, columns[number])
    return bytes(moved)


def _numbered(found: Scan) -> tuple[dict[int, int], dict[int, int]]:
    """The filled rows and columns, counted from 0; refused where even these are too many."""
    last = max(found.columns, default=0), max(found.rows, default=0)
    check_slots(len(found.rows) * len(found.columns), *last)
    rows, columns = (
        {number: place for place, number in enumerate(sorted(numbers))}
        for numbers in (found.rows, found.columns)
    )
    return rows, columns

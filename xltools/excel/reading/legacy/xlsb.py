"""What calamine leaves out of an ``.xlsb``: errors, formulas, percentages, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import BadMarkupError
from xltools.excel.reading.legacy.biff import ERRORS, Looks, Scan
from xltools.excel.reading.xlsx.package_structure import links_of

_WORKBOOK = "xl/workbook.bin"
_SHEET = 156  # of the workbook's list
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END = 44, 47, 617, 618
ROW, _BLANK, _SMALL_NUMBER, _ERROR, _TRUTH, _NUMBER, _TEXT, _SHARED = range(8)
_FORMULAS = range(8, 12)  # text, number, truth, error
_FORMULA_NUMBER, _FORMULA_ERROR = 9, 11
FILLED = range(_SMALL_NUMBER, _FORMULA_ERROR + 1)
_COLUMNS = 60
_FONT, _STRUCK = 43, 0x08
_CALCULATION, _SOME_UNCALCULATED = 157, 0x10


def scan_binary(parts: Parts) -> list[Scan]:
    """Every listed sheet, in the order of the list; empty where the list cannot be followed."""
    try:
        links = links_of(parts, _WORKBOOK)
    except BadMarkupError:
        return []
    looks = _looks(parts.get("xl/styles.bin", b""))
    scans = []
    uncalculated = False
    for record, body in _records(parts[_WORKBOOK]):
        if record == _SHEET:
            link, rest = _string(body[8:])
            title, _ = _string(rest)
            target = links[link].target if link in links else ""
            scans.append(_scan_sheet(parts.get(target, b""), looks, Scan(title, part=target)))
        elif record == _CALCULATION and len(body) > 24:
            uncalculated = not _word(body, 4) and bool(body[24] & _SOME_UNCALCULATED)
    for found in scans:
        found.uncalculated = uncalculated
    return scans


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part."""
    for record, at, end in bodies(part):
        yield record, part[at:end]


def bodies(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Where the body of each record begins and ends.

    In front of it stand a number and its length, both in groups of seven bits.
    """
    at = 0
    while at < len(part):
        record, at = _packed(part, at, 2)
        length, at = _packed(part, at, 4)
        yield record, at, at + length
        at += length


def _packed(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        byte = part[at] if at < len(part) else 0
        at += 1
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            break
    return value, at


def _word(body: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(body[at : at + size], "little")


def _string(body: bytes) -> tuple[str, bytes]:
    end = 4 + 2 * _word(body, 0)
    return body[4:end].decode("utf-16-le", "replace"), body[end:]


def _looks(styles: bytes) -> Looks:
    """What the cell formats tell."""
    codes: dict[int, str] = {}
    struck: list[bool] = []
    looks = Looks()
    of_cells = False
    for record, body in _records(styles):
        if record == _FORMAT:
            codes[_word(body, 0, 2)] = _string(body[2:])[0]
        elif record == _FONT and len(body) > 4:
            struck.append(bool(body[2] & _STRUCK))
        elif record in (_STYLES_BEGIN, _STYLES_END):
            of_cells = record == _STYLES_BEGIN
        elif record == _STYLE and of_cells:
            number, font = _word(body, 2, 2), _word(body, 4, 2)
            looks.add(number, codes.get(number), font < len(struck) and struck[font])
    return looks


def _scan_sheet(part: bytes, looks: Looks, found: Scan) -> Scan:
    row = 0
    for record, body in _records(part):
        if record == ROW:
            row = _word(body, 0) + 1
            if len(body) > 11 and (body[11] & 0x10 or not _word(body, 8, 2)):
                found.hidden_rows.add(row)
            if len(body) > 11 and body[11] & 0x07:
                found.grouped_rows.add(row)
        elif record == _COLUMNS and len(body) > 16 and body[16] & 1:
            first, last = _word(body, 0), min(_word(body, 4), 16_383)
            found.hidden_columns.update(range(first + 1, last + 2))
        elif record in FILLED and len(body) >= 8:
            _scan_cell(found, record, body, row, looks)
    return found


def _scan_cell(found: Scan, record: int, body: bytes, row: int, looks: Looks) -> None:
    spot = row, _word(body, 0) + 1
    if record in _FORMULAS:
        found.formulas.add(spot)
    if record in (_ERROR, _FORMULA_ERROR) and len(body) > 8:
        found.errors[spot] = ERRORS.get(body[8], "#VALUE!")
    if record in (_SMALL_NUMBER, _NUMBER, _FORMULA_NUMBER):
        looks.note(found, spot, _word(body, 4, 3))
    elif record in (_TEXT, _SHARED):
        looks.note_text(found, spot, _word(body, 4, 3))
    found.rows.add(row)
    found.columns.add(spot[1])

"""Raw cells → dense rows of Python values, with errors, formulas and percentages on the side."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from xltools.cells import LAST_COLUMN, LAST_ROW, column_letters, column_number
from xltools.errors import FileRefused
from xltools.excel.reading.formats import Shown, from_serial
from xltools.excel.reading.markup import decode_escapes, unescape
from xltools.excel.reading.sheetxml import MOST_CELLS, RawCell, out_of_grid

# A dense row costs 8 bytes a slot; a stray value in the last row of a sheet asks for billions.
MOST_SLOTS = 10_000_000

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_LONGEST_INTEGER = 40  # digits; Excel itself stores 15, others more

Spot = tuple[int, int]


class OutOfOrder(Exception):
    """Cells do not stand in reading order, or outside the row that holds them."""


class Grid(msgspec.Struct):
    """A sheet's values, dense from A1."""

    rows: list[list[object]] = msgspec.field(default_factory=list)
    errors: dict[Spot, str] = msgspec.field(default_factory=dict)
    formulas: dict[Spot, str] = msgspec.field(default_factory=dict)
    uncached: set[Spot] = msgspec.field(default_factory=set)
    percent: set[Spot] = msgspec.field(default_factory=set)
    odd: list[tuple[str, Spot, str]] = msgspec.field(default_factory=list)


class _Columns(dict[str, int]):
    """Letters → number, computed once per column."""

    def __missing__(self, letters: str) -> int:
        number = column_number(letters)
        if number > LAST_COLUMN:
            raise out_of_grid(letters)
        self[letters] = number
        return number


_columns = _Columns()


class Meaning(msgspec.Struct):
    """What a workbook's cells refer to: its strings, its formats, its calendar."""

    strings: list[str]
    shown: dict[str, Shown]
    date_1904: bool
    dates: dict[tuple[str, str], object] = msgspec.field(default_factory=dict)


def in_order(cells: list[RawCell]) -> list[RawCell]:
    """Cells sorted by place; one place given twice is refused unless both say the same."""
    placed: dict[Spot, RawCell] = {}
    for cell in cells:
        spot = (int(cell[1]), _columns[cell[0]])
        earlier = placed.get(spot)
        if earlier is not None and earlier[2:] != cell[2:]:
            raise FileRefused("file-unreadable", "refused.cell_twice", cell=cell[0] + cell[1])
        placed[spot] = cell
    return [placed[spot] for spot in sorted(placed)]


def fill(cells: list[RawCell], meaning: Meaning, rows: set[str], escaped: bool) -> Grid:
    """The values of ``cells``, which must stand in reading order inside ``rows``."""
    if len(cells) > MOST_CELLS:
        raise FileRefused("file-too-large", "refused.many_cells", limit=MOST_CELLS)
    grid = Grid()
    strings, shown = meaning.strings, meaning.shown
    current, number, column, slots = "", 0, 0, 0
    row: list[object] = []
    placed: list[tuple[int, list[object]]] = []
    for letters, digits, style, kind, formula, text, inline in cells:
        if digits != current:
            if int(digits) <= number or digits not in rows:
                raise OutOfOrder(digits)
            current, number, column = digits, int(digits), 0
            slots = _checked_slots(slots + len(row), letters + digits)
            row = []
            placed.append((number, row))
        at = _columns[letters]
        if at <= column:
            raise OutOfOrder(letters + digits)
        if kind == "s":
            try:
                value: object = strings[int(text)]
            except (IndexError, ValueError) as fault:
                raise _bad_index(letters + digits) from fault
            if text[0] == "-":
                raise _bad_index(letters + digits)
        elif text and (not kind or kind == "n"):
            value = _number(text)
            if style in shown:
                value = _shown(grid, meaning, (number, at), style, text, value)
        else:
            value = _other(grid, (number, at), kind, text, inline, escaped)
            if value is None and not formula and kind != "e":
                continue
        if at - column > 1:
            row.extend([None] * (at - column - 1))
        row.append(value)
        column = at
        if formula:
            _note_formula(grid, (number, at), kind, formula, text, inline, escaped)
    _make_dense(grid, placed)
    return grid


def _number(text: str) -> object:
    """An integer exactly, another number as a float, anything else as the text it is."""
    if text.isdecimal() and text.isascii() and len(text) <= _LONGEST_INTEGER:
        return int(text)
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return text
    if stripped.lstrip("+-").isdecimal() and len(stripped) <= _LONGEST_INTEGER:
        return int(stripped)
    value = float(stripped)
    return value if abs(value) != float("inf") else text


def _shown(
    grid: Grid, meaning: Meaning, spot: Spot, style: str, text: str, value: object
) -> object:
    """The number as its format shows it; a serial outside the calendar stays a number."""
    if not isinstance(value, int | float):
        return value
    shown = meaning.shown[style]
    if shown is Shown.PERCENT:
        grid.percent.add(spot)
        return value
    key = (style, text)
    if key not in meaning.dates:
        meaning.dates[key] = from_serial(value, shown, meaning.date_1904)
    result = meaning.dates[key]
    if result is None:
        if value != 0:
            grid.odd.append(("date-outside-calendar", spot, text))
        return value
    return result


def _other(grid: Grid, spot: Spot, kind: str, text: str, inline: str, escaped: bool) -> object:
    """Texts, truth values, errors and ISO dates."""
    if kind == "e":
        grid.errors[spot] = unescape(text) if escaped else text
        return None
    if kind == "b" and text.strip().lower() in ("0", "1", "true", "false"):
        return text.strip().lower() in ("1", "true")
    if kind == "d":
        return _iso_date(grid, spot, text)
    if not text and not inline and kind not in ("str", "inlineStr"):
        return None
    string = inline or text
    if escaped:
        string = unescape(string)
    if "\r" in string:
        string = string.replace("\r\n", "\n").replace("\r", "\n")
    return decode_escapes(string)


def _iso_date(grid: Grid, spot: Spot, text: str) -> object:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        if text:
            grid.odd.append(("date-unreadable", spot, text))
        return text or None
    moment = moment.replace(tzinfo=None)
    return moment.date() if "T" not in text else moment


def _note_formula(
    grid: Grid, spot: Spot, kind: str, formula: str, text: str, inline: str, escaped: bool
) -> None:
    written = formula.partition(">")[2].removesuffix("</f>")
    grid.formulas[spot] = unescape(written) if escaped else written
    if not text and not inline and kind != "str":
        grid.uncached.add(spot)


def _checked_slots(slots: int, cell: str) -> int:
    if slots > MOST_SLOTS:
        raise FileRefused("file-too-large", "refused.sparse", cell=cell)
    return slots


def _make_dense(grid: Grid, placed: list[tuple[int, list[object]]]) -> None:
    width = max((len(row) for _, row in placed), default=0)
    last = placed[-1][0] if placed else 0
    if last > LAST_ROW:
        raise out_of_grid(f"A{last}")
    if width * last > MOST_SLOTS:
        raise FileRefused("file-too-large", "refused.sparse", cell=f"{column_letters(width)}{last}")
    for number, row in placed:
        while len(grid.rows) < number - 1:
            grid.rows.append([None] * width)
        if len(row) < width:
            row.extend([None] * (width - len(row)))
        grid.rows.append(row)


def _bad_index(cell: str) -> FileRefused:
    """The string table and the sheet do not belong together: no text of it can be trusted."""
    return FileRefused("file-unreadable", "refused.string_index", cell=cell)

"""Any sheet that XML allows, by a parser: prefixes, comments, other orders, other encodings."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from xltools.errors import FileRefused
from xltools.excel.package.markup import walk
from xltools.excel.reading.cells.cell_places import Spot
from xltools.excel.reading.cells.dense_rows import (
    check_cells,
    check_slots,
    check_tags,
    dense,
    out_of_grid,
)
from xltools.excel.reading.cells.number_formats import Shown
from xltools.excel.reading.cells.surroundings import Surroundings
from xltools.excel.reading.cells.typed_cells import (
    IN_CELL,
    BadIndexError,
    Grid,
    Meaning,
    is_blank_result,
    note_formula,
    note_lost,
    shown_number,
    string_at,
    typed,
)
from xltools.excel.reading.xlsx.shared_strings import Runs
from xltools.ground.cells import LAST_COLUMN, LAST_ROW, column_letters, column_number
from xltools.kinds.display_format import RichText

_COMPATIBILITY = ("AlternateContent", "Fallback")  # wrappers whose contents are the sheet's own


_FLAT = re.compile(r"0(?:\.0*)?")


class _Cell(msgspec.Struct, frozen=True):
    """A cell as the markup gives it."""

    style: str
    kind: str
    formula: str | None
    text: str


def read_parsed(text: str, meaning: Meaning) -> tuple[Grid, Surroundings, list[str]]:
    """The sheet's values, and what of its markup was not in order."""
    sheet = _Sheet(meaning.pictures)
    walk(text, sheet.start, sheet.end, sheet.characters)
    return _grid(sheet.cells, meaning), sheet.around, sorted(sheet.faults)


class _Sheet:
    """Collects cells from parser events; places left out follow from the order."""

    def __init__(self, pictures: bool) -> None:
        self.pictures = pictures
        self.around = Surroundings()
        self.cells: dict[Spot, _Cell] = {}
        self.faults: set[str] = set()
        self.namespace = ""
        self.inside: list[str] = []
        self.skipping = 0  # depth inside markup that is not the sheet's own
        self.tags = 0
        self.row = self.column = 0
        self.attributes: dict[str, str] = {}
        self.pieces: dict[str, list[str]] = {}
        self.runs = Runs()
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._start_row,
            "c": self._start_cell,
            "mergeCell": lambda attributes: self.around.merge(attributes.get("ref", "")),
            "col": self.around.column,
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        namespace, _, name = tag.rpartition(" ")
        if not self.inside:
            self.namespace = namespace
        self.inside.append(name)
        foreign = namespace != self.namespace and name not in _COMPATIBILITY
        if self.skipping or foreign or name == "rPh":
            self.skipping += 1
        elif name in ("v", "t", "f"):
            self.pieces.setdefault(name, [])
        elif name in self.starts:
            self.starts[name](attributes)
        else:
            self.runs.start(name, attributes)

    def end(self, _tag: str) -> None:
        """An element ends."""
        name = self.inside.pop()
        if self.skipping:
            self.skipping -= 1
        elif name == "c":
            self._finish_cell()

    def characters(self, piece: str) -> None:
        """Text inside an element."""
        if not self.skipping and self.inside[-1] in ("v", "t", "f"):
            self.pieces.setdefault(self.inside[-1], []).append(piece)
            if self.inside[-1] == "t":
                self.runs.say(piece)

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "").strip()
        row = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0
        if row and row <= self.row:
            self.faults.add("rows-out-of-order")
        self.row = row or self.row + 1
        self.column = 0
        if attributes.get("hidden") in ("1", "true") or _FLAT.fullmatch(attributes.get("ht", "")):
            self.around.hidden_rows.add(self.row)
        if attributes.get("outlineLevel", "0") != "0":
            self.around.grouped_rows.add(self.row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.pieces = {}
        self.runs = Runs()
        self.tags += 1
        check_tags(self.tags)

    def _finish_cell(self) -> None:
        spot = self._place(self.attributes.get("r", ""))
        formula = "".join(self.pieces["f"]) if "f" in self.pieces else None
        kind = self.attributes.get("t", "")
        if kind == "e" and self.pictures and "vm" in self.attributes:
            kind = IN_CELL
        value = "".join(self.pieces.get("v", ()))
        inline = "".join(self.pieces.get("t", ()))
        if not self.pieces:
            return
        rich = self.runs.take() if inline else ""
        text = rich if isinstance(rich, RichText) else inline or value
        cell = _Cell(self.attributes.get("s", "").strip(), kind, formula, text)
        earlier = self.cells.get(spot)
        if earlier is not None and earlier != cell:
            name = f"{column_letters(spot[1])}{spot[0]}"
            raise FileRefused("file-unreadable", "refused.cell_twice", cell=name)
        self.cells[spot] = cell
        check_cells(len(self.cells))

    def _place(self, given: str) -> Spot:
        """Where the cell stands: its own word, or the next column of the row."""
        reference = given.strip().replace("$", "").upper()
        if not reference:
            self.column += 1
            return self._inside_grid(max(self.row, 1), self.column, f"R{self.row}C{self.column}")
        letters = reference.rstrip("0123456789")
        digits = reference[len(letters) :]
        if not (letters.isascii() and letters.isalpha() and digits.isascii()):
            raise out_of_grid(reference)
        if len(letters) > 3 or not 0 < len(digits) < 9:
            raise out_of_grid(reference)
        column = column_number(letters)
        if int(digits) != self.row:
            self.faults.add("cell-outside-row")
        elif column <= self.column:
            self.faults.add("cells-out-of-order")
        self.column = column
        return self._inside_grid(int(digits), column, reference)

    @staticmethod
    def _inside_grid(row: int, column: int, reference: str) -> Spot:
        if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
            raise out_of_grid(reference)
        return row, column


def _grid(cells: dict[Spot, _Cell], meaning: Meaning) -> Grid:
    """Collected cells → dense rows."""
    grid = Grid()
    placed: list[tuple[int, list[object]]] = []
    slots = 0
    for spot in sorted(cells):
        row, column = spot
        if not placed or placed[-1][0] != row:
            slots += len(placed[-1][1]) if placed else 0
            check_slots(slots, column, row)
            placed.append((row, []))
        values = placed[-1][1]
        values.extend([None] * (column - len(values)))
        cell = cells[spot]
        if cell.formula is not None and is_blank_result(cell.kind, cell.text):
            continue
        try:
            values[-1] = _value(grid, spot, cell, meaning)
        except BadIndexError:
            note_lost(grid, spot)
        display = meaning.styles.formats.get(cell.style)
        if (
            display is not None
            and values[-1] is not None
            and (display.struck or cell.kind in ("", "n"))
        ):
            grid.formats[spot] = display
        if cell.formula is not None:
            note_formula(grid, spot, cell.formula, bool(cell.text))
    grid.rows = dense(placed)
    return grid


def _value(grid: Grid, spot: Spot, cell: _Cell, meaning: Meaning) -> object:
    if cell.kind == "s":
        return string_at(meaning, cell.text) if cell.text or cell.formula is None else None
    if isinstance(cell.text, RichText):
        return cell.text
    if cell.kind not in ("", "n"):
        return typed(grid, spot, cell.kind, cell.text)
    shown = meaning.styles.shown.get(cell.style)
    value, inside = shown_number(cell.text, shown or Shown.PERCENT, meaning.date_1904)
    if shown is Shown.PERCENT and isinstance(value, int | float):
        grid.percent.add(spot)
    if not inside:
        grid.odd.append(("date-outside-calendar", spot))
    return value

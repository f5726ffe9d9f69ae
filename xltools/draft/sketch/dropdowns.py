"""What dropdowns offer: words in the check itself, ranges, names, tables, INDIRECT and OFFSET."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from xltools.draft.sketch.copy_sketch import Dropdown, Place
from xltools.excel.reading.cells.surroundings import Box
from xltools.excel.reading.formula_tree import (
    Called,
    FormulaError,
    Literal,
    Reference,
    Tree,
    tree_of,
)
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.excel.reading.xlsx.declared_content import Declared, Validation, box_of
from xltools.ground.cells import LAST_ROW, split_sheet
from xltools.ground.folding import fold

_TABLE_COLUMN = re.compile(r"^(\w+)\[(?:\[#Data\],?)?\[?([^\[\]#@]+)\]?\]$")
_MOST_WORDS = 5_000
_NAMES_DEEP = 5


class Book(msgspec.Struct):
    """What references of one workbook may point at."""

    sheets: Mapping[str, SheetCells]
    names: Mapping[str, str]
    declared: Mapping[str, Declared]

    def place(self, text: str, home: str, depth: int = 0) -> Place | None:
        """The range that a reference, a name or a table's column means; None where none."""
        text = text.strip().lstrip("=")
        sheet, cells = split_sheet(text)
        title, box = sheet or home, box_of(cells)
        if box is not None:
            return (title, box) if title in self.sheets else None
        named = self.names.get(f"{home}!{text}") or self.names.get(text)
        if named and depth < _NAMES_DEEP:
            return self._formula_place(named, home, depth + 1)
        return self._table_column(text)

    def words(self, place: Place) -> tuple[str, ...]:
        """The different texts of a range, in order."""
        found: dict[str, None] = {}
        for row in self.values(place):
            for value in row:
                if value is not None and str(value).strip():
                    found.setdefault(_shown(value))
            if len(found) > _MOST_WORDS:
                break
        return tuple(found)

    def values(self, place: Place) -> Sequence[Sequence[object]]:
        """The cells of a range."""
        title, (top, left, bottom, right) = place
        return [row[left - 1 : right] for row in self.sheets[title].rows[top - 1 : bottom]]

    def _formula_place(self, formula: str, home: str, depth: int) -> Place | None:
        try:
            tree = tree_of(formula)
        except FormulaError:
            return None
        return self.tree_place(tree, home, depth)

    def tree_place(self, tree: Tree, home: str, depth: int = 0) -> Place | None:
        """The range that a formula gives, where that can be known without computing it."""
        match tree:
            case Reference():
                return self.place(tree.text, home, depth)
            case Called(name="INDIRECT", arguments=(Literal(value=str() as text), *_)):
                return self.place(text, home, depth + 1)
            case Called(name="OFFSET", arguments=(Reference() as first, *_)):
                start = self.place(first.text, home, depth)
                return start and self._downwards(start)
            case Called(name=name, arguments=(Reference() as area, *_)) if name.endswith(":INDEX"):
                start = self.place(name.removesuffix(":INDEX"), home, depth)
                whole = self.place(area.text, home, depth)
                if start and whole and start[0] == whole[0]:
                    return start[0], (*start[1][:2], *whole[1][2:])
        return None

    def _downwards(self, start: Place) -> Place:
        """From a cell down to the last one filled: what OFFSET with a count is used for."""
        title, (top, left, bottom, right) = start
        if bottom > top:
            return start
        rows = self.sheets[title].rows
        while top < len(rows) and left <= len(rows[top]) and rows[top][left - 1] not in (None, ""):
            top += 1
        return title, (start[1][0], left, top, right)

    def _table_column(self, text: str) -> Place | None:
        found = _TABLE_COLUMN.match(text)
        for title, declared in self.declared.items() if found else ():
            box = declared.tables.get(found[1]) if found else None
            if box is None or found is None:
                continue
            header = self.values((title, (box[0], box[1], box[0], box[3])))
            for offset, value in enumerate(header[0] if header else ()):
                if fold(str(value)) == fold(found[2]):
                    column = box[1] + offset
                    return title, (box[0] + 1, column, box[2], column)
        return None


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def dropdown_of(check: Validation, home: str, row: int, book: Book) -> Dropdown:
    """What a list check offers in one row."""
    if check.first.startswith('"'):
        words = check.first.strip('"').split(",")
        return Dropdown(tuple(w.strip() for w in words if w.strip()), None, "", True, check.strict)
    place, condition = book.place(check.first, home), ""
    try:
        tree: Tree = Literal(None) if place else tree_of(check.first)
    except FormulaError:
        return Dropdown((), None, "", False, check.strict)
    if place is None:
        tree, condition = _unconditional(tree, check.first)
        place = book.tree_place(tree, home)
    if place is None and (parents := _parents(tree, home, row, book)):
        return Dropdown(_together(parents, home, book), None, "", True, check.strict)
    if place is None or _is_this_row(place, home, row):
        return Dropdown((), None, condition, False, check.strict)
    return Dropdown(book.words(place), _bounded(place, book), condition, True, check.strict)


def _unconditional(tree: Tree, text: str) -> tuple[Tree, str]:
    """The list of ``IF(condition, list, "")``, and that condition's formula."""
    match tree:
        case Called(name="IF", arguments=(_, Reference() | Called() as inner, *_)):
            return inner, text
    return tree, ""


def _parents(tree: Tree, home: str, row: int, book: Book) -> tuple[str, ...]:
    """The words that name lists where a dropdown is INDIRECT(another cell of the row)."""
    match tree:
        case Called(name="INDIRECT", arguments=(Reference() as parent, *_)):
            place = book.place(parent.text, home)
            for check in book.declared[home].validations if place else ():
                if place and check.kind == "list" and _covers(check.ranges, place[1]):
                    inner = dropdown_of(check, home, row, book)
                    return inner.words
    return ()


def _together(parents: tuple[str, ...], home: str, book: Book) -> tuple[str, ...]:
    """All that the lists named by these words offer."""
    places = [book.place(word.replace(" ", "_"), home) for word in parents]
    return tuple(dict.fromkeys(w for place in places if place for w in book.words(place)))


def _covers(ranges: Sequence[Box], box: Box) -> bool:
    return any(t <= box[0] <= b and a <= box[1] <= z for t, a, b, z in ranges)


def _is_this_row(place: Place, home: str, row: int) -> bool:
    title, (top, _, bottom, _) = place
    return title == home and top == bottom == row


def _bounded(place: Place, book: Book) -> Place:
    """The range without the rows below the sheet's last one."""
    title, (top, left, bottom, right) = place
    return title, (top, left, min(bottom, max(len(book.sheets[title].rows), top), LAST_ROW), right)

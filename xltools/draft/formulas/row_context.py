"""What a formula in one row of a table may refer to, in the words of the definition."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from xltools.draft.formulas.tree_forms import shown
from xltools.draft.sketch.copy_sketch import Place
from xltools.excel.reading.formula_tree import Reference, Tree
from xltools.excel.reading.xlsx.declared_content import box_of
from xltools.ground.cells import split_sheet
from xltools.ground.folding import fold

_THIS_ROW = re.compile(r"^(\w*)\[(?:\[#This Row\],\s*\[([^\[\]]+)\]|@\[?([^\[\]]+)\]?)\]$")
_MOST_CELLS = 60  # of one row in a sum


class CannotSayError(Exception):
    """The language lacks what a formula does; the argument is that part of the formula."""


class CopyColumn(msgspec.Struct, frozen=True):
    """A drafted column as formulas see it: ``choices`` are folded words → choices' names."""

    name: str
    list: str = ""
    choices: Mapping[str, str] = {}


class CopyTable(msgspec.Struct, frozen=True):
    """A drafted table as one copy has it: its sheet, its columns by place, its first data row."""

    title: str
    name: str
    first: int
    columns: Mapping[int, CopyColumn]


class RowContext(msgspec.Struct, frozen=True):
    """What a formula in one row of a table may refer to."""

    home: CopyTable
    row: int
    tables: Sequence[CopyTable]
    names: Mapping[str, Place]
    parameters: frozenset[str] = frozenset()
    own: int = 0
    """The column of the cell that a check guards: that it holds a number needs no saying."""

    def guards(self, text: str) -> bool:
        """Whether a reference means the cell that a check guards."""
        return self.own > 0 and self.own_column(text) == self.home.columns.get(self.own)

    def own_column(self, text: str) -> CopyColumn | None:
        cells = self.own_cells(text)
        return cells[0] if len(cells) == 1 else None

    def own_cells(self, text: str) -> list[CopyColumn]:
        """The own columns that a reference to this row names; none for anything else."""
        found = self.this_row(text)
        if found is not None:
            return found
        place = self.place(text)
        home = self.home
        if place is None or place[0] != home.title:
            return []
        top, left, bottom, right = place[1]
        if not top == bottom == self.row or right - left > _MOST_CELLS:
            return []
        columns = [home.columns.get(column) for column in range(left, right + 1)]
        if None in columns:
            raise CannotSayError(text)
        return [column for column in columns if column is not None]

    def this_row(self, text: str) -> list[CopyColumn] | None:
        """``Table[[#This Row],[Column]]`` and ``[@Column]``."""
        found = _THIS_ROW.match(text)
        if found is None:
            return None
        label = fold(found[2] or found[3])
        for name, (title, box) in self.names.items():
            table, _, column = name.partition("[")
            same = column and fold(column.rstrip("]")) == label and found[1] in ("", table)
            if same and title == self.home.title and box[1] in self.home.columns:
                return [self.home.columns[box[1]]]
        raise CannotSayError(text)

    def place(self, text: str) -> Place | None:
        """The range that a reference or name means."""
        sheet, cells = split_sheet(text)
        box = box_of(cells)
        return self.names.get(text) if box is None else (sheet or self.home.title, box)

    def column(self, tree: Tree) -> tuple[CopyTable, CopyColumn]:
        """The column of a table that a tall range is."""
        place = self.place(tree.text) if isinstance(tree, Reference) else None
        if place is not None and place[1][1] == place[1][3]:
            return self.column_at(place, place[1][1], shown(tree))
        raise CannotSayError(shown(tree))

    def column_at(self, place: Place, column: int, said: str) -> tuple[CopyTable, CopyColumn]:
        title, (top, _, bottom, _) = place
        for table in self.tables:
            whole = bottom > top and top <= table.first + 1 and bottom >= table.first
            if whole and table.title == title and column in table.columns:
                return table, table.columns[column]
        raise CannotSayError(said)


class Translation(Protocol):
    """The translator of the formula around a function, as far as that needs it."""

    @property
    def context(self) -> RowContext:
        """What the formula may refer to."""

    def value(self, tree: Tree) -> ast.expr:
        """A part that gives a value."""

    def truth(self, tree: Tree) -> ast.expr:
        """A part that is true or false."""

    def cell(self, tree: Reference) -> ast.expr:
        """A cell of this row."""

"""Rows on a sheet as figures see them: columns of values or figures, and references to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from xltools.errors import DefinitionError
from xltools.evaluate.figures.live_figure import Figure, Place, Value, figure, is_number
from xltools.excel.links import cell_target
from xltools.excel.styles import Style
from xltools.ground.cells import column_letters, quote_sheet

# Needs no quotes in any program: nothing in it could be a sign or the name of a cell.
_PLAIN = re.compile(r"(?:[\u4e00-\u9fff]|[A-Za-z]+_)[\u4e00-\u9fffA-Za-z0-9_]*")


DECLARED = "_declared"  # ends the name of a declared column that the program has one of, too


class Look(NamedTuple):
    """How a column looks on its sheet: its header, its cells, its width in pixels (0: as usual)."""

    label: str = ""
    style: Style | None = None
    width: int = 0


_NO_LOOK = Look()


@dataclass(eq=False)
class Column:
    """One column of a grid: typed values, or a figure with its values; or ready formulas.

    ``given`` are values that nobody changes in the workbook: names, keys and numbers of rows.
    What is cached lives as long as the grid, one evaluation: values do not change once they stand.
    """

    grid: Grid
    name: str
    number: int
    values: Sequence[Value]
    label: str = ""
    style: Style | None = None
    width: int = 0
    given: bool = False
    figure: Figure | None = None
    formulas: Sequence[str] = ()

    @property
    def here(self) -> Figure:
        """The cell of this column in the row of the formula."""
        return Cell(self, lambda index: index)

    def at(self, index: int) -> Figure:
        """The cell of one row."""
        return Cell(self, lambda _: index, fixed=True)

    def rows(self, indexes: Sequence[int | None]) -> Figure:
        """For each row of another list, the cell of one of these rows (None: nothing)."""
        return Cell(self, indexes.__getitem__)

    def cell(self, row: int | str, sheet: str) -> str:
        """A cell's address, seen from a sheet."""
        return self._seen_from(sheet, f"${column_letters(self.number)}{row}")

    def range(self, sheet: str) -> str:
        """All cells: a defined name where the grid has one, else their addresses."""
        if self.grid.name:
            self.grid.named[f"{self.grid.name}_{self.name}"] = self
            return f"{self.grid.name}_{self.name}"
        return self.address(sheet)

    def address(self, sheet: str) -> str:
        """All cells by address."""
        return self._seen_from(sheet, self.cells)

    @property
    def cells(self) -> str:
        """All cells as their own sheet calls them."""
        first, _, last, number = self.area
        letters = column_letters(number)
        return f"${letters}${first}:${letters}${last}"

    @property
    def reference(self) -> str:
        """All cells as charts call them."""
        return f"{quote_sheet(self.grid.title)}!{self.cells}"

    @property
    def area(self) -> tuple[int, int, int, int]:
        """All cells as their first row and column and their last."""
        first = self.grid.first_row
        return first, self.number, first + self.grid.count - 1, self.number

    def _seen_from(self, sheet: str, cells: str) -> str:
        return cells if sheet == self.grid.title else f"{_written(self.grid.title)}!{cells}"

    @cached_property
    def index(self) -> dict[Value, list[int]]:
        """Rows by value."""
        found: dict[Value, list[int]] = {}
        for row, value in enumerate(self.values):
            found.setdefault(value, []).append(row)
        return found

    @cached_property
    def numbers(self) -> list[float]:
        """All its numbers."""
        return [value for value in self.values if is_number(value)]

    @cached_property
    def settled(self) -> bool:
        """Whether nothing that a user may edit changes any of its cells."""
        return all(map(self.stays, range(len(self.values))))

    def stays(self, index: int) -> bool:
        """Whether nothing that a user may edit changes the cell of a row."""
        return self._staying[index] if self.figure else self.given and not self.formulas

    @cached_property
    def _staying(self) -> list[bool]:
        assert self.figure is not None
        return [self.figure.stays(index) for index in range(len(self.values))]

    def formula_at(self, index: int) -> str:
        """The formula of a row, with ``=``; "" for a cell that is written as a value."""
        if self.formulas:
            return self.formulas[index]
        if self.figure is None or self._staying[index]:
            return ""
        place = Place(self.grid.title, self.grid.first_row + index, index)
        return "=" + self.figure.formula(place)


@dataclass(eq=False)
class Grid:
    """``count`` rows of a sheet from ``first_row`` on; ``name`` prefixes its ranges' names.

    ``sheet`` is the definition's sheet that the rows are of, e.g. ``goals.tasks``.
    """

    title: str
    first_row: int
    count: int
    name: str = ""
    columns: dict[str, Column] = field(default_factory=dict)
    named: dict[str, Column] = field(default_factory=dict)
    sheet: str = ""

    def __getitem__(self, name: str) -> Column:
        if self.sheet and name not in self.columns:
            raise DefinitionError("errors.definition.evaluated", sheet=self.sheet, column=name)
        return self.columns[name]

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def declared(self, name: str) -> Column:
        """The definition's column of a name, even where the program has one of that name, too."""
        own = f"{name}{DECLARED}"
        return self[own] if own in self else self[name]

    def target(self, row: int = 0) -> str:
        """Where a link to one of its rows leads."""
        return cell_target(self.title, f"A{self.first_row + row}")

    def put(
        self,
        name: str,
        values: Sequence[Value],
        look: Look = _NO_LOOK,
        number: int = 0,
        *,
        given: bool = False,
    ) -> Column:
        """Add a column of typed values, behind the others unless numbered.

        ValueError where the grid has one of that name, or has not as many rows.
        """
        if name in self.columns or len(values) != self.count:
            raise ValueError(f"{self.title}.{name}: {len(values)}")
        last = max((column.number for column in self.columns.values()), default=0)
        column = Column(self, name, number or last + 1, values, *look, given=given)
        self.columns[name] = column
        return column

    def add(
        self,
        name: str,
        made: Figure | float | str,
        look: Look = _NO_LOOK,
        number: int = 0,
    ) -> Column:
        """Add a column of a figure; its values are computed now."""
        live = figure(made)
        values = [live.value(index) for index in range(self.count)]
        column = self.put(name, values, look, number)
        column.figure = live
        return column


@dataclass(frozen=True, eq=False)
class Cell(Figure):
    """For every row of a list the cell of some row of a column; nothing where there is none."""

    column: Column
    row_of: Callable[[int], int | None]
    fixed: bool = False  # the same cell in every row

    def formula(self, place: Place) -> str:
        row = self.row_of(place.index)
        if row is None:
            return '""'
        at = self.column.grid.first_row + row
        return self.column.cell(f"${at}" if self.fixed else at, place.sheet)

    def value(self, index: int) -> Value:
        row = self.row_of(index)
        return "" if row is None else self.column.values[row]

    def stays(self, index: int) -> bool:
        row = self.row_of(index)
        return row is None or self.column.stays(row)


def _written(title: str) -> str:
    """A sheet's title as LibreOffice writes it.

    It opens a column of formulas several times faster where they are written as it would.
    """
    return title if _PLAIN.fullmatch(title) else quote_sheet(title)

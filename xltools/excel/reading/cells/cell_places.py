"""Sets of cells, and what stands beside cells, kept by column: tables are read by columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, MutableSet
from typing import TypeVar

from xltools.excel.package.markup import unescape

Spot = tuple[int, int]  # row, column
T = TypeVar("T")


class _ByColumn:
    """What both have in common: cells counted and found by their column."""

    columns: Mapping[int, Collection[int]]

    def __contains__(self, spot: object) -> bool:
        return isinstance(spot, tuple) and spot[0] in self.columns.get(spot[1], ())

    def __iter__(self) -> Iterator[Spot]:
        return ((row, column) for column, rows in self.columns.items() for row in rows)

    def __len__(self) -> int:
        return sum(map(len, self.columns.values()))


class CellSet(_ByColumn, MutableSet[Spot]):
    """Cells as (row, column); ``columns`` holds their rows by column."""

    def __init__(self, spots: Iterable[Spot] = ()) -> None:
        self.columns: dict[int, set[int]] = {}
        for spot in spots:
            self.add(spot)

    def rows(self, column: int) -> set[int]:
        """The rows of a column; what is added to them is added to the set."""
        return self.columns.setdefault(column, set())

    def add(self, spot: Spot) -> None:
        """Add a cell."""
        self.rows(spot[1]).add(spot[0])

    def discard(self, spot: Spot) -> None:
        """Take a cell away."""
        self.rows(spot[1]).discard(spot[0])


class CellMap(_ByColumn, MutableMapping[Spot, T]):
    """Something by cell; ``columns`` holds it by column and row."""

    def __init__(self) -> None:
        self.columns: dict[int, dict[int, T]] = {}

    def rows(self, column: int) -> dict[int, T]:
        """A column's by row; what is put there is put into the mapping."""
        return self.columns.setdefault(column, {})

    def __getitem__(self, spot: Spot) -> T:
        return self.columns[spot[1]][spot[0]]

    def __setitem__(self, spot: Spot, value: T) -> None:
        self.rows(spot[1])[spot[0]] = value

    def __delitem__(self, spot: Spot) -> None:
        del self.columns[spot[1]][spot[0]]


class Formulas(CellMap[str]):
    """Formulas, kept as XML writes them: forms are full of long ones that nobody asks for."""

    def __getitem__(self, spot: Spot) -> str:
        return unescape(super().__getitem__(spot))

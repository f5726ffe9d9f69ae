"""What a sheet says about its rows and columns: merged cells, and what is hidden."""

from __future__ import annotations

import re

import msgspec

from xltools.ground.cells import LAST_COLUMN, CellRef

Box = tuple[int, int, int, int]  # row, column, last row, last column

_MERGE = re.compile(r'<mergeCell ref="([^"]*)"')
_COLUMN = re.compile(r"<col ([^<>]*)>")
_ATTRIBUTE = re.compile(r'\b(min|max|hidden)="([^"]*)"')


class Surroundings(msgspec.Struct):
    """Everything that is read of a sheet besides its cells."""

    hidden_rows: set[int] = msgspec.field(default_factory=set)
    grouped_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)
    merges: list[Box] = msgspec.field(default_factory=list)

    def read(self, head: str, tail: str) -> None:
        """Take in what stands before and after the rows of an ordinary sheet."""
        if "hidden=" in head:
            for attributes in _COLUMN.findall(head):
                self.column(dict(_ATTRIBUTE.findall(attributes)))
        if "<mergeCell " in tail:
            for reference in _MERGE.findall(tail):
                self.merge(reference)

    def column(self, attributes: dict[str, str]) -> None:
        """One entry of the column list."""
        if attributes.get("hidden") not in ("1", "true"):
            return
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdecimal() and last.isdecimal() and len(first + last) < 20:
            self.hidden_columns.update(range(int(first), min(int(last), LAST_COLUMN) + 1))

    def merge(self, reference: str) -> None:
        """One merged range; outside the grid it merges nothing."""
        first, _, last = reference.partition(":")
        try:
            a, b = CellRef.parse(first), CellRef.parse(last or first)
        except ValueError:
            return
        if a != b:
            self.merges.append((a.row, a.column, b.row, b.column))

"""Figures over many rows: sums, counts and means by condition, look-ups by key, ranks.

SUMIFS and COUNTIFS take a text for a pattern or a comparison where it holds ``*``, ``?``, ``~``,
``<``, ``>`` or ``=``, so they are given numbers only: keys, dates, flags. Where a text is looked
for, be it a choice that somebody named ``>A*``, whole ranges are compared and the products summed.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from xltools.evaluate.figures.figure_grid import Column
from xltools.evaluate.figures.live_figure import (
    Figure,
    Place,
    Value,
    figure,
    is_number,
    same,
)

Operator = Literal["=", "<", "<=", ">", ">=", "number", "text"]
_ANY_NUMBER = '"<1E+300"'  # as a criterion it passes over texts, which a formula's "" is
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, eq=False)
class Where:
    """One condition on the rows that are summed, counted or looked up."""

    column: Column
    operator: Operator
    wanted: Figure

    def criteria(self, place: Place) -> str:
        """Range and criterion, as SUMIFS takes them."""
        wanted = self.wanted.formula(place)
        if self.operator == "number":
            return f"{self.column.range(place.sheet)},{_ANY_NUMBER}"
        if self.operator == "=":
            return f"{self.column.range(place.sheet)},{wanted}"
        return f'{self.column.range(place.sheet)},"{self.operator}"&{wanted}'

    def factor(self, place: Place) -> str:
        """The same as a product of comparisons, 1 in the rows that meet it."""
        cells, wanted = self.column.range(place.sheet), self.wanted.formula(place)
        if self.operator == "text":
            return f'({cells}&""={wanted}&"")'
        if self.operator == "number":
            return f'({cells}<9E+307)*({cells}<>"")'
        compared = f'({cells}{self.operator}{wanted})*({cells}<>"")'
        # To Excel any text is above any number.
        return f"{compared}*({cells}<9E+307)" if self.operator.startswith(">") else compared

    def holds(self, value: Value, wanted: Value) -> bool:
        """Whether a row's value meets the condition, as SUMIFS sees it: a blank is wanted as 0."""
        if self.operator == "text":
            return same(value or "", wanted or "")
        wanted = 0 if wanted is None else wanted
        if self.operator == "=":
            return value == wanted and value is not None
        if self.operator == "number":
            return is_number(value)
        return is_number(value) and _COMPARE[self.operator](value, wanted)  # type: ignore[arg-type]


def where(column: Column, wanted: Figure | float, compare: Operator = "=") -> Where:
    """A condition: this column equals (or compares so with) a number."""
    return Where(column, compare, figure(wanted))


def numeric(column: Column) -> Where:
    """A condition: this column holds a number, of whatever sign."""
    return Where(column, "number", figure(""))


def where_text(column: Column, wanted: Figure | str) -> Where:
    """A condition: this column holds a text, whatever signs are in it; case does not count."""
    return Where(column, "text", figure(wanted))


def matching(conditions: Sequence[Where], index: int) -> list[int]:
    """The rows that meet all conditions, in order."""
    first, *others = sorted(conditions, key=lambda one: one.operator != "=")
    wanted = first.wanted.value(index)
    if first.operator == "=":
        rows = first.column.index.get(0 if wanted is None else wanted, [])
    else:
        values = first.column.values
        rows = [row for row, value in enumerate(values) if first.holds(value, wanted)]
    for one in others:
        limit, values = one.wanted.value(index), one.column.values
        rows = [row for row in rows if one.holds(values[row], limit)]
    return rows


@dataclass(frozen=True, eq=False)
class Matched(Figure):
    """The sum of a column's numbers in the rows that meet the conditions; their number of none."""

    column: Column | None
    conditions: tuple[Where, ...]

    def formula(self, place: Place) -> str:
        cells = [self.column.range(place.sheet)] if self.column else []
        if not self.conditions:
            return f"SUM({cells[0]})"
        if any(one.operator == "text" for one in self.conditions):
            return f"SUMPRODUCT({','.join([_product(self.conditions, place), *cells])})"
        name, criteria = "SUMIFS" if cells else "COUNTIFS", self.conditions
        return f"{name}({','.join([*cells, *(one.criteria(place) for one in criteria)])})"

    def value(self, index: int) -> Value:
        if self.column is None:
            return len(matching(self.conditions, index))
        if not self.conditions:
            return sum(self.column.numbers)
        values = self.column.values
        found = (values[row] for row in matching(self.conditions, index))
        return sum(value for value in found if is_number(value))  # type: ignore[misc]


def _product(conditions: Sequence[Where], place: Place) -> str:
    return "*".join(one.factor(place) for one in conditions) + "*1"


def total(column: Column, *conditions: Where) -> Figure:
    """The sum of a column where the conditions hold."""
    return Matched(column, conditions)


def count(*conditions: Where) -> Figure:
    """How many rows meet the conditions."""
    return Matched(None, conditions)


@dataclass(frozen=True, eq=False)
class _Over(Figure):
    """A function of all numbers of a column."""

    text: str
    column: Column
    compute: Callable[[list[float]], Value]

    def formula(self, place: Place) -> str:
        return self.text.format(self.column.range(place.sheet))

    def value(self, _index: int) -> Value:
        return self.compute(self.column.numbers)


def how_many(column: Column) -> Figure:
    """How many numbers a column holds."""
    return _Over("COUNT({})", column, len)


def mean(column: Column) -> Figure:
    """The mean of a column's numbers; nothing where it has none."""
    text = 'IF(COUNT({0})=0,"",AVERAGE({0}))'
    return _Over(text, column, lambda numbers: sum(numbers) / len(numbers) if numbers else "")


@dataclass(frozen=True, eq=False)
class Rank(Figure):
    """The rank of a number within a column, 1 for the largest, ties alike; else nothing."""

    part: Figure
    column: Column

    def formula(self, place: Place) -> str:
        part = self.part.formula(place)
        return f'IF(ISNUMBER({part}),RANK({part},{self.column.range(place.sheet)}),"")'

    def value(self, index: int) -> Value:
        mine = self.part.value(index)
        if not is_number(mine):
            return ""
        ascending = self.column.ascending
        return 1 + len(ascending) - bisect_right(ascending, mine)  # type: ignore[type-var]


@dataclass(frozen=True, eq=False)
class Nth(Figure):
    """A column's cell in the row of a number (1 for the first); nothing where it is no such row."""

    column: Column
    row: Figure

    def formula(self, place: Place) -> str:
        cells, row = self.column.range(place.sheet), self.row.formula(place)
        cell = f"INDEX({cells},{row})"
        return f'IFERROR(IF({row}<1,"",IF({cell}="","",{cell})),"")'

    def value(self, index: int) -> Value:
        row = self.row.value(index)
        if not is_number(row) or not 1 <= row <= len(self.column.values):  # type: ignore[operator]
            return ""
        found = self.column.values[int(row) - 1]  # type: ignore[arg-type]
        return "" if found is None else found


@dataclass(frozen=True, eq=False)
class Found(Figure):
    """The number of the first row whose cell equals a number; nothing where none does."""

    wanted: Figure
    column: Column

    def formula(self, place: Place) -> str:
        cells = self.column.range(place.sheet)
        return f'IFERROR(MATCH({self.wanted.formula(place)},{cells},0),"")'

    def value(self, index: int) -> Value:
        rows = self.column.index.get(self.wanted.value(index), [])
        return rows[0] + 1 if rows else ""

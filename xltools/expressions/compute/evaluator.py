"""Walks an expression's tree with whole columns; the pandas side of `compiler`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from xltools.expressions.compute import column_arrays
from xltools.expressions.compute.batch_tables import Tables
from xltools.expressions.compute.column_arrays import Array, Floats, Objects, Positions, Truths
from xltools.expressions.compute.table_scans import Order, Wanted, scan
from xltools.expressions.digits import NUMERALS
from xltools.expressions.nodes import (
    COMPARED_DIGITS,
    TEXT,
    Call,
    Cell,
    ChoiceName,
    Compare,
    Condition,
    Constant,
    Junction,
    Negation,
    Node,
    Operation,
    Parameter,
    Scan,
    Type,
    Where,
    exact,
)
from xltools.expressions.reading.scope import LIBRARY
from xltools.kinds import span_end, span_start

_DAY_ZERO = date(1899, 12, 30).toordinal()
_COMPARE: Mapping[str, np.ufunc] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_OPERATE: Mapping[str, np.ufunc] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


class Evaluator:
    """Evaluates expressions of one sheet over one set of tables; columns are read once."""

    def __init__(self, tables: Tables, sheet: str, group: str) -> None:
        self.tables = tables
        self.sheet = sheet
        self.group = group
        self.rows = len(tables.sheets[sheet])
        self._columns: dict[tuple[str, str], Array] = {}
        self._folded: dict[tuple[str, str], Array] = {}
        self._known: dict[Node, Array] = {}
        self._codes: dict[tuple[str, Where], tuple[Positions, Positions]] = {}
        self._group_codes: dict[str, tuple[Positions, Positions]] = {}

    def value(self, node: Node) -> Array:
        """A value in every row: floats with NaN, or objects with None.

        Inlined functions repeat their arguments: what costs is computed once.
        """
        if not isinstance(node, Scan | Condition | Call):
            return self._value(node)
        if node not in self._known:
            self._known[node] = self._value(node)
        return self._known[node]

    def _value(self, node: Node) -> Array:
        match node:
            case Constant():
                return self._constant(node.value, node.type)
            case ChoiceName():
                return self._constant(node.choice, node.type)
            case Parameter():
                return self._constant(_plain(self.tables.parameters[node.name]), node.type)
            case Cell():
                return self._column(self.sheet, node)
            case Operation():
                return self._operation(node)
            case Condition():
                test, _ = self.truth(node.test)
                then, other = (self._as(part, node.type) for part in (node.then, node.otherwise))
                return np.where(test, then, other)
            case Call():
                return self._call(node)
            case Scan():
                return self._scan(node)
        raise TypeError(node)

    def truth(self, node: Node) -> tuple[Truths, Truths]:
        """Where a truth is true, and where it is false; unknown is neither."""
        match node:
            case Constant():
                return np.full(self.rows, node.value is True), np.full(
                    self.rows, node.value is False
                )
            case Negation():
                true, false = self.truth(node.part)
                return false, true
            case Junction():
                trues, falses = zip(*(self.truth(part) for part in node.parts), strict=True)
                every, some = np.logical_and.reduce, np.logical_or.reduce
                if node.operator == "and":
                    return every(trues), some(falses)
                return some(trues), every(falses)
            case Condition():
                test, _ = self.truth(node.test)
                then, other = self.truth(node.then), self.truth(node.otherwise)
                return np.where(test, then[0], other[0]), np.where(test, then[1], other[1])
            case Compare():
                return self._compared(node)
            case Call(function="blank"):
                there = column_arrays.present(self.value(node.parts[0]))
                return ~there, there
            case Call():
                return self._tested(node)
        raise TypeError(node)

    def _constant(self, value: Any, kind: Type) -> Array:
        if kind.numeric:
            return np.full(self.rows, np.nan if value is None else value, dtype=np.float64)
        return np.full(self.rows, value, dtype=object)

    def _as(self, node: Node, kind: Type) -> Array:
        """A part's value; a constant blank in the type of its neighbours."""
        if isinstance(node, Constant) and node.value is None:
            return self._constant(None, kind)
        return self.value(node)

    def _column(self, sheet: str, cell: Cell) -> Array:
        place = sheet, cell.column
        if place not in self._columns:
            self._columns[place] = _cleaned(self._table(sheet), cell)
        return self._columns[place]

    def _folded_column(self, sheet: str, cell: Cell) -> Array:
        place = sheet, cell.column
        if place not in self._folded:
            self._folded[place] = column_arrays.folded(self._column(sheet, cell))
        return self._folded[place]

    def _folded_value(self, node: Node) -> Array:
        if isinstance(node, Cell):
            return self._folded_column(self.sheet, node)
        if isinstance(node, Constant):
            return self._constant(str(node.value).casefold(), node.type)
        return column_arrays.folded(self.value(node))

    def _table(self, sheet: str) -> pd.DataFrame:
        return self.tables.library if sheet == LIBRARY else self.tables.sheets[sheet]

    def _operation(self, node: Operation) -> Floats:
        left, right = self.value(node.left), self.value(node.right)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return column_arrays.finite(_OPERATE[node.operator](left, right))

    def _compared(self, node: Compare) -> tuple[Truths, Truths]:
        left, right = (self._comparable(part) for part in (node.left, node.right))
        known = column_arrays.present(left) & column_arrays.present(right)
        with np.errstate(invalid="ignore"):
            holds = _COMPARE[node.operator](left, right).astype(bool)
        return known & holds, known & ~holds

    def _comparable(self, node: Node) -> Array:
        if node.type is TEXT:
            return self._folded_value(node)
        values = self.value(node)
        if not node.type.numeric or exact(node):
            return values
        return column_arrays.rounded(values, COMPARED_DIGITS)

    def _call(self, node: Call) -> Array:
        parts = [self._as(part, node.type) for part in node.parts]
        if node.function in _SKIPPING:
            return _SKIPPING[node.function](parts)
        if node.function == "round":
            return column_arrays.rounded(parts[0], node.digits)
        if node.function == "abs":
            return np.abs(parts[0])
        if node.function == "days":
            return parts[1] - parts[0]
        if node.function == "working_days":
            return column_arrays.working_days(*parts)
        if node.function in ("start", "end"):
            return _edges(parts[0], span_start if node.function == "start" else span_end)
        moments = pd.DatetimeIndex(column_arrays.days_as_dates(parts[0]))
        return getattr(moments, node.function).to_numpy(dtype=np.float64)  # type: ignore[no-any-return]

    def _tested(self, node: Call) -> tuple[Truths, Truths]:
        values = self._folded_value(node.parts[0])
        words = tuple(word.casefold() for word in node.words)
        known = column_arrays.present(values)
        test = _TESTS[node.function]
        holds = np.array([v is not None and test(v, words) for v in values], dtype=bool)
        return known & holds, known & ~holds

    def _scan(self, node: Scan) -> Array:
        sheet = node.sheet or self.sheet
        by = self._column(sheet, node.by) if node.by else None
        wanted = Wanted(node.function, self._column(sheet, node.column), by)
        equal = [one for one in node.where if one.operator == "=="]
        keys = self._groups(sheet) + [self._coded(sheet, one) for one in equal]
        orders = [
            Order(self._column(sheet, one.column), self.value(one.value), one.operator)
            for one in node.where
            if one.operator != "=="
        ]
        return scan(wanted, self.rows, keys, orders)

    def _coded(self, sheet: str, where: Where) -> tuple[Positions, Positions]:
        """The codes of one condition's two sides; scans often share conditions."""
        place = sheet, where
        if place not in self._codes:
            text = where.column.type is TEXT
            left = (self._folded_column if text else self._column)(sheet, where.column)
            right = (self._folded_value if text else self.value)(where.value)
            self._codes[place] = column_arrays.codes(left, right)
        return self._codes[place]

    def _groups(self, sheet: str) -> list[tuple[Positions, Positions]]:
        theirs, ours = self._table(sheet), self._table(self.sheet)
        if self.group not in theirs or self.group not in ours:
            return []
        if sheet not in self._group_codes:
            pair = theirs[self.group].to_numpy(), ours[self.group].to_numpy()
            self._group_codes[sheet] = column_arrays.codes(*pair)
        return [self._group_codes[sheet]]


def _cleaned(table: pd.DataFrame, cell: Cell) -> Array:
    if cell.column not in table:
        blank = np.full(len(table), np.nan)
        return blank if cell.type.numeric else np.full(len(table), None, dtype=object)
    clean = {"number": column_arrays.numbers, "date": column_arrays.dates}.get(
        cell.type.name, column_arrays.texts
    )
    return clean(table[cell.column])


def _plain(value: float | date) -> float:
    if isinstance(value, date):
        return float(date(value.year, value.month, value.day).toordinal() - _DAY_ZERO)
    return float(value)


def _first(parts: list[Array]) -> Array:
    found = parts[0]
    for part in parts[1:]:
        found = np.where(column_arrays.present(found), found, part)
    return found


def _sum(parts: list[Floats]) -> Floats:
    total = np.add.reduce([np.where(np.isnan(part), 0.0, part) for part in parts])
    nothing = np.logical_and.reduce([np.isnan(part) for part in parts])
    return np.where(nothing, np.nan, total)


_SKIPPING: Mapping[str, Callable[[list[Any]], Array]] = {
    "coalesce": _first,
    "sum": _sum,
    "min": np.fmin.reduce,
    "max": np.fmax.reduce,
}


def _edges(spans: Objects, edge: Callable[[str], date]) -> Floats:
    """The first or last days of spans; every distinct text is read once."""
    found, distinct = pd.factorize(spans)
    days = np.array([_plain(edge(text)) for text in distinct], dtype=np.float64)
    return np.where(found >= 0, np.append(days, np.nan)[found], np.nan)


_DIGITS = frozenset(NUMERALS)
_TESTS: Mapping[str, Callable[[str, tuple[str, ...]], bool]] = {
    "has_number": lambda text, _: not _DIGITS.isdisjoint(text),
    "starts_with": lambda text, words: text.startswith(words),
    "contains": lambda text, words: words[0] in text,
}

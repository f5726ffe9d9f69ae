"""Conditional formats that look at the cell alone; those that look elsewhere are left out."""

from __future__ import annotations

import operator
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from xltools.excel.package.markup import local
from xltools.excel.picture.cell_looks import Looks, children, color_of
from xltools.excel.picture.picture_model import Bar, Cell
from xltools.ground.cells import CellRef

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "equal": operator.eq,
    "notEqual": operator.ne,
    "greaterThan": operator.gt,
    "greaterThanOrEqual": operator.ge,
    "lessThan": operator.lt,
    "lessThanOrEqual": operator.le,
}
Value = str | float

Spot = tuple[int, int]


class Conditions:
    """The conditions of a sheet, by the cells that they are for."""

    def __init__(self, sheet: ET.Element) -> None:
        self._rules: list[tuple[list[tuple[Spot, Spot]], ET.Element]] = []
        for group in sheet:
            if local(group.tag) == "conditionalFormatting":
                places = [*_ranges(group.get("sqref", ""))]
                self._rules += [(places, rule) for rule in group if local(rule.tag) == "cfRule"]
        self._rules.sort(key=lambda one: int(one[1].get("priority", 0)))

    def applied(self, cell: Cell, value: Value, values: Mapping[Spot, Value], looks: Looks) -> Cell:
        """The cell as its conditions make it look; of several the first that changes it."""
        for places, rule in self._rules:
            if not any(_lies(cell.first, place) for place in places):
                continue
            if rule.get("type") == "dataBar":
                bar = _bar(rule, value, [values.get(s) for s in _spots(places)])
                cell = replace(cell, bar=bar) if bar else cell
            elif _holds(rule, value):
                return replace(cell, look=looks.changed(cell.look, int(rule.get("dxfId", 0))))
        return cell


def _holds(rule: ET.Element, value: Value) -> bool:
    kind = rule.get("type")
    if kind == "beginsWith":
        return isinstance(value, str) and value.startswith(rule.get("text", "\0"))
    if kind == "containsText":
        return isinstance(value, str) and rule.get("text", "\0") in value
    limits = [_constant(one.text or "") for one in rule if local(one.tag) == "formula"]
    compare = _COMPARED.get(rule.get("operator", ""))
    if kind != "cellIs" or compare is None or not limits or limits[0] is None:
        return False
    same = isinstance(value, str) == isinstance(limits[0], str)
    return same and compare(value, limits[0])


def _constant(formula: str) -> Value | None:
    """What a formula is that holds a constant alone."""
    if len(formula) > 1 and formula[0] == formula[-1] == '"':
        return formula[1:-1].replace('""', '"')
    try:
        return float(formula)
    except ValueError:
        return None


def _bar(rule: ET.Element, value: Value, values: list[Value | None]) -> Bar | None:
    said = children(rule).get("dataBar")
    if said is None or isinstance(value, str):
        return None
    limits = [one for one in said if local(one.tag) == "cfvo"]
    numbers = [one for one in values if isinstance(one, float)]
    low, high = (_limit(one, numbers) for one in limits[:2])
    if high <= low:
        return None
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return Bar(share, color_of(children(said).get("color"), "#BFD7F0"))


def _limit(limit: ET.Element, numbers: list[float]) -> float:
    if limit.get("type") == "num":
        return float(limit.get("val", 0))
    if limit.get("type") == "min":
        return min(numbers, default=0.0)
    return max(numbers, default=0.0)


def _ranges(places: str) -> Iterator[tuple[Spot, Spot]]:
    for place in places.split():
        first, _, last = place.partition(":")
        begin, end = CellRef.parse(first), CellRef.parse(last or first)
        yield (begin.row, begin.column), (end.row, end.column)


def _lies(spot: Spot, place: tuple[Spot, Spot]) -> bool:
    (top, left), (bottom, right) = place
    return top <= spot[0] <= bottom and left <= spot[1] <= right


def _spots(places: list[tuple[Spot, Spot]]) -> Iterator[Spot]:
    for (top, left), (bottom, right) in places:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield row, column

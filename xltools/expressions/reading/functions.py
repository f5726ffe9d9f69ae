"""The functions of the language: how many arguments, of which types, and what they give."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Literal

from msgspec.structs import replace

from xltools.expressions.nodes import (
    DATE,
    NOTHING,
    NUMBER,
    SPAN,
    TEXT,
    TRUTH,
    UNKNOWN,
    Call,
    Cell,
    Constant,
    Node,
    Scan,
    Type,
    Where,
)
from xltools.expressions.reading import constant_folding
from xltools.expressions.reading.node_reader import Reader
from xltools.expressions.reading.row_scans import SCANS, read_scan

AGO: Mapping[str, int] = {"previous": 1, "year_before": 4}
_MOST_DIGITS = 9
_SHARE_DIGITS = 6


def read_call(reader: Reader, node: ast.Call) -> Node:
    """Any call: over other rows, of this row, or of a shared function."""
    if not isinstance(node.func, ast.Name):
        raise reader.fault("unsupported", node, what=ast.unparse(node)[:40])
    name = node.func.id
    if name in SCANS:
        return read_scan(reader, node, name)
    if name in reader.scope.functions:
        return _shared(reader, node, name)
    if name not in _ROW:
        raise reader.unknown("function", node, name, [*_ROW, *SCANS, *reader.scope.functions])
    if node.keywords:
        raise reader.fault("no_keywords", node, name=name)
    return _ROW[name](reader, node, name)


def _arguments(reader: Reader, node: ast.Call, name: str, least: int, most: int) -> list[ast.expr]:
    if any(isinstance(one, ast.Starred) for one in node.args):
        raise reader.fault("unsupported", node, what="*")
    if not least <= len(node.args) <= most:
        expected = str(least) if least == most else f"{least}+" if most > 9 else f"{least}-{most}"
        raise reader.fault("arguments", node, name=name, expected=expected, given=len(node.args))
    return node.args


def _shared(reader: Reader, node: ast.Call, name: str) -> Node:
    names = reader.scope.functions[name].arguments
    if node.keywords:
        raise reader.fault("no_keywords", node, name=name)
    given = _arguments(reader, node, name, len(names), len(names))
    values = dict(zip(names, (reader.read(one) for one in given), strict=True))
    return reader.inlined(name, values, node)


def _blank(reader: Reader, node: ast.Call, name: str) -> Node:
    (part,) = _arguments(reader, node, name, 1, 1)
    return constant_folding.is_blank(reader.value(part))


def _coalesce(reader: Reader, node: ast.Call, name: str) -> Node:
    parts = [reader.value(one) for one in _arguments(reader, node, name, 1, 99)]
    return constant_folding.first_of(parts, reader.same_type(node, parts))


def _sum(reader: Reader, node: ast.Call, name: str) -> Node:
    parts = [reader.of_type(one, NUMBER) for one in _arguments(reader, node, name, 1, 99)]
    return constant_folding.call_of(name, parts, NUMBER)


def _extreme(reader: Reader, node: ast.Call, name: str) -> Node:
    parts = [reader.of_type(one, NUMBER, DATE) for one in _arguments(reader, node, name, 1, 99)]
    return constant_folding.call_of(name, parts, reader.same_type(node, parts))


def _round(reader: Reader, node: ast.Call, name: str) -> Node:
    number, digits = _arguments(reader, node, name, 2, 2)
    part, places = reader.of_type(number, NUMBER), reader.read(digits)
    if not (isinstance(places, Constant) and isinstance(places.value, int)) or not (
        -_MOST_DIGITS <= places.value <= _MOST_DIGITS
    ):
        raise reader.fault("digits", digits, limit=_MOST_DIGITS)
    return NOTHING if part == NOTHING else Call(name, (part,), NUMBER, digits=places.value)


def _plain(
    kind: Type | tuple[Type, ...], gives: Type, count: int = 1
) -> Callable[[Reader, ast.Call, str], Node]:
    """A function of values of one kind, or of some; blank where one of them is."""
    kinds = kind if isinstance(kind, tuple) else (kind,)

    def read(reader: Reader, node: ast.Call, name: str) -> Node:
        given = _arguments(reader, node, name, count, count)
        parts = tuple(reader.of_type(one, *kinds) for one in given)
        return NOTHING if NOTHING in parts else Call(name, parts, gives)

    return read


def _of_text(reader: Reader, node: ast.Call, name: str) -> Node:
    least, most = {"has_number": (1, 1), "contains": (2, 2)}.get(name, (2, 99))
    given = _arguments(reader, node, name, least, most)
    part = reader.of_type(given[0], TEXT)
    words: list[str] = []
    for one in given[1:]:
        word = reader.read(one)
        if not (isinstance(word, Constant) and isinstance(word.value, str)):
            raise reader.fault("needs_text", one, name=name)
        words.append(word.value)
    return UNKNOWN if part == NOTHING else Call(name, (part,), TRUTH, words=tuple(words))


def _earlier(reader: Reader, node: ast.Call, name: str) -> Node:
    """The same in an earlier quarter; blank where that quarter is not given."""
    (part,) = _arguments(reader, node, name, 1, 1)
    if not reader.scope.quarters:
        raise reader.fault("evaluation_only", node, name=name)
    ago = reader.ago + AGO[name]
    return replace(reader, ago=ago).value(part) if ago in reader.scope.quarters else NOTHING


def _across(reader: Reader, node: ast.Call, name: str) -> Node:
    """Where a number of this row stands among those of all rows."""
    own = reader.of_type(_arguments(reader, node, name, 1, 1)[0], NUMBER)
    if not reader.scope.quarters:
        raise reader.fault("evaluation_only", node, name=name)
    if not isinstance(own, Cell):
        raise reader.fault("needs_column", node.args[0])
    sheet = reader.scope.across

    def scan(function: Literal["total", "count"], order: Literal["", "<=", ">="] = "") -> Node:
        where = (Where(own, order, own),) if order else ()
        return Scan(function, sheet, own, where + reader.narrowed(sheet), NUMBER)

    if name == "rank":
        above = constant_folding.operation("-", scan("count"), scan("count", "<="), NUMBER)
        place = constant_folding.operation("+", above, Constant(1, NUMBER), NUMBER)
        return constant_folding.condition(constant_folding.is_blank(own), NOTHING, place, NUMBER)
    part = own if name == "share" else scan("total", ">=")
    whole = constant_folding.operation("/", part, scan("total"), NUMBER)
    return Call("round", (whole,), NUMBER, digits=_SHARE_DIGITS)


_ROW: Mapping[str, Callable[[Reader, ast.Call, str], Node]] = {
    "blank": _blank,
    "coalesce": _coalesce,
    "sum": _sum,
    "min": _extreme,
    "max": _extreme,
    "round": _round,
    "abs": _plain(NUMBER, NUMBER),
    "year": _plain(DATE, NUMBER),
    "month": _plain(DATE, NUMBER),
    "days": _plain(DATE, NUMBER, 2),
    "working_days": _plain((DATE, NUMBER), NUMBER, 2),
    "has_number": _of_text,
    "starts_with": _of_text,
    "contains": _of_text,
    "previous": _earlier,
    "year_before": _earlier,
    "share": _across,
    "cumulative_share": _across,
    "rank": _across,
    "start": _plain(SPAN, DATE),
    "end": _plain(SPAN, DATE),
}

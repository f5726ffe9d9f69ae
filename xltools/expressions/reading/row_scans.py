"""The functions over other rows: which column of which sheet, and which rows of it count."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Literal, NamedTuple

from xltools.expressions.nodes import (
    DATE,
    NOTHING,
    NUMBER,
    SPAN,
    Cell,
    Comparison,
    Constant,
    Node,
    Scan,
    Type,
    Where,
)
from xltools.expressions.reading import constant_folding
from xltools.expressions.reading.node_reader import Reader
from xltools.expressions.reading.scope import LIBRARY, TEAMS, Columns

Order = Literal["==", "<", "<=", ">", ">="]
_ORDERS: Mapping[str, Order] = {
    "at_least": ">=",
    "at_most": "<=",
    "more_than": ">",
    "less_than": "<",
}


class Shape(NamedTuple):
    """What a function over rows needs: plain arguments, conditions, and types of its column."""

    arguments: int
    conditions: int
    types: tuple[Type, ...]


SCANS: Mapping[str, Shape] = {
    "lookup": Shape(1, 1, ()),
    "total": Shape(1, 0, (NUMBER,)),
    "count": Shape(1, 0, ()),
    "highest": Shape(1, 0, (NUMBER, DATE)),
    "lowest": Shape(1, 0, (NUMBER, DATE)),
    "mean": Shape(1, 0, (NUMBER,)),
    "latest": Shape(2, 0, ()),
}


def read_scan(reader: Reader, node: ast.Call, name: str) -> Node:
    """A call of one of `SCANS`."""
    shape = SCANS[name]
    if len(node.args) != shape.arguments:
        raise reader.fault(
            "arguments", node, name=name, expected=shape.arguments, given=len(node.args)
        )
    if len(node.keywords) < shape.conditions:
        raise reader.fault("needs_condition", node, name=name)
    sheet, columns, column = _column(reader, node.args[0])
    if shape.types and column.type not in shape.types:
        expected = " / ".join(str(one) for one in shape.types)
        raise reader.fault("wrong_type", node.args[0], type=column.type, expected=expected)
    where = tuple(_where(reader, one, columns) for one in node.keywords)
    if any(one.value == NOTHING for one in where):
        return Constant(0, NUMBER) if name == "count" else NOTHING
    where += reader.narrowed(sheet)
    if name == "mean":
        whole = Scan("total", sheet, column, where, NUMBER)
        many = Scan("count", sheet, column, where, NUMBER)
        return constant_folding.operation("/", whole, many, NUMBER)
    kind = NUMBER if name == "count" else column.type
    by = _by(reader, node.args[1], columns) if name == "latest" else None
    return Scan(name, sheet, column, where, kind, by)  # type: ignore[arg-type]


def _column(reader: Reader, node: ast.expr) -> tuple[str, Columns, Cell]:
    scope = reader.scope
    if isinstance(node, ast.Name):
        given = reader.arguments.get(node.id)
        if isinstance(given, Cell):
            return "", scope.columns, given
        columns = scope.sheets[scope.scanned] if scope.scanned else scope.columns
        return scope.scanned, columns, _member(reader, node, node.id, columns)
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        raise reader.fault("needs_column", node)
    sheet = node.value.id
    if sheet not in scope.sheets:
        raise reader.unknown("sheet", node.value, sheet, scope.sheets)
    if reader.ago and sheet not in scope.dated | {LIBRARY, TEAMS}:
        raise reader.fault("not_then", node, name=sheet)
    columns = scope.sheets[sheet]
    column = _member(reader, node, node.attr, columns)
    return ("" if sheet == scope.sheet else sheet), columns, column


def _member(reader: Reader, node: ast.AST, name: str, columns: Columns) -> Cell:
    if name not in columns:
        raise reader.unknown("column", node, name, columns)
    return columns[name]


def _by(reader: Reader, node: ast.expr, columns: Columns) -> Cell:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if not name:
        raise reader.fault("needs_column", node)
    by = _member(reader, node, name, columns)
    if not by.type.numeric:
        expected = f"{NUMBER} / {DATE}"
        raise reader.fault("wrong_type", node, type=by.type, expected=expected)
    return by


def _where(reader: Reader, keyword: ast.keyword, columns: Columns) -> Where:
    if keyword.arg is None:
        raise reader.fault("unsupported", keyword.value, what="**")
    column = _member(reader, keyword, keyword.arg, columns)
    order, value = _ordered(reader, keyword.value)
    if value != NOTHING:
        kind = reader.same_type(keyword.value, (column, value))
        symbol: Comparison = order
        reader.comparable(keyword.value, kind, symbol)
    if column.type is SPAN:
        raise reader.fault("not_comparable", keyword.value, type=SPAN, operator=order)
    return Where(column, order, value)


def _ordered(reader: Reader, node: ast.expr) -> tuple[Order, Node]:
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if not isinstance(node, ast.Call) or called not in _ORDERS:
        return "==", reader.value(node)
    if len(node.args) != 1 or node.keywords:
        raise reader.fault("arguments", node, name=called, expected=1, given=len(node.args))
    return _ORDERS[called], reader.value(node.args[0])

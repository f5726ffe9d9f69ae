"""Functions over other rows: which column, and which rows of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from xltools.draft.formulas.built_syntax import called, constant
from xltools.draft.formulas.row_context import CannotSayError, CopyColumn, CopyTable, Translation
from xltools.draft.formulas.tree_forms import bare, factors, plain_text, shown
from xltools.excel.reading.formula_tree import Binary, Literal, Reference, Tree
from xltools.ground.folding import fold

_ORDERS = {">=": "at_least", "<=": "at_most", ">": "more_than", "<": "less_than"}
_CRITERION = re.compile(r"^(>=|<=|<>|>|<|=)?(.*)$", re.DOTALL)
_INFINITE = 1e300  # below it stands every number, and no text


def _scanned(outer: Translation, table: CopyTable, column: CopyColumn) -> ast.expr:
    if table is outer.context.home:
        return ast.Name(column.name)
    return ast.Attribute(ast.Name(table.name), column.name)


def scan(
    outer: Translation,
    function: str,
    column: tuple[CopyTable, CopyColumn],
    where: Sequence[tuple[CopyColumn, ast.expr]],
) -> ast.expr:
    """A function over the rows whose columns have these values."""
    keywords = [ast.keyword(key.name, value) for key, value in where]
    if len({key.name for key, _ in where}) < len(where):
        raise CannotSayError(function)
    return ast.Call(ast.Name(function), [_scanned(outer, *column)], keywords)


def _conditions(
    outer: Translation, pairs: Sequence[Tree], table: CopyTable
) -> Iterator[tuple[CopyColumn, ast.expr]]:
    """Ranges and criteria by turns, as conditions on one table's rows."""
    if len(pairs) % 2:
        raise CannotSayError("")
    for keys, criterion in zip(pairs[::2], pairs[1::2], strict=True):
        owner, column = outer.context.column(keys)
        if owner is not table:
            raise CannotSayError(shown(keys))
        yield column, _criterion(outer, criterion, column)


def _criterion(outer: Translation, tree: Tree, column: CopyColumn) -> ast.expr:
    """``"是"``, ``C5``, ``">="&C5``, ``">=60"``."""
    match tree:
        case Literal(value=str() as text):
            found = _CRITERION.match(text)
            sign, rest = (found[1] or "", found[2]) if found else ("", text)
            return _ordered(sign, _word(rest, column), text)
        case Binary(operator="&", left=Literal(value=str() as sign), right=right):
            return _ordered(sign, outer.value(right), shown(tree))
    return outer.value(tree)


def _ordered(sign: str, value: ast.expr, said: str) -> ast.expr:
    """A value to be equal to, or that bounds."""
    if sign in _ORDERS:
        return called(_ORDERS[sign], value)
    if sign in ("", "="):
        return value
    raise CannotSayError(said)


def _word(text: str, column: CopyColumn) -> ast.expr:
    """A constant that a column is compared with: one of its choices, a number, a text."""
    if column.list:
        if fold(text) not in column.choices:
            raise CannotSayError(text)
        return choice(column, text)
    try:
        return constant(float(text))
    except ValueError:
        pass
    if any(sign in text for sign in "*?~"):
        raise CannotSayError(text)
    return ast.Constant(text)


def sums(outer: Translation, function: str, column: Tree, where: Sequence[Tree]) -> ast.expr:
    """A total or a count over the rows that fulfil criteria."""
    found = outer.context.column(column)
    return scan(outer, function, found, list(_conditions(outer, where, found[0])))


def looked_up(outer: Translation, key: Tree, keys: Tree, values: Tree) -> ast.expr:
    """What stands in one column where another equals a key."""
    value = outer.context.column(values)
    owner, column = outer.context.column(keys)
    if owner is not value[0]:
        raise CannotSayError(shown(keys))
    return scan(outer, "lookup", value, [(column, outer.value(bare(key)))])


def matching(
    outer: Translation, trees: Sequence[Tree]
) -> tuple[list[Tree], list[tuple[CopyTable, CopyColumn, ast.expr]], list[Tree]]:
    """Factors of SUMPRODUCT or of an array MATCH: summed ranges, conditions, guarded ranges.

    A guard only asks whether there is a number: ``(range<>"")``, ``(range<9E+307)``.
    """
    summed: list[Tree] = []
    conditions: list[tuple[CopyTable, CopyColumn, ast.expr]] = []
    guarded: list[Tree] = []
    for factor in (one for tree in trees for one in factors(tree)):
        match factor:
            case Literal(value=1.0):
                continue
            case Reference():
                summed.append(factor)
            case Binary(operator="<>", left=left, right=Literal(value="")):
                guarded.append(left)
            case Binary(operator="<", left=left, right=Literal(value=float() as most)):
                if most < _INFINITE:
                    raise CannotSayError(shown(factor))
                guarded.append(left)
            case Binary(operator="=" | ">=" | "<=" as sign, left=left, right=right):
                owner, column = outer.context.column(plain_text(left))
                value = _criterion(outer, plain_text(right), column)
                conditions.append((owner, column, _ordered(sign, value, shown(factor))))
            case _:
                raise CannotSayError(shown(factor))
    return summed, conditions, guarded


def matched(
    outer: Translation,
    function: str,
    column: Tree,
    conditions: Sequence[tuple[CopyTable, CopyColumn, ast.expr]],
) -> ast.expr:
    """A scan over the rows that fulfil conditions on the same table."""
    found = outer.context.column(column)
    if any(owner is not found[0] for owner, _, _ in conditions):
        raise CannotSayError(function)
    return scan(outer, function, found, [(key, value) for _, key, value in conditions])


def choice(column: CopyColumn, text: str) -> ast.expr:
    """A choice of the column's list."""
    owner = ast.Attribute(ast.Name("choices"), column.list)
    return ast.Attribute(owner, column.choices[fold(text)])

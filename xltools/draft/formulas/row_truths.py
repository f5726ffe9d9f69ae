"""Comparisons and functions that give a truth."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from xltools.draft.formulas.built_syntax import all_of, any_of, called, negated
from xltools.draft.formulas.row_context import CannotSayError, CopyColumn, Translation
from xltools.draft.formulas.scanned_rows import choice, scan
from xltools.draft.formulas.tree_forms import bare, shown, turned
from xltools.excel.reading.formula_tree import Binary, Called, Literal, Reference, Tree
from xltools.ground.folding import fold

COMPARISONS: Mapping[str, ast.cmpop] = {
    "=": ast.Eq(),
    "<>": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}


def comparison(outer: Translation, tree: Binary) -> ast.expr:
    left, right, sign = bare(tree.left), bare(tree.right), tree.operator
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, sign = right, left, turned(sign)
    if isinstance(right, Literal):
        special = _special(outer, left, right, sign)
        if special is not None:
            return special
    return ast.Compare(outer.value(left), [COMPARISONS[sign]], [outer.value(right)])


def _special(outer: Translation, left: Tree, right: Literal, sign: str) -> ast.expr | None:
    """Comparisons with constants that the language says in its own way."""
    match left, right.value:
        case Reference(), "" | None if sign in ("=", "<>"):
            blank = called("blank", outer.cell(left))
            return blank if sign == "=" else negated(blank)
        case Reference(), str() as text if sign in ("=", "<>"):
            return _equals(outer, left, text, sign)
        case Called(name="LEN", arguments=(inner,)), float() as length:
            blank = called("blank", outer.value(bare(inner)))
            if length == 0 and sign in ("=", ">", "<>"):
                return blank if sign == "=" else negated(blank)
        case Called(name="COUNT" | "COUNTA") as counted, float() as value:
            return _counts_cells(outer, counted, value, sign)
        case Called(name="SIGN", arguments=(inner,)), float() as value:
            return _sign(outer, inner, value, sign)
        case Called(name="LEFT", arguments=(inner, Literal(value=float() as count))), str() as text:
            if count == len(text) and sign in ("=", "<>"):
                begins = called("starts_with", outer.value(inner), ast.Constant(text))
                return begins if sign == "=" else negated(begins)
    return None


def _equals(outer: Translation, tree: Reference, text: str, sign: str) -> ast.expr:
    column = outer.context.own_column(tree.text)
    if column is None:
        raise CannotSayError(tree.text)
    if column.list and fold(text) not in column.choices:
        return ast.Constant(sign == "<>")
    word = choice(column, text) if column.list else ast.Constant(text)
    return ast.Compare(ast.Name(column.name), [COMPARISONS[sign]], [word])


def _counts_cells(outer: Translation, tree: Called, value: float, sign: str) -> ast.expr | None:
    """``COUNT(B5,C5)=2`` asks for both, ``COUNT(B5)=0`` for none; None for a tall range."""
    cells: list[CopyColumn] = []
    for argument in tree.arguments:
        here = outer.context.own_cells(argument.text) if isinstance(argument, Reference) else []
        if not here:
            return None
        cells += here
    blank = [called("blank", ast.Name(cell.name)) for cell in cells]
    if (sign, value) in (("=", len(cells)), (">=", len(cells))):
        return all_of([negated(one) for one in blank])
    if (sign, value) in (("=", 0), ("<", 1)):
        return all_of(blank)
    if (sign, value) in ((">", 0), (">=", 1), ("<>", 0)):
        return any_of([negated(one) for one in blank])
    raise CannotSayError(shown(tree))


def _sign(outer: Translation, inner: Tree, value: float, sign: str) -> ast.expr | None:
    if value not in (-1, 0, 1):
        return None
    over: ast.cmpop = ast.Gt() if value == 1 else ast.Lt()
    if value and sign != "=":
        return None
    comparison = COMPARISONS[sign] if value == 0 else over
    return ast.Compare(outer.value(inner), [comparison], [ast.Constant(0)])


def _negated(outer: Translation, tree: Called) -> ast.expr:
    (inner,) = tree.arguments
    return negated(outer.truth(inner))


def _is_blank(outer: Translation, tree: Called) -> ast.expr:
    (inner,) = tree.arguments
    return called("blank", outer.value(bare(inner)))


def _is_there(outer: Translation, tree: Called) -> ast.expr:
    """ISNUMBER and ISTEXT: of a found place, of a part of a text, of a cell of that kind."""
    (inner,) = tree.arguments
    match inner:
        case Called(name="MATCH", arguments=(key, keys, *_)):
            owner, column = outer.context.column(keys)
            count = scan(outer, "count", (owner, column), [(column, outer.value(bare(key)))])
            return ast.Compare(count, [ast.GtE()], [ast.Constant(1)])
        case Called(name="SEARCH" | "FIND", arguments=(Literal(value=str() as text), where)):
            return called("contains", outer.value(where), ast.Constant(text))
        case Reference() if outer.context.guards(inner.text):
            return ast.Constant(True)
        case Reference():
            return negated(called("blank", outer.cell(inner)))
    raise CannotSayError(shown(tree))


def _is_error(outer: Translation, tree: Called) -> ast.expr:
    (inner,) = tree.arguments
    return negated(_is_there(outer, Called("ISNUMBER", (inner,))))


def _if_truth(outer: Translation, tree: Called) -> ast.expr:
    test, then, *otherwise = tree.arguments
    branch = outer.truth(otherwise[0]) if otherwise else ast.Constant(False)
    return ast.IfExp(outer.truth(test), outer.truth(then), branch)


TRUTHS: Mapping[str, Callable[[Translation, Called], ast.expr]] = {
    "AND": lambda outer, tree: all_of([outer.truth(one) for one in tree.arguments]),
    "OR": lambda outer, tree: any_of([outer.truth(one) for one in tree.arguments]),
    "NOT": _negated,
    "ISBLANK": _is_blank,
    "ISNUMBER": _is_there,
    "ISTEXT": _is_there,
    "ISERROR": _is_error,
    "ISNA": _is_error,
    "IF": _if_truth,
    "TRUE": lambda _made, _tree: ast.Constant(True),
    "FALSE": lambda _made, _tree: ast.Constant(False),
}

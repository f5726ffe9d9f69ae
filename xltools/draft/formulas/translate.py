"""One formula → the expression that says it; CannotSayError where the language has no word."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

import msgspec

from xltools.draft.formulas.built_syntax import any_of, called, constant, negated
from xltools.draft.formulas.row_context import CannotSayError, RowContext
from xltools.draft.formulas.row_truths import COMPARISONS, TRUTHS, comparison
from xltools.draft.formulas.row_values import VALUES
from xltools.draft.formulas.tree_forms import shown
from xltools.excel.reading.formula_tree import (
    Binary,
    Called,
    FormulaError,
    Literal,
    Negative,
    Reference,
    Tree,
    tree_of,
)

_PARAMETER = "p_"  # begins the names of parameters in this program's own forms
_ARITHMETIC: Mapping[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
}


class Translator(msgspec.Struct, frozen=True):
    """One formula in its row; ``value`` and ``truth`` are what the language tells apart."""

    context: RowContext

    def value(self, tree: Tree) -> ast.expr:
        match tree:
            case Literal():
                return constant(tree.value)
            case Reference():
                return self.cell(tree)
            case Negative():
                return ast.UnaryOp(ast.USub(), self.value(tree.part))
            case Binary() if tree.operator in _ARITHMETIC:
                left, right = self.value(tree.left), self.value(tree.right)
                return ast.BinOp(left, _ARITHMETIC[tree.operator], right)
            case Called():
                translate = VALUES.get(tree.name)
                if translate is not None:
                    return translate(self, tree)
        raise CannotSayError(shown(tree))

    def cell(self, tree: Reference) -> ast.expr:
        """This row's cell of an own column, or a parameter as this program's forms name them."""
        if tree.text.removeprefix(_PARAMETER) in self.context.parameters:
            return ast.Attribute(ast.Name("parameters"), tree.text.removeprefix(_PARAMETER))
        column = self.context.own_column(tree.text)
        if column is None:
            raise CannotSayError(tree.text)
        return ast.Name(column.name)

    def truth(self, tree: Tree) -> ast.expr:
        match tree:
            case Literal(value=bool() as value):
                return ast.Constant(value)
            case Binary() if tree.operator in COMPARISONS:
                return comparison(self, tree)
            case Called():
                translate = TRUTHS.get(tree.name)
                if translate is not None:
                    return translate(self, tree)
        raise CannotSayError(shown(tree))


def computed(formula: str, context: RowContext) -> str:
    """The expression that gives what the formula gives; raises CannotSayError."""
    return _said(formula, lambda tree: Translator(context).value(tree))


def allowed(formula: str, context: RowContext) -> str:
    """The expression that holds where a custom check lets a value stand; "" where none is needed.

    Excel checks nothing that is left blank.
    """
    name = context.home.columns[context.own].name

    def rule(tree: Tree) -> ast.expr:
        return any_of([called("blank", ast.Name(name)), Translator(context).truth(tree)])

    said = _said(formula, rule)
    return "" if said == "True" else said


def offered_if(formula: str, context: RowContext) -> str:
    """The expression under which ``IF(condition, list, "")`` offers anything."""
    name = context.home.columns[context.own].name

    def rule(tree: Tree) -> ast.expr:
        if not isinstance(tree, Called):
            raise CannotSayError(formula)
        condition = Translator(context).truth(tree.arguments[0])
        return any_of([called("blank", ast.Name(name)), condition])

    return _said(formula, rule)


def faultless(formula: str, context: RowContext) -> str:
    """The expression that holds where a conditional format does not paint a row."""
    return _said(formula, lambda tree: negated(Translator(context).truth(tree)))


def _said(formula: str, make: Callable[[Tree], ast.expr]) -> str:
    try:
        return ast.unparse(make(tree_of(formula)))
    except (FormulaError, ValueError, RecursionError) as fault:  # also of too many arguments
        raise CannotSayError(formula) from fault

"""Expressions as Python's syntax trees, since the language is written in it.

`ast.unparse` then puts the brackets where they belong.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

NONE = ast.Constant(None)


def constant(value: float | str | bool | None) -> ast.expr:
    if value is None or value == "":
        return NONE
    if isinstance(value, float) and value.is_integer():
        return ast.Constant(int(value))
    return ast.Constant(value)


def called(name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name), list(arguments), [])


def negated(truth: ast.expr) -> ast.expr:
    if isinstance(truth, ast.UnaryOp) and isinstance(truth.op, ast.Not):
        return truth.operand
    return ast.UnaryOp(ast.Not(), truth)


def any_of(parts: Sequence[ast.expr]) -> ast.expr:
    flat: list[ast.expr] = []
    for one in parts:
        flat += one.values if isinstance(one, ast.BoolOp) and isinstance(one.op, ast.Or) else [one]
    different = {ast.unparse(one): one for one in flat if not is_truth(one, False)}
    if any(is_truth(one, True) for one in different.values()):
        return ast.Constant(True)
    rest = list(different.values())
    return ast.BoolOp(ast.Or(), rest) if len(rest) > 1 else rest[0] if rest else ast.Constant(False)


def is_truth(node: ast.expr, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def all_of(parts: Sequence[ast.expr]) -> ast.expr:
    parts = [one for one in parts if not is_truth(one, True)]
    if any(is_truth(one, False) for one in parts):
        return ast.Constant(False)
    if len(parts) > 1:
        return ast.BoolOp(ast.And(), parts)
    return parts[0] if parts else ast.Constant(True)


def condition(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """``then if test else otherwise``; a test for blanks goes that only saves from an error."""
    test = _unguarded(test)
    turned = _is_none(then) and not _is_none(otherwise)
    value, rest, holds = (otherwise, then, negated(test)) if turned else (then, otherwise, test)
    if _is_none(rest) and all(_is_needless(part, value) for part in _parts(holds)):
        return value
    return ast.IfExp(test, then, otherwise)


def _unguarded(test: ast.expr) -> ast.expr:
    """``a < b if not blank(a) else False`` as a test is ``a < b``, which is unknown then."""
    match test:
        case ast.IfExp(body=ast.Compare() as body, orelse=ast.Constant(value=False)):
            needed = _needed(body.left).union(*map(_needed, body.comparators))
            if all(_blank_of(part) in needed for part in _parts(test.test)):
                return body
    return test


def _blank_of(part: ast.expr) -> str:
    """What must not be blank, where a part says so."""
    match part:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="blank"), args=[inner])):
            return ast.unparse(inner)
    return ""


def _parts(test: ast.expr) -> list[ast.expr]:
    """The parts that must all hold."""
    match test:
        case ast.BoolOp(op=ast.And()):
            return [inner for part in test.values for inner in _parts(part)]
        case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.Or()) as either):
            return [inner for part in either.values for inner in _parts(negated(part))]
    return [test]


def _is_needless(part: ast.expr, value: ast.expr) -> bool:
    """Whether a value is blank by itself where this part of a test does not hold."""
    match part:
        case _ if _blank_of(part):
            return _blank_of(part) in _needed(value)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="count")) as counted,
            ops=[ast.Gt()],
            comparators=[ast.Constant(value=0)],
        ):
            total = ast.unparse(ast.Call(ast.Name("total"), counted.args, counted.keywords))
            return total in _needed(value)
    return False


def _needed(value: ast.expr) -> set[str]:
    """What must not be blank lest the value is: operands, keys of a look-up."""
    found = {ast.unparse(value)}
    match value:
        case ast.BinOp():
            return found | _needed(value.left) | _needed(value.right)
        case ast.UnaryOp():
            return found | _needed(value.operand)
        case ast.Call(func=ast.Name(id="round" | "abs" | "year" | "month")):
            return found | _needed(value.args[0])
        case ast.Call(func=ast.Name(id="days")):
            return found | _needed(value.args[0]) | _needed(value.args[1])
        case ast.Call(func=ast.Name(id="lookup" | "total")):
            keys = (_needed(one.value) for one in value.keywords)
            return found.union(*keys)
        case ast.Call(func=ast.Name(id="at_least" | "at_most" | "more_than" | "less_than")):
            return found | _needed(value.args[0])
    return found


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None

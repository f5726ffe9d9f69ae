"""What the source says: its text constants, and the patterns of texts that it puts together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

import xltools

SOURCE = Path(xltools.__file__).parent


class Text(NamedTuple):
    """One text constant, and where it stands."""

    file: str
    line: int
    said: str


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package by its path in it, and what the desk's pages call."""
    modules = {file: ast.parse(file.read_text("utf-8")) for file in sorted(SOURCE.rglob("*.py"))}
    pages = {file: _calls_of(file.read_text("utf-8")) for file in sorted(SOURCE.rglob("*.html"))}
    return {file.relative_to(SOURCE).as_posix(): tree for file, tree in (modules | pages).items()}


def _calls_of(page: str) -> ast.Module:
    """The calls of a page's template, as Python would write them."""
    found = Environment().parse(page).find_all(nodes.Call)
    tree = ast.Module([ast.Expr(_in_python(call)) for call in found], [])
    return ast.fix_missing_locations(tree)


def _in_python(node: nodes.Node) -> ast.expr:
    match node:
        case nodes.Const():
            return ast.Constant(node.value)
        case nodes.Concat():
            pieces = [_in_python(piece) for piece in node.nodes]
            return ast.JoinedStr(
                [
                    piece if isinstance(piece, ast.Constant) else ast.FormattedValue(piece, -1)
                    for piece in pieces
                ]
            )
        case nodes.CondExpr(expr2=nodes.Node() as otherwise):
            test, body = _in_python(node.test), _in_python(node.expr1)
            return ast.IfExp(test, body, _in_python(otherwise))
        case nodes.Call():
            given = [ast.keyword(one.key, _in_python(one.value)) for one in node.kwargs]
            return ast.Call(_in_python(node.node), [*map(_in_python, node.args)], given)
        case nodes.Name():
            return ast.Name(node.name)
        case nodes.Getattr():
            return ast.Attribute(_in_python(node.node), node.attr)
    return ast.Name("something")


def _docstrings(tree: ast.AST) -> set[int]:
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, homes) and node.body and isinstance(node.body[0], ast.Expr)
    }


@cache
def constants() -> tuple[Text, ...]:
    """Every text constant that is no docstring; pieces of f-strings, too."""
    return tuple(text for file, tree in trees().items() for text in _constants(file, tree))


def _constants(file: str, tree: ast.Module) -> Iterator[Text]:
    left_out = _docstrings(tree)
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in left_out:
            yield Text(file, node.lineno, text)


class Pattern(NamedTuple):
    """A text put together in one room; every gap is a group."""

    room: str
    text: re.Pattern[str]


@cache
def patterns() -> tuple[Pattern, ...]:
    """Texts put together: ``f"cause.{name}"`` and ``"cause." + name`` match what they may give."""
    found = set()
    for file, tree in trees().items():
        for node in ast.walk(tree):
            pieces = list(_pieces(node))
            if any(len(re.sub(r"[^a-z]", "", piece)) > 1 for piece in pieces):
                found.add((_room(file), "".join(re.escape(piece) or "(.+)" for piece in pieces)))
    return tuple(Pattern(room, re.compile(text)) for room, text in sorted(found))


@cache
def words(room: str) -> frozenset[str]:
    """Every text constant, name and attribute of one room: what may fill a gap there."""
    found = {text.said for text in constants() if _room(text.file) == room}
    for file, tree in trees().items():
        if _room(file) == room:
            for node in ast.walk(tree):
                found |= {getattr(node, name, "") for name in ("id", "attr", "arg", "name")}
    return frozenset(word for word in found if isinstance(word, str))


def _room(file: str) -> str:
    return file.partition("/")[0].removesuffix(".py")


def _pieces(node: ast.AST) -> Iterator[str]:
    """The known pieces of a joined text, an empty one for what is not known."""
    if isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield str(value.value) if isinstance(value, ast.Constant) else ""
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            yield from (node.left.value, "")
        elif isinstance(node.right, ast.Constant) and isinstance(node.right.value, str):
            yield from ("", node.right.value)


def calls(*names: str) -> Iterator[tuple[Text, ast.Call]]:
    """Every call of a function or method of these names whose first argument is a constant text."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            first = node.args[0]
            if name in names and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Text(file, node.lineno, first.value), node

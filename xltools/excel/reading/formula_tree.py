"""A formula as a tree. openpyxl splits it into tokens; what belongs to what is found here.

openpyxl is needed anyway and its tokens know quoted sheets, structured references and array
constants; libraries that build trees (formulas, pycel) bring numpy graphs that compute, which
nobody asks for here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

_POWERS = {
    "=": 1,
    "<>": 1,
    "<": 1,
    "<=": 1,
    ">": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
}
_DEEPEST = 60
# [.A1], [.A1:.B9] and [$'A sheet'.A1], as an .ods writes references
_OPEN_DOCUMENT = re.compile(
    r"\[\$?('(?:[^']|'')*'|\w*)\.(\$?[A-Z]+\$?\d+)(?::\.(\$?[A-Z]+\$?\d+))?\]"
)


class Literal(msgspec.Struct, frozen=True):
    """A number, a text, a truth; None for an argument that was left out."""

    value: float | str | bool | None


class Reference(msgspec.Struct, frozen=True):
    """A cell, a range or a name, as written."""

    text: str


class Called(msgspec.Struct, frozen=True):
    """A function with its arguments; its name in capitals, without Excel's prefixes.

    ``A1:INDEX(…)`` is called ``A1:INDEX``.
    """

    name: str
    arguments: tuple[Tree, ...]


class Binary(msgspec.Struct, frozen=True):
    """Two sides and what stands between them."""

    operator: str
    left: Tree
    right: Tree


class Negative(msgspec.Struct, frozen=True):
    """A minus in front."""

    part: Tree


Tree = Literal | Reference | Called | Binary | Negative


class FormulaError(ValueError):
    """No tree can be made of a formula."""


def tree_of(formula: str) -> Tree:
    """The tree of a formula, with or without its ``=``; raises FormulaError."""
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import TokenizerError

    text = formula.strip().removeprefix("of:").removeprefix("=")
    if _OPEN_DOCUMENT.search(text):
        text = _OPEN_DOCUMENT.sub(_as_excel_writes_it, text).replace(";", ",")
    try:
        tokens = Tokenizer("=" + text).items
    except (TokenizerError, IndexError, ValueError) as fault:
        raise FormulaError(formula) from fault
    parser = _Parser([(t.type, t.subtype, t.value) for t in tokens if t.type != "WHITE-SPACE"])
    tree = parser.expression(0)
    if parser.at < len(parser.tokens):
        raise FormulaError(formula)
    return tree


def _as_excel_writes_it(found: re.Match[str]) -> str:
    sheet = f"{found[1]}!" if found[1] else ""
    return f"{sheet}{found[2]}:{found[3]}" if found[3] else sheet + found[2]


Token = tuple[str, str, str]
_END: Token = ("", "", "")


class _Parser:
    """Precedence climbing over openpyxl's tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def expression(self, least: int) -> Tree:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FormulaError
        left = self.operand()
        while True:
            kind, _, sign = self.peek()
            if kind == "OPERATOR-POSTFIX":
                self.take()
                left = Binary("/", left, Literal(100.0))
            elif kind == "OPERATOR-INFIX" and _POWERS.get(sign, 0) > least:
                self.take()
                left = Binary(sign, left, self.expression(_POWERS[sign]))
            else:
                break
        self.depth -= 1
        return left

    def operand(self) -> Tree:
        kind, subtype, value = self.take()
        if kind == "OPERATOR-PREFIX":
            part = self.expression(_POWERS["^"])
            return Negative(part) if value == "-" else part
        if kind == "PAREN" and subtype == "OPEN":
            inner = self.expression(0)
            self.close("PAREN")
            return inner
        if kind == "FUNC" and subtype == "OPEN":
            return self.called(value)
        if kind == "OPERAND":
            return _OPERANDS.get(subtype, _unknown)(value)
        raise FormulaError(value)

    def called(self, opening: str) -> Tree:
        start, colon, name = opening.rstrip("(").rpartition(":")
        name = start + colon + name.upper().replace("_XLFN.", "").replace("_XLWS.", "")
        arguments: list[Tree] = []
        if self.peek()[:2] == ("FUNC", "CLOSE"):
            self.take()
            return Called(name, ())
        while True:
            empty = self.peek()[0] == "SEP" or self.peek()[:2] == ("FUNC", "CLOSE")
            arguments.append(Literal(None) if empty else self.expression(0))
            kind, subtype, _ = self.take()
            if (kind, subtype) == ("FUNC", "CLOSE"):
                return Called(name, tuple(arguments))
            if (kind, subtype) != ("SEP", "ARG"):
                raise FormulaError(opening)

    def close(self, kind: str) -> None:
        if self.take()[:2] != (kind, "CLOSE"):
            raise FormulaError


def _number(text: str) -> Tree:
    return Literal(float(text))


def _text(text: str) -> Tree:
    return Literal(text[1:-1].replace('""', '"'))


def _truth(text: str) -> Tree:
    return Literal(text.upper() == "TRUE")


def _unknown(text: str) -> Tree:
    raise FormulaError(text)


_OPERANDS: dict[str, Callable[[str], Tree]] = {
    "NUMBER": _number,
    "TEXT": _text,
    "LOGICAL": _truth,
    "RANGE": Reference,
}

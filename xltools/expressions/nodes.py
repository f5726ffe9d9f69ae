"""An expression as a typed tree: names resolved, shared functions inlined, constants folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*", "/"]


class Type(msgspec.Struct, frozen=True):
    """What an expression gives; ``list`` names the list of a choice, with its owner."""

    name: Literal["number", "date", "text", "choice", "span", "truth", "blank"]
    list: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers inside (dates are days)."""
        return self.name in ("number", "date")

    def __str__(self) -> str:
        return f"{self.name} ({self.list.partition('.')[2]})" if self.list else self.name


NUMBER = Type("number")
DATE = Type("date")
TEXT = Type("text")
SPAN = Type("span")
TRUTH = Type("truth")
BLANK = Type("blank")


class Constant(msgspec.Struct, frozen=True):
    """A constant; None is the blank among values and the unknown among truths."""

    value: float | str | bool | None
    type: Type


class Cell(msgspec.Struct, frozen=True):
    """This row's cell of an own column; ``typed`` where people type it, so that it is exact.

    ``filled`` columns are blank in no row; ``counting`` ones hold 1, 2, 3… from the first row on.
    """

    column: str
    type: Type
    typed: bool
    filled: bool = False
    counting: bool = False


class ChoiceName(msgspec.Struct, frozen=True):
    """One choice of a list: its name in tables, its label in a workbook."""

    list: str
    choice: str
    type: Type


class Parameter(msgspec.Struct, frozen=True):
    """A parameter of the settings."""

    name: str
    type: Type


class Operation(msgspec.Struct, frozen=True):
    """Arithmetic of two numbers; blank where either is blank, or the divisor 0."""

    operator: Arithmetic
    left: Node
    right: Node
    type: Type


class Compare(msgspec.Struct, frozen=True):
    """One comparison; unknown where either side is blank."""

    operator: Comparison
    left: Node
    right: Node
    type: Type = TRUTH


class Junction(msgspec.Struct, frozen=True):
    """``and`` or ``or`` of several truths, after Kleene."""

    operator: Literal["and", "or"]
    parts: tuple[Node, ...]
    type: Type = TRUTH


class Negation(msgspec.Struct, frozen=True):
    """``not``."""

    part: Node
    type: Type = TRUTH


class Condition(msgspec.Struct, frozen=True):
    """``then if test else otherwise``; an unknown test takes the else branch."""

    test: Node
    then: Node
    otherwise: Node
    type: Type


class Call(msgspec.Struct, frozen=True):
    """A function of this row's values."""

    function: str
    parts: tuple[Node, ...]
    type: Type
    words: tuple[str, ...] = ()
    digits: int = 0


class Where(msgspec.Struct, frozen=True):
    """One condition on the scanned rows: their column against a value of this row."""

    column: Cell
    operator: Literal["==", "<", "<=", ">", ">="]
    value: Node


class Scan(msgspec.Struct, frozen=True):
    """A function over the rows of a sheet ("" is the own one) that fulfil every condition."""

    function: Literal["lookup", "total", "count", "highest", "lowest", "latest"]
    sheet: str
    column: Cell
    where: tuple[Where, ...]
    type: Type
    by: Cell | None = None


Node = (
    Constant
    | Cell
    | ChoiceName
    | Parameter
    | Operation
    | Compare
    | Junction
    | Negation
    | Condition
    | Call
    | Scan
)

NOTHING = Constant(None, BLANK)
UNKNOWN = Constant(None, TRUTH)
TRUE = Constant(True, TRUTH)
FALSE = Constant(False, TRUTH)

COMPARED_DIGITS = 9
"""To which numbers are rounded before they are compared, where they are not `exact`."""


def parts_of(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node that are evaluated in this row."""
    match node:
        case Operation() | Compare():
            return node.left, node.right
        case Junction() | Call():
            return node.parts
        case Negation():
            return (node.part,)
        case Condition():
            return node.test, node.then, node.otherwise
        case Scan():
            return tuple(one.value for one in node.where)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and everything under it."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def filled(node: Node) -> bool:
    """Whether a value is blank in no row."""
    match node:
        case Constant():
            return node.value is not None
        case Cell():
            return node.filled
        case Condition():
            return filled(node.then) and filled(node.otherwise)
        case Call():
            some = node.function in ("coalesce", "sum", "min", "max")
            return (any if some else all)(map(filled, node.parts))
        case Operation():
            return node.operator != "/" and filled(node.left) and filled(node.right)
        case Scan():
            return node.function == "count"
        case _:
            return isinstance(node, ChoiceName | Parameter)


def whole(node: Node) -> bool:
    """Whether a value is sure to be a whole number."""
    match node:
        case Constant():
            return isinstance(node.value, int) or node == NOTHING
        case Condition():
            return whole(node.then) and whole(node.otherwise)
        case Operation():
            return node.operator != "/" and whole(node.left) and whole(node.right)
        case Cell():
            return node.counting
        case _:
            return isinstance(node, Scan) and node.function == "count"


def exact(node: Node) -> bool:
    """Whether both back ends see the very same number, so that it may be compared unrounded."""
    match node:
        case Constant() | Parameter():
            return True
        case Cell():
            return node.typed
        case Condition():
            return exact(node.then) and exact(node.otherwise)
        case Call():
            if node.function in ("round", "year", "month", "days", "working_days"):
                return True
            kept = node.function in ("coalesce", "min", "max", "abs")
            return kept and all(exact(part) for part in node.parts)
        case Scan():
            return node.function == "count" or (node.function != "total" and node.column.typed)
        case _:
            return node.type is DATE

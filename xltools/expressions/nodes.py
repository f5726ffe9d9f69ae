"""An expression as a typed tree: names resolved, shared functions inlined, constants folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Type:
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


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant; None is the blank among values and the unknown among truths."""

    value: float | str | bool | None
    type: Type


@dataclass(frozen=True, slots=True)
class Cell:
    """This row's cell of an own column; ``typed`` where people type it, so that it is exact."""

    column: str
    type: Type
    typed: bool


@dataclass(frozen=True, slots=True)
class ChoiceName:
    """One choice of a list: its name in tables, its label in a workbook."""

    list: str
    choice: str
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the settings."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic of two numbers; blank where either is blank, or the divisor 0."""

    operator: Arithmetic
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; unknown where either side is blank."""

    operator: Comparison
    left: Node
    right: Node
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Junction:
    """``and`` or ``or`` of several truths, after Kleene."""

    operator: Literal["and", "or"]
    parts: tuple[Node, ...]
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Negation:
    """``not``."""

    part: Node
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Condition:
    """``then if test else otherwise``; an unknown test takes the else branch."""

    test: Node
    then: Node
    otherwise: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function of this row's values."""

    function: str
    parts: tuple[Node, ...]
    type: Type
    words: tuple[str, ...] = ()
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Where:
    """One condition on the scanned rows: their column against a value of this row."""

    column: Cell
    operator: Literal["==", "<=", ">="]
    value: Node


@dataclass(frozen=True, slots=True)
class Scan:
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
            if node.function in ("round", "year", "month", "days"):
                return True
            kept = node.function in ("coalesce", "min", "max", "abs")
            return kept and all(exact(part) for part in node.parts)
        case Scan():
            return node.function == "count" or (node.function != "total" and node.column.typed)
        case _:
            return node.type is DATE

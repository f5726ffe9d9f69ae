"""Nodes made from their parts, with whatever is constant already decided.

Inlined functions bring many blanks and constant tests; deciding them here keeps formulas short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from xltools.expressions.nodes import (
    FALSE,
    NOTHING,
    NUMBER,
    TRUE,
    TRUTH,
    UNKNOWN,
    Arithmetic,
    Call,
    ChoiceName,
    Compare,
    Comparison,
    Condition,
    Constant,
    Junction,
    Negation,
    Node,
    Operation,
    Type,
)


def operation(operator: Arithmetic, left: Node, right: Node, kind: Type) -> Node:
    """Arithmetic; blank where a part is."""
    if NOTHING in (left, right):
        return NOTHING
    return Operation(operator, left, right, kind)


def negative(part: Node) -> Node:
    """The negative of a number."""
    if isinstance(part, Constant) and isinstance(part.value, int | float):
        return Constant(-part.value, NUMBER)
    return operation("-", Constant(0, NUMBER), part, NUMBER)


def compare(operator: Comparison, left: Node, right: Node) -> Node:
    """A comparison; unknown where a side is blank, known where both are constant."""
    if NOTHING in (left, right):
        return UNKNOWN
    if isinstance(left, ChoiceName) and isinstance(right, ChoiceName):
        return TRUE if (left == right) is (operator == "==") else FALSE
    if isinstance(left, Constant) and isinstance(right, Constant) and operator == "==":
        return TRUE if left.value == right.value else FALSE
    return Compare(operator, left, right)


def junction(operator: Literal["and", "or"], parts: Sequence[Node]) -> Node:
    """``and`` or ``or`` of truths."""
    neutral, decided = (TRUE, FALSE) if operator == "and" else (FALSE, TRUE)
    kept = tuple(part for part in parts if part != neutral)
    if decided in kept:
        return decided
    if len(kept) > 1:
        return Junction(operator, kept)
    return kept[0] if kept else neutral


def negation(part: Node) -> Node:
    """``not`` of a truth."""
    if isinstance(part, Constant):
        return part if part.value is None else FALSE if part.value else TRUE
    return part.part if isinstance(part, Negation) else Negation(part)


def condition(test: Node, then: Node, otherwise: Node, kind: Type) -> Node:
    """One of two parts, already chosen where the test is constant."""
    if isinstance(test, Constant):
        return then if test.value else otherwise
    return then if then == otherwise else Condition(test, then, otherwise, kind)


def first_of(parts: Sequence[Node], kind: Type) -> Node:
    """``coalesce``: nothing counts behind a part that is never blank."""
    kept: list[Node] = []
    for part in parts:
        if part == NOTHING:
            continue
        kept.append(part)
        if never_blank(part):
            break
    return call_of("coalesce", kept, kind)


def call_of(function: str, parts: Sequence[Node], kind: Type) -> Node:
    """``coalesce``, ``sum``, ``min`` or ``max`` of the parts that are not blank for ever."""
    kept = tuple(part for part in parts if part != NOTHING)
    if len(kept) > 1:
        return Call(function, kept, kind)
    return kept[0] if kept else NOTHING


def is_blank(part: Node) -> Node:
    """``blank(x)``."""
    if part == NOTHING:
        return TRUE
    return FALSE if never_blank(part) else Call("blank", (part,), TRUTH)


def never_blank(node: Node) -> bool:
    """Whether a value stands there whatever was typed."""
    if isinstance(node, Constant):
        return node.value is not None
    if isinstance(node, Condition):
        return never_blank(node.then) and never_blank(node.otherwise)
    if isinstance(node, Call):
        return node.function == "coalesce" and any(never_blank(part) for part in node.parts)
    return isinstance(node, ChoiceName)

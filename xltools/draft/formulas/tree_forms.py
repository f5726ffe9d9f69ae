"""What formulas add that makes no difference here: case, spaces, texts made of cells."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.excel.reading.formula_tree import Binary, Called, Literal, Negative, Reference, Tree


def bare(tree: Tree) -> Tree:
    """Without what makes no difference to equality here: case, and spaces in or around a text."""
    while isinstance(tree, Called):
        match tree:
            case Called(name="TRIM" | "UPPER" | "LOWER" | "CLEAN", arguments=(inner,)):
                tree = inner
            case Called(name="SUBSTITUTE", arguments=(inner, Literal(value=str() as gone), _)):
                if gone.strip():
                    break
                tree = inner
            case _:
                break
    return plain_text(tree)


def plain_text(tree: Tree) -> Tree:
    """``A1&""`` is A1 as a text."""
    match tree:
        case Binary(operator="&", left=inner, right=Literal(value="")):
            return inner
    return tree


def factors(tree: Tree) -> Iterator[Tree]:
    """What a product multiplies; a double minus makes numbers of truths."""
    match tree:
        case Binary(operator="*"):
            yield from factors(tree.left)
            yield from factors(tree.right)
        case Negative(part=Negative(part=inner)):
            yield from factors(inner)
        case _:
            yield tree


def turned(sign: str) -> str:
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)


def shown(tree: Tree) -> str:
    match tree:
        case Called():
            return tree.name
        case Reference():
            return tree.text
        case Binary():
            return tree.operator
    return str(getattr(tree, "value", ""))

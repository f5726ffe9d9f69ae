"""`parse`: a text in its scope becomes an `Expression` that every back end understands."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xltools.expressions.faults import ExpressionError
from xltools.expressions.nodes import (
    COMPARED_DIGITS,
    NUMBER,
    Call,
    Cell,
    Constant,
    Node,
    Operation,
    Parameter,
    Scan,
    Type,
    Where,
    exact,
    walk,
    whole,
)
from xltools.expressions.reading.functions import read_call
from xltools.expressions.reading.node_reader import Reader
from xltools.expressions.reading.scope import CARRYING, QUARTERS_AGO, Scope


class Expression(msgspec.Struct, frozen=True):
    """One expression, understood: what it gives and what it reads.

    ``cells`` are (sheet, column), the own sheet being ""; ``excel_able`` is false where a function
    or parameter has no formula in the workbooks that teams fill in.
    """

    text: str
    tree: Node
    cells: frozenset[tuple[str, Cell]]
    parameters: frozenset[str]
    excel_able: bool

    @property
    def type(self) -> Type:
        """What it gives."""
        return self.tree.type

    @property
    def rounded(self) -> Expression:
        """The same; a computed number so rounded that whatever compares it sees one number."""
        if self.type is not NUMBER or exact(self.tree) or whole(self.tree):
            return self
        tree = Call("round", (self.tree,), NUMBER, digits=COMPARED_DIGITS)
        return msgspec.structs.replace(self, tree=tree)

    @property
    def earlier_columns(self) -> frozenset[tuple[str, str]]:
        """The columns, by sheet, of which it reads other quarters than this one."""
        return frozenset(
            (sheet, cell.column)
            for scan in walk(self.tree)
            if isinstance(scan, Scan)
            for one in scan.where
            if one.column == QUARTERS_AGO and _goes_back(one.value)
            for sheet, cell in _cells(scan)
        )

    @property
    def references(self) -> frozenset[tuple[str, str]]:
        """The (sheet, name) of every column that it reads, the own sheet being ""."""
        return frozenset((sheet, cell.column) for sheet, cell in self.cells)

    @property
    def columns(self) -> frozenset[str]:
        """The own columns that it reads, in this row or in others."""
        return frozenset(column for sheet, column in self.references if not sheet)

    @property
    def sheets(self) -> frozenset[str]:
        """The other sheets that it reads."""
        return frozenset(sheet for sheet, _ in self.references if sheet)


def parse(
    text: str, scope: Scope, *, ago: int = 0, narrow: Sequence[tuple[str, Where]] = ()
) -> Expression:
    """Understand a text, or raise an `ExpressionError` that names the place and a way out.

    In the evaluation it may be read ``ago`` quarters back, and on rows that ``narrow`` asks for.
    """
    try:
        tree = Reader(text, scope, read_call, ago=ago, narrow=tuple(narrow)).whole()
    except RecursionError as error:
        raise ExpressionError("expressions.too_deep", text) from error
    nodes = list(walk(tree))
    parameters = frozenset(node.name for node in nodes if isinstance(node, Parameter))
    return Expression(
        text=text,
        tree=tree,
        cells=frozenset(pair for node in nodes for pair in _cells(node)),
        parameters=parameters,
        excel_able=not (parameters & CARRYING.keys() or any(map(_has_no_formula, nodes))),
    )


def _goes_back(node: Node) -> bool:
    return isinstance(node, Operation) or (isinstance(node, Constant) and node.value != 0)


def _has_no_formula(node: Node) -> bool:
    return isinstance(node, Call) and node.function in ("start", "end")


def _cells(node: Node) -> list[tuple[str, Cell]]:
    if isinstance(node, Cell):
        return [("", node)]
    if not isinstance(node, Scan):
        return []
    by = [node.by] if node.by else []
    return [(node.sheet, one) for one in (node.column, *(w.column for w in node.where), *by)]

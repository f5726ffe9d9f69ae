"""In which order columns are computed, so that each finds what it reads already there."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from xltools.expressions.expression import Expression
from xltools.expressions.faults import ExpressionError

Place = tuple[str, str]


def computation_order(computed: Mapping[Place, Expression]) -> list[Place]:
    """The (sheet, column) places of expressions, each behind those that it reads.

    Columns that need each other are an `ExpressionError`.
    """
    needs = {
        place: [
            read
            for read in ((sheet or place[0], column) for sheet, column in expression.references)
            if read in computed
        ]
        for place, expression in computed.items()
    }
    try:
        graph = {place: sorted(reads) for place, reads in needs.items()}
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(f"{sheet}.{column}" for sheet, column in error.args[1])
        text = computed[error.args[1][0]].text
        raise ExpressionError("expressions.circle", text, circle=circle) from error

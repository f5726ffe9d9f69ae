"""The rule language: parse once, then an Excel formula or a pandas column that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xltools.expressions.compiler import is_true, to_excel, violated
from xltools.expressions.expression import Expression, parse
from xltools.expressions.faults import ExpressionError
from xltools.expressions.layout import Group, Layout
from xltools.expressions.order import computation_order
from xltools.expressions.scope import Scope
from xltools.expressions.verify import verify

if TYPE_CHECKING:
    from xltools.expressions.answers import evaluate, true_rows, violations
    from xltools.expressions.tables import Tables

_WITH_PANDAS = ("Tables", "evaluate", "true_rows", "violations")

__all__ = [
    "Expression",
    "ExpressionError",
    "Group",
    "Layout",
    "Scope",
    "Tables",
    "computation_order",
    "evaluate",
    "is_true",
    "parse",
    "to_excel",
    "true_rows",
    "verify",
    "violated",
    "violations",
]


def __getattr__(name: str) -> object:
    """The pandas back end is imported when it is first asked for."""
    if name in _WITH_PANDAS:
        from xltools.expressions import answers

        return getattr(answers, name)
    raise AttributeError(name)

"""The rule language: parse once, then an Excel formula or a pandas column that say the same."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from xltools.expressions.column_order import computation_order
from xltools.expressions.expression import Expression, parse
from xltools.expressions.faults import ExpressionError
from xltools.expressions.formula.name_layout import Group, Layout
from xltools.expressions.reading.scope import Scope
from xltools.expressions.verify import mistaken, verify

if TYPE_CHECKING:
    from xltools.expressions.compute.batch_tables import Tables
    from xltools.expressions.compute.column_answers import evaluate, true_rows, violations
    from xltools.expressions.formula.compiler import is_true, to_excel, violated

_LATER = {
    **dict.fromkeys(("is_true", "to_excel", "violated"), "formula.compiler"),
    **dict.fromkeys(("Tables", "evaluate", "true_rows", "violations"), "compute.column_answers"),
}

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
    "mistaken",
    "parse",
    "to_excel",
    "true_rows",
    "verify",
    "violated",
    "violations",
]


def __getattr__(name: str) -> object:
    """Each back end is imported when it is first asked for: not everybody needs both."""
    if name not in _LATER:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)

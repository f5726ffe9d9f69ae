"""Every expression of every definition, parsed once, so that a mistake shows before work begins."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.definition.catalog import Catalog
from xltools.definition.model import Definition, SheetDef
from xltools.errors import DefinitionError
from xltools.expressions.expression import parse
from xltools.expressions.faults import ExpressionError
from xltools.expressions.scope import Scope


def verify(catalog: Catalog) -> None:
    """Raise DefinitionError naming definition, place, and what is wrong with the expression."""
    for definition, sheet in catalog.sheets():
        for where, text, scope in _expressions(catalog, definition, sheet):
            try:
                parse(text, scope)
            except ExpressionError as fault:
                raise DefinitionError(
                    "errors.definition.expression",
                    file=f"{definition.name}.toml",
                    path=f"{sheet.name}.{where}",
                    text=text,
                    reason=fault,
                ) from fault


def _expressions(
    catalog: Catalog, definition: Definition, sheet: SheetDef
) -> Iterator[tuple[str, str, Scope]]:
    scope = Scope.of(catalog, definition, sheet)
    for column in sheet.columns:
        for part in ("compute", "default"):
            text = getattr(column, part)
            if text:
                yield f"{column.name}.{part}", text, scope
    for rule in sheet.rules:
        yield f"rules.{rule.name}", rule.check, scope
    for carry in sheet.carry:
        yield "carry.when", carry.when, scope
        yield from ((f"carry.set.{name}", text, scope) for name, text in carry.set.items())
    if sheet.prefill:
        source = catalog.settings.sheet(sheet.prefill.source)
        rows = Scope.of(catalog, catalog.settings, source)
        yield from ((f"prefill.{name}", text, rows) for name, text in sheet.prefill.set.items())

"""Are all expressions of all definitions understood, and do they give what their place needs?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import Definition, SheetDef
from xltools.errors import DefinitionError
from xltools.expressions.column_order import computation_order
from xltools.expressions.expression import Expression, parse
from xltools.expressions.faults import ExpressionError
from xltools.expressions.nodes import BLANK, TRUTH, Type
from xltools.expressions.reading.scope import Scope


class _Text(NamedTuple):
    where: str
    text: str
    scope: Scope
    expected: Type


def verify(catalog: Catalog) -> None:
    """Read every expression; the first mistake is raised as a `DefinitionError` with its place."""
    for fault in mistaken(catalog):
        raise fault


def mistaken(catalog: Catalog) -> Iterator[DefinitionError]:
    """Every expression that cannot be understood, and columns that need each other."""
    for definition in catalog:
        computed: dict[tuple[str, str], Expression] = {}
        for sheet in definition.sheets:
            for one in _texts(catalog, definition, sheet):
                try:
                    found = _understood(one)
                except ExpressionError as error:
                    yield error.at(f"{definition.name}.{sheet.name}.{one.where}")
                    continue
                if one.where.endswith(".compute"):
                    computed[sheet.name, one.where.partition(".")[0]] = found
        try:
            computation_order(computed)
        except ExpressionError as error:
            yield error.at(definition.name)


def _texts(catalog: Catalog, definition: Definition, sheet: SheetDef) -> Iterator[_Text]:
    scope = Scope.of(catalog, definition, sheet)
    for column in sheet.columns:
        kind = scope.columns[column.name].type
        if column.compute:
            yield _Text(f"{column.name}.compute", column.compute, scope, kind)
        if column.default:
            yield _Text(f"{column.name}.default", column.default, scope, kind)
    for rule in sheet.rules:
        yield _Text(f"rules.{rule.name}", rule.check, scope, TRUTH)
    for carry in sheet.carry:
        yield _Text("carry.when", carry.when, scope, TRUTH)
        into = scope.sheets[carry.into] if carry.into else scope.columns
        for name, text in carry.set.items():
            yield _Text(f"carry.set.{name}", text, scope, into[name].type)
    if sheet.prefill:
        source = catalog.settings.sheet(sheet.prefill.source)
        outer = Scope.of(catalog, catalog.settings, source)
        for name, text in sheet.prefill.set.items():
            yield _Text(f"prefill.set.{name}", text, outer, scope.columns[name].type)


def _understood(one: _Text) -> Expression:
    found = parse(one.text, one.scope)
    if found.type not in (one.expected, BLANK):
        raise ExpressionError(
            "expressions.wrong_result", one.text, type=found.type, expected=one.expected
        )
    return found

"""Are all expressions of all definitions understood, and do they give what their place needs?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import Definition, SheetDef
from xltools.definition.evaluation_model import Block
from xltools.errors import DefinitionError
from xltools.expressions.column_order import Place, computation_order
from xltools.expressions.expression import Expression, parse
from xltools.expressions.faults import ExpressionError
from xltools.expressions.nodes import BLANK, NUMBER, TRUTH, Type
from xltools.expressions.reading.evaluation_scope import EvaluationScopes
from xltools.expressions.reading.functions import AGO
from xltools.expressions.reading.scope import Scope, kind_type


class PlacedText(NamedTuple):
    where: str
    text: str
    scope: Scope
    expected: Type
    place: Place | None = None  # of a computed column
    ago: int = 0  # quarters back


def verify(catalog: Catalog) -> None:
    """Read every expression; the first mistake is raised as a `DefinitionError` with its place."""
    for fault in mistaken(catalog):
        raise fault


def mistaken(catalog: Catalog) -> Iterator[DefinitionError]:
    """Every expression that cannot be understood, and columns that need each other."""
    for definition in catalog:
        computed: dict[Place, Expression] = {}
        texts = [one for sheet in definition.sheets for one in _texts(catalog, definition, sheet)]
        for one in [*texts, *evaluation_texts(catalog, definition)]:
            try:
                found = _understood(one)
            except ExpressionError as error:
                yield error.at(f"{definition.name}.{one.where}")
                continue
            if one.place:
                computed[one.place] = found
        try:
            computation_order(computed)
        except ExpressionError as error:
            yield error.at(definition.name)


def _texts(catalog: Catalog, definition: Definition, sheet: SheetDef) -> Iterator[PlacedText]:
    scope = Scope.of(catalog, definition, sheet)
    for column in sheet.columns:
        kind, where = scope.columns[column.name].type, f"{sheet.name}.{column.name}"
        if column.compute:
            place = sheet.name, column.name
            yield PlacedText(f"{where}.compute", column.compute, scope, kind, place)
        if column.default:
            yield PlacedText(f"{where}.default", column.default, scope, kind)
    for rule in sheet.rules:
        yield PlacedText(f"{sheet.name}.rules.{rule.name}", rule.check, scope, TRUTH)
    for carry in sheet.carry:
        yield PlacedText(f"{sheet.name}.carry.when", carry.when, scope, TRUTH)
        into = scope.sheets[carry.into] if carry.into else scope.columns
        for name, text in carry.set.items():
            yield PlacedText(f"{sheet.name}.carry.set.{name}", text, scope, into[name].type)
    if sheet.prefill:
        source = catalog.settings.sheet(sheet.prefill.source)
        outer = Scope.of(catalog, catalog.settings, source)
        for name, text in sheet.prefill.set.items():
            where = f"{sheet.name}.prefill.set.{name}"
            yield PlacedText(where, text, outer, scope.columns[name].type)


def evaluation_texts(catalog: Catalog, definition: Definition) -> Iterator[PlacedText]:
    """The expressions of further columns, summaries and pages."""
    definition = definition.whole
    scopes = EvaluationScopes.at_reading(catalog, definition)
    for sheet in definition.sheets:
        for one in filter(lambda one: one.compute, sheet.figures):
            where, place = f"{sheet.name}.figures.{one.name}", (sheet.name, one.name)
            yield PlacedText(
                where, one.compute, scopes.of_sheet(sheet.name), scopes.type_of(one), place
            )
    for summary in definition.summaries:
        where = f"summaries.{summary.name}"
        if summary.where:
            scope = scopes.of_sheet(summary.source)
            yield PlacedText(f"{where}.where", summary.where, scope, TRUTH)
        for one in summary.columns:
            place, scope = (summary.name, one.name), scopes.of_summary(summary)
            yield PlacedText(f"{where}.{one.name}", one.compute, scope, scopes.type_of(one), place)
    for page in definition.pages:
        for number, block in enumerate(page.parts, 1):
            where = f"{definition.path_of(page)}.{number}"
            yield from _of_block(definition, scopes, where, block)
            yield from _settled(catalog, definition, where, block)


def _of_block(
    definition: Definition, scopes: EvaluationScopes, where: str, block: Block
) -> Iterator[PlacedText]:
    for card in block.cards:
        place, scope = f"{where}.{card.label.en}", scopes.of_page()
        yield PlacedText(f"{place}.value", card.value, scope, kind_type(definition, card.kind))
        if card.compare:
            ago = AGO[card.compare]
            kind = kind_type(definition, card.kind)
            yield PlacedText(f"{place}.compare", card.value, scope, kind, ago=ago)
        if card.target:
            yield PlacedText(f"{place}.target", card.target, scope, NUMBER)
    if block.matrix:
        scope, kind = scopes.of_page(block.matrix.of), kind_type(definition, block.matrix.kind)
        yield PlacedText(f"{where}.matrix", block.matrix.value, scope, kind)
    for name, figure in block.figures.items():
        kind = kind_type(definition, figure.kind)
        yield PlacedText(f"{where}.{name}", figure.value, scopes.of_page(), kind)
    for shown in block.table.shown if block.table else ():
        for level, group in enumerate(block.table.groups if block.table else ()):
            text = shown.subtotal_of(level)
            if text and block.table:
                scope = scopes.of_group(block.table.of, block.table.groups[: level + 1])
                kind = kind_type(definition, shown.kind or "number", shown.choices)
                yield PlacedText(f"{where}.{shown.name}.{group}.subtotal", text, scope, kind)


def _settled(
    catalog: Catalog, definition: Definition, where: str, block: Block
) -> Iterator[PlacedText]:
    """The condition of settled rows, read where the table's own definition has them."""
    table = block.table
    if not (table and table.settled):
        return
    owner = catalog.definitions.get(table.owner) if table.owner else definition
    if owner is None:
        return
    whole = owner.whole
    scopes, name = EvaluationScopes.at_reading(catalog, whole), table.of.rpartition(".")[2]
    of = {sheet.name: partial(scopes.of_sheet, sheet.name) for sheet in whole.sheets}
    of |= {one.name: partial(scopes.of_summary, one) for one in whole.summaries}
    if name in of:
        yield PlacedText(f"{where}.settled", table.settled, of[name](), TRUTH)


def _understood(one: PlacedText) -> Expression:
    found = parse(one.text, one.scope, ago=one.ago)
    if found.type not in (one.expected, BLANK):
        raise ExpressionError(
            "expressions.wrong_result", one.text, type=found.type, expected=one.expected
        )
    return found

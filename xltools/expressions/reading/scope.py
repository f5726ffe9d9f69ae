"""What an expression may name: columns, sheets, choices, parameters and shared functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import ColumnDef, Definition, Function, SheetDef
from xltools.expressions.nodes import DATE, NUMBER, SPAN, TEXT, Cell, Type
from xltools.kinds import KINDS

LIBRARY = "library"
TEAMS = "teams"  # of the settings, in the evaluation
RESERVED = ("choices", "parameters", LIBRARY)
# Known only while rows are carried over: no workbook has them, so they have no Excel form.
CARRYING: Mapping[str, Type] = {"period_end": DATE, "next_start": DATE, "next_quarter": NUMBER}

Columns = Mapping[str, Cell]
QUARTERS_AGO = Cell("quarters_ago", NUMBER, True)  # of a row: 0 in this quarter


class Scope(msgspec.Struct, frozen=True):
    """Everything that the names of one sheet's expressions can mean.

    In the evaluation ``quarters`` are those known, counted back from this one, and ``dated`` the
    sheets whose rows say of which they are; ``known`` are parameters that stay as they are. A
    summary's functions over rows look through the sheet ``scanned``, those across its own rows at
    ``across``; ``texts`` are its columns' expressions.
    """

    sheet: str
    columns: Columns
    sheets: Mapping[str, Columns]
    lists: Mapping[str, Collection[str]]
    list_types: Mapping[str, Type]
    parameters: Mapping[str, Type]
    functions: Mapping[str, Function]
    known: Mapping[str, float] = {}
    quarters: frozenset[int] = frozenset()
    dated: frozenset[str] = frozenset()
    scanned: str = ""
    across: str = ""
    texts: Mapping[str, str] = {}

    @classmethod
    def of(cls, catalog: Catalog, definition: Definition, sheet: SheetDef) -> Scope:
        """The scope of a sheet's rows."""
        sheets = {one.name: _columns(definition, one) for one in definition.sheets}
        library = catalog.settings.sheet("metrics")
        lists = {**catalog.settings.lists, **definition.lists}
        rows = catalog.settings.sheet("parameters").rows
        return cls(
            sheet=sheet.name,
            columns=sheets[sheet.name],
            sheets={**sheets, LIBRARY: _columns(catalog.settings, library)},
            lists=lists,
            list_types={name: _list_type(definition, name) for name in lists},
            parameters={**{str(row["name"]): NUMBER for row in rows}, **CARRYING},
            functions=catalog.functions(definition),
        )


def _columns(definition: Definition, sheet: SheetDef) -> Columns:
    return {
        column.name: Cell(column.name, column_type(definition, column), column.typed)
        for column in sheet.columns
    }


def column_type(definition: Definition, column: ColumnDef) -> Type:
    """What a column's cells hold, as expressions see them."""
    return kind_type(definition, column.kind, column.choices)


def kind_type(definition: Definition, kind: str, choices: str = "") -> Type:
    """What values of a kind are to expressions; those of a list are its choices."""
    if choices:
        return _list_type(definition, choices)
    if kind == "span":
        return SPAN
    dtype = KINDS[kind].dtype
    if dtype.startswith(("float", "int", "Int")):
        return NUMBER
    return DATE if dtype.startswith("datetime") else TEXT


def _list_type(definition: Definition, name: str) -> Type:
    owner = definition.name if name in definition.lists else "settings"
    return Type("choice", f"{owner}.{name}")

"""What a workbook is: sheets, columns, choices, rules, computed columns."""

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import (
    Carry,
    Choice,
    ColumnDef,
    Definition,
    Function,
    LocalText,
    Prefill,
    Rule,
    SheetDef,
)
from xltools.definition.load import load_catalog, survey

__all__ = [
    "Carry",
    "Catalog",
    "Choice",
    "ColumnDef",
    "Definition",
    "Function",
    "LocalText",
    "Prefill",
    "Rule",
    "SheetDef",
    "load_catalog",
    "survey",
]

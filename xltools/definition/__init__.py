"""What a workbook is: sheets, columns, choices, rules, computed columns."""

from xltools.definition.catalog import Catalog
from xltools.definition.load import load_catalog, survey
from xltools.definition.model import (
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

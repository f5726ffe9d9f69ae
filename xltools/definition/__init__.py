"""What a workbook is: sheets, columns, choices, rules, computed columns."""

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import (
    Carry,
    Choice,
    ColumnDef,
    Definition,
    Function,
    Prefill,
    Rule,
    SheetDef,
)
from xltools.definition.evaluation_model import Block, FigureDef, PageDef, Summary
from xltools.definition.load import load_catalog, survey
from xltools.definition.local_text import LocalText

__all__ = [
    "Block",
    "Carry",
    "Catalog",
    "Choice",
    "ColumnDef",
    "Definition",
    "FigureDef",
    "Function",
    "LocalText",
    "PageDef",
    "Prefill",
    "Rule",
    "SheetDef",
    "Summary",
    "load_catalog",
    "survey",
]

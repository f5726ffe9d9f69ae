"""Hypothesis strategies for what people type into a sheet, the nasty things included."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from both_ends import FILE, LANG, Book, Row
from hypothesis import strategies as st

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import ColumnDef, Definition, SheetDef
from xltools.expressions import Scope
from xltools.expressions.nodes import Node, Scan, Type, walk
from xltools.expressions.reading.scope import LIBRARY

TEXTS = [
    *("张*", "张三", "A?b", "a?B", "AXB", "~x", "=1", "<5", '他说"好"', "'引号", "新增客户数"),
    *(
        "已完成60",
        "完成",
        "Done",
        "一",
        "１２",
        "%",
        "1:X",
        "家",
        "线索数100条",
        "长" * 300,
        12,
        7.5,
    ),
]
SPACES = [" ", "\u3000", "  \u3000 "]
TEXT_IN_NUMBER = ["45家", "7", "-", "无", "90%"]
TEXT_IN_DATE = ["7月3日", "2024.06", "待定"]
NUMBERS = [0, 1, -3, 0.1, 0.2, 0.3, 0.6, 0.8, 1.2, 15, 45, 50, 100, 1e6, -0.5, 0.0000005, 2.675]
FILES = ["甲.xlsx", "乙.xlsx"]
SPANS = ["2024-07-10", "2024-07-10/2024-07-12", "2024-01-01/2024-12-31"]

DAYS = [datetime.date(2024, 2, day) for day in (27, 28, 29)]

some_numbers = st.one_of(
    st.sampled_from(NUMBERS),
    st.integers(-1000, 100_000),
    st.decimals(-100, 1000, places=3, allow_nan=False).map(float),
)
some_dates = st.dates(datetime.date(2000, 2, 27), datetime.date(2030, 12, 31))


def cells(kind: Type, labels: Iterable[str], spaces: bool) -> st.SearchStrategy[Any]:
    """What may stand in a cell of this type; mostly from a short list, so that keys meet."""
    blank = st.none()
    if kind.name == "number":
        few = st.sampled_from(NUMBERS[:5])
        return st.one_of(blank, few, few, few, some_numbers, st.sampled_from(TEXT_IN_NUMBER))
    if kind.name == "date":
        near = st.sampled_from(DAYS)
        return st.one_of(blank, near, near, near, some_dates, st.sampled_from(TEXT_IN_DATE))
    if kind.name == "choice":
        return st.one_of(blank, st.sampled_from(list(labels)))
    if kind.name == "span":
        return st.one_of(blank, st.sampled_from(SPANS))
    few = st.sampled_from(TEXTS[:4])
    return st.one_of(blank, few, few, few, st.sampled_from(TEXTS + (SPACES if spaces else [])))


def scanned(trees: Iterable[tuple[str, Node]]) -> set[tuple[str, str]]:
    """The (sheet, column) places that some expression looks through."""
    found = set()
    for sheet, tree in trees:
        for node in walk(tree):
            if isinstance(node, Scan):
                by = [node.by] if node.by else []
                for cell in (node.column, *(one.column for one in node.where), *by):
                    found.add((node.sheet or sheet, cell.column))
    return found


def books(
    catalog: Catalog,
    definition: Definition,
    asked: Mapping[str, Any],
    *,
    most: int = 8,
    grouped: bool = False,
) -> st.SearchStrategy[Book]:
    """Books of this definition whose sheets hold up to so many rows."""
    empty = Book(catalog, definition, {}, dict(asked))
    trees = [(s, e.tree) for (s, _), e in empty.computed().items()]
    trees += [(s, e.tree) for s, found in asked.items() for e, _ in found]
    looked_at = scanned(trees)

    def sheet_rows(name: str, sheet: SheetDef) -> st.SearchStrategy[list[Row]]:
        owner = catalog.settings if name == LIBRARY else definition
        scope = Scope.of(catalog, owner, sheet)
        return st.lists(
            st.fixed_dictionaries(
                {
                    column.name: cells(
                        scope.columns[column.name].type,
                        _labels(catalog, owner, column),
                        (name, column.name) not in looked_at,
                    )
                    for column in sheet.columns
                    if not column.compute
                }
                | {FILE: st.sampled_from(FILES if grouped else FILES[:1])}
            ),
            min_size=2,
            max_size=most,
        )

    rows = {name: sheet_rows(name, sheet) for name, sheet in empty.sheets().items()}
    return st.fixed_dictionaries(rows).map(
        lambda drawn: Book(catalog, definition, drawn, dict(asked), grouped)
    )


def _labels(catalog: Catalog, definition: Definition, column: ColumnDef) -> list[str]:
    if not column.choices:
        return []
    return [words[LANG] for words in catalog.choices(definition, column.choices).values()]

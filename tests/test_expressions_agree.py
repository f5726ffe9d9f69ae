"""Excel and pandas say the same of every expression, whatever was typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from both_ends import Book, ironcalc_cells, stored_cells
from hypothesis import HealthCheck, Phase, given, settings
from sample_definition import EXPRESSIONS, RULES, sample
from typed_rows import books

from xltools.definition import load_catalog
from xltools.definition.definition_model import Definition
from xltools.expressions import Expression, Scope, parse
from xltools.expressions.nodes import Node, Scan, walk

CATALOG = load_catalog()
SAMPLE = sample(CATALOG)
ENOUGH = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

Asked = dict[str, list[tuple[Expression, bool]]]


def shipped(definition: Definition) -> Asked:
    """Every rule, default and carried value of a definition that has an Excel form."""
    asked: Asked = {}
    for sheet in definition.sheets:
        scope = Scope.of(CATALOG, definition, sheet)
        rules = [(parse(rule.check, scope), True) for rule in sheet.rules]
        texts = [column.default for column in sheet.columns if column.default]
        for carry in sheet.carry:
            texts += [carry.when, *carry.set.values()]
        asked[sheet.name] = rules + [(parse(text, scope), False) for text in texts]
        asked[sheet.name] = [one for one in asked[sheet.name] if one[0].excel_able]
    return asked


def sampled() -> Asked:
    """The representative expressions, on the sheet ``rows`` of the sample."""
    scope = Scope.of(CATALOG, SAMPLE, SAMPLE.sheet("rows"))
    found = [(parse(text, scope), False) for text in EXPRESSIONS]
    return {"rows": found + [(parse(text, scope), True) for text in RULES]}


def without_extremes(asked: Asked) -> Asked:
    """What ironcalc can compute: it lacks AGGREGATE, which finds extremes among some rows."""
    return {
        sheet: [one for one in found if not any(map(_is_extreme, walk(one[0].tree)))]
        for sheet, found in asked.items()
    }


def _is_extreme(node: Node) -> bool:
    return isinstance(node, Scan) and node.function in ("highest", "lowest", "latest")


def drawn(
    definition: Definition, asked: Asked, number: int, *, grouped: bool = False
) -> list[Book]:
    """That many books, always the same."""
    kept: list[Book] = []

    @settings(ENOUGH, max_examples=number, database=None)
    @given(book=books(CATALOG, definition, asked, grouped=grouped))
    def keep(book: Book) -> None:
        kept.append(book)

    keep()
    return kept


@pytest.mark.parametrize("name", list(CATALOG.definitions))
def test_every_expression_agrees(name: str, tmp_path: Path) -> None:
    definition = CATALOG[name]
    asked = without_extremes(sampled() if name == "sample" else shipped(definition))
    for book in drawn(definition, asked, 15):
        path = tmp_path / "book.xlsx"
        book.write(path)
        assert book.compared(ironcalc_cells(path))[:3] == []


TRAPS: list[dict[str, Any]] = [
    {"name": 12, "note": "12", "amount": 0.1, "share": 0.2, "return": 0},
    {"name": "12", "note": 12, "amount": 0.1, "share": 0.3},
    {"name": "张*", "note": "张三", "amount": 0, "share": None},
    {"name": "张三", "note": "=1", "amount": "0", "share": 0},
    {"name": None, "note": None, "amount": 0.3, "share": 0.2},
    {"name": "长" * 300, "note": "~", "amount": -3, "share": "45家", "class": "差"},
    {"name": '"', "note": "<5", "amount": 1.1, "share": 1.0, "class": "好"},
]


def test_known_traps(tmp_path: Path) -> None:
    """Digits typed as text and as numbers, patterns, the blank that is 0, binary fractions."""
    path = tmp_path / "book.xlsx"
    rows = {"rows": TRAPS, "more": TRAPS[::-1], "library": [{"metric": "张*", "unit": 7}]}
    book = Book(CATALOG, SAMPLE, rows, without_extremes(sampled()))
    book.write(path)
    assert book.compared(ironcalc_cells(path)) == []


def test_rows_of_many_workbooks_agree(tmp_path: Path) -> None:
    for book in drawn(SAMPLE, without_extremes(sampled()), 8, grouped=True):
        path = tmp_path / "book.xlsx"
        book.write(path)
        assert book.compared(ironcalc_cells(path))[:3] == []


def test_every_expression_agrees_in_libreoffice(office: Any, tmp_path: Path) -> None:
    found: list[Book] = []
    for definition in CATALOG:
        sample = definition.name == "sample"
        asked = sampled() if sample else shipped(definition)
        found += drawn(definition, asked, 10 if sample else 3)
    found += drawn(SAMPLE, sampled(), 3, grouped=True)
    paths = [tmp_path / f"book{number}.xlsx" for number in range(len(found))]
    for book, path in zip(found, paths, strict=True):
        book.write(path)
    for book, path in zip(found, office.recalculated(paths), strict=True):
        assert book.compared(stored_cells(path))[:3] == []

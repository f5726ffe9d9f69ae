"""All summaries of a definition: those it declares, and those that its matrices and groups need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from xltools.definition import Block, Catalog, Definition, FigureDef, LocalText, PageDef, Summary
from xltools.definition.evaluation_model import MatrixDef, ShownColumn, TableDef
from xltools.expressions.nodes import Cell, ChoiceName, Where
from xltools.expressions.reading.scope import kind_type

TOTAL = "total"  # the column of a matrix for all of its columns together
Narrow = Mapping[tuple[str, str], tuple[tuple[str, Where], ...]]


class Planned(NamedTuple):
    """A definition with all its summaries, and what some of their figures are narrowed to."""

    definition: Definition
    narrow: Narrow


def planned(catalog: Catalog, definition: Definition) -> Planned:
    """The definition as it is evaluated."""
    summaries, narrow = list(definition.summaries), {}
    for page in definition.pages:
        for number, block in enumerate(page.parts, 1):
            if block.matrix:
                summary, own = _of_matrix(catalog, definition, page, number, block, block.matrix)
                summaries.append(summary)
                narrow.update(own)
            if block.table and block.table.group:
                summaries.append(_of_group(page, number, block, block.table))
    return Planned(msgspec.structs.replace(definition, summaries=tuple(summaries)), narrow)


def implied_name(page: PageDef, number: int) -> str:
    """What the summary of a block is called: pages count their blocks from 1."""
    return f"{page.name}_{number}"


def _title(page: PageDef, block: Block) -> LocalText:
    if block.title is None:
        return page.title
    return LocalText(*(f"{page.title[lang]} {block.title[lang]}" for lang in ("zh", "en")))


def _of_matrix(
    catalog: Catalog,
    definition: Definition,
    page: PageDef,
    number: int,
    block: Block,
    matrix: MatrixDef,
) -> tuple[Summary, dict[tuple[str, str], tuple[tuple[str, Where], ...]]]:
    """A line for each row of the matrix, a figure for each of its columns."""
    name, sheet = implied_name(page, number), definition.sheet(matrix.of)
    kind = kind_type(definition, "choice", sheet.lists[matrix.columns])
    column = Cell(matrix.columns, kind, True)
    figures: list[FigureDef] = []
    narrow: dict[tuple[str, str], tuple[tuple[str, Where], ...]] = {}
    for place, (choice, words) in enumerate(
        catalog.choices(definition, sheet.lists[matrix.columns]).items()
    ):
        one = _figure(matrix, f"of_{place}", LocalText(words.zh, words.en))
        value = ChoiceName(sheet.lists[matrix.columns], choice, kind)
        figures.append(one)
        narrow[name, one.name] = ((matrix.of, Where(column, "==", value)),)
    if matrix.total:
        figures.append(_figure(matrix, TOTAL, matrix.total))
    summary = Summary(
        name=name,
        title=_title(page, block),
        source=matrix.of,
        by=(matrix.rows,),
        columns=tuple(figures),
        every=matrix.rows in sheet.lists,
        total=matrix.total,
    )
    return summary, narrow


def _figure(matrix: MatrixDef, name: str, label: LocalText) -> FigureDef:
    return FigureDef(name=name, label=label, compute=matrix.value, kind=matrix.kind)


def _of_group(page: PageDef, number: int, block: Block, table: TableDef) -> Summary:
    """A line for each group of a table, a figure for each of its subtotals."""
    figures = (
        FigureDef(name=one.name, label=one.label or page.title, compute=one.subtotal)
        for one in subtotals(table)
    )
    return Summary(
        name=implied_name(page, number),
        title=_title(page, block),
        source=table.of,
        by=(table.group,),
        columns=tuple(figures),
    )


def subtotals(table: TableDef) -> Iterator[ShownColumn]:
    """The columns of a table that have a figure for each group."""
    for one in table.columns:
        if isinstance(one, ShownColumn) and one.subtotal:
            yield one

"""All summaries of a definition: those it declares, and those that its matrices and groups need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from xltools.definition import (
    Block,
    Catalog,
    ColumnDef,
    Definition,
    FigureDef,
    LocalText,
    PageDef,
    SheetDef,
    Summary,
)
from xltools.definition.evaluation_model import MatrixDef, TableDef
from xltools.expressions.nodes import Cell, ChoiceName, Constant, Node, Where
from xltools.expressions.reading.scope import kind_type
from xltools.locale import LANGUAGES, say

Names = Callable[[str, str], Sequence[str]]
Narrow = Mapping[tuple[str, str], tuple[tuple[str, Where], ...]]


class Planned(NamedTuple):
    """A definition with all its summaries, and what some of their figures are narrowed to.

    ``groups`` are the summaries of a table's groups, whose rows stand below them for good.
    """

    definition: Definition
    narrow: Narrow
    groups: frozenset[str]


def _nothing(_sheet: str, _column: str) -> Sequence[str]:
    return ()


def planned(catalog: Catalog, definition: Definition, names: Names = _nothing) -> Planned:
    """A definition with every summary that its evaluation needs, one figure for each choice.

    ``names`` are those that the rows of a sheet hold in a column, of which there is no list.
    """
    whole = definition.whole
    narrow: dict[tuple[str, str], tuple[tuple[str, Where], ...]] = {}
    summaries: list[Summary] = []
    implied = list(_implied(whole))
    for one in [*whole.summaries, *(one for one, _ in implied)]:
        spread = [pair for of in one.columns for pair in _spread(catalog, whole, one, of, names)]
        narrow |= {(one.name, figure.name): where for figure, where in spread}
        summaries.append(replace(one, columns=tuple(figure for figure, _ in spread)))
    groups = frozenset(one.name for one, grouped in implied if grouped)
    return Planned(replace(whole, summaries=tuple(summaries)), narrow, groups)


def implied_name(page: PageDef, number: int, level: int = 0) -> str:
    """What the summary of a block is called: pages count their blocks from 1, groups from 0."""
    return f"{page.name}_{number}" + (f"_{level}" if level else "")


def _implied(definition: Definition) -> Iterator[tuple[Summary, bool]]:
    """The summaries that matrices and grouped tables are made of, and whether it is a group's."""
    for page in definition.pages:
        for number, block in enumerate(page.parts, 1):
            if block.matrix:
                yield _of_matrix(definition, page, number, block, block.matrix), False
            table = block.table
            for level in range(len(table.groups) if table else 0):
                assert table is not None
                yield _of_group(definition.sheet(table.of), page, number, table, level), True


def _spread(
    catalog: Catalog, definition: Definition, summary: Summary, figure: FigureDef, names: Names
) -> Iterator[tuple[FigureDef, tuple[tuple[str, Where], ...]]]:
    """A figure, or one for each choice or name in a column, each on the rows with that one."""
    if not figure.each:
        yield figure, ()
        return
    listed = definition.sheet(summary.source).lists.get(figure.each, "")
    kind = kind_type(definition, "text", listed)
    values: list[tuple[LocalText, Node]] = [
        (LocalText(words.zh, words.en), ChoiceName(listed, choice, kind))
        for choice, words in (catalog.choices(definition, listed) if listed else {}).items()
    ]
    if not listed:
        found = names(summary.source, figure.each)
        values = [(LocalText(name, name), Constant(name, kind)) for name in found]
    column = Cell(figure.each, kind, True)
    for place, (label, value) in enumerate(values):
        own = replace(figure, name=f"{figure.name}_{place}", label=label, each="")
        yield own, ((summary.source, Where(column, "==", value)),)


def _of_matrix(
    definition: Definition, page: PageDef, number: int, block: Block, matrix: MatrixDef
) -> Summary:
    """A line for each row of the matrix, a figure for each of its columns.

    Its title is the page's, and the block's own where it has one.
    """
    title, own = page.title, block.title
    if own is not None:
        title = LocalText(*(f"{title[lang]} {own[lang]}" for lang in LANGUAGES))
    figure = FigureDef(
        name="of", label=title, compute=matrix.value, kind=matrix.kind, each=matrix.columns
    )
    total = [replace(figure, name="total", label=matrix.total, each="")] if matrix.total else []
    return Summary(
        name=implied_name(page, number),
        title=title,
        source=matrix.of,
        by=(matrix.rows,),
        columns=(figure, *total),
        every=matrix.rows in definition.sheet(matrix.of).lists,
        total=matrix.total,
    )


def _of_group(sheet: SheetDef, page: PageDef, number: int, table: TableDef, level: int) -> Summary:
    """A line for each group of a table, a figure for each of its subtotals."""
    columns: Sequence[ColumnDef | FigureDef] = (*sheet.columns, *sheet.figures)
    labels = {one.name: one.label for one in columns}
    words = {"number": number, "level": level + 1}
    titles = (
        say("evaluate.data.title_groups", lang, title=page.title[lang], **words)
        for lang in LANGUAGES
    )
    figures = (
        FigureDef(
            name=one.name,
            label=one.label or labels[one.name],
            compute=one.subtotal_of(level),
            kind=one.kind or "number",
            choices=one.choices,
        )
        for one in table.shown
        if one.subtotal_of(level)
    )
    return Summary(
        name=implied_name(page, number, level),
        title=LocalText(*titles),
        source=table.of,
        by=table.groups[: level + 1],
        columns=tuple(figures),
    )

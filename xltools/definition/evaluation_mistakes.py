"""What keeps the summaries and pages of a definition from being drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import Definition, SheetDef
from xltools.definition.evaluation_model import (
    FILLED,
    IDENTITY,
    MADE,
    Block,
    ChartDef,
    FigureDef,
    Summary,
    TableDef,
)
from xltools.definition.file_shape import Mistake
from xltools.definition.name_mistakes import repeated, unknown
from xltools.kinds import KINDS

NAME = re.compile(r"[a-z][a-z0-9_]*")
GIVEN = ("team", "period")  # columns that every row of the evaluation has
_OF_SHEETS = (*GIVEN, "key", "source", "quarters_ago")  # columns of ours
_OF_SUMMARIES = (*GIVEN, "number", "label", "first_row", "place", "row", "order")
_SLOT = re.compile(r"\{(\w*)\}")
_MOST_FIGURES, _MOST_DIGITS = 10, 9  # in one text; of a figure
_NAMES = ("text", "person", "people", "reference")  # kinds


def evaluation_mistakes(catalog: Catalog, definition: Definition) -> Iterator[Mistake]:
    """Names that nothing has, blocks that are none or two, texts without their figures."""
    yield from unknown("tables", (table.name for table in definition.tables), MADE)
    for table in definition.tables:
        yield from unknown(f"{table.name}.columns", table.names, MADE.get(table.name, table.names))
    for number, block in enumerate(definition.team_lists, 1):
        if not block.table:
            yield "errors.definition.no_key", {"path": f"team_lists.{number}", "name": "table"}
    named = [page.name for page in definition.pages]
    definition = definition.whole
    sheets = {sheet.name: sheet for sheet in definition.sheets}
    for sheet in definition.sheets:
        where = f"{sheet.name}.figures"
        yield from _figures(catalog, definition, where, sheet.figures, _OF_SHEETS)
        filled = (f"{sheet.name}.{one.name}" for one in sheet.figures if not one.compute)
        former = f"{sheet.was}."  # a renamed sheet is found under that name, too
        renamed = (
            name.replace(former, f"{sheet.name}.") for name in FILLED if name.startswith(former)
        )
        yield from unknown(where, filled, (*FILLED, *renamed))
        taken = chain(sheet.names, (one.name for one in sheet.figures))
        yield from repeated(f"{sheet.name}.figures", taken)
    yield from repeated("summaries", [*sheets, *(one.name for one in definition.summaries)])
    for summary in definition.summaries:
        yield from _of_summary(catalog, definition, summary, sheets)
    known = known_columns(catalog, definition)
    yield from repeated("pages", (page.name for page in definition.pages))
    for page in definition.pages:
        where = definition.path_of(page)
        yield from _name(where, page.name)
        for number, block in enumerate(page.parts, 1):
            yield from _of_block(definition, f"{where}.{number}", block, known)
        for number, block in enumerate(page.blocks, 1):
            if not block.single:
                path = f"{where}.blocks.{number}" if page.name in named else f"{where}.{number}"
                yield "errors.definition.one_block", {"path": path}


def known_columns(catalog: Catalog, definition: Definition) -> dict[str, tuple[str, ...]]:
    """The columns of all that a block may show; of other definitions by ``definition.name``."""
    found: dict[str, tuple[str, ...]] = {}
    for one in (definition, *catalog.team_definitions):
        prefix = "" if one is definition else f"{one.name}."
        for sheet in one.whole.sheets:
            found.setdefault(f"{prefix}{sheet.name}", columns_of(sheet))
        for summary in one.summaries:
            columns = (figure.name for figure in summary.columns)
            found.setdefault(f"{prefix}{summary.name}", (*summary.by, *columns))
    return found


def columns_of(sheet: SheetDef) -> tuple[str, ...]:
    """The columns that every row of a sheet has in the evaluation."""
    typed = (name for name in sheet.names if name not in IDENTITY)
    return tuple(dict.fromkeys((*GIVEN, *typed, *(one.name for one in sheet.figures))))


def _of_summary(
    catalog: Catalog, definition: Definition, summary: Summary, sheets: dict[str, SheetDef]
) -> Iterator[Mistake]:
    where = f"summaries.{summary.name}"
    yield from _name(where, summary.name)
    yield from unknown(f"{where}.from", [summary.source], sheets)
    yield from _figures(catalog, definition, where, summary.columns, _OF_SUMMARIES)
    yield from repeated(where, [*summary.by, *(one.name for one in summary.columns)])
    for one in summary.columns:
        if not one.compute:
            yield "errors.definition.no_key", {"path": f"{where}.{one.name}", "name": "compute"}
    source = sheets.get(summary.source)
    if source is not None:
        wanted = (one.each for one in summary.columns if one.each)
        yield from unknown(f"{where}.each", wanted, _named(source))
        yield from unknown(f"{where}.by", summary.by, columns_of(source))
        if summary.every and not _countable(source, summary.by):
            yield "errors.definition.every", {"path": f"{where}.every"}
    ordered = [summary.order.removeprefix("-")] if summary.order else []
    yield from unknown(f"{where}.order", ordered, [one.name for one in summary.columns])
    if not summary.by:
        yield "errors.definition.no_key", {"path": where, "name": "by"}
    if (summary.most or summary.others) and not summary.order:
        yield "errors.definition.no_key", {"path": where, "name": "order"}


def _named(sheet: SheetDef) -> list[str]:
    """The columns of which each value can have a figure of its own: choices and names."""
    return [*sheet.lists, *(one.name for one in sheet.columns if one.kind in _NAMES)]


def _countable(source: SheetDef, by: tuple[str, ...]) -> bool:
    """Whether the values that a row may have are known: teams, or the choices of a list."""
    return len(by) == 1 and (by[0] == "team" or by[0] in source.lists)


def _figures(
    catalog: Catalog,
    definition: Definition,
    where: str,
    figures: Iterable[FigureDef],
    ours: tuple[str, ...],
) -> Iterator[Mistake]:
    lists = {**catalog.settings.lists, **definition.lists}
    for one in figures:
        place = f"{where}.{one.name}"
        yield from _name(place, one.name)
        if one.name in ours:
            yield "errors.definition.taken", {"path": place, "name": one.name}
        yield from unknown(f"{place}.kind", [one.kind], KINDS)
        yield from unknown(f"{place}.choices", [one.choices] if one.choices else [], lists)


def _name(where: str, name: str) -> Iterator[Mistake]:
    if not NAME.fullmatch(name):
        yield "errors.definition.bad_name", {"path": where, "name": name}


def _of_block(
    definition: Definition, where: str, block: Block, known: dict[str, tuple[str, ...]]
) -> Iterator[Mistake]:
    if not block.single:
        yield "errors.definition.one_block", {"path": where}
    for card in block.cards:
        yield from unknown(f"{where}.{card.label.en}.kind", [card.kind], KINDS)
    if block.table:
        yield from _of_table(definition, f"{where}.table", block.table, known)
    if block.matrix:
        names = [sheet.name for sheet in definition.sheets]
        yield from unknown(f"{where}.matrix.of", [block.matrix.of], names)
        both = (block.matrix.rows, block.matrix.columns)
        if block.matrix.of in names:
            yield from unknown(f"{where}.matrix", both, known[block.matrix.of])
            named = _named(definition.sheet(block.matrix.of))
            if block.matrix.columns in known[block.matrix.of] and block.matrix.columns not in named:
                place = f"{where}.matrix.columns"
                yield "errors.definition.not_choices", {"path": place, "name": block.matrix.columns}
        yield from unknown(f"{where}.matrix.kind", [block.matrix.kind], KINDS)
    if block.chart:
        yield from _of_chart(definition, where, block.chart, known)
    yield from _of_text(where, block)


def _of_text(where: str, block: Block) -> Iterator[Mistake]:
    for figure in block.figures.values():
        yield from unknown(f"{where}.figures", [figure.kind], KINDS)
        yield from _digits(f"{where}.figures", figure.digits)
    if block.page and not block.text:
        yield "errors.definition.no_key", {"path": where, "name": "text"}
    if block.text:
        for text in block.text.all:
            yield from unknown(f"{where}.text", _SLOT.findall(text), block.figures)
        if len(block.figures) > _MOST_FIGURES:
            yield "errors.definition.many_figures", {"path": where, "limit": _MOST_FIGURES}


def _digits(where: str, digits: int) -> Iterator[Mistake]:
    if not 0 <= digits <= _MOST_DIGITS:
        words: dict[str, object] = {"name": str(digits), "allowed": f"0-{_MOST_DIGITS}"}
        yield "errors.definition.bad_value", {"path": f"{where}.digits", **words}


def _own(of: str) -> list[str]:
    """What is shown, unless it is of another definition: a desk may have its own copy of that."""
    return [of] if "." not in of else []


def _of_table(
    definition: Definition, where: str, table: TableDef, known: dict[str, tuple[str, ...]]
) -> Iterator[Mistake]:
    yield from unknown(f"{where}.of", _own(table.of), known)
    if table.of not in known:
        return
    columns = known[table.of]
    own = [one for one in table.shown if not one.spark and not (one.subtotal and one.kind)]
    names = [name for one in table.shown for name in one.spark]
    yield from unknown(f"{where}.columns", [*names, *(one.name for one in own)], columns)
    order = [table.order.removeprefix("-")] if table.order else []
    yield from unknown(f"{where}.order", order, columns)
    yield from unknown(f"{where}.group", table.groups, columns)
    shown = (one for one in definition.sheets if one.name == table.of)
    referring = [column.name for sheet in shown for column in sheet.columns if column.reference]
    yield from unknown(f"{where}.tree", [table.tree] if table.tree else [], referring)
    yield from repeated(f"{where}.columns", (one.name for one in table.shown))
    for one in table.shown:
        yield from _digits(f"{where}.{one.name}", one.digits or 0)
    if table.most < 0:
        words: dict[str, object] = {"name": str(table.most), "allowed": "1, 2, 3…"}
        yield "errors.definition.bad_value", {"path": f"{where}.most", **words}
    if table.settled and not (table.order and table.most):
        ordered = [one.name for one in definition.summaries if one.order or one.total]
        names = [name for name in known if name not in ordered]
        yield from unknown(f"{where}.of", [table.of], names)


def _of_chart(
    definition: Definition, where: str, chart: ChartDef, known: dict[str, tuple[str, ...]]
) -> Iterator[Mistake]:
    tables = (one.name for one in definition.sheets if one.made_of)
    names = [*tables, *(one.name for one in definition.summaries)]
    yield from unknown(f"{where}.chart.of", _own(chart.of), names)
    if chart.of in known:
        yield from unknown(f"{where}.chart.values", chart.values, known[chart.of])
    if chart.kind in ("target", "pareto") and len(chart.values) != 2:
        yield "errors.definition.two_values", {"path": where, "name": chart.kind}

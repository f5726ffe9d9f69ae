"""Units that are stated in cells, or looked up in another sheet or the metric library."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.parse.column_values import ParsedTable
from xltools.check.submission import Stated
from xltools.definition import ColumnDef
from xltools.expressions.nodes import Cell, Scan
from xltools.expressions.reading.scope import LIBRARY
from xltools.ground.folding import fold
from xltools.kinds.display_format import Format
from xltools.kinds.grammar.displayed_numbers import shown_unit
from xltools.kinds.grammar.typed_numbers import stated_unit
from xltools.kinds.typed_text import brief, typed


def computed_units(
    parsed: ParsedTable, parsed_tables: Sequence[ParsedTable], words: Vocabulary
) -> None:
    """Fill computed unit columns by their look-up, so that the measures of each row can be read."""
    sheet = parsed.table.sheet
    for name in {column.unit_from for column in sheet.columns if column.unit_from}:
        column = sheet.column(name)
        if column.computed:
            parsed.values[name] = _looked_up(parsed, parsed_tables, words, column)


def stated_units(parsed: ParsedTable) -> dict[str, dict[int, Stated]]:
    """The units that cells of columns to compare with each other state, by column and index."""
    compared = [column for column in parsed.table.sheet.columns if column.against]
    names = {name for column in compared for name in (column.name, *column.against)}
    found: dict[str, dict[int, Stated]] = {}
    for name in sorted(names & parsed.raw.keys()):
        place = parsed.table.headers.places[name]
        formats = parsed.table.cells.formats.columns.get(place, {})
        for at, (row, raw) in enumerate(zip(parsed.rows, parsed.raw[name], strict=True)):
            stated = (
                _stated(raw, formats.get(row)) if row in formats or isinstance(raw, str) else None
            )
            if stated:
                found.setdefault(name, {})[at] = stated
    return found


def _stated(raw: object, display: Format | None) -> Stated | None:
    if isinstance(raw, str):
        found = stated_unit(typed(raw))
        return Stated(brief(raw.strip()), *found) if found else None
    if display is None or isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    shown = shown_unit(raw, display)
    return Stated(*shown) if shown else None


def _looked_up(
    parsed: ParsedTable, parsed_tables: Sequence[ParsedTable], words: Vocabulary, column: ColumnDef
) -> list[object]:
    tree = words.expression(parsed.definition, parsed.table.sheet, column.compute).tree
    if not isinstance(tree, Scan) or tree.function != "lookup" or len(tree.where) != 1:
        return parsed.blank()
    condition = tree.where[0]
    if condition.operator != "==" or not isinstance(condition.value, Cell):
        return parsed.blank()
    known: dict[str, object] = {}
    key_column, value_column = condition.column.column, tree.column.column
    for key, value in _pairs(tree.sheet, key_column, value_column, parsed_tables, words):
        if isinstance(key, str) and value is not None:
            known.setdefault(fold(key), value)
    own = parsed.values.get(condition.value.column, parsed.blank())
    return [known.get(fold(key)) if isinstance(key, str) else None for key in own]


def _pairs(
    sheet: str, key: str, value: str, parsed_tables: Sequence[ParsedTable], words: Vocabulary
) -> list[tuple[object, object]]:
    if sheet == LIBRARY:
        return [(row[key], row[value]) for row in words.plan.settings.library()]
    return [
        pair
        for found in parsed_tables
        if found.table.sheet.name == sheet and key in found.values and value in found.values
        for pair in zip(found.values[key], found.values[value], strict=True)
    ]

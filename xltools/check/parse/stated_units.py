"""Units that cells state, another sheet or the metric library knows: found while reading."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.check.identify.vocabulary import Words
from xltools.check.parse.column_values import Reading
from xltools.check.submission import Stated
from xltools.definition import ColumnDef
from xltools.expressions.nodes import Cell, Scan
from xltools.expressions.reading.scope import LIBRARY
from xltools.ground.folding import fold
from xltools.kinds.display_format import Format
from xltools.kinds.grammar.displayed_numbers import shown_unit
from xltools.kinds.grammar.typed_numbers import stated_unit
from xltools.kinds.typed_text import brief, typed


def computed_units(reading: Reading, readings: Sequence[Reading], words: Words) -> None:
    """Give every row the unit that its sheet's look-up says, so that its measures can be read."""
    sheet = reading.table.sheet
    for name in {column.unit_from for column in sheet.columns if column.unit_from}:
        column = sheet.column(name)
        if column.computed:
            reading.values[name] = _looked_up(reading, readings, words, column)


def stated_units(reading: Reading) -> dict[str, dict[int, Stated]]:
    """What cells that are compared with each other say of their units themselves."""
    compared = [column for column in reading.table.sheet.columns if column.against]
    names = {name for column in compared for name in (column.name, *column.against)}
    found: dict[str, dict[int, Stated]] = {}
    for name in sorted(names & reading.raw.keys()):
        formats = reading.formats.get(reading.table.headers.places[name], {})
        for at, (row, raw) in enumerate(zip(reading.rows, reading.raw[name], strict=True)):
            stated = (
                _stated(raw, formats.get(row)) if row in formats or isinstance(raw, str) else None
            )
            if stated:
                found.setdefault(name, {})[at] = stated
    return found


def _stated(raw: object, told: Format | None) -> Stated | None:
    if isinstance(raw, str):
        found = stated_unit(typed(raw))
        return Stated(brief(raw.strip()), *found) if found else None
    if told is None or isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    shown = shown_unit(raw, told)
    return Stated(*shown) if shown else None


def _looked_up(
    reading: Reading, readings: Sequence[Reading], words: Words, column: ColumnDef
) -> list[object]:
    tree = words.expression(reading.definition, reading.table.sheet, column.compute).tree
    if not isinstance(tree, Scan) or tree.function != "lookup" or len(tree.where) != 1:
        return reading.blank()
    condition = tree.where[0]
    if condition.operator != "==" or not isinstance(condition.value, Cell):
        return reading.blank()
    known: dict[str, object] = {}
    key_column, value_column = condition.column.column, tree.column.column
    for key, value in _pairs(tree.sheet, key_column, value_column, readings, words):
        if isinstance(key, str) and value is not None:
            known.setdefault(fold(key), value)
    own = reading.values.get(condition.value.column, reading.blank())
    return [known.get(fold(key)) if isinstance(key, str) else None for key in own]


def _pairs(
    sheet: str, key: str, value: str, readings: Sequence[Reading], words: Words
) -> list[tuple[object, object]]:
    if sheet == LIBRARY:
        return [(row[key], row[value]) for row in words.plan.settings.library()]
    return [
        pair
        for found in readings
        if found.table.sheet.name == sheet and key in found.values and value in found.values
        for pair in zip(found.values[key], found.values[value], strict=True)
    ]

"""Cells of a consolidated workbook → values as a submission holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from xltools.consolidate.read_back.data_page import DataPage
from xltools.definition import Catalog, ColumnDef, Definition
from xltools.kinds import KINDS, Fault, Setting

_FREE = ("text", "id", "reference")


class Restored(NamedTuple):
    """Columns by name, and by column what could not be read; a fault's index is the row's."""

    values: dict[str, list[object]]
    refused: list[tuple[str, Fault]]


def restored(catalog: Catalog, page: DataPage) -> Restored:
    """Every column that the definition has now; None throughout where the workbook lacks it."""
    found = Restored({}, [])
    if page.definition is None or page.sheet is None:
        return found
    blank: list[object] = [None] * len(page.positions)
    for column in page.sheet.columns:
        key = column.name if column.name in page.columns else column.was
        cells = page.columns.get(key, blank)
        setting = _setting(catalog, page.definition, column, page.columns["_period"])
        units = page.columns.get(column.unit_from, blank)
        values, faults = _column(cells, column, setting, units)
        found.values[column.name] = values
        found.refused.extend((key, fault) for fault in faults)
    return found


def _setting(
    catalog: Catalog, definition: Definition, column: ColumnDef, periods: Sequence[object]
) -> Setting:
    year = next((int(str(period)[:4]) for period in periods if period), None)
    if not column.choices:
        return Setting(unit=column.unit, year=year)
    words = catalog.choices(definition, column.choices).values()
    return Setting(
        labels=catalog.labels(definition, column.choices),
        choice_labels=[word["zh"] for word in words],
    )


def _column(
    cells: list[object], column: ColumnDef, setting: Setting, units: Sequence[object]
) -> tuple[list[object], list[Fault]]:
    """What the program wrote is taken as it is; only what somebody typed since is read anew."""
    dtype = KINDS[column.kind].dtype
    if dtype.startswith("float"):
        plain: list[object] = [_number(cell, column) for cell in cells]
    elif dtype.startswith("datetime"):
        plain = [_day(cell) for cell in cells]
    elif column.kind in _FREE:
        plain = [cell if isinstance(cell, str) else None for cell in cells]
    else:
        plain = [None] * len(cells)
    odd = [at for at, cell in enumerate(cells) if cell is not None and plain[at] is None]
    if not odd:
        return plain, []
    own = [str(units[at] or "") for at in odd] if column.unit_from else None
    parsed = KINDS[column.kind].parse([cells[at] for at in odd], setting, units=own)
    for at, value in zip(odd, parsed.values, strict=True):
        plain[at] = value
    faults = (replace(fault, index=odd[fault.index]) for fault in parsed.faults if column.typed)
    return plain, [one for one in faults if plain[one.index] is None]


def _number(cell: object, column: ColumnDef) -> object:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return int(cell) if column.kind == "integer" and cell == int(cell) else float(cell)


def _day(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None

"""Cells of a consolidated workbook → values as a submission holds them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from xltools.definition import Catalog, ColumnDef, Definition, SheetDef
from xltools.kinds import KINDS, Setting

_FREE = ("text", "id")


def restored(
    catalog: Catalog,
    definition: Definition,
    sheet: SheetDef,
    columns: Mapping[str, list[object]],
) -> dict[str, list[object]]:
    """Every column of the definition; None throughout where the workbook lacks it."""
    blank: list[object] = [None] * len(columns["_row"])
    return {
        column.name: _column(
            columns.get(column.name) or columns.get(column.was) or blank,
            column,
            _setting(catalog, definition, column),
        )
        for column in sheet.columns
    }


def _setting(catalog: Catalog, definition: Definition, column: ColumnDef) -> Setting:
    if not column.choices:
        return Setting(unit=column.unit)
    words = catalog.choices(definition, column.choices).values()
    return Setting(
        labels=catalog.labels(definition, column.choices),
        choice_labels=[word["zh"] for word in words],
    )


def _column(cells: list[object], column: ColumnDef, setting: Setting) -> list[object]:
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
    if odd:
        parsed = KINDS[column.kind].parse([cells[at] for at in odd], setting)
        for at, value in zip(odd, parsed.values, strict=True):
            plain[at] = value
    return plain


def _number(cell: object, column: ColumnDef) -> object:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return int(cell) if column.kind == "integer" and cell == int(cell) else float(cell)


def _day(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None

"""The columns of a data sheet: provenance, the definition's columns, and unknown ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import msgspec

from xltools.consolidate.combine.counted_rows import CountedSheet
from xltools.consolidate.store.row_tables import holds_days
from xltools.consolidate.write.stored_columns import FILE, FIRST, PERIOD, ROW, TEAM, TITLE
from xltools.definition import Catalog, ColumnDef, Definition
from xltools.excel import styles
from xltools.excel.styles import Style
from xltools.kinds import KINDS
from xltools.locale import say

EXTRA = "+"  # before the header in the key of a column that no definition knows
_DAY_ZERO = date(1899, 12, 30)  # of Excel's days
_TRACE = styles.BULK.but(number=styles.AS_TEXT, color=styles.MUTED)
_UNIT_FORMATS = (
    ("%", styles.PERCENT),
    ("％", styles.PERCENT),
    ("1:", styles.RATIO),
    ("1：", styles.RATIO),
)

Convert = Callable[[Sequence[object]], Sequence[object]]


class SheetColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its key, header and styles; ``index`` is its place in the rows of `RowPages`.

    ``unit_key`` is the column that holds each row's unit, for which ``unit_formats`` gives number
    formats by the unit's beginning.
    """

    key: str
    header: str
    index: int
    style: Style
    header_style: Style = styles.HEADER_COMPUTED
    convert: Convert = tuple
    hidden: bool = False
    day: bool = False
    unit_key: str = ""
    unit_formats: tuple[tuple[str, str], ...] = ()

    def sample(self, value: object) -> object:
        """A value as wide as it is shown."""
        if self.day and isinstance(value, int):
            return _DAY_ZERO + timedelta(days=value)
        return f"{value:.6g}" if isinstance(value, float) else value


def sheet_columns(
    catalog: Catalog, counted: CountedSheet, headers: Sequence[str], lang: str
) -> list[SheetColumn]:
    """The columns in their order; the first is the source row that opens the source."""
    definition, sheet = catalog[counted.table.definition], counted.table.sheet
    words = {key: say(f"consolidate.{key}", lang) for key in ("row", "team", "period", "file")}
    found = [
        SheetColumn(
            key="_row", header=words["row"], index=ROW, style=styles.BULK_LINK.but(align="center")
        ),
        SheetColumn(key="_team", header=words["team"], index=TEAM, style=_TRACE),
        SheetColumn(key="_period", header=words["period"], index=PERIOD, style=_TRACE),
    ]
    found += [
        _of_definition(catalog, definition, column, FIRST + place, lang)
        for place, column in enumerate(sheet.columns)
    ]
    first = FIRST + len(sheet.columns)
    found += [
        SheetColumn(key=EXTRA + header, header=f"＋{header}", index=first + place, style=_TRACE)
        for place, header in enumerate(headers)
    ]
    if len(counted.headers) > len(headers):
        others = say("consolidate.other_columns", lang)
        found.append(
            SheetColumn(key=EXTRA, header=others, index=first + len(headers), style=_TRACE)
        )
    title = say("consolidate.sheet", lang)
    found.append(SheetColumn(key="_file", header=words["file"], index=FILE, style=_TRACE))
    found.append(SheetColumn(key="_sheet", header=title, index=TITLE, style=_TRACE))
    return found


def choice_labels(
    catalog: Catalog, definition: Definition, column: ColumnDef, lang: str
) -> dict[str, str]:
    """Choice name → what people see; empty for a column without choices."""
    if not column.choices:
        return {}
    choices = catalog.choices(definition, column.choices)
    return {name: choice[lang] for name, choice in choices.items()}


def _of_definition(
    catalog: Catalog, definition: Definition, column: ColumnDef, index: int, lang: str
) -> SheetColumn:
    kind = KINDS[column.kind]
    labels: dict[Any, str] = dict(choice_labels(catalog, definition, column, lang))
    header_style = styles.HEADER_OPTIONAL
    if column.required:
        header_style = styles.HEADER_REQUIRED
    elif not column.typed:
        header_style = styles.HEADER_COMPUTED
    return SheetColumn(
        key=column.name,
        header=column.label[lang] + (f"（{column.unit}）" if column.unit else ""),
        index=index,
        style=styles.BULK.but(
            number=kind.number_format(column.unit),
            align=kind.align,
            indent=1 if kind.align == "right" else 0,
        ),
        header_style=header_style,
        convert=partial(_labelled, labels) if labels else tuple,
        hidden=column.hidden,
        day=holds_days(column),
        unit_key=column.unit_from,
        unit_formats=_UNIT_FORMATS if column.unit_from else (),
    )


def _labelled(labels: dict[Any, str], names: Sequence[object]) -> list[object]:
    return [labels.get(name, name) for name in names]

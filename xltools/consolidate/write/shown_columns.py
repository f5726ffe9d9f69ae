"""What a data sheet shows, column by column: where a row came from, its values, and the unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import msgspec

from xltools.consolidate.combine.counted_rows import Counted
from xltools.consolidate.store.row_tables import is_date
from xltools.consolidate.write.stored_columns import FILE, FIRST, PERIOD, ROW, TEAM, TITLE
from xltools.definition import Catalog, ColumnDef, Definition
from xltools.excel.styles import (
    AS_TEXT,
    BULK,
    BULK_LINK,
    HEADER_COMPUTED,
    HEADER_OPTIONAL,
    HEADER_REQUIRED,
    MUTED,
    PERCENT,
    RATIO,
    Style,
)
from xltools.kinds import KINDS
from xltools.locale import say

EXTRA = "+"  # before the header in the key of a column that no definition knows
_DAY_ZERO = date(1899, 12, 30)
_TRACE = BULK.but(number=AS_TEXT, color=MUTED)
_UNIT_FORMATS = (("%", PERCENT), ("％", PERCENT), ("1:", RATIO), ("1：", RATIO))

Convert = Callable[[Sequence[object]], Sequence[object]]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its key, header and look, and which of a feed's columns it shows.

    ``unit_key`` is the column that holds each row's unit, for which ``unit_formats`` gives number
    formats by the unit's beginning.
    """

    key: str
    header: str
    index: int
    style: Style
    header_style: Style = HEADER_COMPUTED
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


def shown_columns(
    catalog: Catalog, counted: Counted, headers: Sequence[str], lang: str
) -> list[Shown]:
    """The columns in their order; the first is the source row that opens the source."""
    definition, sheet = catalog[counted.table.definition], counted.table.sheet
    words = {key: say(f"consolidate.{key}", lang) for key in ("row", "team", "period", "file")}
    found = [
        Shown(key="_row", header=words["row"], index=ROW, style=BULK_LINK.but(align="center")),
        Shown(key="_team", header=words["team"], index=TEAM, style=_TRACE),
        Shown(key="_period", header=words["period"], index=PERIOD, style=_TRACE),
    ]
    found += [
        _of_definition(catalog, definition, column, FIRST + place, lang)
        for place, column in enumerate(sheet.columns)
    ]
    first = FIRST + len(sheet.columns)
    found += [
        Shown(key=EXTRA + header, header=f"＋{header}", index=first + place, style=_TRACE)
        for place, header in enumerate(headers)
    ]
    if len(counted.headers) > len(headers):
        others = say("consolidate.other_columns", lang)
        found.append(Shown(key=EXTRA, header=others, index=first + len(headers), style=_TRACE))
    title = say("consolidate.sheet", lang)
    found.append(Shown(key="_file", header=words["file"], index=FILE, style=_TRACE))
    found.append(Shown(key="_sheet", header=title, index=TITLE, style=_TRACE))
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
) -> Shown:
    kind = KINDS[column.kind]
    labels: dict[Any, str] = dict(choice_labels(catalog, definition, column, lang))
    header_style = HEADER_OPTIONAL
    if column.required:
        header_style = HEADER_REQUIRED
    elif not column.typed:
        header_style = HEADER_COMPUTED
    return Shown(
        key=column.name,
        header=column.label[lang] + (f"（{column.unit}）" if column.unit else ""),
        index=index,
        style=BULK.but(
            number=kind.number_format(column.unit),
            align=kind.align,
            indent=1 if kind.align == "right" else 0,
        ),
        header_style=header_style,
        convert=partial(_labelled, labels) if labels else tuple,
        hidden=column.hidden,
        day=is_date(column),
        unit_key=column.unit_from,
        unit_formats=_UNIT_FORMATS if column.unit_from else (),
    )


def _labelled(labels: dict[Any, str], names: Sequence[object]) -> list[object]:
    return [labels.get(name, name) for name in names]

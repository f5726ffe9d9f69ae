"""Checks that the examples in a definition would be accepted if a team typed them."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import ColumnDef, Definition, SheetDef
from xltools.definition.file_shape import Mistake
from xltools.definition.local_text import LocalText
from xltools.kinds import KINDS, Setting
from xltools.locale import LANGUAGES

_ANY_YEAR = 2024  # completes an example such as 7月3日


def refused_examples(catalog: Catalog, definition: Definition) -> Iterator[Mistake]:
    """Examples that their columns' kinds or limits refuse.

    A changed column may keep its former one: it tells the example rows of older workbooks.
    """
    changed = {place for one in definition.migrations for place in one.changed}
    for sheet in definition.sheets:
        for column in sheet.columns:
            if f"{sheet.name}.{column.name}" in changed:
                continue
            if column.example is not None and column.kind in KINDS:
                for lang in LANGUAGES:
                    if not _accepted(catalog, definition, sheet, column, lang):
                        shown = _in(column.example, lang)
                        where = f"{sheet.name}.{column.name}.example"
                        yield "errors.definition.example", {"path": where, "name": shown}
                        break


def _accepted(
    catalog: Catalog, definition: Definition, sheet: SheetDef, column: ColumnDef, lang: str
) -> bool:
    known = {**catalog.settings.lists, **definition.lists}
    labels = catalog.labels(definition, column.choices) if column.choices in known else {}
    setting = Setting(unit=column.unit, year=_ANY_YEAR, labels=labels)
    unit = next((one.example for one in sheet.columns if one.name == column.unit_from), None)
    value = _in(column.example, lang)
    kind = KINDS[column.kind]
    share = {0} if isinstance(value, float) else set()  # 0.9 in a percent cell is 90 %
    read = kind.parse([value], setting, percent=share, units=[str(_in(unit, lang) or "")])
    if read.values[0] is None:
        return False
    number = read.values[0]
    if isinstance(number, int | float):
        least, most = column.min, column.max
        return (least is None or number >= least) and (most is None or number <= most)
    return True


def _in(value: object, lang: str) -> object:
    return value[lang] if isinstance(value, LocalText) else value

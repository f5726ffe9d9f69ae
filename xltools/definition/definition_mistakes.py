"""What keeps a definition from being used, although its file is well formed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import (
    Carry,
    ColumnDef,
    Definition,
    SheetDef,
)
from xltools.definition.evaluation_mistakes import NAME, evaluation_mistakes
from xltools.definition.evaluation_model import SPECIAL
from xltools.definition.file_shape import Mistake
from xltools.definition.name_mistakes import alike, repeated, unknown
from xltools.ground.filenames import safe_name
from xltools.ground.folding import fold
from xltools.kinds import KINDS
from xltools.locale import LANGUAGES, say

SOURCES = ("teams", "members", "metrics", "targets")  # the sheets of settings that hold rows
_LONGEST_TITLE = 31  # of a sheet, in Excel
_NO_TITLE = set("[]:*?/\\")


def mistakes(catalog: Catalog, definition: Definition) -> Iterator[Mistake]:
    """Unknown names, labels that look alike, impossible values: key and values of each sentence."""
    yield from repeated("sheets", (sheet.name for sheet in definition.sheets))
    yield from alike("sheets", [one.title for one in definition.sheets], "same_title")
    for name, choices in definition.lists.items():
        yield from alike(f"lists.{name}", list(choices.values()), "same_choice")
    for sheet in definition.sheets:
        yield from _title_mistakes(sheet)
        yield from repeated(f"{sheet.name}.columns", sheet.names)
        for column in sheet.columns:
            where = f"{sheet.name}.{column.name}"
            yield from _column_mistakes(catalog, definition, sheet, column, where)
        yield from _sheet_mistakes(definition, sheet)
    yield from evaluation_mistakes(catalog, definition)
    for migration in definition.migrations:
        columns = _columns_of(definition)
        yield from unknown("migrations.added", migration.added, columns)
        yield from unknown("migrations.changed", migration.changed, columns)
        gone = [name.partition(".")[0] for name in migration.removed]
        yield from unknown("migrations.removed", gone, [one.name for one in definition.sheets])
        if migration.version > definition.version:
            late: dict[str, object] = {"path": "migrations", "version": migration.version}
            yield "errors.definition.late_migration", late


def _sheet_mistakes(definition: Definition, sheet: SheetDef) -> Iterator[Mistake]:
    sheets = {one.name: one for one in definition.sheets}
    labels = [column.label for column in sheet.columns if not column.hidden]
    yield from alike(sheet.name, labels, "same_label")
    for rule in sheet.rules:
        yield from unknown(f"{sheet.name}.rules.{rule.name}", rule.columns, sheet.names)
    for carry in sheet.carry:
        into = [carry.into] if carry.into else []
        yield from unknown(f"{sheet.name}.carry.into", into, sheets)
        target = sheets.get(carry.into, sheet)
        if "id" not in target.names and _lives_on(sheet, carry):
            yield "errors.definition.carry_without_id", {"path": target.name}
        yield from unknown(f"{sheet.name}.carry.set", carry.set, target.names)
        yield from unknown(f"{sheet.name}.carry.clear", carry.clear, sheet.names)
    if sheet.prefill:
        yield from unknown(f"{sheet.name}.prefill.source", [sheet.prefill.source], SOURCES)
        yield from unknown(f"{sheet.name}.prefill.set", sheet.prefill.set, sheet.names)
    for row in sheet.rows:
        yield from unknown(f"{sheet.name}.rows", row, sheet.names)


def _lives_on(sheet: SheetDef, carry: Carry) -> bool:
    """Whether a row stays the same record: it goes on while it is open, with all that it holds."""
    judged = any(re.search(rf"\b{name}\b", carry.when) for name in sheet.names)
    return bool(carry.into) or (judged and not carry.clear)


def _column_mistakes(
    catalog: Catalog, definition: Definition, sheet: SheetDef, column: ColumnDef, where: str
) -> Iterator[Mistake]:
    if not NAME.fullmatch(column.name):
        yield "errors.definition.bad_name", {"path": where, "name": column.name}
    yield from unknown(f"{where}.kind", [column.kind], KINDS)
    for other in (column.unit_from, column.source_by, column.brackets, column.header_brackets):
        yield from unknown(where, [other] if other else [], sheet.names)
    yield from unknown(f"{where}.against", column.against, sheet.names)
    if column.kind == "choice" and not column.choices:
        yield "errors.definition.no_choices", {"path": where}
    lists = {**catalog.settings.lists, **definition.lists}
    yield from unknown(f"{where}.choices", [column.choices] if column.choices else [], lists)
    if column.reference:
        yield from unknown(f"{where}.reference", [column.reference], _columns_of(definition))
    if column.source:
        yield from unknown(f"{where}.source", [column.source], _columns_of(catalog.settings))
    if column.min is not None and column.max is not None and column.min > column.max:
        limits: dict[str, object] = {"least": f"{column.min:g}", "most": f"{column.max:g}"}
        yield "errors.definition.limits", {"path": where, **limits}
    if column.required and column.computed:
        yield "errors.definition.required_computed", {"path": where}


def _columns_of(definition: Definition) -> list[str]:
    return [f"{sheet.name}.{name}" for sheet in definition.sheets for name in sheet.names]


def between(definitions: Collection[Definition]) -> Iterator[tuple[str, Mistake]]:
    """Definitions that cannot be told apart by the names of their workbooks' files, or by pages.

    Case, width and what file names cannot hold do not count. The later one is to blame. Also
    blocks that lead to a page that none of them has.
    """
    seen: dict[str, str] = {}
    pages = dict.fromkeys(SPECIAL, "-")
    for definition in definitions:
        for title in dict.fromkeys(definition.title.all):
            other = seen.setdefault(safe_name(fold(title)), definition.name)
            if other != definition.name:
                values: dict[str, object] = {"path": "title", "name": title, "other": other}
                yield definition.name, ("errors.definition.title_taken", values)
        for page in definition.pages:
            if pages.setdefault(page.name, definition.name) != definition.name:
                values = {"path": "pages", "name": page.name}
                yield definition.name, ("errors.definition.page_taken", values)
    for definition in definitions:
        blocks = (
            (f"{definition.path_of(page)}.{number}.page", block.page)
            for page in definition.whole.pages
            for number, block in enumerate(page.parts, 1)
        )
        for path, name in ((path, name) for path, name in blocks if name):
            for mistake in unknown(path, [name], pages):
                yield definition.name, mistake


def _title_mistakes(sheet: SheetDef) -> Iterator[Mistake]:
    """Titles that Excel would not take as they are, or that the cover has already."""
    for lang in LANGUAGES:
        title = sheet.title[lang]
        where = f"{sheet.name}.title.{lang}"
        if len(title.encode("utf-16-le")) // 2 > _LONGEST_TITLE:
            values: dict[str, object] = {"name": title, "limit": _LONGEST_TITLE}
            yield "errors.definition.long_title", {"path": where, **values}
        odd = _NO_TITLE.intersection(title)
        if odd or title.strip("' ") != title or fold(title) == "history":
            yield "errors.definition.odd_title", {"path": where, "name": title or "-"}
        if fold(title) in {fold(say("generate.cover_title", one)) for one in LANGUAGES}:
            yield "errors.definition.same_title", {"path": where, "name": title}

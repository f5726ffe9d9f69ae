"""Definition files → `Catalog`; a mistake names the file, the place in it and what is allowed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from xltools.definition.catalog import SETTINGS, Catalog
from xltools.definition.model import ColumnDef, Definition, SheetDef
from xltools.errors import DefinitionError
from xltools.kinds import KINDS
from xltools.shipped import shipped

SOURCES = ("teams", "members", "metrics", "targets")  # the sheets of settings that hold rows
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_catalog(folder: Path | None = None) -> Catalog:
    """The shipped definitions, with those of ``folder`` in place of or beside them."""
    files = {path.stem: path for path in sorted(shipped("templates").glob("*.toml"))}
    if folder is not None:
        if not folder.is_dir():
            raise DefinitionError("errors.definition.no_folder", path=folder)
        files |= {path.stem: path for path in sorted(folder.glob("*.toml"))}
    definitions = {name: read_definition(path) for name, path in files.items()}
    catalog = Catalog(definitions)
    for name, path in files.items():
        for key, values in _mistakes(catalog, definitions[name]):
            raise DefinitionError(key, file=path, **values)
    return catalog


def read_definition(path: Path) -> Definition:
    """One file, its shape checked; `load_catalog`, which knows them all, checks its names."""
    try:
        definition = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Definition)
    except OSError as error:
        raise DefinitionError("errors.definition.unreadable", file=path, reason=error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError("errors.definition.not_toml", file=path, reason=error) from error
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise DefinitionError(
            "errors.definition.shape", file=path, path=where.strip("`") or "$", reason=what
        ) from error
    if definition.name != path.stem:
        raise DefinitionError(
            "errors.definition.name", file=path, name=definition.name, expected=path.stem
        )
    return definition


Mistake = tuple[str, dict[str, object]]


def _mistakes(catalog: Catalog, definition: Definition) -> Iterator[Mistake]:
    yield from _repeated("sheets", (sheet.name for sheet in definition.sheets))
    for sheet in definition.sheets:
        yield from _repeated(f"{sheet.name}.columns", sheet.names)
        for column in sheet.columns:
            where = f"{sheet.name}.{column.name}"
            yield from _column_mistakes(catalog, definition, sheet, column, where)
        yield from _sheet_mistakes(definition, sheet)
    for migration in definition.migrations:
        columns = _columns_of(definition)
        yield from _unknown("migrations.added", migration.added, columns)
        yield from _unknown("migrations.changed", migration.changed, columns)
        gone = [name.partition(".")[0] for name in migration.removed]
        yield from _unknown("migrations.removed", gone, [one.name for one in definition.sheets])
        if migration.version > definition.version:
            late: dict[str, object] = {"path": "migrations", "version": migration.version}
            yield "errors.definition.late_migration", late


def _sheet_mistakes(definition: Definition, sheet: SheetDef) -> Iterator[Mistake]:
    sheets = {one.name: one for one in definition.sheets}
    for rule in sheet.rules:
        yield from _unknown(f"{sheet.name}.rules.{rule.name}", rule.columns, sheet.names)
    for carry in sheet.carry:
        into = [carry.into] if carry.into else []
        yield from _unknown(f"{sheet.name}.carry.into", into, sheets)
        target = sheets.get(carry.into, sheet)
        yield from _unknown(f"{sheet.name}.carry.set", carry.set, target.names)
        yield from _unknown(f"{sheet.name}.carry.clear", carry.clear, sheet.names)
    if sheet.prefill:
        yield from _unknown(f"{sheet.name}.prefill.source", [sheet.prefill.source], SOURCES)
        yield from _unknown(f"{sheet.name}.prefill.set", sheet.prefill.set, sheet.names)
    for row in sheet.rows:
        yield from _unknown(f"{sheet.name}.rows", row, sheet.names)


def _column_mistakes(
    catalog: Catalog, definition: Definition, sheet: SheetDef, column: ColumnDef, where: str
) -> Iterator[Mistake]:
    if not _NAME.fullmatch(column.name):
        yield "errors.definition.bad_name", {"path": where, "name": column.name}
    yield from _unknown(f"{where}.kind", [column.kind], KINDS)
    for other in (column.unit_from, column.source_by, column.brackets, column.header_brackets):
        yield from _unknown(where, [other] if other else [], sheet.names)
    if column.kind == "choice" and not column.choices:
        yield "errors.definition.no_choices", {"path": where}
    lists = {**catalog.settings.lists, **definition.lists}
    yield from _unknown(f"{where}.choices", [column.choices] if column.choices else [], lists)
    if column.reference:
        yield from _unknown(f"{where}.reference", [column.reference], _columns_of(definition))
    if column.source:
        yield from _unknown(f"{where}.source", [column.source], _columns_of(catalog.settings))
    if column.required and column.computed:
        yield "errors.definition.required_computed", {"path": where}


def _columns_of(definition: Definition) -> list[str]:
    return [f"{sheet.name}.{name}" for sheet in definition.sheets for name in sheet.names]


def _repeated(where: str, names: Iterable[str]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield "errors.definition.repeated", {"path": where, "name": name}
        seen.add(name)


def _unknown(where: str, names: Iterable[str], allowed: Iterable[str]) -> Iterator[Mistake]:
    known = list(allowed)
    for name in names:
        if name not in known:
            options = ", ".join(known)
            yield (
                "errors.definition.unknown",
                {"path": where, "name": name, "allowed": options},
            )


__all__ = ["SETTINGS", "load_catalog", "read_definition"]

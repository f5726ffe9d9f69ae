"""Tables as today's definitions want them, whatever wrote the database before; nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import sqlalchemy as sql

from xltools.database.database_tables import (
    ABOUT,
    DEFINITIONS,
    FIXED,
    FORMAT,
    LABELS,
    DataTable,
    category,
    column_type,
    found_category,
    shape_of,
    tables_of,
    with_own,
)
from xltools.database.database_url import shown
from xltools.database.label_views import create_views, drop_views, headers
from xltools.definition import Catalog
from xltools.errors import DatabaseError
from xltools.version import __version__


def holds_ours(connection: sql.Connection) -> bool:
    """Whether the program has written here before; DatabaseError where a newer one has."""
    if not sql.inspect(connection).has_table(ABOUT.name):
        return False
    found = connection.execute(sql.select(ABOUT.c.format, ABOUT.c.program)).first()
    if found and found.format > FORMAT:
        raise DatabaseError("database.newer", program=found.program, own=__version__)
    return found is not None


def require_ours(connection: sql.Connection) -> None:
    """DatabaseError where the program has never written, or a newer one has."""
    if not holds_ours(connection):
        raise DatabaseError("database.strange", url=shown(connection.engine.url))


def refuse_newer(connection: sql.Connection, catalog: Catalog) -> Mapping[str, str]:
    """Shapes of what is there by definition; DatabaseError where one is of a newer version."""
    shapes: dict[str, str] = {}
    for name, version, shape in connection.execute(sql.select(DEFINITIONS)):
        known = catalog.definitions.get(name)
        if known and version > known.version:
            raise DatabaseError(
                "database.newer_definition", name=name, found=version, own=known.version
            )
        shapes[name] = shape
    return shapes


def bring_up(connection: sql.Connection, catalog: Catalog) -> None:
    """Make or change tables and views where a definition is not what it was."""
    if not holds_ours(connection):
        FIXED.create_all(connection)
        connection.execute(ABOUT.insert(), {"format": FORMAT, "program": __version__})
    whole = with_own(catalog)
    shapes = refuse_newer(connection, whole)
    changed = [one for one in whole if shapes.get(one.name) != shape_of(catalog, one)]
    if not changed:
        return
    tables = tables_of(catalog, [one.name for one in changed]).values()
    drop_views(connection, [name for one in tables for name in (one.name, one.was)])
    for table in tables:
        _bring_up(connection, table, {one.name for one in tables})
        create_views(connection, catalog, table)
        _write_labels(connection, table)
    names = [table.name for table in tables]
    for one in changed:
        gone = (LABELS.c.definition == one.name) & LABELS.c.table_name.not_in(names)
        connection.execute(LABELS.update().where(gone).values(removed=1))
        connection.execute(DEFINITIONS.delete().where(DEFINITIONS.c.definition == one.name))
        row = {"definition": one.name, "version": one.version, "digest": shape_of(catalog, one)}
        connection.execute(DEFINITIONS.insert(), row)


def _bring_up(connection: sql.Connection, table: DataTable, taken: Set[str]) -> None:
    """One table; what a sheet or column of today is called was not another's name before."""
    inspector = sql.inspect(connection)
    quoted = connection.dialect.identifier_preparer.quote
    name = quoted(table.name)
    if not inspector.has_table(table.name):
        if not table.was or table.was in taken or not inspector.has_table(table.was):
            table.sa.create(connection)
            return
        connection.exec_driver_sql(f"ALTER TABLE {quoted(table.was)} RENAME TO {name}")
        connection.execute(
            LABELS.update().where(LABELS.c.table_name == table.was).values(table_name=table.name)
        )
        inspector = sql.inspect(connection)
    there = {one["name"]: found_category(one["type"]) for one in inspector.get_columns(table.name)}
    names = {column.name for column in table.columns}
    for column in table.columns:
        if column.name not in there and column.was in there.keys() - names:
            _rename(connection, table, column.was, column.name)
            there[column.name] = there.pop(column.was)
        if there.get(column.name, category(column)) != category(column):
            # Of another kind now: the old values stay as they are, beside the new ones.
            _rename(connection, table, column.name, _free(f"{column.name}_was", there))
            del there[column.name]
        if column.name not in there:
            kind = column_type(column).compile(connection.dialect)
            added = f"ALTER TABLE {name} ADD COLUMN {quoted(column.name)} {kind}"
            connection.exec_driver_sql(added)


def _rename(connection: sql.Connection, table: DataTable, old: str, new: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    names = f"{quoted(old)} TO {quoted(new)}"
    connection.exec_driver_sql(f"ALTER TABLE {quoted(table.name)} RENAME COLUMN {names}")
    mine = (LABELS.c.table_name == table.name) & (LABELS.c.column_name == old)
    connection.execute(LABELS.update().where(mine).values(column_name=new))


def _free(name: str, taken: Mapping[str, str]) -> str:
    return name if name not in taken else _free(f"{name}_was", taken)


def _write_labels(connection: sql.Connection, table: DataTable) -> None:
    """Describe the columns; those that no definition has any more keep what was said of them."""
    mine = LABELS.c.table_name == table.name
    names = [column.name for column in table.columns]
    connection.execute(LABELS.delete().where(mine & LABELS.c.column_name.in_(names)))
    gone = {"removed": 1, "view_column_zh": None, "view_column_en": None}
    connection.execute(LABELS.update().where(mine).values(gone))
    connection.execute(LABELS.insert(), _label_rows(table))


def _label_rows(table: DataTable) -> Sequence[Mapping[str, object]]:
    views = zip(headers(table, "zh"), headers(table, "en"), strict=True)
    return [
        {
            "table_name": table.name,
            "column_name": column.name,
            "place": place,
            "definition": table.definition.name,
            "sheet": table.sheet.name,
            "kind": column.kind,
            "unit": column.unit,
            "label_zh": column.label.zh,
            "label_en": column.label.en,
            "view_column_zh": zh,
            "view_column_en": en,
            "removed": 0,
        }
        for place, (column, (zh, en)) in enumerate(zip(table.columns, views, strict=True))
    ]

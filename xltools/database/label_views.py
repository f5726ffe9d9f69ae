"""Views that show names people know: labels for columns, words for choices, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sql
from sqlalchemy.schema import CreateView, DropView

from xltools.consolidate.write.sheet_columns import choice_labels
from xltools.database.database_tables import LONGEST_NAME, DataTable, with_own
from xltools.definition import Catalog, ColumnDef
from xltools.excel.titles import table_headers
from xltools.locale import LANGUAGES


def view_name(table: str, lang: str) -> str:
    """``v_goals_tasks_zh``."""
    return f"v_{table}_{lang}"


def drop_views(connection: sql.Connection, tables: Sequence[str]) -> None:
    """Take the tables' views away, where there are any."""
    there = set(sql.inspect(connection).get_view_names())
    for table in dict.fromkeys(tables):
        for lang in LANGUAGES:
            if view_name(table, lang) in there:
                connection.execute(DropView(sql.Table(view_name(table, lang), sql.MetaData())))


def create_views(connection: sql.Connection, catalog: Catalog, table: DataTable) -> None:
    """The table's view in each language."""
    for lang in LANGUAGES:
        shown = zip(table.columns, headers(table, lang), strict=True)
        columns = [_shown(catalog, table, one, lang).label(header) for one, header in shown]
        connection.execute(CreateView(sql.select(*columns), view_name(table.name, lang)))


def headers(table: DataTable, lang: str) -> list[str]:
    """What the view calls the columns: label and unit, each once."""
    wanted = [
        column.label[lang] + (f"（{column.unit}）" if column.unit else "")
        for column in table.columns
    ]
    return list(_distinct(table_headers(wanted)))


def _distinct(names: Sequence[str]) -> Iterator[str]:
    """Short enough for every database, and different for one that ignores case."""
    taken: set[str] = set()
    for name in names:
        cut, number = _cut(name, LONGEST_NAME), 1
        while cut.casefold() in taken:
            number += 1
            mark = f" ({number})"
            cut = _cut(name, LONGEST_NAME - len(mark)) + mark
        taken.add(cut.casefold())
        yield cut


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore").strip() or "-"


def _shown(
    catalog: Catalog, table: DataTable, column: ColumnDef, lang: str
) -> sql.ColumnElement[object]:
    """The column; where it holds choices, their labels."""
    plain: sql.ColumnElement[object] = table.sa.c[column.name]
    words = choice_labels(with_own(catalog), table.definition, column, lang)
    labels = {name: label for name, label in words.items() if name != label}
    return sql.case(labels, value=plain, else_=plain) if labels else plain

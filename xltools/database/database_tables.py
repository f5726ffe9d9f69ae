"""The tables: one for every sheet that teams or the desk fill in, and the program's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from importlib import resources
from typing import Any

import msgspec
import sqlalchemy as sql
from sqlalchemy.dialects import mysql

from xltools.consolidate.store.reading_key import digest
from xltools.consolidate.store.row_tables import holds_days, sql_type
from xltools.definition import (
    Catalog,
    Choice,
    ColumnDef,
    Definition,
    FigureDef,
    SheetDef,
    Summary,
)

FORMAT = 1  # rises when what is here changes in a way that an older program must not write
KEYS = ("_quarter", "_submission", "_place")
ORIGIN = ("_team", "_period", "_file", "_sheet", "_row", "_sha256", "_extra")

LONGEST_NAME = 63  # bytes that PostgreSQL takes; others take more
_MARK = 8
_FIGURES = ("scores", "attainments")
_SHORTER = {("settings", "metrics"): "metrics"}
_TEXT = sql.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
# Texts are told apart as they are typed, whatever the server does by itself.
_OPTIONS: dict[str, Any] = {
    f"{dialect}_{name}": value
    for dialect in ("mysql", "mariadb")
    for name, value in (("charset", "utf8mb4"), ("collate", "utf8mb4_bin"), ("engine", "InnoDB"))
}

FIXED = sql.MetaData()
ABOUT = sql.Table(
    "xltools_about",
    FIXED,
    sql.Column("format", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("program", sql.String(40)),
    **_OPTIONS,
)
DEFINITIONS = sql.Table(
    "xltools_definitions",
    FIXED,
    sql.Column("definition", sql.String(128), primary_key=True),
    sql.Column("version", sql.Integer),
    sql.Column("digest", sql.String(64)),
    **_OPTIONS,
)
READINGS = sql.Table(
    "xltools_readings",  # what reading a quarter back needs besides the rows
    FIXED,
    sql.Column("_quarter", sql.String(6), primary_key=True),
    sql.Column("_submission", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("file", _TEXT),
    sql.Column("reading", _TEXT),
    **_OPTIONS,
)
LABELS = sql.Table(
    "column_labels",
    FIXED,
    sql.Column("table_name", sql.String(64), primary_key=True),
    sql.Column("column_name", sql.String(64), primary_key=True),
    sql.Column("place", sql.Integer),
    sql.Column("definition", sql.String(128)),
    sql.Column("sheet", sql.String(128)),
    sql.Column("kind", sql.String(16)),
    sql.Column("unit", _TEXT),
    sql.Column("label_zh", _TEXT),
    sql.Column("label_en", _TEXT),
    sql.Column("view_column_zh", sql.String(64)),
    sql.Column("view_column_en", sql.String(64)),
    sql.Column("removed", sql.Integer),
    **_OPTIONS,
)


class DataTable(msgspec.Struct, frozen=True, kw_only=True):
    """One table of rows by quarter; ``columns`` are all that people see, in their order.

    ``figures`` are what an evaluation writes, and only that.
    """

    name: str
    was: str
    definition: Definition
    sheet: SheetDef
    columns: tuple[ColumnDef, ...]
    sa: sql.Table
    figures: bool = False


# A shipped file, which does not change while the program runs, and nobody changes what it says.
@cache
def own_definition() -> Definition:
    """The program's own tables, declared as sheets are."""
    text = resources.files("xltools.database").joinpath("tables.toml").read_bytes()
    return msgspec.toml.decode(text, type=Definition)


def with_own(catalog: Catalog) -> Catalog:
    """The catalog with the program's own tables, whose list of workbooks are its definitions."""
    own = own_definition()
    titles = {one.name: Choice(one.title.zh, one.title.en) for one in catalog.team_definitions}
    own = msgspec.structs.replace(own, lists={**own.lists, "workbook": titles})
    return Catalog({**catalog.definitions, own.name: own})


def tables_of(catalog: Catalog, names: Iterable[str] = ()) -> Mapping[tuple[str, str], DataTable]:
    """The tables by definition and sheet, of all definitions or of those named."""
    metadata = sql.MetaData()
    wanted = set(names) or {one.name for one in with_own(catalog)}
    return {
        (definition.name, sheet.name): _table(metadata, definition, sheet)
        for definition in with_own(catalog)
        if definition.name in wanted
        for sheet in (
            *definition.sheets,
            *map(partial(_as_sheet, definition), definition.summaries),
        )
        if (definition.name, sheet.name) != (own_definition().name, "origin")
    }


def _as_sheet(definition: Definition, summary: Summary) -> SheetDef:
    """A summary as the sheet that it would be: what its lines stand for, then its figures."""
    source = definition.whole.sheet(summary.source)
    period = own_definition().sheet("origin").column("period")
    known = {one.name: one for one in (period, *source.columns, *map(_as_column, source.figures))}
    keys = (known[name] for name in summary.by if name != "team")
    columns = (*keys, *(_as_column(one) for one in summary.columns if not one.each))
    return SheetDef(name=summary.name, title=summary.title, about=summary.title, columns=columns)


def _as_column(figure: FigureDef) -> ColumnDef:
    return ColumnDef(
        name=figure.name,
        label=figure.label,
        kind=figure.kind,
        unit=figure.unit,
        choices=figure.choices,
    )


def shape_of(catalog: Catalog, definition: Definition) -> str:
    """What tables, views and labels of a definition depend on."""
    return digest(FORMAT, definition, catalog.settings.lists)


def category(column: ColumnDef) -> str:
    """What tells two types of columns apart, whatever a database calls them."""
    if holds_days(column):
        return "date"
    return "number" if sql_type(column) == "REAL" else "text"


def found_category(kind: sql.types.TypeEngine[Any]) -> str:
    """The same of a column that is there."""
    if isinstance(kind, sql.Date):
        return "date"
    return "number" if isinstance(kind, sql.Numeric | sql.Float | sql.Integer) else "text"


def column_type(column: ColumnDef) -> sql.types.TypeEngine[Any]:
    """A column's type in the database."""
    if column.name == "_quarter":
        return sql.String(6)
    if column.name == "_row":
        return sql.Integer()
    kinds: dict[str, sql.types.TypeEngine[Any]] = {
        "date": sql.Date(),
        "number": sql.Double(),
        "text": _TEXT,
    }
    return kinds[category(column)]


def short(name: str) -> str:
    """The name as every database takes it: where it is too long, cut, with a mark of its own."""
    raw = name.encode()
    if len(raw) <= LONGEST_NAME:
        return name
    return raw[: LONGEST_NAME - _MARK - 1].decode(errors="ignore") + "_" + digest(name)[:_MARK]


def table_name(definition: str, sheet: str) -> str:
    """``goals_tasks``; room is left for what stands before and behind a view's name."""
    own = own_definition().name
    plain = sheet if definition == own else f"{definition}_{sheet}"
    return _SHORTER.get((definition, sheet), short(f"v_{plain}_zh")[2:].removesuffix("_zh"))


def _table(metadata: sql.MetaData, definition: Definition, sheet: SheetDef) -> DataTable:
    columns = (*_origin(definition, sheet), *sheet.columns)
    name = table_name(definition.name, sheet.name)
    made = sql.Table(
        name,
        metadata,
        sql.Column("_quarter", sql.String(6), primary_key=True),
        sql.Column("_submission", sql.Integer, primary_key=True, autoincrement=False),
        sql.Column("_place", sql.Integer, primary_key=True, autoincrement=False),
        *(sql.Column(one.name, column_type(one)) for one in columns[1:]),
        **_OPTIONS,
    )
    was = table_name(definition.name, sheet.was) if sheet.was else ""
    return DataTable(
        name=name,
        was=was,
        definition=definition,
        sheet=sheet,
        columns=columns,
        sa=made,
        figures=sheet.name in _figures(definition),
    )


def _figures(definition: Definition) -> tuple[str, ...]:
    own = definition.name == own_definition().name
    return _FIGURES if own else tuple(one.name for one in definition.summaries)


def _origin(definition: Definition, sheet: SheetDef) -> Iterator[ColumnDef]:
    """What stands in front of a table's columns: the quarter, the team, the place of each row."""
    own = own_definition()
    by = {one.name: one.by for one in definition.summaries} | {
        one.name: ("team",) for one in own.sheets if definition.name == own.name
    }
    names: tuple[str, ...] = ORIGIN if definition.filled_by == "team" else ()
    if sheet.name in by:
        names = ORIGIN[:1] if "team" in by[sheet.name] else ()
    for name in ("_quarter", *names):
        yield own.sheet("origin").column(name)

"""Quarters out of the database, as they were consolidated: what trends and comparisons read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.consolidate.collect_submissions import gathered
from xltools.consolidate.combine.consolidation import PROVENANCE, Consolidation
from xltools.consolidate.read_back.consolidated_reader import assign_rows
from xltools.consolidate.read_back.data_page import DataPage
from xltools.consolidate.store.submission_json import decode, unpack
from xltools.database.database_tables import READINGS, table_name
from xltools.database.database_url import reading
from xltools.database.schema_versions import refuse_newer, require_ours
from xltools.definition import Catalog, Definition, SheetDef
from xltools.ground.period import Quarter
from xltools.settings import Settings


def read_quarters(
    url: str,
    first: Quarter,
    before: Quarter,
    *,
    catalog: Catalog,
    settings: Settings,
    teams: Sequence[str] = (),
) -> list[Consolidation]:
    """The quarters that the database holds from ``first`` on, until ``before``.

    Raises DatabaseError where it cannot be read, or is not one of ours.
    """
    with reading(url) as connection:
        require_ours(connection)
        refuse_newer(connection, catalog)
        asked = sql.select(READINGS.c._quarter).distinct().order_by(READINGS.c._quarter)
        found = [Quarter.parse(text) for text in connection.execute(asked).scalars()]
        return [
            gathered(
                _submissions(connection, catalog, quarter),
                ReadingPlan(catalog, settings, teams=tuple(teams), period=quarter),
            )
            for quarter in found
            if first <= quarter < before
        ]


def _submissions(
    connection: sql.Connection, catalog: Catalog, quarter: Quarter
) -> Sequence[Submission]:
    mine = sql.select(READINGS.c.file, READINGS.c.reading).where(
        READINGS.c._quarter == str(quarter)
    )
    stored = connection.execute(mine.order_by(READINGS.c._submission))
    found = {file: decode(unpack(text), file) for file, text in stored}
    for definition in catalog.team_definitions:
        for sheet in definition.sheets:
            _rename([*found.values()], definition, sheet)
            for page in _pages(connection, definition, sheet, str(quarter)):
                assign_rows(page, Path(), None, catalog, found)
    return list(found.values())


def _rename(submissions: Sequence[Submission], definition: Definition, sheet: SheetDef) -> None:
    """What a sheet's former name says about its rows stands under its name of today."""
    for one in submissions:
        if one.template == definition.name and sheet.was in one.sheets:
            one.sheets = {
                sheet.name if name == sheet.was else name: rows for name, rows in one.sheets.items()
            }


def _pages(
    connection: sql.Connection, definition: Definition, sheet: SheetDef, quarter: str
) -> Iterator[DataPage]:
    """The sheet's rows of a quarter; columns by the names that they have in the database."""
    inspector = sql.inspect(connection)
    names = [table_name(definition.name, name) for name in (sheet.name, sheet.was) if name]
    name = next((name for name in names if inspector.has_table(name)), None)
    if name is None:
        return
    table = sql.Table(name, sql.MetaData(), autoload_with=connection)
    asked = sql.select(*map(_plain, table.columns)).where(table.c._quarter == quarter)
    result = connection.execute(asked.order_by(table.c._submission, table.c._place))
    rows = result.all()
    if not rows:
        return
    keys = list(result.keys())
    own = [key for key in keys if not key.startswith("_")]
    columns = {key: [row[at] for row in rows] for at, key in enumerate(keys)}
    yield DataPage(
        f"{definition.name}.{sheet.name}",
        definition,
        sheet,
        [(name, place) for place in range(len(rows))],
        dict.fromkeys((*own, *PROVENANCE), 1),
        columns,
        {},
    )


def _plain(column: sql.Column[Any]) -> sql.ColumnElement[Any]:
    """The column; a number as a float, which some servers' types make a rounded decimal of."""
    number = isinstance(column.type, sql.Numeric | sql.Float)
    return sql.type_coerce(column, sql.Double()).label(column.name) if number else column

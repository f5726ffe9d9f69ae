"""What a database holds: quarters, workbooks, the teams that sent them."""

from __future__ import annotations

import msgspec
import sqlalchemy as sql

from xltools.database.database_tables import own_definition, tables_of
from xltools.database.database_url import reading
from xltools.database.schema_versions import require_ours
from xltools.definition import Catalog


class Held(msgspec.Struct, kw_only=True):
    """One workbook of one quarter: who sent it, who owes it, and what came of it.

    ``workbook`` is the definition's name, "" for files that are no workbook of ours.
    """

    quarter: str
    workbook: str
    teams: list[str] = []
    missing: list[str] = []
    excluded: int = 0
    rows: int = 0
    errors: int = 0


class History(msgspec.Struct, frozen=True):
    """The whole; ``evaluated`` are the quarters that figures were written of."""

    held: tuple[Held, ...]
    evaluated: tuple[str, ...]

    @property
    def quarters(self) -> tuple[str, ...]:
        """All quarters in order."""
        return tuple(dict.fromkeys(one.quarter for one in self.held))


def history(url: str, catalog: Catalog) -> History:
    """What the database holds, quarter by quarter; DatabaseError where it is none of ours."""
    own = own_definition().name
    tables = tables_of(catalog, [own])
    submissions, scores = tables[own, "submissions"].sa.c, tables[own, "scores"].sa.c
    with reading(url) as connection:
        require_ours(connection)
        names = ("_quarter", "workbook", "_team", "verdict", "row_count", "errors")
        asked = sql.select(*(submissions[name] for name in names))
        order = (submissions["_quarter"], submissions["workbook"], submissions["_submission"])
        found: dict[tuple[str, str], Held] = {}
        for quarter, workbook, team, verdict, rows, errors in connection.execute(
            asked.order_by(*order)
        ):
            one = found.setdefault(
                (quarter, workbook), Held(quarter=quarter, workbook=workbook or "")
            )
            _add(one, team, verdict, int(rows or 0), int(errors or 0))
        evaluated = sql.select(scores["_quarter"]).distinct().order_by(scores["_quarter"])
        return History(tuple(found.values()), tuple(connection.execute(evaluated).scalars()))


def _add(one: Held, team: str, verdict: str, rows: int, errors: int) -> None:
    if verdict == "excluded":
        one.excluded += 1
        return
    teams = one.missing if verdict == "missing" else one.teams
    if team and team not in teams:
        teams.append(team)
    one.rows += rows
    one.errors += errors

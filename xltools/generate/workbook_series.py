"""One definition's workbooks: laid out once, filled with the rows they begin with, written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from xltools.definition import Catalog, Definition
from xltools.excel.atomic_output import write_bytes
from xltools.generate.batch import Batch
from xltools.generate.draw.blank_workbook import Blank, lay_out
from xltools.generate.fill.cached_results import judge
from xltools.generate.fill.starting_rows import (
    Row,
    Rows,
    cell_values,
    first_rows,
    settings_rows,
    with_parameters,
)
from xltools.generate.fill.team_copy import stamped
from xltools.ground.period import Quarter
from xltools.settings import Settings


def write_workbook(
    target: Path | IO[bytes],
    *,
    catalog: Catalog,
    definition: Definition,
    settings: Settings,
    team: str,
    period: Quarter,
    lang: str,
    rows: Rows | None = None,
    capacity: int | None = None,
    force: bool = False,
) -> None:
    """Write one team's workbook; ``rows`` by sheet stand in place of what it would begin with.

    The operations desk's own workbook begins with the shipped rows and what the settings hold;
    there ``rows`` replace the sheets that they name. Raises WriteError.
    """
    batch = Batch(catalog=catalog, settings=settings, period=period, lang=lang)
    fresh = rows is None and definition.filled_by == "team"
    content = Series(batch, definition, [team], [rows], capacity, fresh=fresh).content(0)
    if isinstance(target, Path):
        write_bytes(target, content, force=force)
    else:
        target.write(content)


def write_settings(
    target: Path | IO[bytes],
    *,
    catalog: Catalog,
    settings: Settings,
    period: Quarter,
    lang: str,
    rows: Rows | None = None,
    force: bool = False,
) -> None:
    """Write the operations desk's own workbook; raises WriteError."""
    write_workbook(
        target,
        catalog=catalog,
        definition=catalog.settings,
        settings=settings,
        team="",
        period=period,
        lang=lang,
        rows=rows,
        force=force,
    )


class Series:
    """The workbooks of many teams from one definition; ``content`` gives each, by its index.

    ``rows`` by team and sheet stand in place of what a workbook would begin with. The rows of
    ``fresh`` ones wait to be filled in; else they stand for what a team typed.
    """

    def __init__(
        self,
        batch: Batch,
        definition: Definition,
        teams: Sequence[str],
        rows: Sequence[Rows | None],
        capacity: int | None = None,
        *,
        fresh: bool = True,
    ) -> None:
        settings, period = batch.settings, batch.period
        catalog = batch.catalog.with_choices(settings.choices)
        self.definition = catalog[definition.name]
        self.teams = teams
        starts = _starts(batch, catalog, self.definition, teams)
        desk = self.definition.filled_by == "desk"
        whole: list[Rows] = [
            start if given is None else {**start, **given} if desk else given
            for start, given in zip(starts, rows, strict=True)
        ]
        self._filled = [cell_values(catalog, self.definition, one) for one in whole]
        workbook = lay_out(catalog, self.definition, batch.lang, self._room(capacity))
        self._blank = Blank(workbook, settings, period)
        self._judged = judge(self._blank, self._filled, teams, period.year, fresh=fresh)

    def content(self, index: int) -> bytes:
        """A team's workbook."""
        return stamped(self._blank, self.teams[index], self._judged[index])

    def _room(self, capacity: int | None) -> dict[str, int]:
        """How many rows each sheet has: as asked, and more where many are filled already."""
        room: dict[str, int] = {}
        for sheet in self.definition.sheets:
            most = max((len(rows.get(sheet.name, ())) for rows in self._filled), default=0)
            wanted = sheet.capacity if capacity is None or sheet.capacity == 1 else capacity
            free = most // 4 if capacity else max(most // 4, sheet.capacity // 2)
            room[sheet.name] = max(wanted, most + free)
        return room


def _starts(
    batch: Batch, catalog: Catalog, definition: Definition, teams: Sequence[str]
) -> list[dict[str, Sequence[Row]]]:
    """By team the rows of each sheet that nobody has to type."""
    settings, lang = batch.settings, batch.lang
    found = first_rows(catalog, definition, settings, teams, lang)
    if definition.filled_by == "team":
        return [dict(found[team]) for team in teams]
    shipped = found[teams[0]]
    shipped["parameters"] = with_parameters(shipped["parameters"], settings.parameters)
    own = settings_rows(catalog, settings, lang)
    own["general"] = [{**own["general"][0], "period": str(settings.period or batch.period)}]
    return [{**shipped, **{name: rows for name, rows in own.items() if rows}}]

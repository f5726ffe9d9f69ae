"""One definition's workbooks: laid out once, filled with the rows they begin with, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from xltools.definition import Catalog, Definition
from xltools.excel.atomic_output import write_bytes
from xltools.generate.draw.blank_workbook import build, lay_out
from xltools.generate.fill.cached_results import judge
from xltools.generate.fill.starting_rows import (
    Row,
    first_rows,
    held,
    settings_rows,
    with_parameters,
)
from xltools.generate.fill.team_copy import stamped
from xltools.ground.period import Quarter
from xltools.settings import Settings

Rows = Mapping[str, Sequence[Row]]  # by sheet


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
    there ``rows`` replace the sheets that they name.
    """
    series = Series(
        fresh=rows is None and not _is_desk(definition),
        catalog=catalog,
        definition=definition,
        settings=settings,
        teams=[team],
        period=period,
        lang=lang,
        rows=[rows],
        capacity=capacity,
    )
    if isinstance(target, Path):
        write_bytes(target, series.content(0), force=force)
    else:
        target.write(series.content(0))


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
    """Write the operations desk's own workbook."""
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

    The rows of ``fresh`` ones wait to be filled in; else they stand for what a team typed.
    """

    def __init__(
        self,
        *,
        catalog: Catalog,
        definition: Definition,
        settings: Settings,
        teams: Sequence[str],
        period: Quarter,
        lang: str,
        rows: Sequence[Rows | None],
        capacity: int | None = None,
        fresh: bool = True,
    ) -> None:
        catalog = catalog.with_choices(settings.choices)
        self.definition = catalog[definition.name]
        self.teams = teams
        begun = _begun(catalog, self.definition, settings, teams, period, lang)
        desk = _is_desk(self.definition)
        whole: list[Rows] = [
            started if given is None else {**started, **given} if desk else given
            for started, given in zip(begun, rows, strict=True)
        ]
        self._filled = [held(catalog, self.definition, one) for one in whole]
        workbook = lay_out(catalog, self.definition, lang, self._room(capacity))
        self._blank = build(workbook, settings, period)
        self._judged = judge(
            workbook, self._blank.faults, settings, self._filled, teams, period.year, fresh
        )

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


def _begun(
    catalog: Catalog,
    definition: Definition,
    settings: Settings,
    teams: Sequence[str],
    period: Quarter,
    lang: str,
) -> list[dict[str, Sequence[Row]]]:
    """By team the rows of each sheet that nobody has to type."""
    found = first_rows(catalog, definition, settings, teams, lang)
    if not _is_desk(definition):
        return [dict(found[team]) for team in teams]
    shipped = found[teams[0]]
    shipped["parameters"] = with_parameters(shipped["parameters"], settings.parameters)
    own = settings_rows(catalog, settings, lang)
    own["general"] = [{**own["general"][0], "period": str(settings.period or period)}]
    return [{**shipped, **{name: rows for name, rows in own.items() if rows}}]


def _is_desk(definition: Definition) -> bool:
    return definition.filled_by == "desk"

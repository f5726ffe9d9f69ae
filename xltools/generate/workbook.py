"""One workbook: laid out, filled with the rows it begins with, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from xltools.definition import Catalog, Definition
from xltools.excel.output import write_bytes
from xltools.generate.blank import Blank, build, lay_out
from xltools.generate.judge import judge
from xltools.generate.prefill import Row, first_rows, settings_rows, with_parameters
from xltools.generate.stamp import stamped
from xltools.period import Quarter
from xltools.settings import Settings

Rows = Mapping[str, Sequence[Row]]


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
    """Write one team's workbook; ``rows`` by sheet stand in place of what it would begin with."""
    [content] = workbooks(
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
    """Write the operations desk's own workbook: the shipped rows and what the settings hold."""
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


def workbooks(
    *,
    catalog: Catalog,
    definition: Definition,
    settings: Settings,
    teams: Sequence[str],
    period: Quarter,
    lang: str,
    rows: Sequence[Rows | None] | None = None,
    capacity: int | None = None,
) -> list[bytes]:
    """The workbooks of many teams, in their order; their common layout is built once."""
    catalog = catalog.with_choices(settings.choices)
    definition = catalog[definition.name]
    begun = _begun(catalog, definition, settings, teams, period, lang)
    for index, given in enumerate(rows or []):
        if given is not None:
            begun[index] = {**begun[index], **given} if _is_desk(definition) else dict(given)
    blank = blank_for(catalog, definition, settings, period, lang, capacity, begun)
    judged = judge(blank.workbook, blank.faults, settings, begun)
    return [stamped(blank, team, one) for team, one in zip(teams, judged, strict=True)]


def blank_for(
    catalog: Catalog,
    definition: Definition,
    settings: Settings,
    period: Quarter,
    lang: str,
    capacity: int | None,
    filled: Sequence[Rows],
) -> Blank:
    """A layout with room for the rows that it must hold."""
    room: dict[str, int] = {}
    for sheet in definition.sheets:
        most = max((len(rows.get(sheet.name, ())) for rows in filled), default=0)
        wanted = sheet.capacity if capacity is None or sheet.capacity == 1 else capacity
        room[sheet.name] = max(wanted, most + most // 4 if most > 1 else most)
    return build(lay_out(catalog, definition, lang, room), settings, period)


def _begun(
    catalog: Catalog,
    definition: Definition,
    settings: Settings,
    teams: Sequence[str],
    period: Quarter,
    lang: str,
) -> list[dict[str, Sequence[Row]]]:
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

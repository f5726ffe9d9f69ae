"""This quarter's consolidation → next quarter's workspace: workbooks, settings, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xltools.definition import Catalog, SheetDef
from xltools.errors import UsageError
from xltools.excel.replaced_files import keeping_old
from xltools.generate.batch import Batch
from xltools.generate.fill.starting_rows import first_rows
from xltools.generate.team_workbooks import generate
from xltools.generate.workbook_series import write_settings
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.outgoing import Written, holds_something, make_way
from xltools.rollover.decisions import CARRIED, Decision, decide
from xltools.rollover.leaks import LeakError, find_leaks
from xltools.rollover.next_settings import Deviation, next_settings
from xltools.rollover.rollover_report import write_report
from xltools.settings import Settings
from xltools.workspace import Workspace

if TYPE_CHECKING:
    from xltools.consolidate.combine.consolidation import Consolidation

Row = dict[str, object]
Start = dict[tuple[str, str], dict[str, list[Row]]]  # by (folded team, definition), by sheet


@dataclass(frozen=True, kw_only=True)
class RolloverReport:
    """What was written and what was there and stayed, and the fate of every row."""

    written: Written
    decisions: tuple[Decision, ...]
    deviations: tuple[Deviation, ...]
    consolidation: Consolidation


def rollover(
    found: Consolidation,
    *,
    to: Quarter,
    folder: Path,
    lang: str,
    teams: Sequence[str] = (),
    force: bool = False,
    replace: Sequence[str] = (),
) -> RolloverReport:
    """Write next quarter's workspace into ``folder``, for every team of the settings or ``teams``.

    Settings and workbooks that are there stay, unless ``force`` is given and they hold nothing of
    anybody, or the team is one of ``replace``. Raises UsageError where ``to`` does not follow the
    period or the folder is another quarter's, LeakError (and leaves none of the new workbooks)
    where a row is found in a place where it must not be.
    """
    if found.period is None:
        raise UsageError("usage.no_period")
    if to <= found.period:
        raise UsageError("usage.not_later", to=to, period=found.period)
    workspace = Workspace(folder)
    decisions = decide(found, to)
    settings, deviations = next_settings(found, to)
    own = _own_settings(workspace, found.catalog, to, lang, force)
    settings = own or settings
    present = [team.team for team in settings.teams_in(to)]
    everyone = present if settings.teams else sorted({one.team for one in decisions})
    batch = Batch(
        catalog=found.catalog, settings=settings, period=to, lang=lang, teams=teams or everyone
    )
    written = _write(workspace, batch, decisions, force, replace)
    if own is None:
        write_settings(
            workspace.settings,
            catalog=found.catalog,
            settings=settings,
            period=to,
            lang=lang,
            force=force,
        )
        written.append(workspace.settings)
    else:
        written.held.append(workspace.settings)
    report = workspace.reports / f"rollover-{found.period}-{to}.xlsx"
    with keeping_old(report, force=True) as kept:
        write_report(report, found, to, decisions, deviations, lang)
    written.append(report)
    written.aside += kept
    return RolloverReport(
        written=written,
        decisions=tuple(decisions),
        deviations=tuple(deviations),
        consolidation=found,
    )


def _own_settings(
    workspace: Workspace, catalog: Catalog, to: Quarter, lang: str, force: bool
) -> Settings | None:
    """The next quarter's settings where they are there already and stay; they hold from now on."""
    path = workspace.settings
    if not path.exists():
        return None
    from xltools.check.settings.settings_workbook import read_settings

    settings = read_settings(path, catalog, lang)
    if settings.period and settings.period != to:
        raise UsageError("usage.other_quarter", path=path, period=settings.period, to=to)
    return None if force and not holds_something(path, catalog, settings) else settings


def _write(
    workspace: Workspace,
    batch: Batch,
    decisions: Sequence[Decision],
    force: bool,
    replace: Sequence[str],
) -> Written:
    """The teams' workbooks, proven not to leak; where they do, none stays to be sent by mistake."""
    starts = starting_rows(batch, decisions)
    outgoing = make_way(batch, workspace.outbox, force=force, replace=replace)
    workspace.make()
    paths = generate(
        batch,
        workspace.outbox,
        rows=lambda team, name: starts.get((fold(team), name)),
        skip=outgoing.kept,
        replace=outgoing.replaced,
    )
    written = Written(paths, outgoing)
    try:
        if written:
            find_leaks(batch.catalog, batch.settings, written, starts)
    except LeakError:
        written.withdraw()
        raise
    return written


def starting_rows(batch: Batch, decisions: Sequence[Decision]) -> Start:
    """By (folded team, definition): the rows of each sheet that the next workbook starts with."""
    carried: dict[tuple[str, str, str], list[Row]] = {}
    for one in decisions:
        if one.fate == CARRIED:
            place = fold(one.team), one.definition, one.into
            carried.setdefault(place, []).append(dict(one.row))
    starts: Start = {}
    for definition in batch.catalog.team_definitions:
        given = first_rows(batch.catalog, definition, batch.settings, batch.teams, batch.lang)
        for team in batch.teams:
            starts[fold(team), definition.name] = {
                sheet.name: _merged(
                    sheet,
                    given[team].get(sheet.name, []),
                    carried.get((fold(team), definition.name, sheet.name), []),
                )
                for sheet in definition.sheets
            }
    return starts


def _merged(
    sheet: SheetDef, prefilled: Sequence[Mapping[str, object]], carried: list[Row]
) -> list[Row]:
    """Carried rows, completed by what settings say of the same key; then settings' further rows."""
    key = _key(sheet)
    if not key:
        return [*carried, *(dict(row) for row in prefilled)]
    known = {fold(str(row[key])): row for row in carried if row.get(key) is not None}
    further: list[Row] = []
    for row in prefilled:
        mine = known.get(fold(str(row.get(key))))
        if mine is None:
            further.append(dict(row))
        else:
            mine |= {name: v for name, v in row.items() if v is not None and mine.get(name) is None}
    return [*carried, *further]


def _key(sheet: SheetDef) -> str:
    """The column by which a carried row and a prefilled one are the same."""
    if not sheet.prefill:
        return ""
    named = [c.name for c in sheet.columns if c.unique] or [
        c.name for c in sheet.columns if c.source and c.name in sheet.prefill.set
    ]
    return named[0] if named else ""

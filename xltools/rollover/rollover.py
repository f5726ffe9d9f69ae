"""This quarter's consolidation → next quarter's workspace: workbooks, settings, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xltools.definition import Catalog, SheetDef
from xltools.errors import UsageError, WriteError
from xltools.folding import fold
from xltools.period import Quarter
from xltools.rollover.decisions import CARRIED, Decision, decide
from xltools.rollover.leaks import LeakError, find_leaks
from xltools.rollover.next_settings import Deviation, next_settings
from xltools.rollover.report import write_report
from xltools.settings import Settings
from xltools.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from xltools.consolidate import Consolidation

Row = dict[str, object]
Start = dict[tuple[str, str], dict[str, list[Row]]]  # by (folded team, definition), by sheet


@dataclass(frozen=True, kw_only=True)
class RolloverReport:
    """What was written, and the fate of every row."""

    written: tuple[Path, ...]
    decisions: tuple[Decision, ...]
    deviations: tuple[Deviation, ...]
    consolidation: Consolidation
    lang: str

    def table(self) -> pd.DataFrame:
        """Every row's fate: team, definition, sheet, label, fate, reason, file, title, row."""
        import pandas as pd

        names = ("team", "definition", "sheet", "into", "label", "fate", "file", "title", "place")
        return pd.DataFrame(
            {name: [getattr(one, name) for one in self.decisions] for name in names}
            | {"reason": [one.reason[self.lang] for one in self.decisions]}
        )


def rollover(
    found: Consolidation,
    *,
    to: Quarter,
    folder: Path,
    lang: str,
    teams: Sequence[str] = (),
    force: bool = False,
) -> RolloverReport:
    """Write next quarter's workspace into ``folder``, for every team of the settings or ``teams``.

    Raises UsageError where ``to`` does not follow the period, WriteError where an output exists,
    LeakError (and leaves no workbook) where a row is found in a place where it must not be.
    """
    from xltools.generate import write_settings

    if found.period is None:
        raise UsageError("usage.no_period")
    if to <= found.period:
        raise UsageError("usage.not_later", to=to, period=found.period)
    workspace = Workspace(folder)
    report = workspace.reports / f"rollover-{found.period}-{to}.xlsx"
    if not force:
        _refuse_existing(workspace.settings, report)
    decisions = decide(found, to)
    settings, deviations = next_settings(found, to)
    workspace.make()
    everyone = (
        [team.team for team in settings.teams_in(to)]
        if settings.teams
        else sorted({one.team for one in decisions})
    )
    start = starting_rows(found, settings, decisions, teams or everyone, lang)
    written = _write(workspace, found.catalog, settings, to, teams or everyone, start, lang, force)
    write_settings(
        workspace.settings,
        catalog=found.catalog,
        settings=settings,
        period=to,
        lang=lang,
        force=force,
    )
    write_report(report, found, to, decisions, deviations, lang=lang, force=force)
    return RolloverReport(
        written=(*written, workspace.settings, report),
        decisions=tuple(decisions),
        deviations=tuple(deviations),
        consolidation=found,
        lang=lang,
    )


def _write(
    workspace: Workspace,
    catalog: Catalog,
    settings: Settings,
    period: Quarter,
    teams: Sequence[str],
    start: Start,
    lang: str,
    force: bool,
) -> list[Path]:
    """The teams' workbooks, proven not to leak; where they do, none stays to be sent by mistake."""
    from xltools.generate import generate

    written = generate(
        workspace.outbox,
        catalog=catalog,
        settings=settings,
        teams=teams,
        period=period,
        lang=lang,
        rows=lambda team, name: start.get((fold(team), name)),
        force=force,
    )
    try:
        find_leaks(catalog, settings, written, start)
    except LeakError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def _refuse_existing(*targets: Path) -> None:
    """Before anything is written: half a workspace beside an old one helps nobody."""
    for target in targets:
        if target.exists():
            raise WriteError("output.exists", path=target)


def starting_rows(
    found: Consolidation,
    settings: Settings,
    decisions: Sequence[Decision],
    teams: Sequence[str],
    lang: str,
) -> Start:
    """By (folded team, definition): the rows of each sheet that the next workbook starts with."""
    from xltools.generate import first_rows

    start: Start = {}
    for definition in found.catalog.team_definitions:
        prefilled = first_rows(found.catalog, definition, settings, teams, lang)
        for team in teams:
            carried: dict[str, list[Row]] = {}
            for one in decisions:
                mine = one.definition == definition.name and fold(one.team) == fold(team)
                if mine and one.fate == CARRIED:
                    carried.setdefault(one.into, []).append(dict(one.row))
            start[fold(team), definition.name] = {
                sheet.name: _merged(
                    sheet, prefilled[team].get(sheet.name, []), carried.get(sheet.name, [])
                )
                for sheet in definition.sheets
            }
    return start


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


__all__ = ["RolloverReport", "rollover", "starting_rows"]

"""The verbs as functions: what the command line does, for notebooks and scripts.

Every function takes paths and names as a user would write them, and returns typed results. Faults
in workbooks are issues in the result; `XltoolsError` is raised where nothing can be done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from xltools.earlier_quarters import named_quarters, neighbouring_quarters, quarters_in
from xltools.errors import ReadError, UsageError, XltoolsError
from xltools.excel.input_paths import short_path
from xltools.ground.period import Quarter
from xltools.inbox import Progress, arrivals_of, consolidation_of, is_whole, sent_paths
from xltools.run import (
    Run,
    definition_mistakes,
    find_definition,
    known_team,
    load_definition,
    quarter,
    start,
)
from xltools.workspace import Workspace

if TYPE_CHECKING:
    from xltools.check.respond.check_result import Checked
    from xltools.consolidate.combine.consolidation import Consolidation
    from xltools.consolidate.combine.submission_status import Status
    from xltools.database.history import History
    from xltools.database.write_quarter import Figures
    from xltools.draft import Draft
    from xltools.evaluate import EvaluationReport
    from xltools.mail import Mailing, NotWritten
    from xltools.outgoing import Written
    from xltools.rollover.rollover import RolloverReport


TEAM_PAGES = "teams"
"""The folder beside an evaluation with a workbook for each team."""


def make_workspace(
    run: Run, folder: Path | str, *, templates: Path | str | None = None, force: bool = False
) -> Workspace:
    """A quarter's folder with a settings workbook filled with defaults and examples.

    The definitions in ``templates``, by which ``run`` was started, go along. What is there stays
    as it is; settings give way to ``force``, and the old ones are kept beside the new. Raises
    WriteError, and UsageError where the folder has other definitions.
    """
    from xltools.excel.replaced_files import keeping_old
    from xltools.generate.workbook_series import write_settings

    if run.period is None:
        raise UsageError("usage.no_period")
    workspace = Workspace(Path(folder))
    if templates is not None and not workspace.can_take(Path(templates)):
        raise UsageError("usage.other_templates", path=workspace.templates, folder=templates)
    workspace.make()
    with keeping_old(workspace.settings, force=force) as kept:
        write_settings(
            workspace.settings,
            catalog=run.catalog,
            settings=run.settings,
            period=run.period,
            lang=run.lang,
            force=force,
        )
    if templates is not None:
        workspace.take_definitions(Path(templates))
    return replace(workspace, kept=next(iter(kept), None))


def generate_workbooks(
    run: Run,
    folder: Path | str,
    *,
    names: Sequence[str] = (),
    lang: str | None = None,
    capacity: int | None = None,
    workers: int | None = None,
    force: bool = False,
    replace: Sequence[str] = (),
    progress: Progress | None = None,
) -> Written:
    """Blank workbooks for every team: ``<folder>/<team>/<team>-<title>-<period>.xlsx``.

    Those that are there stay; ``force`` replaces the ones that hold nothing of anybody. All of the
    teams in ``replace`` are replaced, the old ones kept in ``replaced/`` beside the folder.
    """
    from xltools.generate.batch import Batch
    from xltools.generate.team_workbooks import generate
    from xltools.outgoing import Written, make_way

    if run.period is None:
        raise UsageError("usage.no_period")
    teams = run.teams or tuple(team.team for team in run.settings.teams_in(run.period))
    if not teams:
        raise UsageError("usage.no_team")
    definitions = [find_definition(run.catalog, name) for name in names]
    for definition in definitions:
        if definition.filled_by != "team":
            raise UsageError("usage.not_for_teams", title=definition.title[run.lang])
    folder = Path(folder)
    batch = Batch(
        catalog=run.catalog,
        settings=run.settings,
        period=run.period,
        lang=lang or run.settings.language or run.lang,
        names=[definition.name for definition in definitions],
        teams=teams,
    )
    named = [known_team(run.settings, team) for team in replace]
    outgoing = make_way(batch, folder, force=force, replace=named)
    written = generate(
        batch,
        folder,
        capacity=capacity,
        workers=workers,
        skip=outgoing.kept,
        replace=outgoing.replaced,
        progress=progress,
    )
    return Written(written, outgoing)


def draft_definition(
    run: Run,
    paths: Sequence[Path | str],
    output: Path | str | None = None,
    *,
    name: str = "",
    workers: int | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Draft:
    """A definition drafted from workbooks that exist already: ``templates/<name>.toml``.

    In a workspace that is its own ``templates/``.

    Without a name the definition is called as the output is, else as the workbooks are. Raises
    ReadError where nothing can be read or no table is found, WriteError.
    """
    from xltools.draft import draft
    from xltools.excel.atomic_output import write_text

    called = name or (Path(output).stem if output is not None else "")
    made = draft(
        paths, catalog=run.catalog, name=called, lang=run.lang, workers=workers, progress=progress
    )
    if output is not None:
        made.path = Path(output)
    elif run.workspace is not None:
        made.path = run.workspace.templates / made.path.name
    write_text(made.path, made.toml, force=force)
    return made


def check_drafted(run: Run, made: Draft, paths: Sequence[Path | str]) -> Checked:
    """What the new definition says of the workbooks that it was drafted from."""
    own = replace(run, catalog=made.catalog, workspace=None)
    return check_workbooks(own, paths, template=made.definition.name)


def check_workbooks(
    run: Run,
    paths: Sequence[Path | str],
    *,
    template: str = "",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Read and check workbooks and folders; every problem of every one.

    Raises ReadError where a path does not exist or nothing to read was found.

    >>> from xltools.ground.shipped import shipped
    >>> sent = shipped("samples") / "2024Q3" / "华东销售队-市场拓展-2024Q3.xlsx"
    >>> checked = check_workbooks(start(), [sent])
    >>> checked.faulty, checked.submissions[0].team, checked.submissions[0].period
    (False, '华东销售队', '2024Q3')
    """
    from xltools.check.check_files import check_all

    checked = check_all(
        sent_paths(paths),
        run.plan(find_definition(run.catalog, template).name if template else ""),
        workers=workers,
        progress=progress,
    )
    arrivals_of(run, paths, checked.submissions)
    return checked


def consolidate_workbooks(
    run: Run,
    paths: Sequence[Path | str],
    output: Path | str | None = None,
    *,
    workers: int | None = None,
    scheduler: str = "",
    fresh: bool = False,
    max_rows: int | None = None,
    parquet: Path | str | None = None,
    database: str = "",
    force: bool = False,
    progress: Progress | None = None,
) -> Consolidation:
    """All workbooks of one period as tables, written to ``output`` where one is given.

    ``database`` is the URL of one that they take their place in as well. Folders and consolidated
    workbooks are the quarter as a whole, or its teams where ``run`` names some: what they no longer
    hold leaves the database. Single workbooks replace what it holds of the same team and workbook.

    >>> from xltools.ground.shipped import shipped
    >>> sent = shipped("samples") / "2024Q3" / "华东销售队-市场拓展-2024Q3.xlsx"
    >>> outcome = consolidate_workbooks(start(), [sent]).table("expansion", "outcome")
    >>> outcome[["_row", "metric", "actual", "attainment"]].head(2).values.tolist()
    [[10, '新增客户数', 45.0, 0.9], [11, '区域销售额', 215.0, 1.075]]
    """
    _prepare(run, database)
    found = consolidation_of(
        run, paths, workers=workers, scheduler=scheduler, fresh=fresh, progress=progress
    )
    if output is not None:
        from xltools.consolidate.write.consolidated_workbook import write_consolidated
        from xltools.excel.replaced_files import keeping_old

        with keeping_old(Path(output), force=force):
            write_consolidated(
                found,
                Path(output),
                lang=run.lang,
                max_rows=max_rows,
                parquet=Path(parquet) if parquet is not None else None,
                force=force,
            )
    _write_to(database, run, paths, found)
    return found


def _prepare(run: Run, database: str) -> None:
    """Prepare the database, if any, so that a fault of it shows before an hour of reading."""
    if database:
        from xltools.database.write_quarter import prepare

        prepare(database, run.catalog)


def _write_to(
    database: str,
    run: Run,
    paths: Sequence[Path | str],
    found: Consolidation,
    figures: Figures | None = None,
) -> None:
    """Write a quarter to a database, where one is named: what of it these paths stand for."""
    if not database:
        return
    from xltools.consolidate.read_back.consolidated_reader import is_consolidated
    from xltools.database.write_quarter import Scope, write_quarter

    inside = run.workspace is not None and not is_whole(run, paths)
    whole = any(
        is_consolidated(path) if path.is_file() else not inside
        for path in map(Path, sent_paths(paths))
    )
    write_quarter(found, database, Scope(whole, run.teams), figures)


def history_of(run: Run, database: str) -> History:
    """Which quarters, workbooks and teams a database holds."""
    from xltools.database.history import history

    return history(database, run.catalog)


def status_of(run: Run, paths: Sequence[Path | str], *, progress: Progress | None = None) -> Status:
    """Who has sent what, what is missing, and what must be mended; an empty inbox is no fault."""
    from xltools.consolidate.combine.submission_status import status

    try:
        found = consolidation_of(run, paths, progress=progress)
    except ReadError as fault:
        if fault.key != "paths.nothing":
            raise
        return status(None, run.settings, run.catalog, run.teams)
    return status(found, run.settings, run.catalog, run.teams)


def write_letters(
    run: Run, kind: str, *, progress: Progress | None = None
) -> list[Mailing | NotWritten]:
    """A letter to every team that is to get one, and the teams that cannot get theirs.

    ``kind`` is ``outbox`` (the workbooks to fill in), ``returned`` (marked copies, made anew of
    what lies in the inbox) or ``reminder`` (what has not come). Raises UsageError outside of a
    quarter's folder.
    """
    from xltools.mail import outbox_letters, reminder_letters, returned_letters
    from xltools.mail.letters import LetterWriter

    if run.workspace is None:
        raise UsageError("usage.no_workspace", part="mails")
    if run.period is None:
        raise UsageError("usage.no_period")
    writer = LetterWriter(kind, run.settings, run.catalog, run.period, run.lang)
    inbox, outbox = (Path(short_path(path)) for path in (run.workspace.inbox, run.workspace.outbox))
    if kind == "outbox":
        return outbox_letters(writer, outbox, run.teams)
    if kind == "reminder":
        return reminder_letters(
            writer, status_of(run, [inbox], progress=progress), outbox, run.teams
        )
    try:
        checked = check_workbooks(run, [inbox], progress=progress)
    except ReadError as fault:
        if fault.key != "paths.nothing":
            raise
        return []
    marked = checked.marked_copies(Path(short_path(run.workspace.returned)), run.lang)
    return returned_letters(writer, checked, marked, run.teams)


def evaluate_quarter(
    run: Run,
    paths: Sequence[Path | str],
    output: Path | str,
    *,
    previous: Sequence[Path | str] | None = None,
    as_of: date | None = None,
    database: str = "",
    pdf: Literal["report", "full"] | None = None,
    team_pages: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> EvaluationReport:
    """The quarterly evaluation workbook, from workbooks, folders or a consolidated workbook.

    Folders of earlier quarters among the paths are compared with. ``previous`` are earlier
    quarters' consolidated workbooks, evaluations beside one, or databases; by default those of the
    workspaces beside this one, or what their inboxes hold. ``database`` is the URL of one that the
    quarter and its figures are written to, as `consolidate_workbooks` does. ``pdf`` prints a report
    or the full workbook beside it, by LibreOffice. ``team_pages`` are written into the folder
    ``teams`` beside it: a workbook for each team, with its rows alone; ``pdf`` prints these, too. A
    report that is replaced is kept beside the new one, which says what changed since. Raises
    UsageError where a ``previous`` is not earlier.
    """
    from xltools.evaluate import evaluate
    from xltools.evaluate.report_snapshot import read_report
    from xltools.evaluate.team_page_books import team_targets, write_team_workbooks
    from xltools.excel.printing.pdf import to_pdf
    from xltools.excel.replaced_files import keeping_old

    _prepare(run, database)
    found, earlier, unread = _compared(run, paths, previous, progress)
    output, printed = Path(output), Path(output).with_suffix(".pdf") if pdf else None
    mine: dict[str, Path] = {}
    if team_pages:
        mine = team_targets(found, output.parent / TEAM_PAGES, teams=run.teams, force=force)
    with TemporaryDirectory() as folder:
        paper = Path(folder, ".report.xlsx") if printed else None  # as no team's file is called
        with keeping_old(output, force=force) as kept:
            report = evaluate(
                found,
                output,
                previous=earlier,
                as_of=as_of,
                lang=run.lang,
                teams=run.teams,
                last=read_report(output) if output.is_file() else None,
                force=force,
                paper=paper,
                whole=pdf == "full",
            )
        write_team_workbooks(found, mine, previous=earlier, as_of=as_of, lang=run.lang, force=force)
        if paper and printed:
            prints = {paper: printed, **{one: one.with_suffix(".pdf") for one in mine.values()}}
            # A print of the same workbook differs in its times alone: it is not worth keeping.
            with keeping_old(printed, force=force and bool(kept)):
                to_pdf(prints, force=force)
    _write_to(database, run, paths, found, report.figures)
    return replace(
        report,
        not_compared=tuple(unread),
        kept=next(iter(kept), None),
        pdf=printed,
        team_pages=tuple(mine.values()),
    )


def _compared(
    run: Run,
    paths: Sequence[Path | str],
    previous: Sequence[Path | str] | None,
    progress: Progress | None,
) -> tuple[Consolidation, list[Consolidation], list[tuple[Path, XltoolsError]]]:
    """A quarter, the earlier ones to compare it with, and those beside it that were not read."""
    found, earlier = quarters_in(run, paths, progress)
    others: Sequence[Consolidation]
    if previous is None:
        others, unread = neighbouring_quarters(run, found)
    else:
        others, unread = [one for path in previous for one in named_quarters(run, found, path)], []
    given = {one.period for one in earlier}
    return found, [*earlier, *(one for one in others if one.period not in given)], unread


def roll_over(
    run: Run,
    paths: Sequence[Path | str],
    to: str | Quarter,
    folder: Path | str,
    *,
    force: bool = False,
    replace: Sequence[str] = (),
    progress: Progress | None = None,
) -> RolloverReport:
    """Next quarter's workbooks and settings, started from what this quarter left.

    What is there stays, unless ``force`` or ``replace`` say otherwise, as in `generate_workbooks`.

    A workspace's own definitions go along. Raises UsageError where ``folder`` is this workspace.
    """
    from xltools.rollover.rollover import rollover

    target, workspace = quarter(to), run.workspace
    if target is None:
        raise UsageError("usage.no_period")
    if workspace and Path(folder).absolute().resolve() == workspace.root.resolve():
        raise UsageError("usage.same_folder", path=folder)
    report = rollover(
        consolidation_of(run, paths, progress=progress),
        to=target,
        folder=Path(folder),
        lang=run.lang,
        teams=run.teams,
        force=force,
        replace=[known_team(run.settings, team) for team in replace],
    )
    if workspace:
        Workspace(Path(folder)).take_definitions(workspace.templates)
    return report


__all__ = [
    "Progress",
    "Run",
    "check_drafted",
    "check_workbooks",
    "consolidate_workbooks",
    "definition_mistakes",
    "draft_definition",
    "evaluate_quarter",
    "find_definition",
    "generate_workbooks",
    "history_of",
    "load_definition",
    "make_workspace",
    "roll_over",
    "start",
    "status_of",
    "write_letters",
]

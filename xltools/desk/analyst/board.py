"""What the board shows: teams down, workbooks across, and the next thing to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from xltools.check.respond.issue_sentences import sentence
from xltools.consolidate.combine.submission_status import Status, WorkbookStatus
from xltools.desk.desk_state import Desk
from xltools.desk.quarter_look import Look, id_of
from xltools.desk.receiving.inbox_places import inbox_names, set_aside_names
from xltools.desk.receiving.sendings import Sending, all_sendings
from xltools.desk.teams.team_links import team_keys
from xltools.excel.input_paths import relative
from xltools.fault_sentences import fault_sentence
from xltools.ground.folding import fold
from xltools.ground.member_paths import SEPARATOR, own_name, parted
from xltools.locale import say
from xltools.run import Run

Next = Literal["teams", "generate", "collect", "mend", "remind", "evaluate", "look"]


class Cell(NamedTuple):
    """One workbook of one team; ``id`` is "" for one that nobody sent.

    ``late`` says by what it is, "" for one that came in time.
    """

    state: str
    errors: int = 0
    warnings: int = 0
    late: str = ""
    when: datetime | None = None
    id: str = ""


class TeamRow(NamedTuple):
    """A team's workbooks in the order of the columns, None where none is due; its own address."""

    team: str
    cells: list[Cell | None]
    address: str = ""


class Aside(NamedTuple):
    """A file that does not count: its name, why, what addresses call it.

    ``page`` is the id of its own page, "" for what is no workbook.
    """

    name: str
    reasons: list[str]
    id: str
    movable: bool = True
    page: str = ""


class Board(NamedTuple):
    """All of it."""

    status: Status
    titles: list[str]
    rows: list[TeamRow]
    excluded: list[Aside]
    skipped: list[Aside]
    set_aside: list[Aside]
    next: Next
    to_mend: int
    owing: int


def board_of(desk: Desk, look: Look) -> Board:
    """The board of a look that has a status."""
    assert look.run is not None
    assert look.status is not None
    run, standing = look.run, look.status
    found = {(fold(one.team), one.template): one for one in standing.workbooks}
    there = dict.fromkeys(one.template for one in standing.workbooks)
    templates = [one.name for one in run.catalog if one.name in there]
    templates += [name for name in there if name not in templates]
    sent = {one.name: one for one in all_sendings(desk.workspace) if one.name}
    addresses = _addresses(desk, run)
    rows = [
        TeamRow(
            team,
            [_cell(found.get((fold(team), name)), look, sent) for name in templates],
            addresses.get(team, ""),
        )
        for team in standing.teams
    ]
    faulty = [one for one in standing.workbooks if one.errors]
    return Board(
        status=standing,
        titles=[_title(run, name) for name in templates],
        rows=rows,
        excluded=_excluded(desk, look),
        skipped=_skipped(desk, look),
        set_aside=_set_aside(desk),
        next=_next(desk, run, standing),
        to_mend=len(faulty),
        owing=len({one.team for one in standing.workbooks if one.state == "missing"}),
    )


def _title(run: Run, name: str) -> str:
    return run.catalog[name].title[run.lang] if name in run.catalog.definitions else name


def _cell(one: WorkbookStatus | None, look: Look, sent: Mapping[str, Sending]) -> Cell | None:
    if one is None:
        return None
    if one.state == "missing":
        return Cell("missing")
    return Cell(
        state=one.state,
        errors=one.errors,
        warnings=one.warnings,
        late=_late(one, look.lang) if one.late else "",
        when=_when(one, look, sent),
        id=id_of(one.file),
    )


def _late(one: WorkbookStatus, lang: str) -> str:
    """By what a workbook is late, as ``status`` says it."""
    if one.judged_by == "mail":
        return say("cli.status.late.mail", lang, day=one.judged_day)
    if one.judged_by == "arrival":
        return say("cli.status.late.arrival", lang, day=one.judged_day)
    return say("cli.status.late.saved", lang, day=one.judged_day)


def _when(one: WorkbookStatus, look: Look, sent: Mapping[str, Sending]) -> datetime | None:
    """When it came: through the desk, by mail, or when it was first seen in the inbox."""
    if own_name(one.file) in sent:
        return sent[own_name(one.file)].time
    if one.mailed:
        return datetime.fromisoformat(one.mailed)
    assert look.run is not None
    arrival = look.arrivals.get((fold(one.team), one.template, str(look.run.period)))
    return arrival.seen if arrival else None


def _addresses(desk: Desk, run: Run) -> dict[str, str]:
    """Every team's own address, where teams can reach the desk."""
    if not desk.team_address or run.period is None:
        return {}
    keys = team_keys(desk.workspace, run.settings, run.period)
    return {team: desk.team_address + key for team, key in keys.items()}


def _excluded(desk: Desk, look: Look) -> list[Aside]:
    assert look.run is not None
    assert look.status is not None
    lang, catalog = look.lang, look.run.catalog
    names = {str(desk.workspace.inbox / name) for name in inbox_names(desk.workspace)}
    return [
        Aside(
            name=_below(desk.workspace.inbox, one.file),
            reasons=[sentence(reason, lang, catalog) for reason in one.reasons],
            id=id_of(parted(one.file)[0]),  # a bundle moves as a whole
            movable=parted(one.file)[0] in names,
            page=id_of(one.file),
        )
        for one in look.status.excluded
    ]


def _skipped(desk: Desk, look: Look) -> list[Aside]:
    assert look.checked is not None
    inbox = desk.workspace.inbox
    return [
        Aside(_below(inbox, one.path), [fault_sentence(one.why, look.lang)], id_of(one.path))
        for one in look.checked.skipped
    ]


def _set_aside(desk: Desk) -> list[Aside]:
    folder = desk.workspace.set_aside
    return [Aside(name, [], id_of(folder / name)) for name in set_aside_names(desk.workspace)]


def _below(folder: Path, file: str) -> str:
    holder, inside = parted(file)
    return SEPARATOR.join(filter(None, (relative(holder, folder), inside)))


def _next(desk: Desk, run: Run, standing: Status) -> Next:
    """What to do now: the earliest step of the cycle that is not done."""
    workspace = desk.workspace
    if not run.settings.teams:
        return "teams"
    if not standing.sent and not any(workspace.outbox.rglob("*.xlsx")):
        return "generate"
    if standing.faulty:
        return "mend"
    if standing.missing:
        return "remind" if standing.sent else "collect"
    newest = max((one.stat().st_mtime for one in workspace.inbox.rglob("*")), default=0.0)
    written = workspace.reports / "evaluation.xlsx"
    if not written.is_file() or written.stat().st_mtime < newest:
        return "evaluate"
    return "look"


def names_by_id(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Names of files below a folder by what addresses call them."""
    return {id_of(folder / name): name for name in names}

"""What a team's page shows: its workbooks, its sendings, and what was wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from xltools.check.respond.issue_sentences import groups
from xltools.consolidate.combine.expected_submissions import expected
from xltools.consolidate.combine.submission_status import Status
from xltools.desk.receiving.sendings import Sending, State, all_sendings, state_of
from xltools.desk.rendered_pages import text
from xltools.errors import XltoolsError
from xltools.fault_sentences import fault_sentence
from xltools.generate.batch import workbook_path
from xltools.ground.folding import fold
from xltools.issues import Issue, Severity
from xltools.locale import say
from xltools.run import Run
from xltools.settings import Settings
from xltools.workspace import Workspace


class SheetCount(msgspec.Struct, frozen=True):
    """How many rows a sheet of a receipt has, by the sheet's title."""

    title: str
    rows: int


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Equal problems of one column together; ``word`` is how bad they are."""

    severity: Severity
    word: str
    sheet: str
    cells: str
    sentence: str
    suggestion: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A sending in words; ``reason`` is why it was refused, "" where its problems say it.

    ``notes`` say how something was read that is not wrong.
    """

    sending: Sending
    state: State
    verdict: str
    title: str = ""
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    sheets: tuple[SheetCount, ...] = ()

    @property
    def time(self) -> str:
        """When it was received, by the clock of this place, which it names."""
        return f"{self.sending.time:%Y-%m-%d %H:%M:%S %z}"

    @property
    def minute(self) -> str:
        """The same for a list."""
        return f"{self.sending.time:%Y-%m-%d %H:%M}"

    @property
    def has_copy(self) -> bool:
        """Whether there is a marked copy to be had."""
        marked = self.sending.errors or self.sending.warnings
        return bool(marked) and self.state not in ("refused", "gone")


class DueWorkbook(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook that the team is to fill in; ``blank`` is whether it can be downloaded.

    ``latest`` is its sending that counts; without one ``otherwise`` says that it is there all the
    same: it came by mail.
    """

    name: str
    title: str
    blank: bool
    latest: Told | None = None
    otherwise: bool = False


class TeamView(msgspec.Struct, frozen=True, kw_only=True):
    """All of a team's page."""

    organisation: str
    team: str
    period: str
    deadline: date | None
    workbooks: tuple[DueWorkbook, ...]
    sendings: tuple[Told, ...]


def team_view(run: Run, workspace: Workspace, team: str, status: Status | None) -> TeamView:
    """A team's page as of now; ``status`` is that of the quarter's last look."""
    every = all_sendings(workspace)
    own = [
        told(run, workspace, one, every)
        for one in reversed(every)
        if belongs(one, run.settings, team)
    ]
    there = {
        one.template
        for one in (status.workbooks if status else ())
        if fold(one.team) == fold(team) and one.state != "missing"
    }
    counting = {one.sending.template: one for one in reversed(own) if one.state == "inbox"}
    return TeamView(
        organisation=run.settings.organisation,
        team=team,
        period=str(run.period),
        deadline=run.settings.due(team),
        workbooks=tuple(
            DueWorkbook(
                name=name,
                title=run.catalog[name].title[run.lang],
                blank=blank_of(run, workspace, team, name) is not None,
                latest=counting.get(name),
                otherwise=name in there,
            )
            for name in due_names(run, team)
        ),
        sendings=tuple(own),
    )


def told(
    run: Run,
    workspace: Workspace,
    sending: Sending,
    every: Sequence[Sending],
    issues: Iterable[Issue] = (),
) -> Told:
    """A sending in words, with its problems where they are given."""
    definition = run.catalog.definitions.get(sending.template)
    refusal = sending.refusal
    sheets = definition.sheets if definition else ()
    found = _problems(run, issues)
    return Told(
        sending=sending,
        state=state_of(workspace, sending, every),
        verdict=_verdict(sending, run.lang),
        title=definition.title[run.lang] if definition else "",
        reason=fault_sentence(XltoolsError(refusal.key, **refusal.values), run.lang)
        if refusal
        else "",
        problems=tuple(one for one in found if one.severity is not Severity.INFO),
        notes=tuple(one for one in found if one.severity is Severity.INFO),
        sheets=tuple(
            SheetCount(sheet.title[run.lang], sending.rows[sheet.name])
            for sheet in sheets
            if sheet.name in sending.rows
        ),
    )


def _verdict(sending: Sending, lang: str) -> str:
    if sending.verdict == "errors":
        return text("team.verdict.errors", lang, count=sending.errors)
    if sending.verdict == "warnings":
        return text("team.verdict.warnings", lang, count=sending.warnings)
    return text("team.verdict.fine" if sending.verdict == "fine" else "team.verdict.refused", lang)


def _problems(run: Run, issues: Iterable[Issue]) -> list[Problem]:
    """What is wrong in words, with what to type instead where the sentence does not say it."""
    return [
        Problem(
            severity=group.severity,
            word=say(f"check.severity.{group.severity}", run.lang),
            sheet=group.sheet,
            cells=group.cells,
            sentence=group.sentence,
            suggestion="" if group.suggestion in group.sentence else group.suggestion,
        )
        for group in groups(issues, run.lang, run.catalog)
    ]


def belongs(sending: Sending, settings: Settings, team: str) -> bool:
    """Whether a sending came through this team's page, by whatever name it went then."""
    return sending.by == "team" and fold(settings.known_as(sending.team)) == fold(team)


def due_names(run: Run, team: str) -> list[str]:
    """The workbooks that a team is to fill in."""
    return [name for _, name in expected(run.catalog, run.settings, run.period, [team])]


def blank_of(run: Run, workspace: Workspace, team: str, name: str) -> Path | None:
    """The team's own workbook to fill in, where it was generated."""
    if name not in due_names(run, team) or run.period is None:
        return None
    lang = run.settings.language or run.lang
    path = workbook_path(workspace.outbox, team, run.catalog[name], run.period, lang)
    return path if path.is_file() else None

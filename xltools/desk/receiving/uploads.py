"""A file that somebody sends → checked workbooks in the inbox, each acknowledged in the log.

What is sent lies in a folder of its own beside the log while it is checked. It counts once it is in
the inbox and in the log, in this order: a program that is killed between the two leaves a workbook
that nobody was given a receipt for, never a receipt without a workbook.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

from msgspec.structs import replace

from xltools.bundles import find_workbooks, read_source
from xltools.check.check_files import check_all
from xltools.check.respond.check_result import Checked
from xltools.check.submission import Submission
from xltools.definition.catalog import SETTINGS
from xltools.desk.receiving.desk_memory import remembering
from xltools.desk.receiving.inbox_places import put
from xltools.desk.receiving.sendings import (
    Refusal,
    Sending,
    Verdict,
    all_sendings,
    logged,
    new_id,
    note,
    now,
)
from xltools.errors import ReadError, UsageError, XltoolsError
from xltools.excel.input_paths import SUFFIXES, why_skipped
from xltools.excel.reading.preflight import LARGEST_FILE
from xltools.ground.filenames import safe_name
from xltools.ground.folding import fold
from xltools.ground.member_paths import BUNDLES, SEPARATOR, own_name, parted
from xltools.inbox import arrivals_of
from xltools.issues import Issue
from xltools.run import Run
from xltools.workspace import Workspace

MOST_INSIDE = 100
"""Workbooks in one archive: more than a team has, and as many as an analyst sends at once."""
MOST_OF_TEAM = 300
"""Sendings of one team in a quarter; whoever needs more has a program send them."""

Sent = tuple[Sending, tuple[Issue, ...]]


def receive(run: Run, name: str, chunks: Iterable[bytes], team: str = "") -> list[Sent]:
    """Take in what somebody calls ``name``: a workbook, or a zip of some; one entry for each.

    ``team`` is whose page it came through, "" for the analyst's. What is refused is logged with the
    reason and kept nowhere. Raises WriteError, and UsageError outside a quarter's folder or where a
    team sends without end.
    """
    workspace = workspace_of(run)
    if team:
        _refuse_many(workspace, team)
    original = _shown(name)
    with _landing(workspace) as folder:
        suffix = Path(original).suffix.casefold()
        file = folder / (safe_name(Path(original).stem) + suffix)
        upload = _Upload(run, workspace, team, original, file, _write(file, chunks))
        refusal = _refusal(suffix, upload.size)
        if refusal is not None:
            return upload.log([upload.refused(refusal)])
        return upload.log(upload.workbooks())


def workspace_of(run: Run) -> Workspace:
    """The quarter's folder; UsageError where there is none, or no quarter is set."""
    if run.workspace is None:
        raise UsageError("desk.no_folder")
    if run.period is None:
        raise UsageError("usage.no_period")
    return run.workspace


def clear_landings(workspace: Workspace) -> None:
    """Delete what uploads left that a kill cut short; for the start of the desk."""
    shutil.rmtree(_landings(workspace), ignore_errors=True)


def _landings(workspace: Workspace) -> Path:
    return workspace.store.with_name("uploads")


@contextmanager
def _landing(workspace: Workspace) -> Iterator[Path]:
    """A folder for one upload; gone at the end."""
    above = _landings(workspace)
    above.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(file: Path, chunks: Iterable[bytes]) -> int:
    """Write what comes, up to one byte more than a file may have; how much that was."""
    size = 0
    with file.open("wb") as stream:
        for chunk in chunks:
            room = LARGEST_FILE + 1 - size
            size += stream.write(chunk[:room])
            if size > LARGEST_FILE:
                break
    return size


def _shown(name: str) -> str:
    """The last part of what the sender calls a file, for people to read; never a path."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(one for one in last if one.isprintable())[:200].strip() or "_"


def _refusal(suffix: str, size: int) -> XltoolsError | None:
    """Why a file is not even opened; None where it is."""
    if suffix in BUNDLES - {".zip"}:
        return UsageError("desk.no_mail")
    if suffix not in SUFFIXES and suffix != ".zip":
        return UsageError(why_skipped(suffix))
    if size > LARGEST_FILE:
        return UsageError("desk.large", limit=LARGEST_FILE // 2**20)
    return None


def _refuse_many(workspace: Workspace, team: str) -> None:
    """Raise UsageError where a team has sent more than any needs to: the log has an end, too."""
    sent = sum(one.by == "team" and fold(one.team) == fold(team) for one in all_sendings(workspace))
    if sent >= MOST_OF_TEAM:
        raise UsageError("desk.many_sendings", limit=MOST_OF_TEAM)


class _Workbook(NamedTuple):
    """A workbook to be logged, with its bytes where it goes into the inbox, and as it was read."""

    sending: Sending
    content: bytes = b""
    submission: Submission | None = None
    issues: tuple[Issue, ...] = ()


class _Upload(NamedTuple):
    """One file that was sent, where it landed."""

    run: Run
    workspace: Workspace
    team: str
    original: str
    file: Path
    size: int

    def workbooks(self) -> list[_Workbook]:
        """All that it holds, checked: to be taken or refused."""
        sources, _ = find_workbooks([self.file])
        if len(sources) > MOST_INSIDE:
            many = UsageError("desk.many_inside", count=len(sources), limit=MOST_INSIDE)
            return [self.refused(many)]
        try:
            # Workbooks of other teams are read as well: each is refused with its reason.
            plan = replace(self.run.plan(), team=self.team, teams=())
            checked = check_all([self.file], plan)
        except ReadError:
            return [self.refused(UsageError("desk.nothing_inside"))]
        found = [self._judged(checked, one) for one in checked.submissions]
        return found + [self.refused(note.why, note.path) for note in checked.skipped]

    def refused(self, why: XltoolsError, path: str = "") -> _Workbook:
        """A file that is not taken, for a reason of ours."""
        refusal = Refusal(why.key, {name: _plain(value) for name, value in why.values.items()})
        return _Workbook(replace(self._begun(path), refusal=refusal))

    def log(self, found: Sequence[_Workbook]) -> list[Sent]:
        """Put into the inbox what is taken, and note all of it: from then on it is received."""
        return [self._logged(one) for one in found]

    def _logged(self, one: _Workbook) -> Sent:
        sending, issues = one.sending, one.issues
        with remembering(self.workspace) as connection:
            if one.submission is not None:
                every = logged(connection)
                name = put(self.run, self.workspace, sending, one.content, every)
                sending = replace(sending, name=name)
                issues = _renamed(issues, one.submission.file, name)
                self._arrived(one.submission, name)
            note(connection, sending, issues)
        return sending, issues

    def _judged(self, checked: Checked, read: Submission) -> _Workbook:
        """A workbook that was read: taken where it is the sender's, of this quarter and filled."""
        issues = tuple(checked.issues_of(read))
        receipt = checked.receipt(read)
        known = self.run.settings.known_as(read.team)
        sending = replace(
            self._begun(read.file),
            sha256=read.sha256,
            team=self.team or known,
            template=read.template,
            period=read.period,
            rows=read.row_counts,
            errors=receipt.errors,
            warnings=receipt.warnings,
            infos=receipt.infos,
        )
        refusal = self._why_not(read, known)
        if refusal is not None:
            why = Refusal(refusal.key, {name: _plain(one) for name, one in refusal.values.items()})
            return _Workbook(replace(sending, refusal=why))
        if read.excluded:
            issues = _renamed(issues, read.file, sending.original)
            return _Workbook(sending, issues=issues)
        content = read_source(read.file)
        verdict: Verdict = (
            "errors" if receipt.errors else "warnings" if receipt.warnings else "fine"
        )
        sending = replace(sending, verdict=verdict, size=len(content))
        return _Workbook(sending, content, read, issues)

    def _why_not(self, read: Submission, team: str) -> XltoolsError | None:
        """Why a workbook that could be read is not taken; None where its issues say it, or none do.

        Another team's name is not told: who holds its workbook knows it, others need not.
        """
        if read.template == SETTINGS:
            return UsageError("desk.settings")
        if read.template and not team:
            return UsageError("desk.nobody")
        if self.team and read.template and fold(team) != fold(self.team):
            return UsageError("desk.other_team", team=self.team)
        if not read.excluded and not any(read.row_counts.values()):
            return UsageError("desk.no_rows")
        return None

    def _begun(self, path: str = "") -> Sending:
        inside = parted(path)[1]
        original = f"{self.original}{SEPARATOR}{inside}" if inside else self.original
        return Sending(
            id=new_id(),
            received=now(),
            by="team" if self.team else "desk",
            team=self.team,
            original=original,
            size=self.size,
        )

    def _arrived(self, read: Submission, name: str) -> None:
        """Note when it arrived, as a run that finds it in the inbox does."""
        path = self.workspace.inbox / name
        arrivals_of(self.run, [path], [replace(read, file=str(path))])


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, str | int | float) else str(value)


def _renamed(issues: Iterable[Issue], file: str, name: str) -> tuple[Issue, ...]:
    """The issues as of a file of another name, without the place where it landed."""

    def told(path: str) -> str:
        return name if path == file else own_name(path)

    return tuple(
        replace(
            one,
            file=told(one.file),
            other_file=told(one.other_file),
            suggestion=told(one.suggestion) if one.suggestion == one.other_file else one.suggestion,
        )
        for one in issues
    )

"""The letters to the teams: one a team, or why there can be none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from xltools.check.respond.check_result import Checked
from xltools.check.respond.marked_copies import MarkedCopy
from xltools.check.submission import Submission
from xltools.consolidate.combine.expected_submissions import expected
from xltools.consolidate.combine.submission_status import Status
from xltools.definition import Catalog
from xltools.errors import XltoolsError
from xltools.excel.cell_text import visible
from xltools.generate.batch import workbook_path
from xltools.ground.folding import fold
from xltools.ground.member_paths import own_name
from xltools.ground.period import Quarter
from xltools.issues import Severity
from xltools.locale import say
from xltools.mail.addresses import BadAddressError, addresses
from xltools.settings import Settings, Team

_MOST_PROBLEMS = 5  # of a workbook; the marked copy lists all


class Mailing(msgspec.Struct, frozen=True, kw_only=True):
    """A mail to one team."""

    kind: str
    team: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    subject: str
    text: str
    files: tuple[Path, ...]
    sender: str = ""
    sender_name: str = ""
    reply_to: tuple[str, ...] = ()


class NotWritten(NamedTuple):
    """A team that gets no mail, and why."""

    team: str
    why: XltoolsError


class LetterWriter(NamedTuple):
    """Writes the letters of one kind in one quarter; ``kind`` is that of a row of the settings."""

    kind: str
    settings: Settings
    catalog: Catalog
    period: Quarter
    lang: str

    def teams(self, chosen: Sequence[str], *, present: bool = True) -> list[Team]:
        """The chosen teams, or all; ``present`` are those that fill in workbooks this quarter."""
        return [
            team
            for team in self.settings.teams
            if (not chosen or team.team in chosen) and (not present or team.is_there(self.period))
        ]

    def workbook(self, outbox: Path, team: str, name: str) -> Path:
        """Where a team's workbook to fill in lies."""
        return workbook_path(outbox, team, self.catalog[name], self.period, self.lang)

    def letter(
        self, team: Team, files: Sequence[Path], count: int, **gaps: str
    ) -> Mailing | NotWritten:
        """The letter to a team about ``files``; ``gaps`` are those that only this kind has."""
        mail = self.settings.mail
        try:
            to, copies = addresses(team.contact), addresses(team.copies)
            sender, reply_to = addresses(mail.sender), addresses(mail.reply_to)
        except BadAddressError as fault:
            return NotWritten(team.team, XltoolsError("mail.bad_address", address=fault.address))
        if not to:
            return NotWritten(team.team, XltoolsError("mail.no_address"))
        form = next(one for one in self.settings.letters if one.letter == self.kind)
        due = self.settings.due(team.team)
        subject, text = form.filled(
            {
                "lead": team.lead or team.team,
                "team": team.team,
                "period": str(self.period),
                "deadline": due.isoformat() if due else say("mail.no_deadline", self.lang),
                "organisation": self.settings.organisation,
                "count": str(count),
                "workbooks": "",
                "problems": "",
                **gaps,
            }
        )
        return Mailing(
            kind=self.kind,
            team=team.team,
            to=to,
            copies=tuple(one for one in copies if one not in to),
            subject=_one_line(subject),
            text=visible(text).strip() + "\n",
            files=tuple(files),
            sender=sender[0] if sender else "",
            sender_name=_one_line(self.settings.organisation),
            reply_to=reply_to,
        )


def outbox_letters(
    writer: LetterWriter, outbox: Path, chosen: Sequence[str] = ()
) -> list[Mailing | NotWritten]:
    """The workbooks that lie in the outbox, team by team; all of a team's, or none."""
    due = expected(writer.catalog, writer.settings, writer.period)
    made: list[Mailing | NotWritten] = []
    for team in writer.teams(chosen):
        files = [writer.workbook(outbox, team.team, name) for one, name in due if one == team.team]
        lacking = [path for path in files if not path.is_file()]
        if lacking:
            made.append(NotWritten(team.team, XltoolsError("mail.no_workbook", path=lacking[0])))
        elif files:
            listed = _lines(path.name for path in files)
            made.append(writer.letter(team, files, len(files), workbooks=listed))
    return made


def returned_letters(
    writer: LetterWriter, checked: Checked, marked: Sequence[MarkedCopy], chosen: Sequence[str] = ()
) -> list[Mailing | NotWritten]:
    """The marked copies, each to the team that sent the workbook, with its first problems.

    Where all teams are meant, the copies that are of none of them are named.
    """
    senders = {one.file: one for one in checked.submissions}
    of = {file: fold(writer.settings.known_as(sent.team)) for file, sent in senders.items()}
    made: list[Mailing | NotWritten] = []
    left = list(marked)
    for team in writer.teams(chosen, present=False):
        own = [copy for copy in marked if of[copy.source] == fold(team.team)]
        if not own:
            continue
        problems = [_problems(checked, senders[copy.source], writer.lang) for copy in own]
        made.append(
            writer.letter(
                team,
                [copy.path for copy in own],
                sum(count for _, count in problems),
                problems="\n\n".join(lines for lines, _ in problems),
                workbooks=_lines(copy.path.name for copy in own),
            )
        )
        left = [copy for copy in left if copy not in own]
    if not chosen:
        made += [NotWritten(copy.path.name, XltoolsError("mail.nobody")) for copy in left]
    return made


def _problems(checked: Checked, sent: Submission, lang: str) -> tuple[str, int]:
    """The first problems of a workbook, with cell and what to do, and how many there are."""
    groups = [one for one in checked.groups(sent, lang) if one.severity is not Severity.INFO]
    count = sum(one.count for one in groups)
    shown = groups[:_MOST_PROBLEMS]
    lines = [own_name(sent.file)]
    for one in shown:
        place = "!".join(filter(None, (one.sheet, one.cells)))
        located = say("check.located", lang, place=place, sentence=one.sentence)
        lines.append(f"  · {_one_line(located if place else one.sentence)}")
    rest = count - sum(one.count for one in shown)
    if rest:
        lines.append("  · " + say("mail.more_problems", lang, count=rest))
    return "\n".join(lines), count


def reminder_letters(
    writer: LetterWriter, status: Status, outbox: Path, chosen: Sequence[str] = ()
) -> list[Mailing | NotWritten]:
    """What has not come, to whom it was asked of; with the blank workbooks that are there."""
    made: list[Mailing | NotWritten] = []
    for team in writer.teams(chosen):
        names = [
            one.template
            for one in status.workbooks
            if one.state == "missing" and fold(one.team) == fold(team.team)
        ]
        if names:
            blank = [writer.workbook(outbox, team.team, name) for name in names]
            listed = _lines(writer.catalog[name].title[writer.lang] for name in names)
            files = [path for path in blank if path.is_file()]
            made.append(writer.letter(team, files, len(names), workbooks=listed))
    return made


def _lines(names: Iterable[str]) -> str:
    return "\n".join(f"  · {name}" for name in names)


def _one_line(text: str) -> str:
    """A text without line breaks, which would begin another header."""
    return " ".join(visible(text).split())

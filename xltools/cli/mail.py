"""``mail``: drafts to the teams' leads, or the mails themselves through a server."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress
from xltools.cli.shared.run_language import text

if TYPE_CHECKING:
    from xltools.errors import XltoolsError
    from xltools.mail import Mailing
    from xltools.mail.sent_log import SentLog
    from xltools.verbs import Run

_KINDS = ("outbox", "returned", "reminder")


@click.command("mail", cls=Command)
@click.argument(
    "kind",
    type=click.Choice(_KINDS),
    metavar="|".join(_KINDS),
)
@options.output
@options.option("--send", is_flag=True)
@options.option("--dry-run", is_flag=True)
@options.option("--again", multiple=True, metavar="TEAM")
@options.common
def command(
    kind: str,
    output: Path | None,
    send: bool,
    dry_run: bool,
    again: tuple[str, ...],
    shared: options.CommonOptions,
) -> int:
    from xltools.mail import Mailing, NotWritten
    from xltools.mail.sent_log import SentLog
    from xltools.run import known_team
    from xltools.verbs import write_letters

    run = shared.start()
    with progress(text("check.progress")) as advance:
        made = write_letters(run, kind, progress=advance)
    letters = [one for one in made if isinstance(one, Mailing)]
    without = [one for one in made if isinstance(one, NotWritten)]
    log = SentLog(options.default_place(run, "mails", "sent.jsonl"))
    once_more = [known_team(run.settings, team) for team in again]
    done = [one for one in letters if log.has(one, once_more)] if send else []
    due = [one for one in letters if one not in done]
    for letter in done:
        click.echo(text("mail.had", team=letter.team), err=True)
    if dry_run:
        _show(due)
        failed = 0
    elif send:
        failed = _send(run, due, log)
    else:
        failed = 0
        folder = output or options.default_place(run, "mails", kind)
        _write(folder, due, all_teams=not run.teams, force=shared.force)
    for team, why in without:
        _tell(team, why)
    if not made:
        click.echo(text("mail.nothing"))
    return 1 if without or failed else 0


def _show(letters: Sequence[Mailing]) -> None:
    """Who would get what; nothing is written."""
    from xltools.cli.shared.terminal_report import escaped, screen, table_of

    table = table_of(*(text(f"mail.{name}") for name in ("team", "to", "copies", "subject")))
    for one in letters:
        addresses = (", ".join(one.to), ", ".join(one.copies))
        table.add_row(*map(escaped, (one.team, *addresses, one.subject)))
        for path in one.files:
            table.add_row("", f"[dim]  · {escaped(path.name)}[/]")
    screen().print(table)
    click.echo(text("mail.would", count=len(letters)))


def _write(folder: Path, letters: Sequence[Mailing], *, all_teams: bool, force: bool) -> None:
    from xltools.mail.drafts import write_drafts

    written = write_drafts(folder, letters, all_teams=all_teams, force=force)
    click.echo(text("mail.drafts", count=len(written), folder=folder))


def _send(run: Run, letters: Sequence[Mailing], log: SentLog) -> int:
    """Send what is due; how many did not go."""
    from xltools.mail.send import send_letters
    from xltools.mail.server import server_of

    if not letters:
        return 0
    server = server_of(run.settings.mail, _password)
    with log, progress(text("mail.progress")) as advance:
        results = send_letters(letters, server, log, progress=advance)
    failed = 0
    for letter, why, refused in results:
        if why is not None:
            failed += 1
            _tell(letter.team, why)
            continue
        click.echo(text("mail.sent", team=letter.team, to=", ".join(letter.to)))
        for address in refused:
            click.echo(text("mail.copy_refused", team=letter.team, address=address), err=True)
    click.echo(text("mail.done", count=len(letters) - failed, log=log.file), err=True)
    if failed:
        click.echo(text("mail.failed", count=failed), err=True)
    return failed


def _password(login: str) -> str:
    """Asked for where somebody is there to answer."""
    from xltools.errors import UsageError
    from xltools.mail.server import PASSWORD

    if sys.stdin is None or not sys.stdin.isatty():  # a service may run us without any
        raise UsageError("mail.no_password", login=login, variable=PASSWORD)
    answer: str = click.prompt(text("mail.password", login=login), hide_input=True, err=True)
    return answer


def _tell(team: str, why: XltoolsError) -> None:
    """Why a team gets no mail."""
    from xltools.cli.shared.call_mistakes import sentence_of

    click.echo(text("mail.without", team=team, reason=sentence_of(why)), err=True)

"""What was understood of workbooks that exist already, as a table for each sheet."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from xltools.cli.shared.description import allowed, mark
from xltools.cli.shared.run_language import language, text
from xltools.cli.shared.terminal_report import escaped, screen, table_of
from xltools.excel.input_paths import short_path
from xltools.issues import Severity
from xltools.locale import say

if TYPE_CHECKING:
    from rich.console import Console

    from xltools.check.respond.check_result import Checked
    from xltools.draft import Draft, DraftedSheet

_HEADS = ("column", "label", "kind", "mark", "allowed")


def show_draft(made: Draft) -> None:
    """Sheet by sheet what was understood and guessed, then what was left out."""
    console = screen()
    for drafted in made.sheets:
        _show_sheet(console, made, drafted)
    for left in made.left_out:
        reason = say(f"draft.reason.{left.reason}", language())
        console.print(escaped(text("draft.left_out", sheet=left.title, reason=reason)), style="dim")
    if made.values_only:
        click.echo(say("draft.values_only", language(), copies=made.values_only))
    for file in made.unread:
        reason = say(file.refusal.reason, language(), **file.refusal.values)
        click.echo(text("draft.unread", file=short_path(file.file), reason=reason), err=True)


def _show_sheet(console: Console, made: Draft, drafted: DraftedSheet) -> None:
    sketches = drafted.table.sketches.values()
    title = text(
        "draft.sheet",
        title=drafted.title[language()],
        name=drafted.name,
        rows=sum(len(one.rows) for one in sketches),
        copies=len(sketches),
    )
    console.print(escaped(title), style="bold")
    shown = table_of(*(text(f"describe.{head}") for head in _HEADS), text("draft.look"))
    for one in drafted.columns:
        column = one.column
        kind = say(f"kinds.name.{column.kind}", language())
        cells = (
            column.name,
            column.label[language()],
            f"{kind} ({column.unit})" if column.unit else kind,
            mark(column),
            allowed(made.catalog, made.definition, column, language()),
            "\n".join(one.notes),
        )
        shown.add_row(*map(escaped, cells))
    for each in shown.columns:
        each.overflow = "fold"
    console.print(shown)
    for rule in drafted.rules:
        console.print(escaped(text("draft.rule", check=rule.check)))
    for note in drafted.notes:
        console.print(escaped(note))


def conclude(made: Draft, checked: Checked, workbooks: Sequence[str]) -> None:
    """Where the definition lies, what it says of the copies, and what to try next."""
    drafted = [column for sheet in made.sheets for column in sheet.columns]
    notes = sum(len(one.notes) for one in drafted) + sum(len(one.notes) for one in made.sheets)
    said = text(
        "draft.written",
        path=short_path(made.path),
        sheets=len(made.sheets),
        columns=len(drafted),
        notes=notes,
    )
    click.echo(said)
    counts = checked.counts()
    said = text(
        "draft.checked",
        files=len(checked.submissions),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
    )
    click.echo(said)
    click.echo(text("draft.next"))
    folder, lang = shlex.quote(short_path(made.path.parent)), language()
    shared = f"--templates {folder} --lang {lang}"
    named = " ".join(map(shlex.quote, workbooks))
    name = made.definition.name
    click.echo(f"  xltools check {named} --template {name} {shared}")
    click.echo(f"  xltools generate {name} --period 2024Q3 --team A -o outbox {shared}")

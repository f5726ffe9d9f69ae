"""``history``: which quarters, workbooks and teams a database holds."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.run_language import language
from xltools.errors import UsageError


@click.command("history", cls=Command)
@click.argument("url", required=False, metavar="[URL]")
@options.settings_file
@options.templates
@options.lang
def command(url: str | None, settings: Path | None, templates: Path | None) -> int:
    from xltools.cli.shared.terminal_report import show_history
    from xltools.verbs import history_of

    run = options.CommonOptions(settings=settings, templates=templates).start()
    database = url or run.database
    if not database:
        raise UsageError("usage.no_database")
    show_history(history_of(run, database), run.catalog, language())
    return 0

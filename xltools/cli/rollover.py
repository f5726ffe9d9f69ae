"""``rollover``: next quarter's workbooks, started from what this one left."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress
from xltools.cli.shared.run_language import language, text


@click.command("rollover", cls=Command)
@options.paths
@options.option("--to", required=True, metavar="2024Q4")
@options.output
@options.replace
@options.common
def command(
    paths: tuple[str, ...],
    to: str,
    output: Path | None,
    replace: tuple[str, ...],
    shared: options.CommonOptions,
) -> int:
    from xltools.cli.shared.terminal_report import show_kept, show_rollover
    from xltools.verbs import roll_over

    run = shared.start(paths)
    folder = output or options.default_place(run, "next", to)
    with progress(text("rollover.progress")) as advance:
        report = roll_over(
            run,
            options.to_read(run, paths),
            to,
            folder,
            force=shared.force,
            replace=replace,
            progress=advance,
        )
    show_rollover(report, language())
    show_kept(report.written)
    click.echo(text("rollover.done", files=len(report.written), folder=folder))
    return options.exit_code_of(run, paths, report.consolidation)

"""``generate``: blank workbooks for every team."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress
from xltools.cli.shared.run_language import language, language_chosen, text

_MOST_ROWS, _QUICK_ROWS = 5_000, 1_000
"""Full rows beyond the second make a spreadsheet program wait (docs/performance.md)."""


@click.command("generate", cls=Command)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=options.workbook_names)
@options.output
@options.option("--rows", "capacity", type=click.IntRange(1, _MOST_ROWS), metavar="N")
@options.replace
@options.common
def command(
    names: tuple[str, ...],
    output: Path | None,
    capacity: int | None,
    replace: tuple[str, ...],
    shared: options.CommonOptions,
) -> None:
    from xltools.cli.shared.terminal_report import show_kept
    from xltools.verbs import generate_workbooks

    run = shared.start()
    folder = output or options.default_place(run, "outbox")
    with progress(text("generate.progress")) as advance:
        written = generate_workbooks(
            run,
            folder,
            names=names,
            lang=language() if language_chosen() else None,
            capacity=capacity,
            force=shared.force,
            replace=replace,
            progress=advance,
        )
    show_kept(written)
    click.echo(text("generate.done", count=len(written), folder=folder))
    if capacity is not None and capacity > _QUICK_ROWS:
        click.echo(text("generate.slow", rows=_QUICK_ROWS))

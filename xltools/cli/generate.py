"""``generate``: blank workbooks for every team."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli import options
from xltools.cli.commands import Command
from xltools.cli.language import language, text
from xltools.cli.render import progress


@click.command("generate", cls=Command)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=options.workbook_names)
@options.output
@options.option("--rows", "capacity", type=click.IntRange(1, 100_000), metavar="N")
@options.common
def command(
    names: tuple[str, ...],
    output: Path | None,
    capacity: int | None,
    shared: options.Shared,
) -> None:
    from xltools.verbs import generate_workbooks

    run = shared.start()
    folder = output or options.default_place(run, "outbox")
    with progress(text("generate.progress")) as advance:
        written = generate_workbooks(
            run,
            folder,
            names=names,
            lang=language() if options.language_given() else None,
            capacity=capacity,
            force=shared.force,
            progress=advance,
        )
    click.echo(text("generate.done", count=len(written), folder=folder))

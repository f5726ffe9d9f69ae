"""``status``: who has sent what, what is missing, what must be mended."""

from __future__ import annotations

import click

from xltools.cli import options
from xltools.cli.commands import Command
from xltools.cli.language import language, text
from xltools.cli.render import hand_over, progress


@click.command("status", cls=Command)
@options.paths
@options.option("--format", "form", type=click.Choice(("table", "json")), default="table")
@options.common
def command(
    paths: tuple[str, ...],
    form: str,
    shared: options.Shared,
) -> int:
    import json

    from xltools.verbs import status_of

    run = shared.start(paths)
    with progress(text("check.progress")) as advance:
        found = status_of(run, options.to_read(run, paths), progress=advance)
    if form == "json":
        told = found.as_json(run.catalog, language())
        hand_over(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        from xltools.cli.report import show_status

        show_status(found, run.catalog, language())
    if found.missing:
        click.echo(text("status.next", missing=found.missing, due=found.due), err=True)
    return options.conclude(found.faulty)

"""``status``: who has sent what, what is missing, what must be mended."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli import options
from xltools.cli.commands import Command
from xltools.cli.language import language, text
from xltools.cli.render import progress


@click.command("status", cls=Command)
@options.paths
@options.option("--format", "form", type=click.Choice(("table", "json")), default="table")
@options.common
def command(
    paths: tuple[str, ...],
    form: str,
    settings: Path | None,
    period: str | None,
    teams: tuple[str, ...],
    templates: Path | None,
    force: bool,  # noqa: ARG001  (status writes nothing; the shared options have it)
) -> int:
    import json

    from xltools.verbs import status_of

    run = options.start(settings, period, teams, templates)
    with progress(text("check.progress")) as advance:
        found = status_of(run, paths or [options.default_place(run, "inbox")], progress=advance)
    if form == "json":
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        from xltools.cli.report import show_status

        show_status(found, language())
    return 1 if found.errors else 0

"""``init``: a folder for one quarter."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.run_language import language, text


@click.command("init", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@options.option("--period", required=True, metavar="2024Q3")
@options.templates
@options.lang
@options.force
def command(folder: Path, period: str, templates: Path | None, force: bool) -> None:
    from xltools.verbs import make_workspace, start
    from xltools.workspace import Workspace

    there = Workspace(folder).templates
    if templates is None and there.is_dir():
        templates = there
    run = start(period=period, templates=templates, lang=language())
    workspace = make_workspace(run, folder, templates=templates, force=force)
    click.echo(text("init.done", folder=workspace.root, settings=workspace.settings.name))
    if workspace.kept:
        click.echo(text("written.aside", path=workspace.kept), err=True)

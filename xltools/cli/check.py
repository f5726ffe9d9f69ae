"""``check``: every problem of every workbook, and marked copies to send back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress, write_out
from xltools.cli.shared.run_language import language, language_chosen, set_language, text

if TYPE_CHECKING:
    from xltools.verbs import Run


def _start(shared: options.CommonOptions, paths: Sequence[str]) -> Run:
    """The run; where only the settings workbook is checked, it is not read as settings first."""
    from xltools.verbs import start
    from xltools.workspace import Workspace

    here = Workspace.of_paths(paths, Path.cwd())
    own = here.settings.resolve() if here else None
    if shared.settings or not paths or any(Path(path).resolve() != own for path in paths):
        return shared.start(paths)
    templates = shared.templates or (here.templates if here and here.templates.is_dir() else None)
    if here and not language_chosen():
        set_language(here.language)
    return start(templates=templates, period=shared.period, lang=language())


@click.command("check", cls=Command)
@options.paths
@options.option("--returned", type=click.Path(path_type=Path), metavar="DIR")
@options.option("--template", default="", metavar="NAME", shell_complete=options.workbook_names)
@options.option("--format", "form", type=click.Choice(("table", "json", "csv")), default="table")
@options.workers
@options.common
def command(
    paths: tuple[str, ...],
    returned: Path | None,
    template: str,
    form: str,
    workers: int | None,
    shared: options.CommonOptions,
) -> int:
    from xltools.verbs import check_workbooks

    begun = time.perf_counter()
    run = _start(shared, paths)
    with progress(text("check.progress")) as advance:
        checked = check_workbooks(
            run,
            options.to_read(run, paths),
            template=template,
            workers=workers,
            progress=advance,
        )
    took = time.perf_counter() - begun
    click.echo(text("check.took", count=len(checked.submissions), seconds=f"{took:.1f}"), err=True)
    if form == "table":
        from xltools.cli.shared.terminal_report import show_checked

        show_checked(checked, language())
    else:
        write_out(checked.json(language()) if form == "json" else checked.csv(language()))
    if returned or (run.workspace and not paths):
        folder = returned or options.default_place(run, "returned")
        marked = checked.marked_copies(folder, language(), force=shared.force)
        click.echo(text("check.returned", count=len(marked), folder=folder), err=True)
        if made := [Path(copy.source).name for copy in marked if copy.converted]:
            click.echo(text("check.converted", count=len(made), example=made[0]), err=True)
    options.report_missing(run, paths, checked.submissions)
    if not checked.faulty:
        return 0
    click.echo(text("check.next"), err=True)
    return 1

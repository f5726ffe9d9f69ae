"""``draft``: a definition from workbooks that exist already."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import structs

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress
from xltools.cli.shared.run_language import language, language_chosen, set_language, text


@click.command("draft", cls=Command)
@click.argument("workbooks", nargs=-1, required=True, metavar="WORKBOOK...")
@options.output
@options.option("--name", default="", metavar="NAME")
@options.workers
@options.lang
@options.force
def command(
    workbooks: tuple[str, ...], output: Path | None, name: str, workers: int | None, force: bool
) -> int:
    from xltools.cli.shared.draft_report import conclude, show_draft
    from xltools.verbs import check_drafted, draft_definition, start
    from xltools.workspace import Workspace

    here = Workspace.around(Path.cwd())
    if here and not language_chosen():
        set_language(here.language)
    run = structs.replace(start(lang=language()), workspace=here)
    with progress(text("draft.progress")) as advance:
        made = draft_definition(
            run, workbooks, output, name=name, workers=workers, force=force, progress=advance
        )
    show_draft(made)
    conclude(made, check_drafted(run, made, made.files), workbooks)
    return 1 if made.unread else 0

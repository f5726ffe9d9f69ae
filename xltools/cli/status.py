"""``status``: who has sent what, what is missing, what must be mended."""

from __future__ import annotations

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress, write_out
from xltools.cli.shared.run_language import language, text


@click.command("status", cls=Command)
@options.paths
@options.option("--format", "form", type=click.Choice(("table", "json", "text")), default="table")
@options.common
def command(
    paths: tuple[str, ...],
    form: str,
    shared: options.CommonOptions,
) -> int:
    import json

    from xltools.verbs import status_of

    run = shared.start(paths)
    with progress(text("check.progress")) as advance:
        found = status_of(run, options.to_read(run, paths), progress=advance)
    if form == "json":
        content = found.as_json(run.catalog, language())
        write_out(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    elif form == "text":
        from xltools.consolidate.combine.chat_text import chat_text

        write_out(chat_text(found, run.settings, run.catalog, language()))
    else:
        from xltools.cli.shared.terminal_report import show_status

        show_status(found, run.catalog, language())
    if found.missing:
        click.echo(text("status.next", missing=found.missing, due=found.due), err=True)
    return options.exit_code(found.faulty)

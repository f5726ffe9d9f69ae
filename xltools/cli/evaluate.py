"""``evaluate``: the quarterly evaluation workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from xltools.cli.shared import options
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress
from xltools.cli.shared.run_language import text


@click.command("evaluate", cls=Command)
@options.paths
@options.output
@options.option("--previous", multiple=True, metavar="FILE")
@options.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@options.option("--pdf", is_flag=True)
@options.database
@options.common
def command(
    paths: tuple[str, ...],
    output: Path | None,
    previous: tuple[str, ...],
    as_of: datetime | None,
    pdf: bool,
    database: str,
    shared: options.CommonOptions,
) -> int:
    from xltools.verbs import evaluate_quarter

    run = shared.start(paths)
    target = output or options.default_place(run, "reports", "evaluation.xlsx")
    with progress(text("evaluate.progress")) as advance:
        report = evaluate_quarter(
            run,
            options.to_read(run, paths),
            target,
            previous=previous or None,
            as_of=as_of.date() if as_of else None,
            database=database or run.database,
            force=shared.force or output is None,
            progress=advance,
        )
    click.echo(text("evaluate.done", pages=len(report.pages), path=target))
    if report.kept:
        click.echo(text("written.aside", path=report.kept), err=True)
    for page, reason in report.left_out:
        click.echo(text("evaluate.left_out", page=page, reason=reason), err=True)
    for folder, fault in report.not_compared:
        reason = sentence_of(fault)
        click.echo(text("evaluate.not_compared", folder=folder.name, reason=reason), err=True)
    if pdf:
        from xltools.evaluate.pdf import to_pdf
        from xltools.excel.replaced_files import keeping_old

        force = shared.force or output is None
        # A print of the same workbook differs in its times alone: it is not worth keeping.
        with keeping_old(target.with_suffix(".pdf"), force=force and bool(report.kept)):
            click.echo(text("evaluate.pdf", path=to_pdf(target, force=force)))
    return options.exit_code_of(run, paths, report.consolidation)

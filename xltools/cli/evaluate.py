"""``evaluate``: the quarterly evaluation workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from xltools.cli.shared import options
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress
from xltools.cli.shared.run_language import text

_PRINTS = ("report", "full")


class _EvaluateCommand(Command):
    """``--pdf`` stands alone or before one of two words, never takes the path behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        behind = [*args[1:], ""]
        given = [
            "--pdf=report" if one == "--pdf" and after not in _PRINTS else one
            for one, after in zip(args, behind, strict=False)
        ]
        return super().parse_args(ctx, given)


@click.command("evaluate", cls=_EvaluateCommand)
@options.paths
@options.output
@options.option("--previous", multiple=True, metavar="FILE")
@options.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@options.option("--pdf", type=click.Choice(_PRINTS))
@options.option("--team-pages", is_flag=True)
@options.database
@options.common
def command(
    paths: tuple[str, ...],
    output: Path | None,
    previous: tuple[str, ...],
    as_of: datetime | None,
    pdf: Literal["report", "full"] | None,
    team_pages: bool,
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
            pdf=pdf,
            team_pages=team_pages,
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
    if report.team_pages:
        folder = report.team_pages[0].parent
        click.echo(text("evaluate.team_pages", count=len(report.team_pages), folder=folder))
    if report.pdf:
        click.echo(text("evaluate.pdf", path=report.pdf))
    return options.exit_code_of(run, paths, report.consolidation)

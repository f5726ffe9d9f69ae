"""``demo``: the whole quarter on the shipped samples, step by step."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.run_language import language
from xltools.excel.input_paths import short_path
from xltools.locale import say

if TYPE_CHECKING:
    from xltools.demo import Step

DEFAULT = "demo"


@click.command("demo", cls=Command)
@options.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", default=DEFAULT)
@options.lang
@options.force
def command(output: Path, force: bool) -> None:
    from xltools.demo import NOW, walk

    lang = language()
    click.echo(say("demo.start", lang, folder=output))
    for number, step in enumerate(walk(output, lang=lang, force=force), 1):
        click.echo(f"\n{number}. {say(f'demo.{step.name}', lang, **step.values)}")
        if step.checked is not None:
            _show(step)
        click.echo(f"   → {short_path(step.look)}")
        if step.command:
            click.echo(f"   $ {step.command}")
    reports = output / NOW / "reports"
    click.echo("\n" + say("demo.done", lang))
    for name in ("evaluation.xlsx", "consolidated.xlsx"):
        click.echo(f"   {short_path(reports / name)}")
    click.echo(f"   {short_path(output / NOW / 'returned')}{os.sep}")
    click.echo(say("demo.go_on", lang, folder=short_path(output / NOW)))


def _show(step: Step) -> None:
    """What was found in every workbook: counts, and the first thing to mend."""
    assert step.checked is not None
    lang, checked = language(), step.checked
    for submission in checked.submissions:
        receipt = checked.receipt(submission)
        click.echo(
            "   "
            + say(
                f"demo.{receipt.verdict}",
                lang,
                file=Path(submission.file).name,
                errors=receipt.errors,
                warnings=receipt.warnings,
                infos=receipt.infos,
            )
        )
        worst = next(iter(checked.groups(submission, lang)), None)
        if worst is not None and worst.severity == "error":
            where = f"{worst.sheet}!{worst.cells}" if worst.cells else worst.sheet
            click.echo(f"       {where}  {worst.sentence}")

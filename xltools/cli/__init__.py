"""The command line: one file per verb; nothing is imported before its verb is called."""

import gc

import click

from xltools.cli.shared.commands import Option, Verbs
from xltools.locale import LANGUAGES


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from xltools.version import __version__

        click.echo(f"xltools {__version__}")
        ctx.exit()


VERBS = (
    "init",
    "draft",
    "generate",
    "check",
    "consolidate",
    "evaluate",
    "rollover",
    "status",
    "mail",
    "history",
    "describe",
    "demo",
)

cli = Verbs(
    "xltools",
    VERBS,
    params=[
        Option(["--lang"], type=click.Choice(LANGUAGES), expose_value=False),
        Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def main() -> None:
    """The entry point ``xltools``."""
    # A look for garbage among all that pandas makes takes 60 ms, and a command is soon over.
    gc.set_threshold(100_000, 50, 100)
    cli.main()


__all__ = ["VERBS", "cli", "main"]

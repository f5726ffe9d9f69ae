"""The command line: one file a command, imported when the command is called."""

import gc

import click

from xltools.cli.shared.commands import CommandGroup, Option
from xltools.locale import LANGUAGES


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from xltools.version import __version__

        click.echo(f"xltools {__version__}")
        ctx.exit()


COMMANDS = (
    "init",
    "draft",
    "generate",
    "check",
    "consolidate",
    "evaluate",
    "rollover",
    "status",
    "desk",
    "mail",
    "history",
    "describe",
    "demo",
)

cli = CommandGroup(
    "xltools",
    COMMANDS,
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

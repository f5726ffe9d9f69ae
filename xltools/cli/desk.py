"""``desk``: the quarter in a browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.run_language import language, language_chosen, set_language, text

if TYPE_CHECKING:
    from xltools.desk.desk_state import Desk


@click.command("desk", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=".")
@options.option("--port", type=click.IntRange(1, 65535), metavar="N")
@options.option("--lan", is_flag=True)
@options.option("--no-browser", is_flag=True)
@options.lang
def command(folder: Path, port: int | None, lan: bool, no_browser: bool) -> None:
    from xltools.desk.desk_server import serve
    from xltools.workspace import Workspace

    around = Workspace.around(folder.absolute())
    root = around.root if around else folder.absolute()
    if not language_chosen():
        set_language(Workspace(root).language)
    serve(
        root,
        port=port,
        lan=lan,
        browser=not no_browser,
        lang=language() if language_chosen() else "",
        tell=partial(_tell, lan=lan),
    )


def _tell(desk: Desk, *, lan: bool) -> None:
    """Say what is served, and to whom."""
    click.echo(text("desk.here", folder=desk.workspace.root))
    click.echo(f"   {desk.address}")
    if desk.team_hosts:
        click.echo(text("desk.lan", port=desk.port))
        for host in sorted(desk.team_hosts):
            click.echo(f"   http://{host}")
    elif lan:
        click.echo(text("desk.no_lan"), err=True)
    click.echo(text("desk.stop"), err=True)

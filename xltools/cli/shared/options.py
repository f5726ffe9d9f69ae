"""Options that several verbs share, declared once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from msgspec import structs

from xltools.cli.shared.commands import Option
from xltools.cli.shared.run_language import adopt, asked, language, text
from xltools.errors import UsageError
from xltools.excel.input_paths import relative
from xltools.locale import LANGUAGES

if TYPE_CHECKING:
    from xltools.check import Submission
    from xltools.consolidate import Consolidation
    from xltools.verbs import Run

F = TypeVar("F", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)


def option(*declarations: str, **settings: Any) -> Callable[[F], F]:
    """An option of one verb; its help is the sentence ``options.<name>``."""
    return click.option(*declarations, cls=Option, **settings)


class Shared(NamedTuple):
    """The options that every verb takes."""

    settings: Path | None = None
    period: str | None = None
    teams: tuple[str, ...] = ()
    templates: Path | None = None
    force: bool = False

    def start(self, paths: Sequence[str] = ()) -> Run:
        """What the verbs start from; the workspace that ``paths`` lie in counts, or the one here.

        Raises DefinitionError, SettingsError, UsageError.
        """
        from xltools import verbs
        from xltools.workspace import Workspace

        workspace = Workspace.meant(paths, Path.cwd())
        free = workspace is not None and not asked()
        if workspace and free:
            adopt(workspace.language)
        run = verbs.start(
            settings=self.settings,
            templates=self.templates,
            period=self.period,
            teams=self.teams,
            lang=language(),
            folder=workspace.root if workspace else None,
        )
        if free:  # the desk may have chosen another one in the settings since
            adopt(run.settings.language)
            run = structs.replace(run, lang=language())
        return run


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--settings --period --team --templates --lang --force``, handed on as one `Shared`."""

    @wraps(function)
    def called(
        *,
        settings: Path | None,
        period: str | None,
        teams: tuple[str, ...],
        templates: Path | None,
        force: bool,
        **own: Any,
    ) -> Any:
        return function(shared=Shared(settings, period, teams, templates, force), **own)

    for add in (
        option("--force", is_flag=True),
        option("--lang", type=click.Choice(LANGUAGES), expose_value=False),
        option("--templates", type=_PATH, metavar="DIR"),
        option("--team", "teams", multiple=True, metavar="T"),
        option("--period", metavar="2024Q3"),
        option("--settings", type=_PATH, metavar="FILE"),
    ):
        called = add(called)
    return called


def paths(function: F) -> F:
    """The workbooks and folders to read; a workspace's inbox where none is named."""
    argument = click.argument(
        "paths", nargs=-1, type=click.Path(path_type=str), metavar="[PATH]..."
    )
    return argument(function)


def workbook_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """What a shell offers where a workbook's name belongs."""
    from xltools.definition import load_catalog

    return [one.name for one in load_catalog() if one.name.startswith(begun)]


def output(function: F) -> F:
    """``-o``: where the result goes; a workspace has a default."""
    return option("-o", "--output", type=_PATH, metavar="PATH")(function)


def replace(function: F) -> F:
    """``--replace``: teams whose workbooks give way whatever they hold."""
    return option("--replace", multiple=True, metavar="TEAM")(function)


def workers(function: F) -> F:
    """``--workers``: how many processes read at once."""
    return option("--workers", type=click.IntRange(1), metavar="N")(function)


def database(function: F) -> F:
    """``--database``: where rows and figures go besides; the settings may name a default."""
    return option("--database", default="", metavar="URL")(function)


def machine(function: F) -> F:
    """``--workers`` and ``--scheduler``: where the work runs."""
    return workers(option("--scheduler", default="", metavar="ADDRESS")(function))


def default_place(run: Run, part: str, *names: str) -> Path:
    """A path inside the workspace; UsageError outside one, where it must be named."""
    if run.workspace is None:
        raise UsageError("usage.no_workspace", part=part)
    root = run.workspace.root.parent if part == "next" else run.workspace.root / part
    # Relative, as a user would name it: what is written does not depend on where the folder lies.
    return Path(relative(root.joinpath(*names)))


def to_read(run: Run, paths: tuple[str, ...]) -> Sequence[str | Path]:
    """What to read: what was named, else the workspace's inbox; UsageError outside one."""
    return paths or [default_place(run, "inbox")]


def verdict(run: Run, paths: tuple[str, ...], found: Consolidation) -> int:
    """Exit code 1 where a workbook has errors or could not be read; what to do, told on stderr."""
    tell_missing(run, paths, found.submissions)
    return conclude(len({one.file for one in found.all_issues if one.severity == "error"}))


def tell_missing(run: Run, paths: tuple[str, ...], sent: Sequence[Submission]) -> None:
    """How many workbooks a whole quarter lacks; of files that were picked nobody expects all."""
    from xltools.verbs import is_whole, missing_of

    if is_whole(run, to_read(run, paths)):
        due, missing = missing_of(run, sent)
        if missing:
            click.echo(text("missing", missing=len(missing), due=len(due)), err=True)


def conclude(faulty: int) -> int:
    """The exit code for so many faulty workbooks, told on stderr."""
    if faulty:
        click.echo(text("faulty", files=faulty), err=True)
    return 1 if faulty else 0

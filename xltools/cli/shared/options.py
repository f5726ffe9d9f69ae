"""Options that several verbs share, declared once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from msgspec import structs

from xltools.cli.shared.commands import Option
from xltools.cli.shared.run_language import language, language_chosen, set_language, text
from xltools.errors import UsageError
from xltools.excel.input_paths import relative
from xltools.locale import LANGUAGES

if TYPE_CHECKING:
    from xltools.check.submission import Submission
    from xltools.consolidate.combine.consolidation import Consolidation
    from xltools.verbs import Run

F = TypeVar("F", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)


def option(*declarations: str, **settings: Any) -> Callable[[F], F]:
    """An option of one verb; its help is the sentence ``options.<name>``."""
    return click.option(*declarations, cls=Option, **settings)


class CommonOptions(NamedTuple):
    """The options that every verb takes."""

    settings: Path | None = None
    period: str | None = None
    teams: tuple[str, ...] = ()
    templates: Path | None = None
    force: bool = False

    def start(self, paths: Sequence[str] = ()) -> Run:
        """What commands start from; in the workspace of ``paths``, or of the current folder.

        Raises DefinitionError, SettingsError, UsageError.
        """
        from xltools import verbs
        from xltools.workspace import Workspace

        workspace = Workspace.of_paths(paths, Path.cwd())
        free = workspace is not None and not language_chosen()
        if workspace and free:
            set_language(workspace.language)
        run = verbs.start(
            settings=self.settings,
            templates=self.templates,
            period=self.period,
            teams=self.teams,
            lang=language(),
            folder=workspace.root if workspace else None,
        )
        if free:  # the settings may name another one
            set_language(run.settings.language)
            run = structs.replace(run, lang=language())
        return run


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--settings --period --team --templates --lang --force``, passed as `CommonOptions`."""

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
        return function(shared=CommonOptions(settings, period, teams, templates, force), **own)

    teams = option("--team", "teams", multiple=True, metavar="T")
    for add in (force, lang, templates, teams, option("--period", metavar="2024Q3"), settings_file):
        called = add(called)
    return called


# The workbooks and folders to read; a workspace's inbox where none is named.
paths = click.argument("paths", nargs=-1, type=click.Path(path_type=str), metavar="[PATH]...")


def workbook_names(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """What a shell offers where a workbook's name belongs."""
    from xltools.definition import load_catalog

    return [one.name for one in load_catalog() if one.name.startswith(begun)]


settings_file = option("--settings", type=_PATH, metavar="FILE")
templates = option("--templates", type=_PATH, metavar="DIR")
lang = option("--lang", type=click.Choice(LANGUAGES), expose_value=False)
force = option("--force", is_flag=True)
output = option("-o", "--output", type=_PATH, metavar="PATH")
replace = option("--replace", multiple=True, metavar="TEAM")
workers = option("--workers", type=click.IntRange(1), metavar="N")
scheduler = option("--scheduler", default="", metavar="ADDRESS")
database = option("--database", default="", metavar="URL")


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


def exit_code_of(run: Run, paths: tuple[str, ...], found: Consolidation) -> int:
    """1 where a workbook has errors or could not be read, which is said on stderr; else 0."""
    report_missing(run, paths, found.submissions)
    return exit_code(len({one.file for one in found.all_issues if one.severity == "error"}))


def report_missing(run: Run, paths: tuple[str, ...], sent: Sequence[Submission]) -> None:
    """Say on stderr how many workbooks a whole quarter lacks; not where single files were named."""
    from xltools.inbox import is_whole, missing_of

    if is_whole(run, to_read(run, paths)):
        due, missing = missing_of(run, sent)
        if missing:
            click.echo(text("missing", missing=len(missing), due=len(due)), err=True)


def exit_code(faulty: int) -> int:
    """The exit code for so many faulty workbooks, which are said on stderr."""
    if faulty:
        click.echo(text("faulty", files=faulty), err=True)
    return 1 if faulty else 0

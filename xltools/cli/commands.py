"""How our commands differ from click's: sentences by key, loaded when asked for, exit codes."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from xltools.cli.language import choose, language, text
from xltools.errors import XltoolsError
from xltools.locale import knows, say

INTERRUPTED = 130
FAULTY = 70  # a mistake of ours, as sysexits has it


class Option(click.Option):
    """An option whose help is the sentence ``options.<name>``."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = text(f"options.{(self.name or '').replace('_', '-')}")
        return super().get_help_record(ctx)


class HelpOption(click.Option):
    """``--help``, in the run's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = text("options.help")
        return super().get_help_record(ctx)


class _Sentences(click.Command):
    """Help by key: ``<command>.help``, ``<command>.short``, ``<command>.example``."""

    @property
    def key(self) -> str:
        return self.name or "xltools"

    def get_help_option(self, ctx: click.Context) -> click.Option | None:  # noqa: ARG002
        return HelpOption(
            ["-h", "--help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
        )

    def get_short_help_str(self, limit: int = 60) -> str:  # noqa: ARG002  (click's signature)
        return text(f"{self.key}.short")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx)).replace(
            "[OPTIONS]", text("usage_options")
        )
        formatter.write_usage(ctx.command_path, pieces, prefix=text("usage"))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text(f"{self.key}.help"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [record for one in self.get_params(ctx) if (record := one.get_help_record(ctx))]
        if records:
            with formatter.section(text("section_options")):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section(text("section_example")):
            for line in text(f"{self.key}.example").splitlines():
                formatter.write(f"  {line}\n")


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class Command(_Sentences):
    """One verb."""


class Verbs(_Sentences, click.Group):
    """The group; a verb's module is imported when the verb is called, not for ``--help``."""

    def __init__(self, name: str, verbs: Sequence[str], **options: Any) -> None:
        super().__init__(name=name, **options)
        self.verbs = tuple(verbs)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.verbs:
            return None
        command = import_module(f"xltools.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(text("section_commands")):
            formatter.write_dl([(verb, text(f"{verb}.short")) for verb in self.verbs])
        super().format_options(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.verbs:
            _fail(_mistyped("no_such_command", args[0], self.verbs))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002  (always ours: every fault is one sentence)
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run and exit with the code of `errors.py`; no traceback reaches the user."""
        words = list(sys.argv[1:] if args is None else args)
        choose(words)
        try:
            code = super().main(
                words, prog_name or "xltools", complete_var, False, windows_expand_args, **extra
            )
        except XltoolsError as fault:
            _fail(sentence_of(fault), fault.exit_code)
        except click.ClickException as fault:
            _fail(_usage_sentence(fault))
        except (KeyboardInterrupt, click.Abort):
            click.echo(text("interrupted"), err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output has gone (``| head``): nothing is wrong with our work.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as fault:  # noqa: BLE001  (a user gets a sentence, the log the rest)
            _fail(text("unexpected", detail=f"{type(fault).__name__}: {fault}", log=_log()), FAULTY)
        sys.exit(code if isinstance(code, int) else 0)


def _log() -> Path:
    """The traceback of the exception in hand, in a file of its own."""
    name = f"xltools-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    path = Path(tempfile.gettempdir()) / name
    path.write_text(traceback.format_exc(), encoding="utf-8")
    return path


def sentence_of(fault: XltoolsError) -> str:
    """An error as its reader sees it."""
    values = {name: _shown(value) for name, value in fault.values.items()}
    key = fault.key if knows(fault.key) else f"errors.{fault.key}"
    return say(key, language(), **values)


def _shown(value: object) -> str:
    if isinstance(value, XltoolsError):
        return sentence_of(value)
    if isinstance(value, OSError) and value.strerror:
        return value.strerror
    return os.fsencode(str(value)).decode("utf-8", "replace")


def _usage_sentence(fault: click.ClickException) -> str:
    if isinstance(fault, click.NoSuchOption):
        return _mistyped("no_such_option", fault.option_name, fault.possibilities or ())
    if isinstance(fault, click.MissingParameter) and fault.param is not None:
        return text("missing_parameter", name=fault.param.get_error_hint(fault.ctx or _context()))
    if isinstance(fault, click.BadParameter) and fault.param is not None:
        name = fault.param.get_error_hint(fault.ctx or _context())
        return text("bad_parameter", name=name, reason=fault.message)
    return text("bad_usage", reason=fault.format_message())


def _context() -> click.Context:
    return click.get_current_context()


def _mistyped(key: str, word: str, known: Sequence[str]) -> str:
    from rapidfuzz import process

    near = process.extractOne(word, known, score_cutoff=60) if known else None
    hint = text("did_you_mean", word=near[0]) if near else text("see_help")
    return text(key, word=word) + hint


def _fail(sentence: str, code: int = 2) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)

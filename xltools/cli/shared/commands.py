"""Commands on top of click: help by key, modules loaded when called, exit codes, no tracebacks."""

from __future__ import annotations

import codecs
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from xltools.cli.shared.call_mistakes import mistyped, sentence_of, usage_sentence
from xltools.cli.shared.run_language import choose, language, text
from xltools.cli.shared.terminal_text import listed, wrapped
from xltools.errors import WriteError, XltoolsError, XltoolsWarning
from xltools.fault_sentences import any_sentence

INTERRUPTED = 130
FAULTY = 70  # an internal error, as sysexits.h has it


class Option(click.Option):
    """An option whose help is the sentence ``options.<name>``."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = text(f"options.{(self.name or '').replace('_', '-')}")
        return super().get_help_record(ctx)

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:  # noqa: ARG002
        """Without click's ``x>=1``, which says nothing to most readers."""
        return {}


class HelpOption(click.Option):
    """``--help``, in the run's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = text("options.help")
        return super().get_help_record(ctx)


class _SentencesByKey(click.Command):
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
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write(f"{text('usage')}{ctx.command_path} {pieces}\n")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        _, *rest = super().collect_usage_pieces(ctx)
        return [text("usage_options"), *rest]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        lines = wrapped(text(f"{self.key}.help"), formatter.width - 2)
        formatter.write("\n" + "".join(f"  {line}\n" for line in lines))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = (one for one in self.get_params(ctx) if isinstance(one, click.Option))
        records = [record for one in options if (record := one.get_help_record(ctx))]
        _section(formatter, "section_options", listed(records, formatter.width))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        _section(formatter, "section_example", text(f"{self.key}.example").splitlines())


def _section(formatter: click.HelpFormatter, key: str, lines: Sequence[str]) -> None:
    formatter.write(f"\n{text(key)}\n" + "".join(f"  {line}\n" for line in lines))


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


def _help_without_command() -> None:
    """Show the help where no command is named."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)


class Command(_SentencesByKey):
    """One verb."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            _fail(text("words_left", words=" ".join(left)))
        return left


class CommandGroup(_SentencesByKey, click.Group):
    """The group; a verb's module is imported when the verb is called, not for ``--help``."""

    def __init__(self, name: str, verbs: Sequence[str], **options: Any) -> None:
        super().__init__(
            name=name, invoke_without_command=True, callback=_help_without_command, **options
        )
        self.verbs = tuple(verbs)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.verbs:
            return None
        command = import_module(f"xltools.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """No example: the list of verbs fills the screen, and each has one of its own."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shorts = [(verb, text(f"{verb}.short")) for verb in self.verbs]
        _section(formatter, "section_commands", listed(shorts, formatter.width))
        super().format_options(ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [text("usage_options"), text("usage_command")]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.verbs:
            _fail(mistyped("command", args[0], self.verbs))
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
        _never_fail_to_print()
        warnings.showwarning = _show_warning  # type: ignore[assignment]
        try:
            code = super().main(
                words,
                prog_name or "xltools",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )
        except XltoolsError as fault:
            _fail(sentence_of(fault), fault.exit_code)
        except click.ClickException as fault:
            _fail(usage_sentence(fault))
        except (KeyboardInterrupt, click.Abort):
            click.echo(text("interrupted"), err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output has gone (``| head``): nothing is wrong with our work.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as fault:
            _fail(any_sentence(fault, language()), WriteError.exit_code)
        except Exception as fault:  # noqa: BLE001  (a user gets a sentence, the log the rest)
            if isinstance(fault, UnicodeEncodeError) and fault.encoding == _NAMES != "utf-8":
                _fail(text("poor_names", encoding=_NAMES), WriteError.exit_code)
            _fail(any_sentence(fault, language()), FAULTY)
        sys.exit(code if isinstance(code, int) else 0)


_NAMES = sys.getfilesystemencoding()  # in the C locale no name of a file may be Chinese
_PLAINER = {"✔": "√", "✖": "×", "ⓘ": "i"}  # the left ones are in Unicode only


def _show_warning(message: Warning | str, *_: object) -> None:
    """Print the program's own warnings as one line; those of libraries are for programmers."""
    if isinstance(message, XltoolsWarning):
        click.echo(sentence_of(message), err=True)


def _never_fail_to_print() -> None:
    """Replace characters that the console's encoding lacks instead of failing."""
    codecs.register_error("plainer", _plainer)
    for stream in (sys.stdout, sys.stderr):
        # Windows and the C locale let through what they cannot decode, and stop at what they lack.
        if isinstance(stream, TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="plainer")


def _plainer(fault: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(fault, UnicodeEncodeError)
    sign = _PLAINER.get(fault.object[fault.start], "")
    if sign and _has(fault.encoding, sign):
        return sign, fault.start + 1
    return codecs.backslashreplace_errors(fault)


def _has(encoding: str, sign: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _fail(sentence: str, code: int = 2) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)

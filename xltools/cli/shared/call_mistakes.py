"""Errors of a call as one sentence in the run's language, whatever click calls them."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

import click

from xltools.cli.shared.run_language import language, listing, text
from xltools.errors import FileRefused, XltoolsError, XltoolsWarning
from xltools.excel.input_paths import error_number
from xltools.locale import knows, say


def sentence_of(fault: XltoolsError | XltoolsWarning) -> str:
    """An error as its reader sees it."""
    values = {name: _shown(value) for name, value in fault.values.items()}
    key = fault.key if knows(fault.key) else f"errors.{fault.key}"
    return say(key, language(), **values)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return listing(map(_shown, value))
    if isinstance(value, XltoolsError):
        return sentence_of(value)
    if isinstance(value, FileRefused):
        return say(value.reason, language(), **value.values)
    if isinstance(value, OSError):
        return system_reason(value)
    return os.fsencode(str(value)).decode("utf-8", "replace")


def system_sentence(fault: OSError) -> str:
    """The sentence for an error of the system: a full disk, a folder that is gone."""
    if fault.filename:
        return text("system_at", path=_shown(fault.filename), reason=system_reason(fault))
    return text("system", reason=system_reason(fault))


def system_reason(fault: OSError) -> str:
    """Why the system refused; in its own words where it is none of the usual reasons."""
    key = f"system.{errno.errorcode.get(error_number(fault, str(fault.filename or '')))}"
    return say(key, language()) if knows(key) else fault.strerror or str(fault)


def usage_sentence(fault: click.ClickException) -> str:
    """A fault that click found in the words of the call."""
    if isinstance(fault, click.NoSuchOption):
        return mistyped("option", fault.option_name, fault.possibilities or ())
    if isinstance(fault, click.MissingParameter) and fault.param is not None:
        return text("missing_parameter", name=_name(fault.param))
    if isinstance(fault, click.BadParameter) and fault.param is not None:
        return text("bad_parameter", name=_name(fault.param), reason=_reason(fault, fault.param))
    if isinstance(fault, click.BadOptionUsage):
        return text("bad_option", name=fault.option_name)
    return text("bad_usage", reason=fault.format_message())


def mistyped(what: str, word: str, known: Sequence[str]) -> str:
    """A word that is not known, and the one that was probably meant."""
    from rapidfuzz import process

    near = process.extractOne(word, known, score_cutoff=60) if known else None
    hint = text("did_you_mean", word=near[0]) if near else text("see_help")
    return text(f"no_such_{what}", word=word) + hint


def _name(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.metavar or param.opts[0].upper()


def _reason(fault: click.BadParameter, param: click.Parameter) -> str:
    kind = param.type
    if isinstance(kind, click.Choice):
        return text("want_choice", choices=listing(map(str, kind.choices)))
    if isinstance(kind, click.IntRange):
        if kind.max is None:
            return text("want_from", least=kind.min)
        return text("want_between", least=kind.min, most=kind.max)
    if isinstance(kind, click.DateTime):
        return text("want_date")
    return fault.message

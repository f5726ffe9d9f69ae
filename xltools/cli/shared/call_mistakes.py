"""Errors of a call as one sentence in the run's language, whatever click calls them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from xltools.cli.shared.run_language import language, listing, text
from xltools.errors import XltoolsError, XltoolsWarning
from xltools.fault_sentences import fault_sentence


def sentence_of(fault: XltoolsError | XltoolsWarning) -> str:
    """An error as its reader sees it."""
    return fault_sentence(fault, language())


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
